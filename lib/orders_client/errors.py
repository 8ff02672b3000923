"""What can go wrong in a call; no text here ever holds a token, an email, a code or an answer's body.

OrdersError                          code, status, request_id, retry_after
├── ApiUnreachable                   no connection, or it broke
│   └── ApiTimeout                   no whole answer within the client's `timeout`
├── ApiRejected                      a problem document; also current_status, errors, title, detail
│   ├── Unauthenticated              401 UNAUTHENTICATED
│   ├── Forbidden                    403 FORBIDDEN
│   ├── OrderNotFound                404 ORDER_NOT_FOUND
│   ├── TrackingNotFound             404 TRACKING_NOT_FOUND
│   ├── OrderExists                  409 ORDER_EXISTS
│   ├── InvalidTransition            409 INVALID_TRANSITION      current_status
│   ├── OrderNotCancellable          409 ORDER_NOT_CANCELLABLE   current_status
│   ├── InProgress                   409 IN_PROGRESS
│   ├── InvalidCode                  401 INVALID_CODE
│   ├── InvalidAccessToken           401 INVALID_ACCESS_TOKEN
│   ├── ValidationFailed             422 VALIDATION_FAILED       errors
│   ├── RateLimited                  429 RATE_LIMITED            retry_after
│   └── Unavailable                  503 UNAVAILABLE             retry_after
├── CallNotSupported                 the API does not have this call (see `client.capabilities()`)
└── UnexpectedResponse               an answer that the contract does not know; also field, expected
"""

from collections.abc import Iterable, Mapping
from typing import ClassVar


class OrdersError(Exception):
    """Any failure of a call; `code`, `status` and `request_id` are None where there is none.

    `retry_after` is how many seconds the server asked to wait, where it did.
    """

    def __init__(
        self,
        reason: str = "the call failed",
        *,
        code: str | None = None,
        status: int | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        known = (("status", status), ("request id", request_id))
        facts = ", ".join(f"{name} {value}" for name, value in known if value is not None)
        super().__init__(f"{reason} ({facts})" if facts else reason)
        self.code = code
        self.status = status
        self.request_id = request_id
        self.retry_after = retry_after


class ApiUnreachable(OrdersError):
    """No connection to the API, or it broke; whether a change was made is not known.

    `request_id` is the one that the client sent, None where it could not send anything.
    """

    REASON: ClassVar[str] = "the Orders API can't be reached"

    def __init__(self, reason: str | None = None, *, request_id: str | None = None) -> None:
        super().__init__(reason or self.REASON, request_id=request_id)


class ApiTimeout(ApiUnreachable):
    """No whole answer within the client's `timeout`; whether a change was made is not known."""

    REASON = "the Orders API took too long to answer"


class UnexpectedResponse(OrdersError):
    """An answer that the contract does not know; `broken_off` tells that it ended before its end.

    Where it is one field, `field` names it, such as `items.0.quantity`; `expected` says what it has to be.
    """

    def __init__(
        self,
        reason: str = "the answer is not an Orders API's",
        *,
        status: int | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
        broken_off: bool = False,
        field: str | None = None,
        expected: str | None = None,
    ) -> None:
        super().__init__(reason, status=status, request_id=request_id, retry_after=retry_after)
        self.reason = reason
        self.broken_off = broken_off
        self.field = field
        self.expected = expected


class CallNotSupported(OrdersError):
    """The API does not have this call, which is beyond the contract's core; `call` is its name here."""

    def __init__(self, call: str, *, status: int | None = None, request_id: str | None = None) -> None:
        super().__init__(f"this Orders API has no call {call!r}", status=status, request_id=request_id)
        self.call = call


class ApiRejected(OrdersError):
    """The API said no, with a `code` of the contract or one that is not known here.

    `title` and `detail` are the API's own words for people; `errors` names fields: `{"field", "message"}`.
    """

    CODE: ClassVar[str] = ""
    STATUS: ClassVar[int | None] = None

    code: str

    def __init__(
        self,
        code: str | None = None,
        status: int | None = None,
        request_id: str | None = None,
        *,
        title: str = "",
        detail: str = "",
        retry_after: float | None = None,
        current_status: str | None = None,
        errors: Iterable[Mapping[str, str]] = (),
    ) -> None:
        code = code or self.CODE
        super().__init__(
            code, code=code, status=status or self.STATUS, request_id=request_id, retry_after=retry_after
        )
        self.title = title
        self.detail = detail
        self.current_status = current_status
        self.errors = tuple(dict(each) for each in errors)


class Unauthenticated(ApiRejected):
    """No, a malformed or an expired bearer token."""

    CODE, STATUS = "UNAUTHENTICATED", 401


class Forbidden(ApiRejected):
    """The token's role may not do this."""

    CODE, STATUS = "FORBIDDEN", 403


class OrderNotFound(ApiRejected):
    """No such order, or somebody else's: the two look the same."""

    CODE, STATUS = "ORDER_NOT_FOUND", 404


class TrackingNotFound(ApiRejected):
    """An unknown, malformed or withdrawn tracking token."""

    CODE, STATUS = "TRACKING_NOT_FOUND", 404


class OrderExists(ApiRejected):
    """The order number is taken."""

    CODE, STATUS = "ORDER_EXISTS", 409


class InvalidTransition(ApiRejected):
    """The status may not follow `current_status`."""

    CODE, STATUS = "INVALID_TRANSITION", 409


class OrderNotCancellable(ApiRejected):
    """The order is not PENDING; `current_status` says what it is."""

    CODE, STATUS = "ORDER_NOT_CANCELLABLE", 409


class InProgress(ApiRejected):
    """The first call with the same idempotency key has not ended yet."""

    CODE, STATUS = "IN_PROGRESS", 409


class InvalidCode(ApiRejected):
    """Any failure of a guest's verification."""

    CODE, STATUS = "INVALID_CODE", 401


class InvalidAccessToken(ApiRejected):
    """Any failure of a guest's access token."""

    CODE, STATUS = "INVALID_ACCESS_TOKEN", 401


class ValidationFailed(ApiRejected):
    """The API would not take the request; `errors` names the fields."""

    CODE, STATUS = "VALIDATION_FAILED", 422


class RateLimited(ApiRejected):
    """Too many requests."""

    CODE, STATUS = "RATE_LIMITED", 429


class Unavailable(ApiRejected):
    """The order store can't be reached."""

    CODE, STATUS = "UNAVAILABLE", 503
