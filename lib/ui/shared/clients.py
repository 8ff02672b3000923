"""Makes Orders API clients that act for one staff member; it shares connections, never identity or data."""

from datetime import UTC, datetime
from typing import Any

import streamlit as st

from lib.once import once
from lib.orders_client import Capabilities, Filters, OrdersClient, SharedTransport, StaffSessions
from lib.settings import Settings
from lib.staff.member import StaffMember
from lib.staff.tokens import mint_dashboard_token, mint_staff_token
from lib.ui.shared.observing import call_headers

TIMEOUT_SECONDS = 10.0
READY_TIMEOUT_SECONDS = 2.0
SIGN_IN_TIMEOUT_SECONDS = 2.0
SURVEY_TIMEOUT_SECONDS = 3.0
_OURS = Capabilities(known=True, documented=True, filters=frozenset(Filters.__annotations__))
"""What the embedded API can: everything that this client knows."""


def orders_client(staff: StaffMember, timeout: float = TIMEOUT_SECONDS) -> OrdersClient:
    """Return a client whose calls are this staff member's own; cheap, so make one for each run.

    Every call carries a token minted for it alone, good for five minutes at most; with ORDERS_API_TOKEN, that
    token and the staff member's name in `X-Staff-User`.
    """
    settings = _settings()
    if settings.api_token is not None:
        return OrdersClient(
            _base_url(settings),
            token=settings.api_token.get_secret_value(),
            timeout=timeout,
            staff_user=staff.username,
            transport=_connections(),
        )
    return OrdersClient(
        _base_url(settings), token=lambda: _token(settings, staff), timeout=timeout, transport=_connections()
    )


def capabilities(staff: StaffMember) -> Capabilities:
    """Return what the API can beyond the contract's core; a shop's own is asked once a process."""
    if _settings().api_url is None:
        return _OURS
    with st.spinner("Asking the Orders API what it can …"):
        return orders_client(staff, SURVEY_TIMEOUT_SECONDS).capabilities()


def keeps_audit_log(staff: StaffMember | None) -> bool:
    """Return whether there is an audit log that this staff member may read; nobody else's API is asked."""
    return staff is not None and staff.may("audit") and capabilities(staff).audit


def api_is_ready() -> bool:
    """Ask whether the API answers and reaches its store, waiting two seconds at most."""
    settings = _settings()
    client = OrdersClient(_base_url(settings), timeout=READY_TIMEOUT_SECONDS, transport=_connections())
    return bool(client.health())


def staff_session_calls() -> StaffSessions | None:
    """Return the dashboard's own calls about sign-ins; None where the API takes no tokens of ours."""
    settings = _settings()
    if settings.api_token is not None:
        return None
    return OrdersClient(
        _base_url(settings),
        token=lambda: mint_dashboard_token(settings.jwt_secrets[0], datetime.now(UTC)),
        timeout=SIGN_IN_TIMEOUT_SECONDS,
        transport=_connections(),
    ).staff_sessions


def _token(settings: Settings, staff: StaffMember) -> str:
    return mint_staff_token(settings.jwt_secrets[0], staff.username, staff.roles, datetime.now(UTC))


def _base_url(settings: Settings) -> str:
    return settings.api_url or f"http://127.0.0.1:{settings.embedded_api_port}"


@once
def _settings() -> Settings:
    """Read the settings once a process: they are the same for everybody."""
    return Settings.from_env().with_secrets()


class _Connections(SharedTransport):
    """Connections on which each call says which click it is for."""

    def handle_request(self, request: Any) -> Any:
        """Send a request."""
        with call_headers() as headers:
            request.headers.update(headers)
            return super().handle_request(request)


_connections = once(_Connections, release=_Connections.close)
"""The one pool of connections that all sessions share; it knows no tokens."""
