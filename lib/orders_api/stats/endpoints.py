"""The calls for figures over HTTP (contract, section 4): who may call, and who shares an answer with whom."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy.orm import Session

from lib.orders_api.domain.tokens import Principal, Role
from lib.orders_api.domain.wire import RequestModel, WireModel
from lib.orders_api.http.dependencies import ApiParts, SignedIn, no_query, record_look, search_detail
from lib.orders_api.stats import insights, service, watch
from lib.orders_api.stats import schemas as wire
from lib.orders_api.stats.schemas import DailyCounts, DailyQuery, PendingAges, StatusCounts
from lib.orders_api.stats.sharing import SharedFigures
from lib.orders_api.store.api import Api
from lib.orders_api.store.order_query.conditions import only_order
from lib.orders_api.store.order_query.filters import OrderFilters

Asked = TypeVar("Asked", bound=RequestModel)


async def staff_only(principal: SignedIn) -> None:
    """Refuse whoever is not staff.

    Raises:
        ForbiddenError: it is a customer.
    """
    principal.require(*Role)


router = APIRouter(prefix="/v1/stats", tags=["stats"], dependencies=[Depends(staff_only)])


class Figures:
    """Counts what a call asks for, or gives the answer that somebody else got within the last minute."""

    def __init__(self, request: Request, api: Api, principal: Principal) -> None:
        self._request, self._api, self._principal = request, api, principal
        self._shared: SharedFigures = request.app.state.figures

    def answer(
        self, call: str, query: Asked, work: Callable[[Session, Asked, datetime], WireModel]
    ) -> Response:
        """Return the answer of `work`.

        Where somebody is searched for, it is nobody else's; what has just changed is asked for once by each.
        """

        def count(now: datetime) -> bytes:
            with self._api.database.reading() as session:
                return _body(work(session, query, now))

        if isinstance(query, OrderFilters) and query.q is not None:
            query.allow_any_part(self._api.settings.pii_policy == "open")
            return _json(self._search(query, lambda session: work(session, query, self._api.clock())))
        if isinstance(query, OrderFilters) and query.changed_from is not None:
            return _json(count(self._api.clock()))
        return _json(self._shared.get(f"{call} {query.model_dump_json()}", count))

    def _search(self, query: OrderFilters, work: Callable[[Session], WireModel]) -> bytes:
        """Return what was counted, once it is recorded at which order the search ends, if at one."""
        with self._api.database.reading(searching=True) as session:
            body = _body(work(session))
            only = only_order(session, query)
        if only is not None:
            detail = search_detail(self._api, query, only)
            record_look(self._request, self._api, self._principal, "order.list", order=only, detail=detail)
        return body


async def _figures(request: Request, api: ApiParts, principal: SignedIn) -> Figures:
    return Figures(request, api, principal)


SomeFigures = Annotated[Figures, Depends(_figures)]


def _body(answer: WireModel) -> bytes:
    return answer.model_dump_json(by_alias=True).encode()


def _json(body: bytes) -> Response:
    return Response(body, media_type="application/json")


@router.get("/status", response_model=StatusCounts)
def status_counts(figures: SomeFigures, query: Annotated[OrderFilters, Query()]) -> Response:
    """Count the orders of each status, with sums by currency."""
    return figures.answer("status", query, service.status_counts)


@router.get("/daily", response_model=DailyCounts)
def daily(figures: SomeFigures, query: Annotated[DailyQuery, Query()]) -> Response:
    """Count the orders of each day and status, by the days of a time zone."""
    return figures.answer("daily", query, service.daily)


@router.get("/pending-age", response_model=PendingAges)
def pending_age(figures: SomeFigures, query: Annotated[OrderFilters, Query()]) -> Response:
    """Count the PENDING orders by how long they have been waiting."""
    return figures.answer("pending-age", query, service.pending_age)


@router.get("/by-country", response_model=wire.CountryCounts)
def by_country(figures: SomeFigures, query: Annotated[OrderFilters, Query()]) -> Response:
    """Count the orders of each country, with sums by currency."""
    return figures.answer("by-country", query, insights.by_country)


@router.get("/by-currency", response_model=wire.CurrencyCounts)
def by_currency(figures: SomeFigures, query: Annotated[OrderFilters, Query()]) -> Response:
    """Count and add up the orders of each currency."""
    return figures.answer("by-currency", query, insights.by_currency)


@router.get("/flow", response_model=wire.Flow)
def flow(figures: SomeFigures, query: Annotated[wire.FlowQuery, Query()]) -> Response:
    """Count the changes of status by day, cancellations by their reason."""
    return figures.answer("flow", query, insights.flow)


@router.get("/cards", response_model=wire.Cards)
def cards(figures: SomeFigures, query: Annotated[wire.CardsQuery, Query()]) -> Response:
    """Return how many orders are in each status, and how many came to it lately and usually."""
    return figures.answer("cards", query, insights.cards)


@router.get("/time-in-status", response_model=wire.StatusTimes)
def time_in_status(figures: SomeFigures, query: Annotated[wire.PlaceFilters, Query()]) -> Response:
    """Return how long orders are in each status, and how many are stuck there."""
    return figures.answer("time-in-status", query, insights.time_in_status)


@router.get("/contradictions", response_model=wire.Contradictions)
def contradictions(figures: SomeFigures, query: Annotated[wire.PlaceFilters, Query()]) -> Response:
    """Count the orders whose status, payment and fulfilment cannot all be true, by rule."""
    return figures.answer("contradictions", query, insights.contradictions)


@router.get("/alarms", response_model=wire.Alarms, dependencies=[Depends(no_query)])
def alarms(figures: SomeFigures) -> Response:
    """Return what is alarmingly far from the usual, and what is not."""
    return figures.answer("alarms", RequestModel(), lambda session, _, now: watch.alarms(session, now))
