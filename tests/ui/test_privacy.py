"""The page of customers' requests: what is typed, ticked and confirmed is for one request alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lib.staff.member import StaffMember
from lib.ui.privacy.keys import PRIVACY_ASK, PRIVACY_CHOSEN, PRIVACY_CONFIRM, PRIVACY_EMAIL, PRIVACY_ORDER
from tests.ui.fake_api import NOW, stamp
from tests.ui.order_desk import Desk, order_desk, words

PRIVACY = "pages/admin/privacy.py"
PREVIEW = {"orders": ["ORD-2026-0001"], "timelineEntries": 1, "mails": 0, "looks": 0}
TYPED = {PRIVACY_ORDER: "ORD-2026-0001", PRIVACY_EMAIL: "jane@example.com"}


class Register:
    """The API's register; `lost`: its answer does not come."""

    def __init__(self) -> None:
        self.items = [self._request(number) for number in (1, 2)]
        self.lost = False

    def answer(self, method: str, path: str) -> Any:
        if path.endswith("/confirm"):
            number = int(path.split("/")[-2])
            self.items[number - 1]["state"] = "CONFIRMED"
            return 200, self.items[number - 1]
        if method == "POST":
            self.items.append(self._request(len(self.items) + 1))
            return (0, {}) if self.lost else (201, self.items[-1])
        return 200, {"items": self.items} if path.endswith("requests") else PREVIEW

    def _request(self, number: int) -> dict[str, Any]:
        return {
            "id": number, "kind": "FORGET", "state": "OPEN", "orderNumber": "ORD-2026-0001",
            "askedAt": stamp(NOW), "askedBy": "staff:sue", "dueAt": stamp(NOW), "confirmedBy": None,
            "doneAt": None, "stillFound": None,
        }  # fmt: skip


@pytest.fixture
def register() -> Register:
    return Register()


@pytest.fixture
def tab(tmp_path: Path, register: Register, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    with order_desk(tmp_path, orders=1) as desk:
        answer = desk.api.answer

        def with_register(method: str, path: str, *rest: Any) -> Any:
            mine = path.startswith("/v1/privacy-requests")
            return register.answer(method, path) if mine else answer(method, path, *rest)

        monkeypatch.setattr(desk.api, "answer", with_register)
        yield _as_admin(desk)


def _as_admin(desk: Desk) -> AppTest:
    desk.staff = StaffMember("ada", "Ada", ("admin",))
    return desk.tab(PRIVACY)


def typed(tab: AppTest) -> list[str | None]:
    return [each.value for each in tab.text_input]


def test_what_was_typed_stays_until_the_request_is_known_to_be_noted(
    tab: AppTest, register: Register
) -> None:
    register.lost = True
    for box, text in zip(tab.text_input, TYPED.values(), strict=True):
        box.set_value(text)
    tab.button(key=PRIVACY_ASK).click().run()
    assert "Look in the register before you send it again." in words(tab)
    assert typed(tab) == [*TYPED.values()]
    register.lost = False
    tab.button(key=PRIVACY_ASK).click().run()
    assert f"Noted as request {len(register.items)}." in words(tab)
    assert typed(tab) == ["", ""]
    assert "Noted" not in words(tab.run())


def test_the_tick_is_for_one_request_and_its_button_goes_once_it_is_confirmed(tab: AppTest) -> None:
    tab.selectbox(key=PRIVACY_CHOSEN).set_value(1).run()
    tab.checkbox[0].check().run()
    assert not tab.button(key=PRIVACY_CONFIRM).disabled
    tab.selectbox(key=PRIVACY_CHOSEN).set_value(2).run()
    assert not tab.checkbox[0].value
    assert tab.button(key=PRIVACY_CONFIRM).disabled
    tab.checkbox[0].check().run()
    tab.button(key=PRIVACY_CONFIRM).click().run()
    assert "It is being done." in words(tab)
    assert PRIVACY_CONFIRM not in [each.key for each in tab.button]
