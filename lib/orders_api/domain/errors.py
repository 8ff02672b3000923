"""What can go wrong in the Orders API, each with its code of the contract (section 2).

DomainError
├── UnauthenticatedError           401 UNAUTHENTICATED
├── ForbiddenError                 403 FORBIDDEN
│   └── CallerNotVerifiedError
├── OrderNotFoundError             404 ORDER_NOT_FOUND
├── TrackingNotFoundError          404 TRACKING_NOT_FOUND
├── OrderExistsError               409 ORDER_EXISTS
├── InvalidTransitionError         409 INVALID_TRANSITION       (currentStatus)
├── OrderNotCancellableError       409 ORDER_NOT_CANCELLABLE    (currentStatus)
├── InProgressError                409 IN_PROGRESS
├── ChangedMeanwhileError          409 CHANGED_MEANWHILE
├── InvalidCodeError               401 INVALID_CODE
├── InvalidAccessTokenError        401 INVALID_ACCESS_TOKEN
├── ValidationFailedError          422 VALIDATION_FAILED        (errors)
├── RateLimitedError               429 RATE_LIMITED             (Retry-After)
└── StoreUnavailableError          503 UNAVAILABLE              (Retry-After)
    └── NotMigratedError
        └── NewerSchemaError
"""

from typing import Any, ClassVar, Self


class DomainError(Exception):
    """An answer other than success; `detail` is for people and never holds personal data."""

    status: ClassVar[int]
    code: ClassVar[str]
    title: ClassVar[str]
    detail: ClassVar[str]

    @property
    def members(self) -> dict[str, Any]:
        """The further members of the problem document."""
        return {}

    @property
    def headers(self) -> dict[str, str]:
        """The further headers of the answer."""
        return {}


class UnauthenticatedError(DomainError):
    """No, a malformed, a foreign or an expired bearer token."""

    status, code, title = 401, "UNAUTHENTICATED", "Not signed in"
    detail = "Send a valid bearer token in the Authorization header."

    @property
    def headers(self) -> dict[str, str]:
        """Return how to sign in (RFC 9110, section 11.6.1)."""
        return {"WWW-Authenticate": "Bearer"}


class ForbiddenError(DomainError):
    """The token is good, but its role may not do this."""

    status, code, title = 403, "FORBIDDEN", "Not allowed"
    detail = "The role of this token may not do this."


class CallerNotVerifiedError(ForbiddenError):
    """The shop's policy wants a caller verified before this."""

    title = "The caller is not verified"
    detail = "ORDERS_REQUIRE_PROOF: verify the caller by a code first, or again; a proof lasts 30 minutes."


class OrderNotFoundError(DomainError):
    """No such order, or somebody else's: the two look the same."""

    status, code, title = 404, "ORDER_NOT_FOUND", "Order not found"
    detail = "There is no such order that this token may see."


class TrackingNotFoundError(DomainError):
    """An unknown, malformed or withdrawn tracking token: all look the same."""

    status, code, title = 404, "TRACKING_NOT_FOUND", "Tracking link not found"
    detail = "This tracking link does not lead to an order."


class OrderExistsError(DomainError):
    """The order number is taken."""

    status, code, title = 409, "ORDER_EXISTS", "Order number taken"
    detail = "There is an order with this number already."


class _StandsElsewhereError(DomainError):
    def __init__(self, current_status: str) -> None:
        super().__init__(current_status)
        self.current_status = current_status

    @property
    def members(self) -> dict[str, Any]:
        """Return where the order stands."""
        return {"currentStatus": self.current_status}


class InvalidTransitionError(_StandsElsewhereError):
    """The status may not follow the order's current one (contract, section 1)."""

    status, code, title = 409, "INVALID_TRANSITION", "Status may not follow"
    detail = "An order in its current status can't go to this status."


class OrderNotCancellableError(_StandsElsewhereError):
    """The order is not PENDING."""

    status, code, title = 409, "ORDER_NOT_CANCELLABLE", "Order can't be cancelled"
    detail = "Only a PENDING order can be cancelled."


class InProgressError(DomainError):
    """A call with the same idempotency key is still running."""

    status, code, title = 409, "IN_PROGRESS", "Still running"
    detail = "The first call with this Idempotency-Key has not ended yet. Repeat it in a moment."


class ChangedMeanwhileError(DomainError):
    """What was to be replaced is not there any more: somebody else was first."""

    status = 409
    code = "CHANGED_MEANWHILE"
    title = "Changed meanwhile"
    detail = "What this was to replace has been replaced already. Read it again first."


class InvalidCodeError(DomainError):
    """Any failure of a guest's verification: all look the same."""

    status, code, title = 401, "INVALID_CODE", "Code not accepted"
    detail = "The code, the order number or the email does not fit, or the code is no longer good."


class InvalidAccessTokenError(DomainError):
    """Any failure of a guest's access token: all look the same."""

    status, code, title = 401, "INVALID_ACCESS_TOKEN", "Access has ended"
    detail = "This access token is not good, or no longer. Ask for a new code."


class ValidationFailedError(DomainError):
    """The request is not of the shape that the contract gives; `errors` never echoes the input."""

    status, code, title = 422, "VALIDATION_FAILED", "Request not understood"
    detail = "Some parts of the request are not as they should be."

    def __init__(self, errors: list[dict[str, str]]) -> None:
        super().__init__()
        self.errors = errors

    @classmethod
    def of(cls, field: str, message: str) -> Self:
        """Return the error for one field."""
        return cls([{"field": field, "message": message}])

    @property
    def members(self) -> dict[str, Any]:
        """Name the parts."""
        return {"errors": self.errors}


class _RetryLaterError(DomainError):
    retry_after: int = 1

    def __init__(self, retry_after: int | None = None) -> None:
        super().__init__()
        if retry_after is not None:
            self.retry_after = retry_after

    @property
    def headers(self) -> dict[str, str]:
        """Return when to try again, in seconds (RFC 9110, section 10.2.3)."""
        return {"Retry-After": str(self.retry_after)}


class RateLimitedError(_RetryLaterError):
    """Too many requests from one address or staff member."""

    status, code, title = 429, "RATE_LIMITED", "Too many requests"
    detail = "Wait a little, then try again."
    retry_after = 60


class StoreUnavailableError(_RetryLaterError):
    """The store can't be reached, or was busy for too long; whether a change was made is not always known."""

    status, code, title = 503, "UNAVAILABLE", "Temporarily unavailable"
    detail = "The order store can't be reached right now. Try again in a moment."
    retry_after = 2


class NotMigratedError(StoreUnavailableError):
    """The store can be reached, but does not have the schema that this version works on."""

    detail = "The order store does not have the current schema yet."


class NewerSchemaError(NotMigratedError):
    """The store has the schema of a newer version, which this one must not touch."""

    detail = "The order store was made by a newer version of Order Desk: this version can't serve it."
