"""The calls for figures over HTTP (contract, section 4): who may call, and one transaction for each."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from lib.orders_api.dependencies import ApiParts, SignedIn
from lib.orders_api.orders.filters import OrderFilters
from lib.orders_api.stats import service
from lib.orders_api.stats.schemas import DailyCounts, DailyQuery, PendingAges, StatusCounts
from lib.orders_api.tokens import Role


def staff_only(principal: SignedIn) -> None:
    """Let staff of any role through.

    Raises:
        ForbiddenError: it is a customer.
    """
    principal.require(*Role)


router = APIRouter(prefix="/v1/stats", tags=["stats"], dependencies=[Depends(staff_only)])


@router.get("/status")
def status_counts(api: ApiParts, query: Annotated[OrderFilters, Query()]) -> StatusCounts:
    """Count the orders of each status, with sums by currency."""
    with api.database.reading() as session:
        return service.status_counts(session, query, api.clock())


@router.get("/daily")
def daily(api: ApiParts, query: Annotated[DailyQuery, Query()]) -> DailyCounts:
    """Count the orders of each day and status, by the days of a time zone."""
    with api.database.reading() as session:
        return service.daily(session, query, api.clock())


@router.get("/pending-age")
def pending_age(api: ApiParts, query: Annotated[OrderFilters, Query()]) -> PendingAges:
    """Count the PENDING orders by how long they have been waiting."""
    with api.database.reading() as session:
        return service.pending_age(session, query, api.clock())
