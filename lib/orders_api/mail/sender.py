"""Takes due messages out of the outbox and delivers them, at least once each; it words none."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass

from lib.orders_api.mail import outbox
from lib.orders_api.mail.smtp import SmtpServer, compose, envelope_address
from lib.orders_api.store.api import Api
from lib.orders_api.store.tables.mail import OutboxMessage

BATCH = 50
NO_SUCH_LETTERS = "the mail server takes no address with letters such as this one's (SMTPUTF8)"
"""What no further attempt mends, other than all else that goes wrong."""
DEFAULT_SENDER = "orders@localhost"


@dataclass
class Delivery:
    """What one round brought."""

    sent: int = 0
    failed: int = 0


def deliver_due(api: Api) -> Delivery:
    """Deliver what is due, and end what is overdue; without a mail server, only the latter.

    Raises:
        StoreUnavailableError: the store can't be reached.
        ValueError: `ORDERS_SMTP_URL` can't be right.
    """
    result = Delivery()
    if api.settings.smtp_url is None:
        _end_overdue(api)
        return result
    server = SmtpServer.from_url(api.settings.smtp_url.get_secret_value())
    while True:
        _end_overdue(api)
        with api.database.reading() as session:
            ids = outbox.due_ids(session, api.clock(), BATCH)
        claimed = [_deliver(api, server, message_id, result) for message_id in ids]
        if len(ids) < BATCH or not any(claimed):
            return result


def _end_overdue(api: Api) -> None:
    with api.database.reading() as session:
        overdue = outbox.has_overdue(session, api.clock())
    if overdue:
        with api.database.writing() as session:
            outbox.end_overdue(session, api.clock())


def _deliver(api: Api, server: SmtpServer, message_id: int, result: Delivery) -> bool:
    """Try to deliver one message; return whether it was this sender's turn."""
    with api.database.writing() as session:
        message = outbox.claim(session, message_id, api.clock())
    if message is None:
        return False
    error = _send(api, server, message)
    with api.database.writing() as session:
        if error is None:
            outbox.mark_sent(session, message.id, api.clock())
            result.sent += 1
        elif error == NO_SUCH_LETTERS:
            outbox.give_up(session, OutboxMessage.id == message.id, api.clock(), error)
            result.failed += 1
        else:
            outbox.mark_failed(session, message.id, message.attempts, error, api.clock())
            result.failed += 1
    return True


def _send(api: Api, server: SmtpServer, message: OutboxMessage) -> str | None:
    """Send one message; return what went wrong, in words without personal data."""
    assert message.sealed_body is not None  # noqa: S101 - the schema keeps it while the message waits
    try:
        email = compose(
            message.message_id,
            api.settings.mail_from or DEFAULT_SENDER,
            message.recipient,
            message.subject,
            api.sealer.open(message.sealed_body),
            message.created_at,
        )
        recipient = envelope_address(message.recipient)
        with server.connect() as connection:
            if not recipient.isascii() and not connection.has_extn("smtputf8"):
                return NO_SUCH_LETTERS
            connection.send_message(email, to_addrs=[recipient])
    except smtplib.SMTPResponseException as error:
        return f"{type(error).__name__} {error.smtp_code}"
    except Exception as error:
        # Whatever it was, it is this one message's failed attempt: the ones behind it have their turn too.
        return type(error).__name__
    return None
