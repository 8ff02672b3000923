"""Reads which schema a store has, and ends what must not live on in a restored one."""

from sqlalchemy import delete, text
from sqlalchemy.orm import Session

from lib.orders_api.store.tables.guest import AccessCode, AccessRequest, AccessToken, ContactUnlock
from lib.orders_api.store.tables.mail import OutboxMessage


def schema_of(session: Session) -> str:
    """Return the version of the schema."""
    return str(session.scalar(text("SELECT version_num FROM alembic_version")))


def end_all_access(session: Session) -> None:
    """End all codes, tokens, unlocks and requests: those that were used or ended since would live again."""
    session.execute(delete(OutboxMessage).where(OutboxMessage.access_code_id.is_not(None)))
    for table in (AccessCode, AccessToken, ContactUnlock, AccessRequest):
        session.execute(delete(table))
