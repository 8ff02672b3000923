"""Tells the Orders API what the command line did with an account, so that every dashboard hears of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from lib.orders_client import OrdersClient, OrdersError, StaffAct
from lib.settings import Settings, SettingsError
from lib.staff.tokens import mint_dashboard_token

TIMEOUT_SECONDS = 5.0


def announce(settings: Settings, username: str, kind: str, roles: Sequence[str] = ()) -> str | None:
    """Have an act on an account in the audit log, and its sessions ended where the act does that.

    Returns:
        Why the API could not be told; None if it was.
    """
    try:
        key = settings.with_secrets().jwt_secrets[0]
    except SettingsError as error:
        return str(error)
    if settings.api_token is not None:
        return "it takes no tokens of ours (ORDERS_API_TOKEN)"
    url = settings.api_url or f"http://127.0.0.1:{settings.embedded_api_port}"
    try:
        with OrdersClient(url, mint_dashboard_token(key, datetime.now(UTC)), TIMEOUT_SECONDS) as client:
            client.staff_sessions.change_account(StaffAct(), username, kind, roles=roles)
    except OrdersError as error:
        return type(error).__name__
    return None
