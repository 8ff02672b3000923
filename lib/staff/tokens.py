"""Mints the bearer tokens of the contract's section 3, and hashes names under their secret."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import jwt

LIFETIME = timedelta(minutes=5)


def mint_staff_token(
    secret: str, username: str, roles: Sequence[str], now: datetime, lifetime: timedelta = LIFETIME
) -> str:
    """Make a staff member's token (HS256): `sub`, `scope` "staff", `roles`, `iat`, `exp`."""
    return _sign(secret, {"sub": username, "scope": "staff", "roles": list(roles)}, now, lifetime)


def mint_customer_token(secret: str, customer_id: str, now: datetime, lifetime: timedelta = LIFETIME) -> str:
    """Make a customer's token (HS256): `sub`, `scope` "customer", `iat`, `exp`."""
    return _sign(secret, {"sub": customer_id, "scope": "customer"}, now, lifetime)


def mint_dashboard_token(secret: str, now: datetime) -> str:
    """Make the dashboard's own token (HS256), for its calls about sign-ins: `scope` "dashboard", no roles."""
    return _sign(secret, {"sub": "order-desk", "scope": "dashboard"}, now, LIFETIME)


def _sign(secret: str, claims: dict[str, Any], now: datetime, lifetime: timedelta) -> str:
    return jwt.encode({**claims, "iat": now, "exp": now + lifetime}, secret, algorithm="HS256")


def account_hash(secret: bytes, username: str) -> str:
    """Hash what was typed as a name under the shop's secret: people type passwords there, too."""
    return hmac.new(secret, f"staff account {username}".encode(errors="replace"), hashlib.sha256).hexdigest()
