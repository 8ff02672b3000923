"""The shapes of the guest calls (contract, sections 4 and 6); any text passes, so that none stands out."""

from typing import Annotated

from pydantic import BeforeValidator

from lib.orders_api.domain.wire import RequestModel, WireModel
from lib.orders_api.orders.schemas import OrderDetail


def _text_or_nothing(code: object) -> str:
    """Return a code that fits nothing for what is no text: it fails as any wrong one does."""
    return code if isinstance(code, str) else ""


class AccessCodeRequest(RequestModel):
    """The body of `request_access_code`."""

    order_number: str
    email: str


class AccessCodeProof(RequestModel):
    """The body of `verify_access_code`."""

    order_number: str
    email: str
    code: Annotated[str, BeforeValidator(_text_or_nothing)]


class AccessCodeAnswer(WireModel):
    """The one answer to every request for a code."""

    message: str = "If the order number and the email belong together, a code is on its way to that address."


class AccessGrant(WireModel):
    """What a right code gives: a token for this one order, good for `expires_in` seconds."""

    access_token: str
    expires_in: int
    order: OrderDetail
