"""The call that only Order Desk's own API has, in demonstration mode; a shop's own need not."""

from __future__ import annotations

from ._answers import parse
from ._call import Call
from ._calls import Calls, call
from ._transport import Connection
from .reports import Mailbox, MailboxMessage


def mailbox() -> Call[tuple[MailboxMessage, ...]]:
    """Return what would have been mailed, newest first."""
    return Call("GET", "/v1/demo/mailbox", lambda answer: parse(answer, Mailbox).items)


class Demo(Calls[Connection]):
    """The demonstration's mailbox."""

    mailbox = call(mailbox)
