"""The call that only Order Desk's own API has, in demonstration mode; a shop's own need not."""

from __future__ import annotations

from lib.orders_client._answers import parse
from lib.orders_client._transport import Call, Connection
from lib.orders_client.reports import Mailbox, MailboxMessage


class Demo:
    """The demonstration's mailbox; the call raises what all calls raise (see Orders)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def mailbox(self) -> tuple[MailboxMessage, ...]:
        """Give what would have been mailed, newest first."""
        return parse(self._connection.answer(Call("GET", "/v1/demo/mailbox")), Mailbox).items
