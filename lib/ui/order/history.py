"""Draws what happened to an order: notes, pinned ones, timeline, and for supervisors who looked and why."""

from collections.abc import Callable, Iterable, Sequence
from html import escape
from itertools import groupby

import streamlit as st

from lib.orders_client import Capabilities, OrdersError, TimelineEntry
from lib.staff.member import StaffMember
from lib.ui.frame.feedback import act_guard, say_part_error
from lib.ui.order.acts import done
from lib.ui.order.keys import ORDER_AUDIT, ORDER_HISTORY, ORDER_PIN, ORDER_TIMELINE
from lib.ui.shared.audit_words import audit_columns, audit_table, who_looked
from lib.ui.shared.clients import capabilities, orders_client
from lib.ui.shared.format import Reader, plain
from lib.ui.shared.keys import AUDIT_ORDER
from lib.ui.shared.tables import draw_table
from lib.ui.shared.timeline import actor_words, event_words, is_staff_note

AUDIT_LOG = "pages/admin/audit.py"
NEWEST = 100
_TIMELINE, _AUDIT = "Timeline", "Who looked, and why"
_ENTRY = (
    '<li style="display:flex;gap:0.75rem;padding:0.15rem 0"><time style="min-width:3.4rem" datetime="{iso}"'
    ' title="{exact}">{clock}</time><span style="flex:1;white-space:pre-wrap;overflow-wrap:anywhere">{words}'
    '</span><span style="text-align:right">{actor}</span></li>'
)
_PINNED = (
    '<section aria-label="Pinned note" tabindex="0" style="max-height:7.5rem;overflow:auto;'
    'white-space:pre-wrap;overflow-wrap:anywhere">{words} <small style="white-space:nowrap;opacity:0.75">'
    'Pinned note by {actor}, <time datetime="{iso}" title="{exact}">{moment}</time></small></section>'
)


def history(
    number: str,
    timeline: Sequence[TimelineEntry] | OrdersError,
    staff: StaffMember,
    can: Capabilities,
    reader: Reader,
) -> None:
    """Draw the timeline without colleagues' notes, or the error; supervisors may choose the audit log."""
    chosen = _TIMELINE
    if can.audit and staff.may("audit"):
        chosen = _choice(number)
    else:
        st.subheader(_TIMELINE, anchor=False)
    if chosen == _AUDIT:
        _audit(number, staff, reader)
    elif isinstance(timeline, OrdersError):
        say_part_error(timeline, key=ORDER_TIMELINE)
    else:
        events = (each for each in timeline if not is_staff_note(each))
        if html := entries_html(_TIMELINE, events, reader):
            st.html(html)


def notes(entries: Iterable[TimelineEntry], reader: Reader, beside: Callable[[TimelineEntry], None]) -> None:
    """Draw what colleagues have noted, the newest first, each with what is drawn `beside` it."""
    st.subheader("Notes", anchor=False)
    day = None
    with st.container(gap=None):
        for entry in filter(is_staff_note, entries):
            before, day = day, entry.at.astimezone(reader.zone).date()
            with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
                st.html(entries_html("Notes", [entry], reader, with_day=day != before))
                beside(entry)


def entries_html(
    title: str, entries: Iterable[TimelineEntry], reader: Reader, *, with_day: bool = True
) -> str:
    """Return entries as HTML, under a heading for each day, with the exact time on hover; all escaped."""
    days = groupby(entries, key=lambda each: each.at.astimezone(reader.zone).date())
    parts = []
    for day, its in days:
        words = escape(reader.day(day))
        heading = f'<h4 style="font-size:0.875rem;padding:0.5rem 0 0">{words}</h4>' if with_day else ""
        items = "".join(_entry(each, reader) for each in its)
        parts.append(f'{heading}<ul style="list-style:none;margin:0;padding:0">{items}</ul>')
    return f'<section aria-label="{escape(title)}">{"".join(parts)}</section>' if parts else ""


def _entry(entry: TimelineEntry, reader: Reader) -> str:
    words = entry.detail or "" if is_staff_note(entry) else event_words(entry)
    values = {
        "iso": entry.at.isoformat(timespec="seconds"),
        "exact": reader.exact(entry.at),
        "clock": reader.clock(entry.at),
        "words": plain(words),
        "actor": plain(actor_words(entry.actor)),
    }
    return _ENTRY.format(**{name: escape(value) for name, value in values.items()})


def _choice(number: str) -> str:
    with st.container(horizontal=True, vertical_alignment="center"):
        chosen = st.segmented_control(
            "History", [_TIMELINE, _AUDIT], default=_TIMELINE, required=True, key=ORDER_HISTORY,
            label_visibility="collapsed",
        )  # fmt: skip
        to_log = {AUDIT_ORDER: number}
        st.page_link(AUDIT_LOG, label="In the audit log", icon=":material/policy:", query_params=to_log)
    return chosen


def _audit(number: str, staff: StaffMember, reader: Reader) -> None:
    try:
        with orders_client(staff) as client:
            found = client.audit.list(1, NEWEST, order_number=number)
    except OrdersError as error:
        say_part_error(error, key=ORDER_AUDIT)
        return
    st.text(who_looked(found.items, reader))
    table = audit_table(found.items, reader).drop(columns=["order", "request"])
    draw_table(table, ORDER_AUDIT, "Audit log of this order, newest first", audit_columns())
    if found.total > NEWEST:
        st.caption(f"From the newest {NEWEST} of {reader.number(found.total)} rows.")


def pinned_notes(number: str, entries: Iterable[TimelineEntry], staff: StaffMember, reader: Reader) -> None:
    """Draw the notes that are pinned, the newest first."""
    for entry in entries:
        if entry.pinned:
            values = {
                "words": plain(entry.detail or ""),
                "actor": plain(actor_words(entry.actor)),
                "iso": entry.at.isoformat(timespec="seconds"),
                "exact": reader.exact(entry.at),
                "moment": reader.moment(entry.at),
            }
            html = _PINNED.format(**{name: escape(value) for name, value in values.items()})
            with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
                st.html(html)
                pin_button(number, entry, staff, "above")


def pin_button(number: str, entry: TimelineEntry, staff: StaffMember, where: str = "") -> None:
    """Draw the button that pins a note, or takes its pin away."""
    if entry.id is None or not (staff.may("note") and capabilities(staff).pin_note):
        return
    icon, words = ("keep_off", "Unpin") if entry.pinned else ("push_pin", "Pin")
    if st.button(  # its key says which: a click on "Pin" is never taken for one on "Unpin"
        words, key=f"{ORDER_PIN}_{words}_{entry.id}{where}", icon=f":material/{icon}:", type="tertiary",
        help="A pinned note stands on top of this page for everybody",
    ):  # fmt: skip
        with act_guard(ORDER_PIN), orders_client(staff) as client:
            client.orders.pin_note(number, entry.id, not entry.pinned)
            done(number, "The note is no longer pinned." if entry.pinned else "Note pinned.")
