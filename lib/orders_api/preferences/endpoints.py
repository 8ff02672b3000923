"""The calls about staff members' preferences over HTTP: their own, and supervisors' shared ones."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response

from lib.orders_api.domain.tokens import Role
from lib.orders_api.http.dependencies import ApiParts, SignedIn, no_query
from lib.orders_api.preferences import repository, service
from lib.orders_api.preferences.schemas import Preference, PreferenceBody, Preferences

router = APIRouter(prefix="/v1/staff/preferences", tags=["staff"], dependencies=[Depends(no_query)])

PreferenceId = Annotated[int, Path(alias="id", ge=0, le=2**62)]


@router.get("")
def list_preferences(api: ApiParts, principal: SignedIn) -> Preferences:
    """Return the caller's own preferences and everybody's."""
    principal.require(*Role)
    with api.database.reading() as session:
        found = repository.preferences_of(session, principal.subject)
        return Preferences(items=[service.shown(each) for each in found])


@router.put("")
def keep_preference(api: ApiParts, principal: SignedIn, body: PreferenceBody) -> Preference:
    """Remember something; what has its kind and name already is replaced."""
    principal.require(*(service.MAY_SHARE if body.shared else Role))
    with api.database.writing() as session:
        return service.keep(session, principal.subject, body, api.clock())


@router.delete("/{id}", status_code=HTTPStatus.NO_CONTENT, response_class=Response)
def forget_preference(api: ApiParts, principal: SignedIn, number: PreferenceId) -> None:
    """Forget something; what is not there, or somebody else's, stays as it is."""
    principal.require(*Role)
    with api.database.writing() as session:
        service.forget(session, principal, number)
