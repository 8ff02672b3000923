"""The table of kept counts."""

from sqlalchemy import BigInteger, Identity, String
from sqlalchemy.orm import Mapped, mapped_column

from lib.orders_api.store.tables.base import BIG_KEY, Base


class OrderCount(Base):
    """How many orders more or fewer there are of a kind, and what they come to; triggers add a row a change.

    Rows are only ever added by those who change orders, so that no two of them wait for each other.
    """

    __tablename__ = "order_counts"

    id: Mapped[int] = mapped_column(BIG_KEY, Identity(), primary_key=True)
    status: Mapped[str] = mapped_column(String(20))
    payment_status: Mapped[str] = mapped_column(String(20))
    fulfillment_status: Mapped[str] = mapped_column(String(20))
    shipping_country: Mapped[str] = mapped_column(String(2))
    currency: Mapped[str] = mapped_column(String(3))
    orders: Mapped[int]
    total: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """In minor units of the currency."""
