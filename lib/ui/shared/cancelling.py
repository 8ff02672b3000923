"""The words around cancelling an order: its reasons, why not and what instead; the API alone decides."""

from collections.abc import Mapping

REASONS: Mapping[str, str] = {
    "CUSTOMER_REQUEST": "The customer asked for it",
    "PAYMENT_NOT_RECEIVED": "The payment did not arrive",
    "FRAUD_SUSPECTED": "Fraud is suspected",
    "OUT_OF_STOCK": "Out of stock",
    "DUPLICATE": "It is a duplicate of another order",
    "OTHER": "Another reason",
}
UNKNOWN_REASON = "UNKNOWN"
"""What the list takes instead of a reason: orders that were cancelled without one, such as imported ones."""
NO_REASON = "No reason known"
CANCELLABLE_STATUS = "PENDING"
LONGEST_NOTE = 2_000
_INSTEAD: Mapping[str, str] = {
    "CONFIRMED": "It has been paid, so it can't be cancelled. Refund it instead, before it is packed.",
    "PROCESSING": "It has been paid and is being prepared. Ask the warehouse to stop it, then refund it.",
    "SHIPPED": "It is on its way. The customer can refuse or return the parcel; refund it once it is back.",
    "DELIVERED": "It has arrived. Offer a return, and refund it once the parcel is back.",
    "CANCELLED": "It is cancelled already. Nothing will be charged; the customer can order anew.",
    "REFUNDED": "It has been refunded already. There is nothing left to cancel.",
}


def why_not(status: str) -> str | None:
    """Say why an order of this status can't be cancelled and what to do instead; nothing while it can."""
    if status == CANCELLABLE_STATUS:
        return None
    return _INSTEAD.get(status, "Only an order that awaits its payment can be cancelled.")


def reason_words(code: str | None) -> str | None:
    """Put a reason into words; one that this desk does not know stays as it is."""
    return REASONS.get(code, code) if code else None
