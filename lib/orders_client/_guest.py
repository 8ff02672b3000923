"""The calls of people without an account (contract, section 6); it keeps no code and no token."""

from __future__ import annotations

from lib.orders_client._answers import parse
from lib.orders_client._encoding import is_bearer, path_segment
from lib.orders_client._transport import Call, Connection
from lib.orders_client.errors import InvalidAccessToken, TrackingNotFound
from lib.orders_client.models import AccessGrant, OrderDetail, TrackedOrder

ACCESS_CODES = "/v1/guest/access-codes"
GUEST_ORDER = "/v1/guest/order"


class GuestCalls:
    """Tracking and guest access; the calls raise what all calls raise (see Orders) and what they name."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def track(self, token: str) -> TrackedOrder:
        """Give what the holder of a tracking token may see.

        Raises:
            TrackingNotFound: an unknown, malformed or withdrawn token; one no path can carry is not sent.
        """
        segment = path_segment(token)
        if segment is None:
            raise TrackingNotFound
        return parse(self._connection.answer(Call("GET", f"/v1/track/{segment}")), TrackedOrder)

    def request_access_code(self, order_number: str, email: str) -> None:
        """Ask for a code by mail; the answer is the same whether there is such an order or not.

        Never repeated: each request may kill an earlier code.
        """
        body = {"orderNumber": order_number, "email": email}
        self._connection.answer(Call("POST", ACCESS_CODES, 202, body=body))

    def verify_access_code(self, order_number: str, email: str, code: str) -> AccessGrant:
        """Trade a code for the order and a token that opens it again for `expires_in` seconds.

        Never repeated: a code works once, and a wrong one counts.

        Raises:
            InvalidCode: any failure: wrong, expired, used, burned, unknown order, wrong email.
        """
        body = {"orderNumber": order_number, "email": email, "code": code}
        return parse(self._connection.answer(Call("POST", f"{ACCESS_CODES}/verify", body=body)), AccessGrant)

    def get_by_access_token(self, access_token: str) -> OrderDetail:
        """Give the order that a guest's access token opens.

        Raises:
            InvalidAccessToken: any failure; a token that no header can carry is not sent.
        """
        return parse(self._connection.answer(_as_guest("GET", 200, access_token)), OrderDetail)

    def end_guest_access(self, access_token: str) -> None:
        """Make a guest's access token dead at once.

        Raises:
            InvalidAccessToken: it is already.
        """
        self._connection.answer(_as_guest("DELETE", 204, access_token))


def _as_guest(method: str, status: int, access_token: str) -> Call:
    if not is_bearer(access_token):
        raise InvalidAccessToken
    return Call(method, GUEST_ORDER, status, token=access_token)
