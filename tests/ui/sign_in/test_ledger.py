"""The API's ledger of sign-ins: what it is told, and that what it answers decides."""

from __future__ import annotations

from lib.ui.auth.page import REFUSED
from tests.passwords import PASSWORD
from tests.ui.staff_desk import StaffDesk, is_signed_in, refusal

ADMITTED = {"verdict": "ADMITTED", "attempt": 7}


def test_every_failure_costs_the_api_the_same_two_calls_and_tells_it_no_strangers_typing(
    desk: StaffDesk,
) -> None:
    desk.says = {"attempts": ADMITTED, "outcomes": None, "checks": {"stands": True}}
    tries = [("sam", "wrong password"), ("nobody", PASSWORD), ("gone", PASSWORD)]
    for username, password in tries:
        refusal(desk.sign_in(desk.tab(), username, password))
    desk.says["attempts"] = {"verdict": "THROTTLED", "attempt": None}
    assert refusal(desk.sign_in(desk.tab(), "sam")) == REFUSED
    desk.says["attempts"] = {"verdict": "DISABLED", "attempt": 8}
    assert refusal(desk.sign_in(desk.tab(), "sam")) == REFUSED
    assert [call for call, _ in desk.told] == ["attempts", "outcomes"] * 5
    outcomes = [body for call, body in desk.told if call == "outcomes"]
    assert [(body["staff"], body["outcome"], body["attempt"]) for body in outcomes] == [
        ("sam", "WRONG", 7),
        (None, "WRONG", 7),
        ("gone", "DISABLED", 7),
        ("sam", "THROTTLED", None),
        ("sam", "DISABLED", 8),
    ]
    assert all(body["roles"] == [] and body["address"] == desk.address for body in outcomes)
    assert "nobody" not in str(desk.told)
    assert PASSWORD not in str(desk.told)


def test_signing_in_and_out_is_told_with_name_and_role(desk: StaffDesk) -> None:
    desk.says = {"attempts": ADMITTED, "outcomes": None, "checks": {"stands": True}, "endings": None}
    tab = desk.signed_in_tab("sam")
    assert is_signed_in(tab)
    tab.button(key="sign_in_out").click().run()
    said = {call: body for call, body in desk.told if call in ("outcomes", "endings")}
    assert (said["outcomes"]["staff"], said["outcomes"]["outcome"]) == ("sam", "OK")
    assert (said["endings"]["staff"], said["endings"]["roles"]) == ("sam", ["support"])
    assert desk.written[0]["value"] not in str(desk.told)


def test_what_another_dashboard_ended_is_over_here_at_the_next_click(desk: StaffDesk) -> None:
    desk.says = {"attempts": ADMITTED, "outcomes": None, "checks": {"stands": True}}
    tab = desk.signed_in_tab("sam")
    assert is_signed_in(tab.run())
    desk.says["checks"] = {"stands": False}
    desk.forget_answers()
    assert not is_signed_in(tab.run())
    assert not is_signed_in(desk.tab())
