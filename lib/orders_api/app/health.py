"""Tells whether the API lives and whether it is ready, to whoever watches over it."""

from typing import Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel

from lib.orders_api.domain.errors import NotMigratedError, StoreUnavailableError
from lib.orders_api.http.dependencies import ApiParts
from lib.orders_api.http.metrics import Waiting
from lib.orders_api.mail import outbox
from lib.orders_api.store.migrations import is_current, refuse_newer

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """One word."""

    status: Literal["ok"]


@router.get("/healthz")
async def alive() -> Health:
    """Report that the process answers; asynchronous, because all threads may be waiting for the store."""
    return Health(status="ok")


@router.get("/readyz")
def ready(api: ApiParts) -> Health:
    """Report that the store can be reached and has the current schema.

    Raises:
        StoreUnavailableError: it can't be reached.
        NotMigratedError: its schema is an older one.
        NewerSchemaError: its schema is a newer one.
    """
    with api.database.reading() as session:
        refuse_newer(session.connection())
        if not is_current(session):
            raise NotMigratedError
    return Health(status="ok")


@router.get("/metrics", response_class=PlainTextResponse)
def metrics(request: Request, api: ApiParts) -> Response:
    """Return figures in Prometheus' text format, without anything personal."""
    # Emails with codes are left out: whoever asks for a code here and counts there would know that one waits.
    try:
        with api.database.reading() as session:
            count, oldest = outbox.waiting_without_codes(session)
    except StoreUnavailableError:
        waiting = None
    else:
        age = (api.clock() - oldest).total_seconds() if oldest else 0.0
        waiting = Waiting(count, max(age, 0.0))
    return Response(request.app.state.metrics.text(waiting), media_type=CONTENT_TYPE_LATEST)
