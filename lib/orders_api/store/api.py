"""What the calls of one Orders API are handed: settings, store, clock and keys, made once at start-up."""

import uuid
from dataclasses import dataclass
from typing import Self

from limits.strategies import MovingWindowRateLimiter

from lib.orders_api.domain.clock import Clock, SharedClock
from lib.orders_api.domain.sealing import Sealer
from lib.orders_api.domain.tokens import IdentityProvider, TokenVerifier
from lib.orders_api.store.audit_chain import AuditChain
from lib.orders_api.store.audit_log import AuditContext
from lib.orders_api.store.db import Database
from lib.orders_api.store.limits import StoreStorage
from lib.settings import Settings


@dataclass(frozen=True)
class Api:
    """The parts of one running Orders API, passed in and never reached for."""

    settings: Settings
    database: Database
    clock: Clock
    sealer: Sealer
    audit: AuditChain
    tokens: TokenVerifier
    limiter: MovingWindowRateLimiter

    @classmethod
    def from_settings(cls, settings: Settings, clock: Clock | None = None, patient: bool = False) -> Self:
        """Open the store and take the keys that `settings` names; without a clock, go by the database's.

        A `patient` one lets a statement take as long as it needs, as commands over the whole store must.

        Raises:
            SettingsError: a secret is missing.
        """
        settings = settings.with_secrets()
        sealer = Sealer(*settings.code_keys)
        audit = AuditChain(sealer)
        database = Database(settings.database_url, before_commit=audit.take_in, patient=patient)
        clock = clock or SharedClock(database.now)
        return cls(
            settings=settings,
            database=database,
            clock=clock,
            sealer=sealer,
            audit=audit,
            tokens=TokenVerifier(settings.jwt_secrets, _provider(settings)),
            limiter=MovingWindowRateLimiter(StoreStorage(database, clock)),
        )

    def keep_clock(self) -> None:
        """Set the clock by the database's, as each process does each second (docs/adr/0011)."""
        if isinstance(self.clock, SharedClock):
            self.clock.set()

    def own_act(self, role: str = "command", actor: str = "system") -> AuditContext:
        """Return who is acting where nobody asked for it by a call."""
        return AuditContext(actor, role, None, str(uuid.uuid4()), self.clock())

    def tracking_link(self, token: str) -> str:
        """Return the link under which a customer tracks an order (contract, section 4, Bodies)."""
        base = self.settings.public_url or f"http://127.0.0.1:{self.settings.embedded_api_port}"
        template = self.settings.tracking_url or f"{base.rstrip('/')}/track/{{token}}"
        return template.replace("{token}", token)


def _provider(settings: Settings) -> IdentityProvider | None:
    if settings.jwks_url is None:
        return None
    return IdentityProvider(
        settings.jwks_url, settings.jwt_issuer, settings.jwt_audience, frozenset(settings.jwks_scopes)
    )
