"""The call that only Order Desk's own API has, in demonstration mode; a shop's own need not."""

from __future__ import annotations

from ._answers import parse
from ._call import Call
from ._transport import Connection
from .reports import Mailbox, MailboxMessage


class Demo:
    """The demonstration's mailbox; the call raises what all calls raise (see Orders)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def mailbox(self) -> tuple[MailboxMessage, ...]:
        """Return what would have been mailed, newest first."""
        call = Call("GET", "/v1/demo/mailbox", lambda answer: parse(answer, Mailbox))
        return self._connection.call(call).items
