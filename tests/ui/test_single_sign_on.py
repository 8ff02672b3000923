"""The pages for somebody whom the shop's identity provider knows: what opens, and what ends it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lib.orders_client import OrdersError
from lib.staff import changes
from lib.ui.accounts.keys import ACCOUNTS_CHOSEN, ACCOUNTS_END_ALL
from lib.ui.orders import export_link
from lib.ui.orders.keys import ORDERS_EXPORT
from tests.passwords import PASSWORD
from tests.ui.staff_desk import StaffDesk, is_signed_in, staff_desk, words_on

CHECKED: dict[str, Any] = {
    "attempts": {"verdict": "ADMITTED", "attempt": 7},
    "outcomes": None,
    "endings": None,
    "standings": {"ended": []},
}


@dataclass
class Provider:
    """What Streamlit knows of this browser's person, and what the shop wrote into secrets.toml."""

    claims: dict[str, Any]
    secrets: dict[str, Any] = field(default_factory=dict)
    signed_off: int = 0


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[StaffDesk]:
    with staff_desk(tmp_path) as made:
        made.says = {**CHECKED, "checks": {"stands": True}}
        yield made


@pytest.fixture
def provider(desk: StaffDesk, monkeypatch: pytest.MonkeyPatch) -> Provider:
    auth = {"client_id": "desk", "cookie_secret": "tests-only-cookie-secret-0123456789-abcdef"}
    claims = {"sub": "7", "iat": desk.now.timestamp(), "email": "maria@shop.example", "name": "Maria Rossi"}
    made = Provider(
        {**claims, "groups": ["leads"]}, {"auth": auth, "staff": {"roles": {"leads": "supervisor"}}}
    )

    def sign_off() -> None:
        made.signed_off += 1
        made.claims = {}

    monkeypatch.setattr("lib.ui.auth.oidc.claims", lambda: made.claims)
    monkeypatch.setattr("lib.ui.auth.oidc._secrets", lambda: made.secrets)
    monkeypatch.setattr("lib.ui.auth.oidc.st.logout", sign_off)
    return made


def outcomes(desk: StaffDesk) -> list[tuple[str, str]]:
    return [(body["staff"], body["outcome"]) for call, body in desk.told if call == "outcomes"]


def test_a_role_opens_the_desk_and_the_sign_in_is_taken_down_once(
    desk: StaffDesk, provider: Provider
) -> None:
    tab = desk.tab()
    assert is_signed_in(tab)
    assert "Maria Rossi" in words_on(tab)
    assert "supervisor" in words_on(tab)
    assert is_signed_in(tab.run())
    assert is_signed_in(desk.tab())
    assert outcomes(desk) == [("maria@shop.example", "OK")]


def test_what_the_claim_means_is_asked_at_each_run(desk: StaffDesk, provider: Provider) -> None:
    tab = desk.tab()
    provider.secrets["staff"]["roles"]["leads"] = "ops"
    assert "supervisor" not in words_on(tab.run())
    provider.secrets["staff"]["roles"] = {"others": "ops"}
    assert not is_signed_in(tab.run())


def test_whoever_has_no_role_is_told_so_and_that_is_taken_down(desk: StaffDesk, provider: Provider) -> None:
    provider.claims["groups"] = ["everybody"]
    tab = desk.tab()
    assert not is_signed_in(tab)
    assert "have no role here" in words_on(tab)
    assert "maria@shop.example" in words_on(tab)
    assert outcomes(desk) == [("maria@shop.example", "NO_ROLE")]
    tab.button(key="sign_in_leave").click().run()
    assert provider.signed_off == 1
    assert "have no role here" not in words_on(tab)


