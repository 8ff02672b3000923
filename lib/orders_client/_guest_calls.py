"""The calls of people without an account (contract, section 6) as values; documented as the client's methods.

It keeps no code and no token.
"""

from ._answers import reading
from ._call import Call, nothing
from ._encoding import is_bearer, path_segment
from ._order_calls import read_detail
from .errors import InvalidAccessToken, InvalidCode, OrderNotFound, TrackingNotFound
from .models import AccessGrant, OrderDetail, TrackedOrder

ACCESS_CODES = "/v1/guest/access-codes"
GUEST_ORDER = "/v1/guest/order"
ANY_FAILURE = (401, 403, 404)
"""What a shop may answer where the contract has one error for all failures."""


def track(token: str) -> Call[TrackedOrder]:
    """Return what the holder of a tracking token may see.

    Raises:
        TrackingNotFound: an unknown, malformed or withdrawn token; one no path can carry is not sent.
    """
    segment = path_segment(token)
    if segment is None or "/" in token:  # no token has a slash
        raise TrackingNotFound
    unknown = {404: TrackingNotFound}
    return Call("GET", "/v1/track/{token}", reading(TrackedOrder), segment, refusals=unknown)


def request_access_code(order_number: str, email: str) -> Call[None]:
    """Ask for a code by mail; the answer is the same whether there is such an order or not.

    Never repeated: each request may kill an earlier code.
    """
    body = {"orderNumber": order_number, "email": email}
    return Call("POST", ACCESS_CODES, nothing, status=202, body=body, refusals={404: OrderNotFound})


def verify_access_code(order_number: str, email: str, code: str) -> Call[AccessGrant]:
    """Trade a code for the order and a token that opens it again for `expires_in` seconds.

    Never repeated: a code works once, and a wrong one counts.

    Raises:
        InvalidCode: any failure: wrong, expired, used, burned, unknown order, wrong email.
    """
    return Call(
        "POST",
        f"{ACCESS_CODES}/verify",
        reading(AccessGrant),
        body={"orderNumber": order_number, "email": email, "code": code},
        refusals=dict.fromkeys(ANY_FAILURE, InvalidCode),
    )


def get_by_access_token(access_token: str) -> Call[OrderDetail]:
    """Return the order that a guest's access token opens.

    Raises:
        InvalidAccessToken: any failure; a token that no header can carry is not sent.
    """
    return Call(
        "GET",
        GUEST_ORDER,
        read_detail,
        token=_guest(access_token),
        refusals=dict.fromkeys(ANY_FAILURE, InvalidAccessToken),
    )


def end_guest_access(access_token: str) -> Call[None]:
    """Make a guest's access token dead at once.

    Raises:
        InvalidAccessToken: it is already.
    """
    return Call(
        "DELETE",
        GUEST_ORDER,
        nothing,
        status=204,
        token=_guest(access_token),
        refusals=dict.fromkeys(ANY_FAILURE, InvalidAccessToken),
        more="end_guest_access",
    )


def _guest(access_token: str) -> str:
    if not is_bearer(access_token):
        raise InvalidAccessToken
    return access_token
