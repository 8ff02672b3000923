"""Cancelling an order on its page: to whom it is offered, and every way it can end."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from lib.ui.order.cancel_dialog import Notice
from lib.ui.order.keys import (
    ORDER_CANCEL,
    ORDER_CANCEL_DO,
    ORDER_CANCEL_KEEP,
    ORDER_CANCEL_KEY,
    ORDER_CANCEL_NOTE,
    ORDER_NOTICE,
    ORDER_REFRESH,
)
from lib.ui.shared.cancelling import REASONS
from tests.ui.order_desk import (
    OLGA,
    ORDER,
    PENDING,
    Desk,
    button_labels,
    history,
    words,
)


@dataclass
class Dialog:
    """The open dialog of one tab."""

    tab: AppTest

    def run(self) -> AppTest:
        """Run the page with its dialog open.

        AppTest runs the whole page where a browser runs the dialog alone, so the button that opened it is
        pressed once more; the fixture sees to it that this begins no new attempt.
        """
        self.tab.button(key=ORDER_CANCEL).click()
        return self.tab.run()

    def cancel(self) -> AppTest:
        """Press the reason."""
        self.tab.button(key=f"{ORDER_CANCEL_DO}_CUSTOMER_REQUEST").click()
        return self.run()


@pytest.fixture
def dialog(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Dialog:
    """Return the dialog on a pending order, with its note filled in."""
    monkeypatch.setattr(
        "lib.ui.order.cancel_dialog.prepare", lambda _: st.session_state.setdefault(ORDER_CANCEL_KEY, "key-1")
    )
    tab = desk.tab(ORDER, order=PENDING)
    tab.button(key=ORDER_CANCEL).click().run()
    tab.text_area(key=ORDER_CANCEL_NOTE).set_value("Called at noon")
    dialog = Dialog(tab)
    dialog.run()
    return dialog


@pytest.mark.parametrize("index", range(1, 7))
def test_only_a_pending_order_can_be_cancelled_and_the_others_say_what_instead(
    desk: Desk, index: int
) -> None:
    tab = desk.tab(ORDER, order=f"ORD-2026-{index:04d}")
    assert "Cancel order …" not in button_labels(tab)
    assert "Can't be cancelled." in words(tab)


@pytest.mark.parametrize(
    ("number", "payment", "said", "never"),
    [
        (PENDING, "PAID", "Awaits its payment by its status, but is marked paid", "It has not been paid."),
        ("ORD-2026-0001", "FAILED", "Paid by its status, but marked payment failed", "It has been paid"),
    ],
)
def test_a_status_that_the_payment_contradicts_is_said_to_be_checked(
    desk: Desk, number: str, payment: str, said: str, never: str
) -> None:
    assert never in words(desk.tab(ORDER, order=number))
    desk.api.orders[number]["paymentStatus"] = payment
    shown = words(desk.tab(ORDER, order=number))
    assert shown.count(f"{said}: check first") == 2
    assert never not in shown


def test_ops_are_not_offered_to_cancel(desk: Desk) -> None:
    desk.staff = OLGA
    tab = desk.tab(ORDER, order=PENDING)
    assert "Cancel order …" not in button_labels(tab)
    assert "Your role can look, but not cancel" in words(tab)


def test_the_dialog_names_the_order_and_cancels_for_no_reason_that_nobody_chose(desk: Desk) -> None:
    tab = desk.tab(ORDER, order=PENDING)
    tab.button(key=ORDER_CANCEL).click().run()
    assert f"{PENDING} · Noor Al-Sabah" in words(tab)
    assert {"Keep order", *REASONS.values()} <= set(button_labels(tab))
    assert not tab.selectbox
    tab.button(key=ORDER_CANCEL_KEEP).click().run()
    assert not desk.api.cancels


def test_an_attempt_outlives_its_dialog_until_it_has_an_end_or_the_order_is_kept(desk: Desk) -> None:
    tab = desk.tab(ORDER, order=PENDING)
    tab.button(key=ORDER_CANCEL).click().run()
    tab.text_area(key=ORDER_CANCEL_NOTE).set_value("Twice in his basket")
    key = tab.session_state[ORDER_CANCEL_KEY]
    tab.button(key=ORDER_CANCEL).click().run()
    tab.run()  # the page closes the dialog
    tab.button(key=ORDER_CANCEL).click().run()
    assert tab.text_area(key=ORDER_CANCEL_NOTE).value == "Twice in his basket"
    keys = [key, tab.session_state[ORDER_CANCEL_KEY]]
    for _ in range(2):
        tab.button(key=ORDER_CANCEL).click()
        tab.button(key=ORDER_CANCEL_KEEP).click().run()
        keys.append(tab.button(key=ORDER_CANCEL).click().run().session_state[ORDER_CANCEL_KEY])
        assert tab.text_area(key=ORDER_CANCEL_NOTE).value == ""
    assert keys[0] == keys[1]
    assert len({*keys}) == 3
    tab.session_state[ORDER_NOTICE] = Notice(PENDING, "lost")
    assert tab.button(key=ORDER_CANCEL).click().run().session_state[ORDER_CANCEL_KEY] not in keys


def test_a_cancelled_order_says_so_for_good_and_has_its_timeline_row(desk: Desk, dialog: Dialog) -> None:
    tab = dialog.cancel()
    [sent] = desk.api.cancels
    assert (sent["reason"], sent["note"], sent["notify"]) == ("CUSTOMER_REQUEST", "Called at noon", True)
    for _ in range(2):
        assert "Order cancelled." in words(tab)
        assert "Pending → Cancelled: The customer asked for it" in history(tab)
        tab.button(key=ORDER_REFRESH).click().run()
    assert "Order cancelled." not in words(desk.tab(ORDER, order="ORD-2026-0014"))


def test_clicking_twice_cancels_once(desk: Desk, dialog: Dialog) -> None:
    desk.api.lose_cancel_answer = True
    dialog.cancel()
    tries = [path for method, path, _ in desk.api.asked if method == "POST"]
    assert len(tries) > 1
    assert len(desk.api.cancels) == 1
    assert sum(row["kind"] == "STATUS_CHANGED" for row in desk.api.timelines[PENDING]) == 1


def test_a_connection_lost_in_the_middle_is_said_and_the_order_read_again(desk: Desk, dialog: Dialog) -> None:
    desk.api.lose_cancel_answer = True
    tab = dialog.cancel()
    said = words(tab)
    assert "The connection was lost while cancelling" in said
    assert "The order is Cancelled now. Changed by sam" in said


def test_a_cancelling_that_did_not_arrive_is_said_not_to_have_happened(desk: Desk, dialog: Dialog) -> None:
    desk.api.lose_cancel_answer = True
    desk.api.deaf_to_cancels = True
    tab = dialog.cancel()
    assert "The order was not cancelled." in words(tab)
    assert "Cancel order …" in button_labels(tab)
    assert tab.text_area(key=ORDER_CANCEL_NOTE).value == "Called at noon"
    desk.api.lose_cancel_answer = desk.api.deaf_to_cancels = False
    assert "Order cancelled." in words(dialog.cancel())
    assert [each["key"] for each in desk.api.cancels] == ["key-1"]


def test_answers_and_key_outlive_an_outage_in_which_nobody_knows_what_became_of_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab = desk.tab(ORDER, order=PENDING)
    tab.button(key=ORDER_CANCEL).click().run()
    key = tab.session_state[ORDER_CANCEL_KEY]
    tab.session_state[ORDER_NOTICE] = Notice(PENDING, "unknown")
    tab.button(key=ORDER_CANCEL).click()
    tab.text_area(key=ORDER_CANCEL_NOTE).set_value("Twice in his basket")
    tab.run()
    desk.api.failing = 503
    tab.run()  # the dialog is closed, and the API away
    assert "It is not known whether the order was cancelled" in words(tab)
    desk.api.failing = 0
    tab.button(key=ORDER_CANCEL).click().run()
    assert tab.session_state[ORDER_CANCEL_KEY] == key
    assert tab.text_area(key=ORDER_CANCEL_NOTE).value == "Twice in his basket"


def test_a_dialog_on_an_order_that_has_moved_on_names_who_and_when(desk: Desk) -> None:
    desk.api.close_order(PENDING, "staff:sue", "DUPLICATE")

    def page() -> None:
        from lib.ui.order.cancel_dialog import cancel_dialog
        from tests.ui.order_desk import SAM

        cancel_dialog("ORD-2026-0007", SAM)

    tab = AppTest.from_function(page, default_timeout=30).run()
    said = words(tab).replace("**", "")
    assert "Somebody was quicker. The order is Cancelled now. Changed by sue, 23 Nov 2026" in said
    assert button_labels(tab) == ["Close and show it as it is now"]


def test_our_own_cancelling_whose_answer_was_lost_is_not_said_to_be_somebody_elses(
    desk: Desk, dialog: Dialog
) -> None:
    dialog.tab.session_state[ORDER_NOTICE] = Notice(PENDING, "unknown")
    desk.api.quicker = "staff:sam"
    assert "The connection was lost while cancelling" in words(dialog.cancel())

    def page() -> None:
        import streamlit as st

        from lib.ui.order.cancel_dialog import cancel_dialog
        from tests.ui.order_desk import SAM

        if st.session_state.pop("is_open", False):
            cancel_dialog("ORD-2026-0007", SAM)

    tab = AppTest.from_function(page, default_timeout=30)
    tab.session_state["is_open"], tab.session_state[ORDER_NOTICE] = True, Notice(PENDING, "unknown")
    assert (words(tab.run()), list(tab.exception)) == ("", [])
    assert tab.session_state[ORDER_NOTICE] == Notice(PENDING, "unknown")


def test_somebody_quicker_by_a_moment_is_named_too(desk: Desk, dialog: Dialog) -> None:
    desk.api.quicker = "staff:sue"
    tab = dialog.cancel()
    assert "Not cancelled by you: somebody was quicker." in words(tab).replace("**", "")
    assert "Changed by sue" in words(tab)
    assert not desk.api.cancels
