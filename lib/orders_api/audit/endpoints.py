"""The audit log over HTTP: it is only ever read, and reading it is recorded too."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from lib.orders_api.audit import repository
from lib.orders_api.audit.schemas import AuditItem, AuditPage, AuditQuery
from lib.orders_api.domain.tokens import Role
from lib.orders_api.http.dependencies import ApiParts, SignedIn, filter_names, record_look
from lib.orders_api.store.tables.audit import AuditEntry

router = APIRouter(prefix="/v1/audit", tags=["audit"])

MAY_READ = (Role.SUPERVISOR, Role.ADMIN)


@router.get("")
def list_audit(
    request: Request, api: ApiParts, principal: SignedIn, query: Annotated[AuditQuery, Query()]
) -> AuditPage:
    """Return who did what to which order, when and why, newest first."""
    principal.require(*MAY_READ)
    with api.database.reading() as session:
        entries, total = repository.page_of_entries(session, query)
        strangers = repository.addresses_of(session, entries)
    record_look(request, api, principal, "audit.list", detail=filter_names(query))
    return AuditPage(
        items=[_item(entry, strangers.get(entry.id)) for entry in entries],
        total=total,
        page=query.page,
        total_pages=-(-total // query.limit),
    )


def _item(entry: AuditEntry, stranger: str | None) -> AuditItem:
    told = {name: getattr(entry, name) for name in AuditItem.model_fields if name != "address"}
    return AuditItem(**told, address=entry.client or stranger)
