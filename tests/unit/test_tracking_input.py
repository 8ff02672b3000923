"""What staff may paste into the tracking page, and what must never be taken for a token."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.ui.shared.order_input import find_opaque_token, find_token

TOKEN = "0b9e6f0c-7a52-4d43-9c39-5f0d1c2ab7de"
LINK = f"http://127.0.0.1:8601/track/{TOKEN}"
OTHER = "11111111-2222-4333-8444-555555555555"


@pytest.mark.parametrize(
    "pasted",
    [
        TOKEN,
        f"  {TOKEN}\n",
        TOKEN.upper(),
        TOKEN.replace("-", ""),
        f"{{{TOKEN}}}",
        f"urn:uuid:{TOKEN}",
        LINK,
        LINK.upper(),
        f"<{LINK}>",
        f"({LINK}).",
        f"{LINK}/",
        f"{LINK},",
        f'"{LINK}"',
        f"{LINK}?utm_source=mail&utm_id={OTHER}",
        f"https://shop.example/c/{OTHER}?token={TOKEN}#top",
        f"https://shop.example/x?lang=de&t={TOKEN}",
        f"https://shop.example/order/{TOKEN}",
        LINK.replace("-", "%2D").replace("/track", "%2ftrack"),
        f"https://safe.example/?url=http%3A%2F%2F127.0.0.1%3A8601%2Ftrack%2F{TOKEN}&data=05%7C02",
        f"https://safe.example/?url=http%253A%252F%252Fshop%252Ftrack%252F{TOKEN}%3Fa%3Db",
        f"Track your order here:\n{LINK}\nYour shop",
        f"Track your order here:{LINK}Your shop",
        f"{LINK[:40]}\n{LINK[40:]}",
        f"{LINK[:40]}=\r\n{LINK[40:]}",
        f"> {LINK[:40]}\n> {LINK[40:]}",
        f"\ufeff{LINK[:50]}\u200b{LINK[50:]}",
        TOKEN.replace("-", "\u2011"),
        TOKEN.replace("0", "０").replace("9", "９"),
    ],
)
def test_the_token_is_found_in_what_mail_programs_make_of_it(pasted: str) -> None:
    assert find_token(pasted) == TOKEN


@pytest.mark.parametrize(
    "pasted",
    [
        "",
        "   ",
        "ORD-2026-0042",
        "jane.doe@example.com",
        "http://127.0.0.1:8601/track/",
        TOKEN[:-1],
        "g" + TOKEN[1:],
        "../../etc/passwd",
        "%",
        "%zz",
        "\x00",
        "4111 1111 1111 1111",
        "x" * 1_000_000,
    ],
)
def test_nothing_else_is_taken_for_a_token(pasted: str) -> None:
    assert find_token(pasted) is None


@pytest.mark.parametrize(
    ("pasted", "token"),
    [
        ("track-1003", "track-1003"),
        (" <https://shop.example/track/Ab_3-xyZ9>. ", "Ab_3-xyZ9"),
        ("https://shop.example/order?lang=de&token=AbC123xyz#top", "AbC123xyz"),
        ("jane.doe1@example.com", None),
        ("+49 151 1234567", None),
        ("01511234567", None),
        ("Doe", None),
        ("../../etc/passwd1", None),
        ("https://shop.example/track/", None),
        ("x1" * 1_000, None),
    ],
)
def test_a_shops_own_kind_of_token_is_found_and_no_email_or_phone(pasted: str, token: str | None) -> None:
    assert find_token(pasted) is None
    assert find_opaque_token(pasted) == token


@given(st.text())
def test_any_text_at_all_gives_a_token_or_nothing(pasted: str) -> None:
    found = find_token(pasted)
    assert found is None or len(found) == 36


@given(
    st.uuids(), st.sampled_from(["{}", "<https://shop.example/track/{}>", "see https://s.example/?token={}."])
)
def test_every_token_survives_the_link_around_it(token: object, around: str) -> None:
    assert find_token(around.format(token)) == str(token)
