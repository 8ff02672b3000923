"""The mailbox page: the demonstration's mails, as typed, and nothing at all outside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from lib.ui.mailbox.view import MOST_SHOWN, to_copy
from tests.ui.guest_desk import CODE, EMAIL, MAILBOX, OLGA, TOKEN, Desk, everything_in, guest_desk

LINK = f"http://127.0.0.1:8601/track/{TOKEN}"


def mail(number: int, text: str, **more: Any) -> dict[str, Any]:
    return {
        "messageId": f"<{number}@orders.invalid>", "kind": "ACCESS_CODE", "recipient": EMAIL,
        "subject": f"Mail {number}", "text": text, "createdAt": "2026-11-23T12:00:00Z", "sentAt": None,
        **more,
    }  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with guest_desk(tmp_path, demo=True) as made:
        yield made


def test_an_empty_mailbox_says_how_to_get_a_mail(desk: Desk) -> None:
    assert "No mail yet" in desk.open(MAILBOX).info[0].value


def test_each_mail_has_its_recipient_subject_time_and_state(desk: Desk) -> None:
    desk.api.mails = [mail(2, "Hello", sentAt="2026-11-23T12:01:00Z"), mail(1, "World")]
    desk.tab.context = {"timezone": "Asia/Tokyo", "locale": "en-GB"}
    tab = desk.open(MAILBOX)
    texts = [each.value for each in tab.text]
    assert [each for each in texts if each.startswith("Mail")] == ["Mail 2", "Mail 1"]
    assert f"To {EMAIL}" in texts
    assert any("21:00" in each for each in texts)
    screen = everything_in(tab)
    assert screen.index("Sent") < screen.index("Waiting")


def test_code_and_link_can_be_copied_by_themselves(desk: Desk) -> None:
    desk.api.mails = [
        mail(2, f"Your one-time code is\n\n    {CODE}\n\nbye"),
        mail(1, f"Follow it here:\n{LINK}\n"),
    ]
    assert [each.value for each in desk.open(MAILBOX).code] == [CODE, LINK]


def test_a_mail_s_words_are_never_markdown(desk: Desk) -> None:
    nasty = "![x](http://evil.example/b.png) <script>alert(1)</script> **bold**"
    desk.api.mails = [mail(1, nasty, subject=nasty, recipient=nasty)]
    desk.tab.session_state["mailbox_message_<1@orders.invalid>_whole"] = True
    tab = desk.open(MAILBOX)
    shown = [each.value for each in (*tab.markdown, *tab.caption, *tab.info, *tab.warning)]
    assert not [each for each in shown if "evil" in each or "script" in each]
    assert [each.value for each in tab.text].count(nasty) == 2


@pytest.mark.parametrize(("sent_at", "state"), [("2026-11-23T12:01:00Z", "Sent"), (None, "Not sent")])
def test_a_wiped_mail_says_so_and_never_that_it_waits(desk: Desk, sent_at: str | None, state: str) -> None:
    desk.api.mails = [mail(1, "", sentAt=sent_at)]
    screen = everything_in(desk.open(MAILBOX))
    assert "gone from the outbox" in screen
    assert f" {state}]" in screen
    assert "Waiting" not in screen


def test_many_mails_are_cut_to_the_newest(desk: Desk) -> None:
    desk.api.mails = [mail(number, "Hi") for number in range(100, 0, -1)]
    texts = [each.value for each in desk.open(MAILBOX).text if each.value.startswith("Mail")]
    assert len(texts) == MOST_SHOWN
    assert texts[0] == "Mail 100"


@pytest.mark.parametrize("fault", [500, 503, httpx.ConnectError("gone"), httpx.ReadTimeout("slow")])
def test_an_api_that_fails_is_said_and_the_mails_come_back(desk: Desk, fault: int | Exception) -> None:
    desk.api.mails = [mail(1, "Hello")]
    if isinstance(fault, int):
        desk.api.failing = fault
    else:
        desk.api.raises = fault
    assert desk.open(MAILBOX).button(key="mailbox_retry")
    desk.api.failing, desk.api.raises = 0, None
    assert "Mail 1" in everything_in(desk.click("mailbox_retry"))


def test_a_role_that_may_not_read_mails_is_refused(desk: Desk) -> None:
    desk.api.mails = [mail(1, "Hello")]
    desk.staff = OLGA
    assert "Mail 1" not in everything_in(desk.open(MAILBOX))
    assert not desk.asked("mailbox")


def test_nobody_signed_in_sees_no_mail(desk: Desk) -> None:
    desk.api.mails = [mail(1, "Hello")]
    desk.open(MAILBOX)
    desk.staff = None
    assert "Mail 1" not in everything_in(desk.run())


def test_outside_the_demonstration_there_is_no_such_page_and_no_call(tmp_path: Path) -> None:
    with guest_desk(tmp_path) as desk:
        with pytest.raises(ValueError, match="mailbox"):
            desk.open(MAILBOX)
        assert not desk.asked("mailbox")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"Your one-time code is\n\n    {CODE}\n", ("Code", CODE)),
        (f"Follow it here:\n{LINK}\n\nBye", ("Tracking link", LINK)),
        ("Your order 123456 was cancelled", None),
        ("", None),
    ],
)
def test_what_one_would_copy_is_found(text: str, found: tuple[str, str] | None) -> None:
    assert to_copy(text) == found
