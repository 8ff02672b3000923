"""The calls for figures over HTTP (contract, section 4): who may call, and one transaction for each."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from lib.orders_api.domain.tokens import Role
from lib.orders_api.http.dependencies import ApiParts, SignedIn, no_query
from lib.orders_api.stats import insight_schemas as wire
from lib.orders_api.stats import insights, service, watch
from lib.orders_api.stats.schemas import DailyCounts, DailyQuery, PendingAges, StatusCounts
from lib.orders_api.store.order_query.filters import OrderFilters


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
    query.allow_any_part(api.settings.pii_policy == "open")
    with api.database.reading() as session:
        return service.status_counts(session, query, api.clock())


@router.get("/daily")
def daily(api: ApiParts, query: Annotated[DailyQuery, Query()]) -> DailyCounts:
    """Count the orders of each day and status, by the days of a time zone."""
    query.allow_any_part(api.settings.pii_policy == "open")
    with api.database.reading() as session:
        return service.daily(session, query, api.clock())


@router.get("/pending-age")
def pending_age(api: ApiParts, query: Annotated[OrderFilters, Query()]) -> PendingAges:
    """Count the PENDING orders by how long they have been waiting."""
    query.allow_any_part(api.settings.pii_policy == "open")
    with api.database.reading() as session:
        return service.pending_age(session, query, api.clock())


@router.get("/by-country")
def by_country(api: ApiParts, query: Annotated[OrderFilters, Query()]) -> wire.CountryCounts:
    """Count the orders of each country, with sums by currency."""
    query.allow_any_part(api.settings.pii_policy == "open")
    with api.database.reading() as session:
        return insights.by_country(session, query, api.clock())


@router.get("/by-currency")
def by_currency(api: ApiParts, query: Annotated[OrderFilters, Query()]) -> wire.CurrencyCounts:
    """Count and add up the orders of each currency."""
    query.allow_any_part(api.settings.pii_policy == "open")
    with api.database.reading() as session:
        return insights.by_currency(session, query, api.clock())


@router.get("/flow")
def flow(api: ApiParts, query: Annotated[wire.FlowQuery, Query()]) -> wire.Flow:
    """Count the changes of status by day, cancellations by their reason."""
    with api.database.reading() as session:
        return insights.flow(session, query, api.clock())


@router.get("/cards")
def cards(api: ApiParts, query: Annotated[wire.CardsQuery, Query()]) -> wire.Cards:
    """Return how many orders are in each status, and how many came to it lately and usually."""
    with api.database.reading() as session:
        return insights.cards(session, query, api.clock())


@router.get("/time-in-status")
def time_in_status(api: ApiParts, query: Annotated[wire.PlaceFilters, Query()]) -> wire.StatusTimes:
    """Return how long orders are in each status, and how many are stuck there."""
    with api.database.reading() as session:
        return insights.time_in_status(session, query, api.clock())


@router.get("/contradictions")
def contradictions(api: ApiParts, query: Annotated[wire.PlaceFilters, Query()]) -> wire.Contradictions:
    """Count the orders whose status, payment and fulfilment cannot all be true, by rule."""
    with api.database.reading() as session:
        return insights.contradictions(session, query, api.clock())


@router.get("/alarms", dependencies=[Depends(no_query)])
def alarms(api: ApiParts) -> wire.Alarms:
    """Return what is alarmingly far from the usual, and what is not."""
    with api.database.reading() as session:
        return watch.alarms(session, api.clock())
