"""Shows what pages do to whoever watches over the desk: figures for Prometheus, traces, one id a click."""

import ipaddress
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import partial

import streamlit as st
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lib.settings import Network
from lib.tracing import add_trace, traced
from lib.ui.shared.keys import RUN_PAGE
from lib.visitors import HEADER, VISITORS

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
REGISTRY = CollectorRegistry()
_runs = Histogram(
    "desk_run_duration_seconds", "How long a page's runs took", ("page",), registry=REGISTRY, buckets=BUCKETS
)
_errors = Counter("desk_errors", "What pages had to say about failures", ("page", "kind"), registry=REGISTRY)
_sessions = Gauge("desk_sessions", "Open tabs", ("signed_in",), registry=REGISTRY)
for _who, _strangers in (("yes", False), ("no", True)):
    _sessions.labels(_who).set_function(partial(VISITORS.count, strangers=_strangers))
ProcessCollector(registry=REGISTRY)
_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")


@contextmanager
def timed_run(page: str) -> Iterator[None]:
    """Count and time a run of a page, by its title."""
    st.session_state[RUN_PAGE] = page
    with _runs.labels(page).time(), traced(f"run {page}", click_id()):
        yield


def count_error(kind: str) -> None:
    """Count what a page had to say about a failure."""
    _errors.labels(_page(), kind).inc()


def click_id() -> str | None:
    """Return the id of the click, or the look of the page's own, for which this thread works."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return None
    return VISITORS.click_on(st.context.headers.get(HEADER))


@contextmanager
def call_headers() -> Iterator[dict[str, str]]:
    """Return what leads from a click to its call: in logs, in what the database says, in traces.

    A call of a fragment or a dialog, which runs without its page, is a trace of its own.
    """
    click = click_id()
    headers = {"X-Request-Id": click} if click else {}
    with traced(f"part of {_page()}", click, alone=True):
        add_trace(headers)
        yield headers


def _page() -> str:
    in_run = get_script_run_ctx(suppress_warning=True) is not None
    return str(st.session_state.get(RUN_PAGE, "none")) if in_run else "none"


def metrics_route(watchers: Collection[Network]) -> Route:
    """Return the route of the figures, for this machine and `watchers`; to all others it is not there."""

    def answer(request: Request) -> Response:
        if any(name in request.headers for name in _FORWARDED) or not _is_near(request, watchers):
            return PlainTextResponse("Not Found", 404)
        return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)

    return Route("/metrics", answer)


def _is_near(request: Request, watchers: Collection[Network]) -> bool:
    try:
        caller = ipaddress.ip_address(request.client.host if request.client else "")
    except ValueError:
        return False
    return caller.is_loopback or any(caller in network for network in watchers)
