"""One order's page: what it shows, to whom it offers to cancel, and every way a cancelling can end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from lib.once import forget_all
from lib.staff.member import StaffMember
from lib.ui.order.cancel_outcome import Notice
from lib.ui.order.keys import (
    ORDER_CANCEL,
    ORDER_CANCEL_DO,
    ORDER_CANCEL_KEEP,
    ORDER_CANCEL_KEY,
    ORDER_CANCEL_NOTE,
    ORDER_CORRECT,
    ORDER_CORRECT_EMAIL,
    ORDER_CORRECT_REASON,
    ORDER_HISTORY,
    ORDER_KEPT,
    ORDER_NOTE_ADD,
    ORDER_NOTICE,
    ORDER_NUMBER,
    ORDER_OPEN,
    ORDER_PIN,
    ORDER_REFRESH,
    ORDER_REVEAL,
    ORDER_REVEAL_DO,
    ORDER_REVEAL_REASON,
    ORDER_SEARCH,
)
from lib.ui.shared.cancelling import REASONS
from lib.ui.shared.keys import ORDERS_SEARCH, ORDERS_SHOWN
from tests.ui.fake_api import make_order, stamp
from tests.ui.guest_desk import TRACKING, everything_in
from tests.ui.order_desk import OLGA, ORDER, SAM, Desk, button_labels, order_desk, words

PENDING = "ORD-2026-0007"
SUE = StaffMember("sue", "Sue", ("supervisor",))


def history(tab: AppTest) -> str:
    """Return notes and timeline as they are sent to the browser."""
    return "\n".join(each.proto.body for each in tab.get("html") if "<section" in each.proto.body)


def link_to(tab: AppTest, number: str) -> bool:
    """Return whether a link leads to an order."""
    return any(f"order={number}" in each.proto.query_string for each in tab.get("page_link"))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with order_desk(tmp_path) as desk:
        yield desk


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


def test_an_order_shows_all_that_a_caller_may_ask_for(desk: Desk) -> None:
    tab = desk.tab(ORDER, order="ORD-2026-0003")
    said = words(tab)
    for part in ("ORD-2026-0003", "Noor Al-Sabah", "n***@example.com", "***42", "DHL", "1Z999", "Kuwait"):
        assert part in said
    assert "Contact data are masked." in said
    assert list(tab.dataframe[0].value["total"]) == ["KWD\u00a080.000", "KWD\u00a020.000"]
    assert "Tax, included" in tab.table[0].value.index
    assert "Order placed" in history(tab)
    assert "14 other orders with this email" in said
    assert link_to(tab, "ORD-2026-0007")


def test_without_a_number_one_is_asked_for_and_the_latest_are_offered(desk: Desk) -> None:
    tab = desk.tab(ORDER)
    assert not desk.api.asked
    tab.text_input(key=ORDER_NUMBER).set_value(f" {PENDING.lower()} ")
    tab.button(key=ORDER_OPEN).click().run()
    assert PENDING in words(tab)
    assert PENDING in tab.query_params["order"]
    del tab.query_params["order"]
    assert link_to(tab.run(), PENDING)
    desk.staff = OLGA
    assert not link_to(tab.run(), PENDING)


def test_a_whole_number_opens_its_order_however_many_others_hold_it(desk: Desk) -> None:
    desk.api.orders["20"] = {**make_order(1), "orderNumber": "20"}
    desk.api.timelines["20"] = []
    tab = desk.tab(ORDER)
    tab.text_input(key=ORDER_NUMBER).set_value("20")
    tab.button(key=ORDER_OPEN).click().run()
    assert tab.header[0].value == "20"


@pytest.mark.parametrize(
    "typed", ["jane.doe@example.com", "https://x.example/track/0b9e6f0c-7a52-4d43-9c39-5f0d1c2ab7de"]
)
def test_what_is_no_number_is_searched_for_and_gets_into_no_address(desk: Desk, typed: str) -> None:
    tab = desk.tab(ORDER)
    tab.text_input(key=ORDER_NUMBER).set_value(typed)
    tab.button(key=ORDER_OPEN).click().run()
    assert "order" not in tab.query_params
    assert tab.session_state[ORDERS_SEARCH] in typed


def test_the_order_before_and_after_in_the_list_are_a_click_away(desk: Desk) -> None:
    tab = desk.tab()
    tab.switch_page(ORDER)
    tab.query_params["order"] = "ORD-2026-0002"
    tab.run()
    ways = {each.proto.label: each.proto.query_string for each in tab.get("page_link")}
    assert "ORD-2026-0001" in ways["Previous"]
    assert "ORD-2026-0003" in ways["Next"]


def test_an_outage_leaves_the_order_on_the_screen_with_its_age(desk: Desk) -> None:
    tab = desk.tab(ORDER, order=PENDING)
    desk.api.failing = 503
    said = words(tab.run())
    assert "This is the order as it was at" in said
    assert "Noor Al-Sabah" in said
    assert "Nothing is lost" not in said
    desk.staff = OLGA
    assert "Noor Al-Sabah" not in words(tab.run())
    desk.staff, desk.api.failing = SAM, 0
    tab.run()
    desk.api.failing = 403
    assert "Noor Al-Sabah" not in words(tab.run())
    desk.api.failing = 503
    assert "Noor Al-Sabah" not in words(tab.run())


def test_contact_data_leave_the_screen_in_time_also_in_an_outage(desk: Desk) -> None:
    tab = desk.tab(ORDER, order=PENDING)
    owner, number, kept = tab.session_state[ORDER_KEPT]
    shown = {"email": "noor@example.com", "contact_masked": False, "contact_shown_by": "CONTACT_REVEALED"}
    for minutes, is_shown in ((5, True), (-5, False)):
        until = datetime.now(UTC) + timedelta(minutes=minutes)
        order = kept.order.model_copy(update=shown | {"contact_shown_until": until})
        tab.session_state[ORDER_KEPT] = (owner, number, replace(kept, order=order))
        desk.api.failing = 503
        assert ("noor@example.com" in everything_in(tab.run())) is is_shown


def test_a_policy_that_wants_a_proof_keeps_acts_shut_until_the_caller_is_verified(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORDERS_REQUIRE_PROOF", "cancel, reveal")
    forget_all()
    tab = desk.tab(ORDER, order=PENDING)
    assert tab.button(key=ORDER_CANCEL).disabled
    assert tab.button(key=ORDER_REVEAL).disabled
    assert not tab.button(key=ORDER_CORRECT).disabled
    desk.api.headers = {"X-Caller-Verified-Until": stamp(datetime.now(UTC) + timedelta(minutes=27))}
    tab.run()
    assert not tab.button(key=ORDER_CANCEL).disabled
    assert "caller verified, 27 min left" in everything_in(tab)
    assert "Verify this caller" not in button_labels(tab)


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
    tab.button(key=f"{ORDER_PIN}_1").click().run()
    desk.staff = SUE
    tab = desk.tab(ORDER, order=PENDING)
    assert 'aria-label="Pinned note"' in history(tab)
    assert history(tab).count("Speak *slowly* &lt;b&gt;") == 2
    tab.button(key=f"{ORDER_PIN}_1above").click().run()
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


def test_an_unknown_number_is_said_with_a_way_on(desk: Desk) -> None:
    tab = desk.tab(ORDER, order="ORD-1999-0001")
    assert "There is no such order" in words(tab)
    assert "ORD-1999-0001" in words(tab)
    tab.button(key=ORDER_SEARCH).click().run()
    assert tab.session_state[ORDERS_SEARCH] == "ORD-1999-0001"


def test_a_timeline_that_fails_does_not_hide_the_order(desk: Desk) -> None:
    desk.api.failing_timeline = 500
    tab = desk.tab(ORDER, order=PENDING)
    assert "Noor Al-Sabah" in words(tab)
    assert "had an error of its own" in words(tab)


@pytest.mark.parametrize("part", ["timeline", "related", "audit"])
def test_a_part_that_fails_lets_no_open_dialog_be_closed_by_the_page(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    looks: list[None] = []
    monkeypatch.setattr("lib.ui.frame.feedback._watch_for_recovery", lambda: looks.append(None))
    answer = desk.api.answer
    monkeypatch.setattr(
        desk.api,
        "answer",
        lambda method, path, *rest: (500, {}) if part in path else answer(method, path, *rest),
    )
    desk.staff = SUE
    tab = desk.tab(ORDER, order=PENDING)
    if part == "audit":
        tab.segmented_control(key=ORDER_HISTORY).set_value("Who looked, and why").run()
    assert "The rest of this page works." in words(tab)
    assert "by itself" not in words(tab)
    assert not looks


def test_a_number_that_is_written_otherwise_is_one_with_the_orders_own(desk: Desk) -> None:
    order = desk.api.orders["1001"] = desk.api.orders["#1001"] = {**make_order(7), "orderNumber": "#1001"}
    desk.api.timelines["1001"] = desk.api.timelines["#1001"] = []
    tab = desk.tab()
    tab.session_state[ORDERS_SHOWN] = [PENDING, "#1001"]
    tab.switch_page(ORDER)
    tab.query_params["order"] = "1001"
    tab.run()
    assert "Previous" in {each.proto.label for each in tab.get("page_link")}
    assert "#1001" in tab.query_params["order"]
    tab.session_state[ORDER_NOTICE] = Notice("#1001", "unknown")
    assert "The order was not cancelled." in words(tab.run())
    key = tab.session_state[ORDER_CANCEL_KEY] = "key-1"
    assert tab.button(key=ORDER_CANCEL).click().run().session_state[ORDER_CANCEL_KEY] == key
    desk.api.failing = 503
    assert order["customerName"] in words(tab.run())


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
    assert words(tab.run()) == ""
    assert tab.session_state[ORDER_NOTICE] == Notice(PENDING, "unknown")


def test_somebody_quicker_by_a_moment_is_named_too(desk: Desk, dialog: Dialog) -> None:
    desk.api.quicker = "staff:sue"
    tab = dialog.cancel()
    assert "Not cancelled by you: somebody was quicker." in words(tab).replace("**", "")
    assert "Changed by sue" in words(tab)
    assert not desk.api.cancels


def test_a_customers_words_are_never_markdown(desk: Desk) -> None:
    trap = "![x](http://tracker.example/b.png)"
    order = desk.api.orders[PENDING]
    order["customerName"] = trap
    order["shippingAddress"] = {**order["shippingAddress"], "firstName": trap, "city": trap}
    order["items"][0]["name"] = trap
    desk.api.timelines[PENDING][0].update(kind="NOTE", detail=trap)
    tab = desk.tab(ORDER, order=PENDING)
    rich = (*tab.markdown, *tab.caption, *tab.header, *tab.subheader, *tab.warning, *tab.success, *tab.info)
    assert not [each.value for each in rich if "tracker.example" in str(each.value)]
