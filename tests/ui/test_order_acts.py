"""Notes, corrections and reveals on an order's page: kept while they are written, made once, said."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lib.ui.order.keys import (
    ORDER_CORRECT,
    ORDER_CORRECT_EMAIL,
    ORDER_CORRECT_REASON,
    ORDER_NOTE_ADD,
    ORDER_PIN,
    ORDER_REVEAL,
    ORDER_REVEAL_DO,
    ORDER_REVEAL_REASON,
)
from tests.ui.guest_desk import TRACKING
from tests.ui.order_desk import (
    ORDER,
    PENDING,
    SUE,
    Desk,
    history,
    words,
)


def note(tab: AppTest) -> AppTest:
    (button,) = [each for each in tab.button if str(each.key).startswith(ORDER_NOTE_ADD)]
    return button.click().run()


def test_a_note_that_is_half_written_stays_on_whatever_page_and_for_its_writer_alone(desk: Desk) -> None:
    tab = desk.tab(ORDER, order=PENDING)
    tab.text_area[0].set_value("Calls back on").run()
    tab.switch_page(TRACKING).run()
    for number, text in (("ORD-2026-0003", ""), (PENDING, "Calls back on")):
        tab.switch_page(ORDER)
        tab.query_params["order"] = number
        assert tab.run().text_area[0].value == text
    desk.staff = SUE
    assert tab.run().text_area[0].value == ""


def test_a_note_whose_answer_was_lost_stays_and_is_added_once(desk: Desk) -> None:
    tab = desk.tab(ORDER, order=PENDING)
    tab.text_area[0].set_value("Wants a gift wrap")
    desk.api.lose_cancel_answer = True
    tab = note(tab)
    assert "It is not known whether this was done." in words(tab)
    assert "not known whether this note was added" in words(tab.run())
    assert tab.text_area[0].value == "Wants a gift wrap"
    desk.api.lose_cancel_answer = False
    tab = note(tab)
    assert list(desk.api.notes.values()) == ["Wants a gift wrap"]
    assert history(tab).count("Wants a gift wrap") == 1
    assert tab.text_area[0].value == ""


def test_a_note_is_pinned_on_top_for_everybody_until_somebody_takes_its_pin_away(desk: Desk) -> None:
    tab = desk.tab(ORDER, order=PENDING)
    tab.text_area[0].set_value("Speak *slowly* <b>")
    tab = note(tab)
    assert "Pinned note" not in history(tab)
    late = desk.tab(ORDER, order=PENDING)
    tab.button(key=f"{ORDER_PIN}_Pin_1").click().run()
    late.button(key=f"{ORDER_PIN}_Pin_1").click().run()  # at which it is pinned already
    desk.staff = SUE
    tab = desk.tab(ORDER, order=PENDING)
    assert 'aria-label="Pinned note"' in history(tab)
    assert history(tab).count("Speak *slowly* &lt;b&gt;") == 2
    tab.button(key=f"{ORDER_PIN}_Unpin_1above").click().run()
    assert history(desk.tab(ORDER, order=PENDING)).count("Speak *slowly* &lt;b&gt;") == 1


def test_a_note_edited_after_its_answer_was_lost_is_another_and_is_added(desk: Desk) -> None:
    tab = desk.tab(ORDER, order=PENDING)
    desk.api.lose_cancel_answer = True
    for text in ("Wants a gift wrap", "Wants a red gift wrap"):
        tab.text_area[0].set_value(text)
        tab = note(tab)
        desk.api.lose_cancel_answer = False
    assert [*desk.api.notes.values()] == ["Wants a gift wrap", "Wants a red gift wrap"]
    tab.text_area[0].set_value("Refused")
    desk.api.failing = 403
    tab = note(tab)
    desk.api.failing = 0
    assert "not known" not in words(tab.run())


@pytest.mark.parametrize(
    ("resent", "said"),
    [(403, "Changed. The confirmation could not be sent."), (0, "Changed. It is not known whether the")],
)
def test_a_correction_says_what_became_of_it_and_an_edited_one_is_another_call(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, resent: int, said: str
) -> None:
    asked, lost, answer = [], [True], desk.api.answer

    def with_contact(method: str, path: str, query: Any, body: Any, key: str, who: str) -> Any:
        if path.endswith("/resend-confirmation"):
            return resent, {}
        if path.endswith("/contact"):
            asked.append((body["email"], key))
            return (0, {}) if lost[0] else (200, desk.api.orders[PENDING])
        return answer(method, path, query, body, key, who)

    monkeypatch.setattr(desk.api, "answer", with_contact)
    tab = desk.tab(ORDER, order=PENDING)
    for email in ("one@example.com", "one@example.com", "two@example.com"):
        tab.button(key=ORDER_CORRECT).click().run()
        tab.text_input(key=ORDER_CORRECT_EMAIL).set_value(email)
        tab.button(key=ORDER_CORRECT).click().run()
        tab.button(key=ORDER_CORRECT).click()
        lost[0] = email.startswith("one")
        tab.button(key=f"{ORDER_CORRECT_REASON}_0").click().run()
        toasts = [each.value for each in tab.toast]
        tab.run()  # the page closes the dialog
        tab.button(key=ORDER_CORRECT).click().run()
        assert tab.text_input(key=ORDER_CORRECT_EMAIL).value == (email if lost[0] else "")
    assert said in toasts[0]
    assert len({key for _, key in asked}) == len({email for email, _ in asked}) == 2


def test_a_reason_typed_for_a_reveal_outlives_a_dialog_that_the_page_closes(desk: Desk) -> None:
    tab = desk.tab(ORDER, order=PENDING)
    tab.button(key=ORDER_REVEAL).click().run()
    tab.text_input(key=ORDER_REVEAL_REASON).set_value("Parcel came back")
    tab.button(key=ORDER_REVEAL).click().run()
    tab.run()  # the page closes the dialog
    tab.button(key=ORDER_REVEAL).click().run()
    assert tab.text_input(key=ORDER_REVEAL_REASON).value == "Parcel came back"
    other = desk.tab(ORDER, order=PENDING)
    other.button(key=ORDER_REVEAL).click().run()
    assert other.text_input(key=ORDER_REVEAL_REASON).value == ""
    tab.button(key=ORDER_REVEAL).click()
    tab.button(key=ORDER_REVEAL_DO).click().run()
    tab.button(key=ORDER_REVEAL).click().run()
    assert tab.text_input(key=ORDER_REVEAL_REASON).value == ""
