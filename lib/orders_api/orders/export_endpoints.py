"""The export over HTTP (contract, section 4): who may call, and a stream that is not whole when cut."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http import HTTPStatus
from typing import Annotated

import anyio
from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from lib.orders_api.domain.errors import RateLimitedError
from lib.orders_api.domain.tokens import Role
from lib.orders_api.http.dependencies import ApiParts, SignedIn, record_look, search_detail
from lib.orders_api.orders.export import OrderExportQuery, RowsOf, count_rows, csv_chunks
from lib.orders_api.store.order_query.conditions import only_order

router = APIRouter(tags=["orders"])

MAY_EXPORT = (Role.SUPERVISOR, Role.OPS, Role.ADMIN)
LONGEST_SECONDS = 600
AT_ONCE = 4
"""Each holds a connection and a state of the store for as long as its reader takes."""

_running = threading.BoundedSemaphore(AT_ONCE)


class CsvResponse(StreamingResponse):
    """A stream of CSV that holds a state of the store until it ends, breaks off or takes too long."""

    media_type = "text/csv"

    def __init__(
        self, chunks: Iterator[bytes], headers: dict[str, str], close: Callable[[bool], None]
    ) -> None:
        super().__init__(self._noticed(chunks), headers=headers)
        self._close = close
        self._whole = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it; after its time the connection breaks off, as after any fault, without the last chunk."""
        try:
            with anyio.fail_after(LONGEST_SECONDS):
                await super().__call__(scope, receive, send)
        finally:
            with anyio.CancelScope(shield=True):
                await run_in_threadpool(self._close, self._whole)

    def _noticed(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        yield from chunks
        self._whole = True


@router.get(
    "/v1/orders.csv",
    status_code=HTTPStatus.OK,
    response_class=CsvResponse,
    responses={200: {"description": "CSV with a header row", "content": {"text/csv": {}}}},
)
def export_orders(
    request: Request, api: ApiParts, principal: SignedIn, query: Annotated[OrderExportQuery, Query()]
) -> CsvResponse:
    """Export the orders that the filters name, or their line items, as CSV; masked as in a list.

    `X-Total-Count` says how many rows follow the header row; whoever has fewer does not have the whole.
    """
    principal.require(*MAY_EXPORT)
    query.allow_any_part(api.settings.pii_policy == "open")
    if not _running.acquire(blocking=False):
        raise RateLimitedError(10)
    with ExitStack() as held:
        held.callback(_running.release)
        session = held.enter_context(api.database.reading())
        total = count_rows(session, query)
        kind = "orders" if query.rows is RowsOf.ORDERS else "order-items"
        only = only_order(session, query) if total == 1 else None
        what = f"{total} {kind.replace('-', ' ')}, {search_detail(api, query, only)}"
        record_look(request, api, principal, "order.export", order=only, detail=what)
        headers = {
            "Content-Disposition": f'attachment; filename="{kind}-{api.clock():%Y%m%dT%H%M%SZ}.csv"',
            "X-Total-Count": str(total),
        }
        chunks = csv_chunks(session, query)
        kept = held.pop_all()

    def close(whole: bool) -> None:
        with kept:
            if not whole:
                record_look(request, api, principal, "order.export", "BROKEN_OFF", detail=what)

    return CsvResponse(chunks, headers, close)
