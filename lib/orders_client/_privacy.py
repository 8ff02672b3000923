"""The dashboard's calls about customers' own data, which a shop's own API need not have."""

from __future__ import annotations

from ._answers import parse
from ._call import Call
from ._fields import Model, Time
from ._transport import Connection

PATH = "/v1/privacy-requests"


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


class Privacy:
    """What customers ask about their own data, for supervisors; the calls raise what all calls raise."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self) -> tuple[PrivacyRequest, ...]:
        """Return the register, open requests first."""
        return self._connection.call(Call("GET", PATH, lambda answer: parse(answer, _Register))).items

    def ask(self, kind: str, order_number: str, email: str) -> PrivacyRequest:
        """Put a customer's request in the register; the pair proves that it is one of theirs."""
        body = {"kind": kind, "orderNumber": order_number, "email": email}
        return self._connection.call(
            Call("POST", PATH, lambda answer: parse(answer, PrivacyRequest), status=201, body=body)
        )

    def preview(self, request_id: int) -> PrivacyPreview:
        """Return how much a request is about."""
        return self._connection.call(
            Call("GET", f"{PATH}/{{id}}", lambda answer: parse(answer, PrivacyPreview), str(int(request_id)))
        )

    def copy(self, request_id: int) -> bytes:
        """Return the ZIP for the customer; the request is done with it."""
        route, segment = f"{PATH}/{{id}}/copy", str(int(request_id))
        return self._connection.call(Call("POST", route, lambda answer: answer.body, segment, accept="*/*"))

    def confirm(self, request_id: int) -> PrivacyRequest:
        """Confirm that the customer is to be forgotten; it takes an admin who did not ask for it."""
        route, segment = f"{PATH}/{{id}}/confirm", str(int(request_id))
        return self._connection.call(
            Call("POST", route, lambda answer: parse(answer, PrivacyRequest), segment)
        )
