"""Tells from a bearer token who is calling (contract, section 3); it opens no database."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import jwt

from lib.orders_api.domain.errors import ForbiddenError, StoreUnavailableError, UnauthenticatedError

MAX_SUBJECT = 200


class Role(StrEnum):
    """What a staff member is."""

    SUPPORT = "support"
    SUPERVISOR = "supervisor"
    OPS = "ops"
    ADMIN = "admin"


@dataclass(frozen=True)
class Principal:
    """A caller whose token is good: a customer, or a staff member with roles."""

    scope: str
    subject: str
    roles: frozenset[Role] = frozenset()

    @property
    def is_staff(self) -> bool:
        """Whether this is a staff member."""
        return self.scope == "staff"

    @property
    def actor(self) -> str:
        """How the caller is named in timelines and in the audit log."""
        return f"{self.scope}:{self.subject}"

    @property
    def customer_id(self) -> str | None:
        """To whose orders the caller is limited; None for staff, who see all."""
        return None if self.is_staff else self.subject

    def require(self, *roles: Role) -> None:
        """Refuse a caller who has none of these staff roles.

        Raises:
            ForbiddenError: always for a customer.
        """
        if not self.is_staff or not self.roles.intersection(roles):
            raise ForbiddenError


@dataclass(frozen=True)
class IdentityProvider:
    """The shop's own provider of tokens, and which of them are meant for us."""

    jwks_url: str
    issuer: str | None = None
    audience: str | None = None
    """For whom its tokens must be; None: for nobody in particular, or any other application's would do."""
    scopes: frozenset[str] = frozenset({"customer"})


class TokenVerifier:
    """Checks JWTs: HS256 under the shop's secrets, RS256 and ES256 against its identity provider's keys."""

    def __init__(self, secrets: Sequence[str], provider: IdentityProvider | None) -> None:
        self._secrets = secrets
        self._provider = provider
        self._keys = jwt.PyJWKClient(provider.jwks_url, timeout=5) if provider else None

    @property
    def asks_provider(self) -> bool:
        """Whether an identity provider may have to be asked for its keys, over the network."""
        return self._provider is not None

    def principal(self, token: str) -> Principal:
        """Return whose token this is.

        Raises:
            UnauthenticatedError: it is malformed, expired, foreign, or not signed as it must be.
            StoreUnavailableError: the identity provider's keys can't be had.
        """
        try:
            claims = self._claims(token)
        except jwt.PyJWKClientConnectionError as error:
            raise StoreUnavailableError from error
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError) as error:
            raise UnauthenticatedError from error
        return _principal(claims)

    def is_dashboards(self, token: str) -> bool:
        """Return whether a token is the dashboard's own, which only who holds the secret can make."""
        try:
            claims = self._claims(token, own_only=True)
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError):
            return False
        return claims.get("scope") == "dashboard"

    def _claims(self, token: str, *, own_only: bool = False) -> dict[str, Any]:
        algorithm = jwt.get_unverified_header(token).get("alg")
        options: Any = {"require": ["exp", "sub"], "verify_iat": False}
        if algorithm == "HS256":
            options["verify_aud"] = False
            return self._own_claims(token, options)
        if self._provider and self._keys and not own_only and algorithm in ("RS256", "ES256"):
            key = self._keys.get_signing_key_from_jwt(token)
            claims = jwt.decode(
                token,
                key,
                algorithms=[algorithm],
                options=options,
                issuer=self._provider.issuer,
                audience=self._provider.audience,
            )
            if claims.get("scope") in self._provider.scopes:
                return claims
        raise jwt.InvalidTokenError

    def _own_claims(self, token: str, options: Any) -> dict[str, Any]:
        for secret in self._secrets[:-1]:
            with suppress(jwt.InvalidSignatureError):
                return jwt.decode(token, secret, algorithms=["HS256"], options=options)
        return jwt.decode(token, self._secrets[-1], algorithms=["HS256"], options=options)


def is_subject(name: str) -> bool:
    """Return whether a token may be for somebody of this name."""
    return 1 <= len(name) <= MAX_SUBJECT and name.isprintable()


def _principal(claims: dict[str, Any]) -> Principal:
    subject, scope = claims["sub"], claims.get("scope")
    if not isinstance(subject, str) or not is_subject(subject):
        raise UnauthenticatedError
    if scope == "customer":
        return Principal("customer", subject)
    roles = claims.get("roles")
    if scope == "staff" and isinstance(roles, list):
        return Principal("staff", subject, frozenset(role for role in Role if role in roles))
    raise UnauthenticatedError
