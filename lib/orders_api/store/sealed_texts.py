"""Reads all that is sealed in the store, whichever table it stands in; it opens nothing."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.orders_api.store.tables.base import Base


def sealed_texts(session: Session) -> Iterator[bytes]:
    """Return every sealed text; their columns' names begin with `sealed`."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if column.name.startswith("sealed"):
                yield from session.scalars(select(column).where(column.is_not(None)))
