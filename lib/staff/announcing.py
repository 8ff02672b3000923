"""Tells the Orders API that an account's sessions are over, so that every dashboard hears of it at once."""

from __future__ import annotations

from datetime import UTC, datetime

from lib.orders_client import OrdersClient, OrdersError, StaffAct
from lib.settings import Settings, SettingsError
from lib.staff.tokens import account_hash, mint_dashboard_token

TIMEOUT_SECONDS = 5.0


def announce(settings: Settings, username: str, *, disabled: bool | None = None) -> str | None:
    """End an account's sessions on every dashboard; `disabled`: whether it may have new ones (None: as is).

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
            account = account_hash(key.encode(), username)
            client.staff_sessions.revoke(StaffAct(username), account, disabled=disabled)
    except OrdersError as error:
        return type(error).__name__
    return None
