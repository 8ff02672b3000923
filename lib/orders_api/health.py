"""Tells whether the API lives and whether it is ready, to whoever watches over it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel

from lib.orders_api.dependencies import ApiParts
from lib.orders_api.errors import StoreUnavailableError
from lib.orders_api.migrations import is_current

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """One word."""

    status: Literal["ok", "unreachable", "not migrated"]


@router.get("/healthz")
def alive() -> Health:
    """Say that the process answers."""
    return Health(status="ok")


@router.get("/readyz", responses={503: {"model": Health}})
def ready(api: ApiParts, response: Response) -> Health:
    """Say whether the store can be reached and has the current schema."""
    try:
        with api.database.reading() as session:
            status: Literal["ok", "not migrated"] = "ok" if is_current(session) else "not migrated"
    except StoreUnavailableError:
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
        return Health(status="unreachable")
    if status != "ok":
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    return Health(status=status)
