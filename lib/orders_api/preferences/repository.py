"""Reads and writes staff members' preferences; the only place with SQL about them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from lib.orders_api.store.tables.preferences import StaffPreference

EVERYBODY = ""
"""The owner of what is shared: no staff member is called so."""


def preferences_of(session: Session, owner: str) -> Sequence[StaffPreference]:
    """Return a staff member's own preferences, then everybody's."""
    table = StaffPreference
    whose = table.owner.in_((owner, EVERYBODY))
    return session.scalars(select(table).where(whose).order_by(table.owner.desc(), table.name)).all()


def names_of(session: Session, owner: str) -> set[tuple[str, str]]:
    """Return the kinds and names of what an owner has."""
    table = StaffPreference
    rows = session.execute(select(table.kind, table.name).where(table.owner == owner))
    return {(kind, name) for kind, name in rows}


def by_id(session: Session, number: int) -> StaffPreference | None:
    """Return one, whoever's it is."""
    return session.get(StaffPreference, number)


def keep(
    session: Session, owner: str, kind: str, name: str, value: str, changed_by: str, now: datetime
) -> StaffPreference:
    """Keep a value, in the place of what has the owner, kind and name; of two at once the later one stays."""
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    said = {"value": value, "changed_by": changed_by, "changed_at": now}
    statement = (
        insert(StaffPreference)
        .values(owner=owner, kind=kind, name=name, **said)
        .on_conflict_do_update(index_elements=["owner", "kind", "name"], set_=said)
        .returning(StaffPreference)
    )
    return session.scalars(statement, execution_options={"populate_existing": True}).one()
