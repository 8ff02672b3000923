"""Draws the demonstration's mailbox; an email's words are shown as typed, never as Markdown."""

import re
from collections.abc import Sequence

import streamlit as st

from lib.orders_client import MailboxMessage
from lib.ui.shared.format import Reader, plain

MOST_SHOWN = 20
WIPED = "The text is gone from the outbox: that happens once a message is sent, or its code used or too old."

_CODE = re.compile(r"^\s*([0-9]{6})\s*$", re.MULTILINE)
_LINK = re.compile(r"https?://\S+")
MAILBOX_MESSAGE = "mailbox_message"


def to_copy(text: str) -> tuple[str, str] | None:
    """Find what one would copy from an email: a name for it and the code or link itself, or None."""
    if code := _CODE.search(text):
        return "Code", code[1]
    if link := _LINK.search(text):
        return "Tracking link", link[0]
    return None


def draw_mailbox(messages: Sequence[MailboxMessage], reader: Reader) -> None:
    """Draw the newest messages, in the order given, or how to get one."""
    if not messages:
        st.info(
            "No mail yet. Ask for a code under Guest access, or cancel an order.", icon=":material/inbox:"
        )
        return
    for message in messages[:MOST_SHOWN]:
        _draw_message(message, reader)
    if len(messages) > MOST_SHOWN:
        st.caption(f"The newest {MOST_SHOWN} messages are shown.")


def _draw_message(message: MailboxMessage, reader: Reader) -> None:
    with st.container(border=True, key=f"{MAILBOX_MESSAGE}_{message.message_id}", gap="small"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(plain(message.subject), width="stretch")
            _draw_state(message)
        with st.container(horizontal=True, gap="small"):
            st.text(f"To {plain(message.recipient)}", width="content")
            st.text(reader.moment(message.created_at), width="content")
        if not message.text:
            st.caption(WIPED)
            return
        if found := to_copy(message.text):
            st.caption(found[0])
            st.code(found[1], language=None, wrap_lines=True)
        # on_change keeps it open when a newer message moves this one down
        whole = st.expander(
            "Whole message", key=f"{MAILBOX_MESSAGE}_{message.message_id}_whole", on_change="rerun"
        )
        if whole.open:
            whole.text(plain(message.text))


def _draw_state(message: MailboxMessage) -> None:
    if message.sent_at is not None:
        st.badge("Sent", icon=":material/mark_email_read:", color="green")
    elif message.text:
        st.badge("Waiting", icon=":material/schedule:", color="orange")
    else:
        st.badge("Not sent", icon=":material/timer_off:", color="gray")
