"""Sends traces where OTEL_EXPORTER_OTLP_ENDPOINT is set: routes, times and ids, nothing of a person.

Where it is not set, nothing of OpenTelemetry's SDK is loaded.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from lib.settings import Settings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Tracer

_LEFT_OUT = ("url.path", "url.query", "http.request.method_original")
"""What FastAPI would tell of a request's address: order numbers, searches for customers, tracking tokens."""
_desk: Tracer | None = None


def tracer_provider(settings: Settings, service: str) -> TracerProvider | None:
    """Return what makes a service's traces and sends them; None where nobody receives any."""
    if not settings.sends_traces:
        return None
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import Span, SpanProcessor, TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    class LeaveOut(SpanProcessor):
        def on_start(self, span: Span, parent_context: Any = None) -> None:
            for name in _LEFT_OUT:
                if name in (span.attributes or ()):
                    span.set_attribute(name, "")

    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    provider.add_span_processor(LeaveOut())
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider


def start_tracing(settings: Settings) -> None:
    """Have the desk's runs traced, if at all."""
    global _desk
    provider = tracer_provider(settings, "order-desk-dashboard")
    _desk = provider.get_tracer(__name__) if provider else None


@contextmanager
def traced(name: str, request_id: str | None, *, alone: bool = False) -> Iterator[None]:
    """Trace what the desk does, if at all; `alone`: only if it is no part of what is traced already."""
    if _desk is None or (alone and _is_within()):
        yield
        return
    told = {"order_desk.request_id": request_id or ""}
    # The text of an exception may hold personal data.
    with _desk.start_as_current_span(
        name, attributes=told, record_exception=False, set_status_on_exception=False
    ):
        yield


def _is_within() -> bool:
    from opentelemetry.trace import get_current_span

    return get_current_span().get_span_context().is_valid


def add_trace(headers: MutableMapping[str, str]) -> None:
    """Have a call say of which trace it is a part, if of any."""
    if _desk is not None:
        from opentelemetry.propagate import inject

        inject(headers)
