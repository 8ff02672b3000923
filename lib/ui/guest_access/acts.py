"""What the guest access page asks of the API, each act giving the next step; it draws and keeps nothing."""

from collections.abc import Callable
from dataclasses import replace

from lib.orders_client import OrdersClient, errors
from lib.ui.guest_access import flow as guest_flow
from lib.ui.guest_access import words
from lib.ui.guest_access.flow import Asking, CodeSent, Ending, Flow, OrderOpen, Over, Why
from lib.ui.shared.countdown import Instant

DEFAULT_WAIT_SECONDS = 60
Clock = Callable[[], Instant]


def send_code(client: OrdersClient, flow: Asking | CodeSent, clock: Clock) -> Flow:
    """Ask for a code; the next step is the same whatever the order and the email address are.

    What can't be right in its form is refused without asking the API.

    Raises:
        OrdersError: the API is away, or at fault.
    """
    asked = clock()
    if problem := guest_flow.missing(flow.order_number, flow.email):
        return replace(flow, notice=problem)
    if isinstance(flow, Asking) and (same := flow.unchanged(asked)):
        return same
    try:
        client.orders.request_access_code(flow.order_number, flow.email)
    except errors.ValidationFailed:
        return replace(flow, notice=words.REQUEST_REFUSED)
    except errors.RateLimited as limit:
        return guest_flow.held_back(flow, limit.retry_after or DEFAULT_WAIT_SECONDS, clock())
    again = words.CODE_RESENT if isinstance(flow, CodeSent) else ""
    return replace(guest_flow.sent(flow.order_number, flow.email, asked), notice=again)


def redeem_code(client: OrdersClient, flow: CodeSent, typed: str, clock: Clock) -> Flow:
    """Open the order by the code as typed; one that can't be a code is refused without asking the API.

    Raises:
        OrdersError: the API is away, or at fault.
    """
    code = guest_flow.read_code(typed)
    if code is None:
        return replace(flow, notice=words.CODE_INCOMPLETE)
    asked = clock()
    try:
        return guest_flow.opened(client.orders.verify_access_code(flow.order_number, flow.email, code), asked)
    except errors.InvalidCode as refusal:
        said = refusal.detail or refusal.title or words.CODE_REFUSED
        return replace(flow, notice=f"{said} {words.CODE_REFUSED_NEXT}")
    except errors.ValidationFailed:
        return replace(flow, notice=f"{words.CODE_REFUSED} {words.CODE_REFUSED_NEXT}")
    except errors.RateLimited as limit:
        return guest_flow.held_back(flow, limit.retry_after or DEFAULT_WAIT_SECONDS, clock())
    except errors.ApiTimeout:
        return replace(flow, notice=words.ANSWER_LOST)


def read_again(client: OrdersClient, flow: OrderOpen) -> Flow:
    """Read the opened order as it is now.

    Raises:
        OrdersError: the API is away, or at fault.
    """
    try:
        return replace(flow, order=client.orders.get_by_access_token(flow.access_token))
    except errors.InvalidAccessToken:
        return Over(Why.REFUSED)


def end_access(client: OrdersClient, flow: Ending) -> Over:
    """Have the API end the access; it is over here whatever the API answers, or if it doesn't."""
    try:
        client.orders.end_guest_access(flow.access_token)
    except errors.InvalidAccessToken:
        return Over(Why.ENDED)
    except errors.CallNotSupported:
        return Over(Why.UNENDED)
    except errors.OrdersError:
        return Over(Why.UNCONFIRMED)
    return Over(Why.ENDED)
