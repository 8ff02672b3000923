"""The dashboard's own calls over HTTP, for no one else and not of the contract; a transaction each."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from lib.orders_api.http.dependencies import ApiParts, dashboard_only, no_query
from lib.orders_api.staff_sessions import repository, service
from lib.orders_api.staff_sessions.schemas import (
    AccountBody,
    Admission,
    AttemptBody,
    CheckBody,
    ChecksBody,
    Ended,
    EndingBody,
    KeptRecord,
    OutcomeBody,
    RecordBody,
    StaffAct,
    Standing,
)
from lib.orders_api.store.audit_log import AuditContext

NOBODY = "nobody"
SharedName = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,80}$")]

router = APIRouter(
    prefix="/v1/staff-sessions",
    include_in_schema=False,
    dependencies=[Depends(dashboard_only), Depends(no_query)],
)


@router.post("/attempts")
def admit(api: ApiParts, body: AttemptBody) -> Admission:
    """Return whether somebody may try to sign in."""
    with api.database.writing() as session:
        return service.admit(session, api.clock(), body)


@router.post("/outcomes", status_code=HTTPStatus.NO_CONTENT, response_class=Response)
def conclude(request: Request, api: ApiParts, body: OutcomeBody) -> None:
    """Record how a sign-in ended."""
    with api.database.writing() as session:
        service.conclude(session, _act(request, api, body), body)


@router.post("/endings", status_code=HTTPStatus.NO_CONTENT, response_class=Response)
def end(request: Request, api: ApiParts, body: EndingBody) -> None:
    """Sign a session out."""
    with api.database.writing() as session:
        service.end(session, _act(request, api, body), body)


@router.post("/checks")
def check(api: ApiParts, body: CheckBody) -> Standing:
    """Return whether a session stands."""
    with api.database.reading() as session:
        return Standing(stands=service.stands(session, body))


@router.post("/standings")
def check_many(api: ApiParts, body: ChecksBody) -> Ended:
    """Return which of many sessions do not stand any more."""
    with api.database.reading() as session:
        return Ended(ended=[each.session for each in body.sessions if not service.stands(session, each)])


@router.post("/accounts", status_code=HTTPStatus.NO_CONTENT, response_class=Response)
def change_account(request: Request, api: ApiParts, body: AccountBody) -> None:
    """Record what is done with an account, and end its sessions where that does."""
    with api.database.writing() as session:
        service.change_account(session, api, _act(request, api, body), body)


@router.get("/records/{name}")
def read_shared(api: ApiParts, name: SharedName) -> KeptRecord:
    """Return what dashboards share under a name."""
    with api.database.reading() as session:
        return service.shared(api.sealer, repository.record_named(session, name))


@router.put("/records/{name}", status_code=HTTPStatus.NO_CONTENT, response_class=Response)
def keep_shared(api: ApiParts, name: SharedName, body: RecordBody) -> None:
    """Keep what dashboards share under a name."""
    with api.database.writing() as session:
        service.keep_shared(session, api.sealer, name, body)


@router.delete("/records/{name}")
def take_shared(api: ApiParts, name: SharedName) -> KeptRecord:
    """Return what is shared until a time, and drop it; what has no end stays where it is."""
    with api.database.writing() as session:
        return service.shared(api.sealer, repository.take_record(session, name, api.clock()))


def _act(request: Request, api: ApiParts, body: StaffAct) -> AuditContext:
    """Return who acted as the dashboard saw it: a name only if there is such an account."""
    return AuditContext(
        actor=f"staff:{body.staff}" if body.staff else NOBODY,
        role=",".join(sorted(body.roles)) or NOBODY,
        client=body.address,
        request_id=request.state.request_id,
        at=api.clock(),
    )
