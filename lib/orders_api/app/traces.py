"""Has the API's requests and statements traced, where somebody receives traces."""

from typing import Any

from fastapi.telemetry import TelemetryConfig
from opentelemetry.trace import SpanKind, StatusCode, Tracer
from sqlalchemy import Engine, event

from lib.settings import Settings
from lib.tracing import tracer_provider


def native_telemetry(settings: Settings, engine: Engine) -> TelemetryConfig:
    """Have the API's requests and statements traced, if at all; return what FastAPI has to know of it."""
    provider = tracer_provider(settings, "order-desk-api")
    if provider is not None:
        _trace_statements(engine, provider.get_tracer(__name__))
    unused = dict.fromkeys(("metrics", "logs", "operation_spans", "auto_configure"), False)
    return {"tracing": provider is not None, "tracer_provider": provider, **unused}  # type: ignore[typeddict-item]  # all are its names


def _trace_statements(engine: Engine, tracer: Tracer) -> None:
    @event.listens_for(engine, "before_cursor_execute")
    def begin(_c: Any, _cursor: Any, statement: str, _p: Any, context: Any, _many: bool) -> None:
        told = {"db.system.name": engine.dialect.name, "db.query.text": statement}  # whose values are apart
        context.span = tracer.start_span("statement", kind=SpanKind.CLIENT, attributes=told)

    @event.listens_for(engine, "after_cursor_execute")
    def end(_c: Any, _cursor: Any, _statement: str, _p: Any, context: Any, _many: bool) -> None:
        context.span.end()

    @event.listens_for(engine, "handle_error")
    def fail(error: Any) -> None:
        if span := getattr(error.execution_context, "span", None):
            span.set_status(StatusCode.ERROR)
            span.end()
