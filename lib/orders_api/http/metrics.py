"""Counts and times requests for Prometheus, by route template only; it names no person and no order."""

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


@dataclass(frozen=True)
class Waiting:
    """How many emails wait, and for how many seconds the oldest does."""

    messages: int
    oldest_seconds: float


class Metrics:
    """The figures of one process, or of all that share `folder`, in which each keeps its own."""

    def __init__(self, folder: str | None) -> None:
        self._folder = folder
        self._registry = CollectorRegistry()
        self._times = Histogram(
            "orders_request_duration_seconds",
            "How long requests took, by method, route template and status",
            ("method", "route", "status"),
            registry=self._registry,
            buckets=BUCKETS,
        )
        self._throttled = Counter(
            "orders_throttled",
            "Requests that were turned away because there were too many",
            ("route",),
            registry=self._registry,
        )

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        self._times.labels(method, route, str(status)).observe(seconds)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            self._throttled.labels(route).inc()

    def text(self, waiting: Waiting | None) -> bytes:
        """Return all figures in Prometheus' text format; the outbox's only where the store told them."""
        registry = self._registry
        if self._folder is not None:
            registry = CollectorRegistry()
            MultiProcessCollector(registry, self._folder)  # type: ignore[no-untyped-call]  # it has no types
        store = CollectorRegistry()
        store.register(_StoreFigures(waiting))
        return generate_latest(registry) + generate_latest(store)


class _StoreFigures(Collector):
    def __init__(self, waiting: Waiting | None) -> None:
        self._waiting = waiting

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Return the figures that the store holds for all processes alike."""
        up = 0 if self._waiting is None else 1
        yield GaugeMetricFamily("orders_store_up", "Whether the store could be reached", up)
        if self._waiting is not None:
            yield GaugeMetricFamily(
                "orders_outbox_waiting",
                "Emails that wait, those with one-time codes left out",
                self._waiting.messages,
            )
            yield GaugeMetricFamily(
                "orders_outbox_oldest_seconds", "Age of the oldest of them", self._waiting.oldest_seconds
            )
