"""The shapes that the call on the audit log takes and gives."""

from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints

from lib.orders_api.domain.wire import UtcTime, WantedTime, WireModel, ZonedQuery, clean

MAX_LIMIT = 200

_Name = Annotated[str, StringConstraints(min_length=1, max_length=200), BeforeValidator(clean)]


class AuditQuery(ZonedQuery):
    """A page of the audit log; all filters given have to fit: one of their values, of `not_action` none."""

    actor: list[_Name] = Field(default_factory=list)
    action: list[_Name] = Field(default_factory=list)
    not_action: list[_Name] = Field(default_factory=list)
    role: list[_Name] = Field(default_factory=list)
    order_number: Annotated[str, StringConstraints(max_length=200), BeforeValidator(clean)] | None = None
    created_from: WantedTime | None = None
    created_to: WantedTime | None = None
    page: Annotated[int, Field(ge=1)] = 1
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT)] = 10


class AuditItem(WireModel):
    """Who did what to which order, when, why and from where."""

    at: UtcTime
    actor: str
    role: str
    action: str
    outcome: str
    order_number: str | None
    reason: str | None
    detail: str | None
    address: str | None
    request_id: str


class AuditPage(WireModel):
    """A page of the audit log with the exact total, newest first."""

    items: list[AuditItem]
    total: int
    page: int
    total_pages: int
