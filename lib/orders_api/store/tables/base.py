"""What all tables share: their root, and how times, keys and closed sets of values are stored."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Dialect, Integer, String, TypeDecorator
from sqlalchemy.dialects.sqlite import DATETIME
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeEngine

from lib.orders_api.domain.errors import NotMigratedError


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time in UTC; SQLite, which knows no zones, keeps it without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time; return the database UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone can't be stored")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return an aware time in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class _Seconds(DATETIME):
    """A time as seconds since 1970: an integer, which takes 4 bytes, or a number with a fraction."""

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], float | None]:
        """Return what turns a time into its number."""

        def seconds(value: datetime | None) -> float | None:
            if value is None:
                return None
            return value.timestamp() if value.microsecond else int(value.timestamp())

        return seconds

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        """Return what turns a number into its time."""

        def time(value: Any) -> datetime | None:
            try:
                return None if value is None else datetime.fromtimestamp(value, UTC)
            except TypeError:
                raise NotMigratedError from None  # it is a text, as before migration 0031

        return time


class OrderTime(UtcDateTime):
    """A time of which an order has so many that SQLite keeps a number: as text each would take 26 bytes."""

    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return how a database keeps it."""
        if dialect.name == "sqlite":
            return _Seconds()  # type: ignore[no-untyped-call]  # SQLAlchemy's own has no types
        return dialect.type_descriptor(self.impl_instance)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time; return the database UTC."""
        as_it_is = dialect.name == "sqlite" and value is not None and value.tzinfo is not None
        return value if as_it_is else super().process_bind_param(value, dialect)


class Base(DeclarativeBase):
    """The root of all tables."""


BIG_KEY = BigInteger().with_variant(Integer, "sqlite")
"""SQLite counts rows by itself only for a column declared INTEGER, which is 64 bits wide there."""

KEY_TEXT = String(collation="C").with_variant(String(), "sqlite")
"""Text compared byte by byte, so that both databases sort it alike and can search it by its beginning."""


def one_of(column: str, values: Iterable[str], optional: bool = False) -> CheckConstraint:
    """Return the constraint that a column holds one of these values."""
    listed = ", ".join(f"'{value}'" for value in values)
    rule = f"{column} IN ({listed})"
    return CheckConstraint(f"{column} IS NULL OR {rule}" if optional else rule, name=column + "_known")
