"""The rules of staff members' preferences: whose they are, and how many there may be."""

import json
from datetime import datetime

from sqlalchemy.orm import Session

from lib.orders_api.domain.errors import ValidationFailedError
from lib.orders_api.domain.tokens import Principal, Role
from lib.orders_api.preferences import repository
from lib.orders_api.preferences.schemas import Preference, PreferenceBody
from lib.orders_api.store.tables.preferences import StaffPreference

MAY_SHARE = (Role.SUPERVISOR, Role.ADMIN)
MOST = 50


def keep(session: Session, subject: str, body: PreferenceBody, now: datetime) -> Preference:
    """Remember something for its owner.

    Raises:
        ValidationFailedError: the owner has too many already.
    """
    owner = repository.EVERYBODY if body.shared else subject
    value = json.dumps(body.value, ensure_ascii=False)
    names = repository.names_of(session, owner)
    if (body.kind, body.name) not in names and len(names) >= MOST:
        raise ValidationFailedError.of("name", f"there may be {MOST} at most")
    return shown(repository.keep(session, owner, body.kind, body.name, value, subject, now))


def forget(session: Session, principal: Principal, number: int) -> None:
    """Forget one's own preference, or a shared one where one may share.

    Raises:
        ForbiddenError: it is shared, and the caller may not.
    """
    kept = repository.by_id(session, number)
    if kept is None or kept.owner not in (principal.subject, repository.EVERYBODY):
        return
    if kept.owner == repository.EVERYBODY:
        principal.require(*MAY_SHARE)
    session.delete(kept)


def shown(kept: StaffPreference) -> Preference:
    """Show a preference."""
    return Preference(
        id=kept.id,
        kind=kept.kind,
        name=kept.name,
        value=json.loads(kept.value),
        shared=kept.owner == repository.EVERYBODY,
        changed_by=kept.changed_by,
        changed_at=kept.changed_at,
    )
