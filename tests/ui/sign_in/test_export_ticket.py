"""The link to an export: worth something only while who asked for it is signed in."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

import httpx
import jwt
import pytest
from streamlit.testing.v1 import AppTest

from lib.staff import changes
from lib.ui.orders import export_link
from lib.ui.orders.keys import ORDERS_EXPORT
from tests.passwords import PASSWORD
from tests.ui.staff_desk import StaffDesk


@pytest.fixture
def tab(desk: StaffDesk, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """Return the tab in which Olga of ops is about to open the link that she was given."""
    monkeypatch.setattr("lib.ui.orders.export_button.is_served", lambda: True)
    tab = desk.signed_in_tab("olga").run()
    return tab.button(key=ORDERS_EXPORT).click().run()


@pytest.fixture
def ticket(tab: AppTest) -> str:
    """Return what that link ends with."""
    [link] = tab.get("link_button")
    return str(link.proto.url).removeprefix("export/")


@pytest.fixture
def asked(desk: StaffDesk, monkeypatch: pytest.MonkeyPatch) -> list[httpx.Request]:
    """Return the exports that the API was asked for."""
    found: list[httpx.Request] = []
    answer = desk.answer

    def note(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/orders.csv":
            found.append(request)
            return httpx.Response(200, content=b"order\r\n", headers={"Content-Type": "text/csv"})
        return answer(request)

    monkeypatch.setattr("lib.ui.shared.clients._connections", lambda: httpx.MockTransport(note))
    return found


def test_a_link_is_opened_as_who_asked_for_it_with_the_roles_they_have_by_then(
    desk: StaffDesk, asked: list[httpx.Request], ticket: str
) -> None:
    changes.set_roles(desk.staff_file, "olga", ["admin"])
    export = export_link.make_export(ticket)
    assert export is not None
    with closing(export):
        assert b"".join(export) == b"order\r\n"
    token = asked[0].headers["Authorization"].removeprefix("Bearer ")
    assert export_link.make_export(ticket) is None  # it is used up
    claims = jwt.decode(token, options={"verify_signature": False})
    assert (claims["sub"], claims["roles"]) == ("olga", ["admin"])


def sign_out(_: StaffDesk, tab: AppTest) -> None:
    tab.button(key="sign_in_out").click().run()


def disable(desk: StaffDesk, _: AppTest) -> None:
    changes.set_disabled(desk.staff_file, "olga", True)


def new_password(desk: StaffDesk, _: AppTest) -> None:
    changes.set_password(desk.staff_file, "olga", PASSWORD + " anew")


def idle_too_long(desk: StaffDesk, _: AppTest) -> None:
    desk.wait(hours=2)


@pytest.mark.parametrize("end", [sign_out, disable, new_password, idle_too_long])
def test_a_link_is_worth_nothing_once_the_session_has_ended(
    desk: StaffDesk,
    asked: list[httpx.Request],
    ticket: str,
    tab: AppTest,
    end: Callable[[StaffDesk, AppTest], None],
) -> None:
    end(desk, tab)
    assert export_link.make_export(ticket) is None
    assert not asked
