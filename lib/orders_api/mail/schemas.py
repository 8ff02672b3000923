"""The shape of the demonstration's mailbox."""

from __future__ import annotations

from lib.orders_api.domain.wire import UtcTime, WireModel


class MailboxMessage(WireModel):
    """An email that would have been sent; its text is empty once it was sent or has expired."""

    message_id: str
    kind: str
    recipient: str
    subject: str
    text: str
    created_at: UtcTime
    sent_at: UtcTime | None


class Mailbox(WireModel):
    """The newest emails, newest first."""

    items: list[MailboxMessage]
