"""Takes due messages out of the outbox and delivers them, at least once each; it words none."""

import smtplib
from dataclasses import dataclass
from email.message import EmailMessage

from lib.orders_api.mail import outbox
from lib.orders_api.mail.smtp import SmtpServer, compose, envelope_address, sender_of
from lib.orders_api.mail.templates import Message, parts_of
from lib.orders_api.store.api import Api
from lib.orders_api.store.tables.mail import DecoyMessage, OutboxMessage, QueuedMessage

BATCH = 50
NO_SUCH_LETTERS = "the mail server takes no address with letters such as this one's (SMTPUTF8)"
"""What no further attempt mends, other than all else that goes wrong."""


@dataclass
class Delivery:
    """What one round brought."""

    sent: int = 0
    failed: int = 0


def deliver_due(api: Api) -> Delivery:
    """Deliver what is due, codes before all else, and end what is overdue.

    Raises:
        StoreUnavailableError: the store can't be reached.
        ValueError: `ORDERS_SMTP_URL` can't be right.
    """
    sender = Sender(api)
    sender.end_overdue()
    codes = sender.deliver_codes()
    sender.deliver_decoys()
    others = sender.deliver_others()
    return Delivery(codes.sent + others.sent, codes.failed + others.failed)


class Sender:
    """Delivers messages one after the other; without a mail server, it only ends what is overdue.

    Its methods may run at the same time, so that none waits behind another's messages.
    """

    def __init__(self, api: Api) -> None:
        self._api = api
        url = api.settings.smtp_url
        self._server = SmtpServer.from_url(url.get_secret_value()) if url else None
        self._is_away = False

    def deliver_codes(self) -> Delivery:
        """Deliver what holds a code."""
        return self._deliver_all(OutboxMessage, codes=True)

    def deliver_decoys(self) -> Delivery:
        """Take and mark the decoys of codes as if they were delivered: the same work (docs/adr/0010)."""
        return self._deliver_all(DecoyMessage, codes=True)

    def deliver_others(self) -> Delivery:
        """Deliver what holds no code."""
        return self._deliver_all(OutboxMessage, codes=False)

    def end_overdue(self) -> None:
        """End what has expired, and what could not be delivered for a day."""
        for table in (OutboxMessage, DecoyMessage):
            with self._api.database.reading() as session:
                overdue = outbox.has_overdue(session, table, self._api.clock())
            if overdue:
                with self._api.database.writing() as session:
                    outbox.end_overdue(session, table, self._api.clock())

    def _deliver_all(self, table: outbox.Table, *, codes: bool) -> Delivery:
        result = Delivery()
        while self._server is not None:
            with self._api.database.reading() as session:
                ids = outbox.due_ids(session, table, self._api.clock(), BATCH, codes=codes)
            claimed = [self._deliver(table, self._server, message_id, result) for message_id in ids]
            if len(ids) < BATCH or not any(claimed):
                break
        return result

    def _deliver(self, table: outbox.Table, server: SmtpServer, message_id: int, result: Delivery) -> bool:
        """Try to deliver one message; return whether it was this sender's turn."""
        with self._api.database.writing() as session:
            message = outbox.claim(session, table, message_id, self._api.clock())
        if message is None:
            return False
        error = self._send(server, message)
        with self._api.database.writing() as session:
            if error is None:
                outbox.mark_sent(session, table, message.id, self._api.clock())
                result.sent += 1
            elif error == NO_SUCH_LETTERS:
                outbox.give_up(session, table, table.id == message.id, self._api.clock(), error)
                result.failed += 1
            else:
                outbox.mark_failed(session, table, message.id, message.attempts, error, self._api.clock())
                result.failed += 1
        return True

    def _send(self, server: SmtpServer, message: QueuedMessage) -> str | None:
        """Send one message; return what went wrong, in words without personal data.

        A decoy is sent to nobody. While the mail server is away, it fails and is tried again like a code.
        """
        is_decoy = isinstance(message, DecoyMessage)
        try:
            email, recipient = self._compose(message), envelope_address(message.recipient)
            if is_decoy and not self._is_away:
                email.as_bytes()
                return None
            self._is_away = True
            with server.connect() as connection:
                self._is_away = False
                if not recipient.isascii() and not connection.has_extn("smtputf8"):
                    return NO_SUCH_LETTERS
                if not is_decoy:
                    connection.send_message(email, to_addrs=[recipient])
        except smtplib.SMTPResponseException as error:
            return f"{type(error).__name__} {error.smtp_code}"
        except Exception as error:
            # Whatever it was, this one message's attempt failed: the ones behind it have their turn too.
            return type(error).__name__
        return None

    def _compose(self, message: QueuedMessage) -> EmailMessage:
        assert message.sealed_body is not None  # noqa: S101 - the schema keeps it while the message waits
        return compose(
            message.message_id,
            sender_of(self._api.settings),
            message.recipient,
            Message(message.subject, *parts_of(self._api.sealer.open(message.sealed_body))),
            message.created_at,
        )
