"""Wires the Orders API together; it holds no rule and no call of its own."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from lib.orders_api.app import health
from lib.orders_api.app.traces import native_telemetry
from lib.orders_api.app.worker import Repeating
from lib.orders_api.audit.endpoints import router as audit
from lib.orders_api.domain.clock import Clock
from lib.orders_api.guest.endpoints import router as guest
from lib.orders_api.guest.endpoints import staff_router as guest_staff
from lib.orders_api.http import problems
from lib.orders_api.http.dependencies import RecentLooks
from lib.orders_api.http.metrics import Metrics
from lib.orders_api.http.middleware import RequestFrame, SizeLimits
from lib.orders_api.http.paths import NamedSlashes
from lib.orders_api.mail.endpoints import demo_router
from lib.orders_api.mail.templates import templates_of
from lib.orders_api.orders.endpoints import router as orders
from lib.orders_api.orders.export_endpoints import router as export
from lib.orders_api.preferences.endpoints import router as preferences
from lib.orders_api.privacy.endpoints import router as privacy
from lib.orders_api.staff_sessions.endpoints import router as staff_sessions
from lib.orders_api.stats.endpoints import router as stats
from lib.orders_api.stats.sharing import SharedFigures
from lib.orders_api.store.api import Api
from lib.orders_api.tracking.endpoints import router as tracking
from lib.settings import Settings

CLOCK_SECONDS = 1.0


def create_app(settings: Settings, clock: Clock | None = None) -> FastAPI:
    """Return the Orders API as an ASGI application; its worker is another process (docs/adr/0002).

    Raises:
        SettingsError: a secret is missing, or a mail template of the shop's own is broken.
    """
    templates_of(settings)
    api = Api.from_settings(settings, clock)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        clock = Repeating("clock", CLOCK_SECONDS, api.keep_clock)
        clock.start()
        yield
        clock.stop()
        api.database.close()

    app = FastAPI(
        title="Orders API",
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        responses=problems.DOCUMENTED,
        telemetry=native_telemetry(settings, api.database.engine),
    )
    app.state.api = api
    app.state.looks = RecentLooks()
    app.state.figures = SharedFigures(api.clock)
    app.state.metrics = metrics = Metrics(settings.shared_metrics_folder)
    for router in (orders, export, audit, guest, guest_staff, tracking, stats, staff_sessions):
        app.include_router(router)
    app.include_router(preferences)
    app.include_router(privacy)
    app.include_router(health.router)
    if settings.demo_mode:
        app.include_router(demo_router)
    problems.install(app)
    if settings.trusted_proxies:
        trusted = [str(network) for network in settings.trusted_proxies]
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=trusted)
    app.add_middleware(SizeLimits)
    app.add_middleware(NamedSlashes)
    app.add_middleware(RequestFrame, metrics=metrics)
    return app


def create_app_from_env() -> FastAPI:
    """Return the Orders API with the settings of the environment; what each process of `serve` calls."""
    app = create_app(Settings.from_env())
    # What exists by now stays: a full collection would walk it again, and hold every call up meanwhile.
    gc.collect()
    gc.freeze()
    return app
