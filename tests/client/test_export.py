"""The streamed CSV: its chunks, its faults, and that its response is always closed."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import httpx
import pytest

from lib.orders_client import ApiTimeout, CsvExport, Forbidden, UnexpectedResponse
from tests.client.fakes import FakeApi, problem


class Chunks(httpx.SyncByteStream):
    """A body in chunks that remembers how far it was read and whether it was closed."""

    def __init__(self, *chunks: bytes | Exception) -> None:
        self.chunks, self.read, self.closed = chunks, 0, False

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self.chunks:
            if isinstance(chunk, Exception):
                raise chunk
            self.read += 1
            yield chunk

    def close(self) -> None:
        self.closed = True


def csv(stream: Chunks, kind: str = "text/csv; charset=utf-8") -> FakeApi:
    return FakeApi([lambda _: httpx.Response(200, headers={"Content-Type": kind}, stream=stream)])


def test_chunks_come_as_they_are_read_and_the_response_is_closed_at_the_end() -> None:
    stream = Chunks(b"orderNumber\n", b"ORD-1\n")
    api = csv(stream)
    export = api.client().orders.export(status="PENDING", sort="createdAt")
    assert stream.read == 0
    assert next(export) == b"orderNumber\n"
    assert stream.read == 1
    assert list(export) == [b"ORD-1\n"]
    assert stream.closed
    assert list(export) == []
    assert api.sent.url.raw_path == b"/v1/orders.csv?status=PENDING&sort=createdAt"


def test_an_export_that_is_left_early_is_closed() -> None:
    stream = Chunks(b"a", b"b")
    with csv(stream).client().orders.export() as export:
        next(export)
    assert stream.closed
    assert list(export) == []


def test_an_export_that_is_dropped_is_closed() -> None:
    stream = Chunks(b"a", b"b")
    export = csv(stream).client().orders.export()
    next(export)
    del export
    gc.collect()
    assert stream.closed


def test_what_fails_before_the_first_byte_fails_at_the_call() -> None:
    with pytest.raises(Forbidden):
        FakeApi([problem(403, "FORBIDDEN")]).client().orders.export()
    stream = Chunks(b"<h1>")
    with pytest.raises(UnexpectedResponse):
        csv(stream, "text/html").client().orders.export()
    assert stream.closed


@pytest.mark.parametrize(
    ("fault", "kind"),
    [(httpx.RemoteProtocolError("cut"), UnexpectedResponse), (httpx.ReadTimeout("late"), ApiTimeout)],
)
def test_a_stream_that_breaks_off_raises_and_is_closed_and_not_repeated(
    fault: Exception, kind: type[Exception]
) -> None:
    stream = Chunks(b"a", fault)
    api = csv(stream)
    export = api.client().orders.export()
    assert isinstance(export, CsvExport)
    assert next(export) == b"a"
    with pytest.raises(kind):
        next(export)
    assert stream.closed
    assert list(export) == []
    assert len(api.requests) == 1
