"""Tells whether the API lives and whether it is ready, to whoever watches over it."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from lib.orders_api.dependencies import ApiParts
from lib.orders_api.errors import NotMigratedError
from lib.orders_api.migrations import is_current

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """One word."""

    status: Literal["ok"]


@router.get("/healthz")
def alive() -> Health:
    """Say that the process answers."""
    return Health(status="ok")


@router.get("/readyz")
def ready(api: ApiParts) -> Health:
    """Say that the store can be reached and has the current schema.

    Raises:
        StoreUnavailableError: it can't be reached.
        NotMigratedError: its schema is another one.
    """
    with api.database.reading() as session:
        if not is_current(session):
            raise NotMigratedError
    return Health(status="ok")
