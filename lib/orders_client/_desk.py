"""The dashboard's own calls, which a shop's own API need not have: the mailbox, customers' own data."""

from ._answers import parse, reading
from ._call import Call
from ._fields import Model, Time
from ._orders import Calls, call
from ._transport import Connection
from .reports import Mailbox, MailboxMessage

REGISTER = "/v1/privacy-requests"


def mailbox() -> Call[tuple[MailboxMessage, ...]]:
    """Return what would have been mailed, newest first."""
    return Call("GET", "/v1/demo/mailbox", lambda answer: parse(answer, Mailbox).items)


class Demo(Calls[Connection]):
    """The demonstration's mailbox."""

    mailbox = call(mailbox)


class PrivacyRequest(Model):
    """A request in the register: `kind` COPY or FORGET, `state` OPEN, CONFIRMED or DONE."""

    id: int
    kind: str
    state: str
    order_number: str
    asked_at: Time
    asked_by: str
    due_at: Time
    confirmed_by: str | None
    done_at: Time | None
    still_found: str | None


class PrivacyPreview(Model):
    """How much a request is about."""

    orders: tuple[str, ...]
    timeline_entries: int
    mails: int
    looks: int


class _Register(Model):
    items: tuple[PrivacyRequest, ...]


def list_requests() -> Call[tuple[PrivacyRequest, ...]]:
    """Return the register, open requests first."""
    return Call("GET", REGISTER, lambda answer: parse(answer, _Register).items)


def ask(kind: str, order_number: str, email: str) -> Call[PrivacyRequest]:
    """Put a customer's request in the register; the pair proves that it is one of theirs."""
    body = {"kind": kind, "orderNumber": order_number, "email": email}
    return Call("POST", REGISTER, reading(PrivacyRequest), status=201, body=body)


def preview(request_id: int) -> Call[PrivacyPreview]:
    """Return how much a request is about."""
    route = f"{REGISTER}/{{id}}"
    return Call("GET", route, reading(PrivacyPreview), str(int(request_id)))


def copy(request_id: int) -> Call[bytes]:
    """Return the ZIP for the customer; the request is done with it."""
    route = f"{REGISTER}/{{id}}/copy"
    return Call("POST", route, lambda answer: answer.body, str(int(request_id)), accept="*/*")


def confirm(request_id: int) -> Call[PrivacyRequest]:
    """Confirm that the customer is to be forgotten; it takes an admin who did not ask for it."""
    route = f"{REGISTER}/{{id}}/confirm"
    return Call("POST", route, reading(PrivacyRequest), str(int(request_id)))


class Privacy(Calls[Connection]):
    """What customers ask about their own data, for supervisors; the calls raise what all calls raise."""

    list = call(list_requests)
    ask = call(ask)
    preview = call(preview)
    copy = call(copy)
    confirm = call(confirm)
