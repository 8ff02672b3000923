"""Keeps when each alarm was last raised; the only place with SQL about it."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from lib.orders_api.store.tables.mail import RaisedAlarm


def note_raised(session: Session, alarm: str, now: datetime, over_since: datetime) -> bool:
    """Note that an alarm is raised; return whether it had not been since `over_since`.

    Of many at once, one is told so: the others wait for its transaction, and then find the alarm raised.
    """
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    begun = session.scalar(
        insert(RaisedAlarm)
        .values(alarm=alarm, last_raised_at=now)
        .on_conflict_do_update(
            index_elements=[RaisedAlarm.alarm],
            set_={"last_raised_at": now},
            where=RaisedAlarm.last_raised_at <= over_since,
        )
        .returning(RaisedAlarm.alarm)
    )
    if begun is not None:
        return True
    session.execute(
        update(RaisedAlarm)
        .where(RaisedAlarm.alarm == alarm, RaisedAlarm.last_raised_at < now)
        .values(last_raised_at=now)
        .execution_options(synchronize_session=False)
    )
    return False