@pytest.mark.parametrize("end", ["nothing", "sign-out", "role"])
def test_the_link_to_an_export_is_dead_after_the_sign_out(
    desk: StaffDesk, provider: Provider, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    monkeypatch.setattr("lib.ui.orders.export_button.is_served", lambda: True)
    tab = desk.tab()
    tab.button(key=ORDERS_EXPORT).click().run()
    [link] = tab.get("link_button")
    ticket = link.proto.url.removeprefix("export/")
    if end == "sign-out":
        tab.button(key="sign_in_out").click().run()
    elif end == "role":
        provider.secrets["staff"]["roles"] = {"others": "ops"}
    if end == "nothing":
        with pytest.raises(OrdersError):  # the API here has no exports: it was asked
            export_link.make_export(ticket)
    else:
        assert export_link.make_export(ticket) is None


def test_signing_out_ends_both_sessions_and_a_copied_cookie_opens_nothing(
    desk: StaffDesk, provider: Provider
) -> None:
    tab, copied = desk.tab(), provider.claims
    tab.button(key="sign_in_out").click().run()
    assert not is_signed_in(tab)
    assert provider.signed_off == 1
    (ended,) = [body for call, body in desk.told if call == "endings"]
    assert (ended["staff"], ended["roles"]) == ("maria@shop.example", ["supervisor"])
    provider.claims = copied
    assert not is_signed_in(desk.tab())
    provider.claims = copied | {"iat": (desk.now + timedelta(seconds=1)).timestamp()}
    assert is_signed_in(desk.tab())


def test_an_hour_without_a_click_or_twelve_in_all_end_it(desk: StaffDesk, provider: Provider) -> None:
    tab = desk.tab()
    for _ in range(13):
        desk.wait(minutes=54)
        assert is_signed_in(tab.run())
    desk.wait(minutes=18)
    assert not is_signed_in(tab.run())
    provider.claims["iat"] = desk.now.timestamp()
    assert is_signed_in(tab.run())
    desk.wait(minutes=60)
    assert not is_signed_in(tab.run())


def test_disabling_an_account_of_that_name_keeps_its_person_out(desk: StaffDesk, provider: Provider) -> None:
    changes.add_account(desk.staff_file, "maria@shop.example", "Maria", ["support"], PASSWORD)
    tab = desk.tab()
    assert is_signed_in(tab)
    changes.set_disabled(desk.staff_file, "maria@shop.example", True)
    assert not is_signed_in(tab.run())


def test_what_another_dashboard_ended_is_over_here(desk: StaffDesk, provider: Provider) -> None:
    tab = desk.tab()
    desk.says["checks"] = {"stands": False}
    desk.forget_answers()
    assert not is_signed_in(tab.run())


def test_it_needs_no_staff_file(desk: StaffDesk, provider: Provider) -> None:
    desk.staff_file.unlink()
    tab = desk.tab()
    assert is_signed_in(tab)
    tab.button(key="sign_in_out").click().run()
    assert not tab.exception
    assert not tab.error
    assert [button.key for button in tab.button] == ["sign_in_with_default"]


def test_rules_that_cannot_be_right_are_said_and_the_form_goes_on_working(
    desk: StaffDesk, provider: Provider
) -> None:
    provider.secrets["staff"]["roles"]["leads"] = "boss"
    tab = desk.tab()
    assert "'boss' is no role" in words_on(tab)
    assert is_signed_in(desk.sign_in(tab, "sam"))


def test_without_an_auth_section_a_header_or_cookie_of_streamlits_opens_nothing(
    desk: StaffDesk, provider: Provider
) -> None:
    provider.secrets = {}
    tab = desk.tab()
    assert not is_signed_in(tab)
    assert [button.key for button in tab.button] == ["sign_in_send"]


def test_an_admin_sees_who_came_by_the_provider_and_can_end_their_sessions(
    desk: StaffDesk, provider: Provider
) -> None:
    desk.says["accounts"] = None
    maria, claims = desk.tab(), provider.claims
    provider.claims = {}
    changes.add_account(desk.staff_file, "ada", "Ada", ["admin"], PASSWORD)
    ada = desk.signed_in_tab("ada").switch_page("pages/admin/accounts.py").run()
    assert "are kept at your provider" in words_on(ada)
    found = {row[0]: row[1:] for row in ada.dataframe[0].value.values.tolist()}
    assert found["maria@shop.example"] == [
        "Maria Rossi", "supervisor", "Active", "23 Nov 2026, 08:00", "1", "Provider",
    ]  # fmt: skip
    ada.selectbox(key=ACCOUNTS_CHOSEN).set_value("maria@shop.example").run()
    assert [each.label for each in ada.button if each.label.startswith("End")] == ["End all sessions", "End"]
    assert len(ada.multiselect) == 1  # the new account's: hers has none to change
    ada.button(key=f"{ACCOUNTS_END_ALL}_maria@shop.example_0").click().run()
    desk.cookies.clear()
    provider.claims = claims
    assert not is_signed_in(maria.run())
