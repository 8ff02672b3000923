"""Writes addresses of the order list, so that a figure leads to the orders that it counts; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from lib.ui.shared import keys
from lib.ui.shared.format import country
from lib.ui.shared.statuses import FULFILLMENT_STATUSES, PAYMENT_STATUSES, STATUSES, Look, label_of

SORTS: Mapping[str, str] = {
    "-createdAt": "Newest first",
    "createdAt": "Oldest first",
    "-grandTotal": "Largest total first",
    "grandTotal": "Smallest total first",
    "orderNumber": "Order number, A to Z",
    "-orderNumber": "Order number, Z to A",
}
NEW = "NEW"
"""What the list takes as the status before a change: none, the order was made."""
TIME_KEYS: Mapping[str, str] = {
    "created_from": keys.ORDERS_PLACED_SINCE,
    "created_to": keys.ORDERS_PLACED_BEFORE,
    "status_from": keys.ORDERS_STATUS_SINCE,
    "status_to": keys.ORDERS_STATUS_BEFORE,
    "changed_from": keys.ORDERS_CHANGED_SINCE,
    "changed_to": keys.ORDERS_CHANGED_BEFORE,
}
"""The address' parameter for each time, by the client's name for it."""
Address = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class OrderLinks:
    """Addresses of the order list that all keep to the same countries and currencies."""

    countries: tuple[str, ...] = ()
    currencies: tuple[str, ...] = ()

    def to(
        self,
        statuses: Iterable[str] = (),
        payments: Iterable[str] = (),
        fulfilments: Iterable[str] = (),
        *,
        countries: Iterable[str] | None = None,
        currencies: Iterable[str] | None = None,
        days: tuple[date, date] | None = None,
        reason: str | None = None,
        times: Mapping[str, datetime | None] | None = None,
        from_statuses: Iterable[str] = (),
        to_statuses: Iterable[str] = (),
        reached: str | None = None,
    ) -> Address:
        """Return the parameters of the list's address.

        Days are those of placing: whole, both included, by the reader's clock. `from_statuses` (`NEW`: the
        making of the order), `to_statuses` and the times `changed_from` and `changed_to` are of one and the
        same change of status.
        """
        params: list[tuple[str, str]] = []
        params += _labels(keys.ORDERS_STATUS, STATUSES, statuses)
        params += _labels(keys.ORDERS_PAYMENT, PAYMENT_STATUSES, payments)
        params += _labels(keys.ORDERS_FULFILMENT, FULFILLMENT_STATUSES, fulfilments)
        params += [(keys.ORDERS_COUNTRY, country(code)) for code in countries or self.countries]
        params += [(keys.ORDERS_CURRENCY, code) for code in currencies or self.currencies]
        if days is not None:
            params += [(keys.ORDERS_FROM, days[0].isoformat()), (keys.ORDERS_TO, days[1].isoformat())]
        if reason is not None:
            params.append((keys.ORDERS_REASON, reason))
        params += [(keys.ORDERS_CHANGE_FROM, code) for code in from_statuses]
        params += [(keys.ORDERS_CHANGE_TO, code) for code in to_statuses]
        if reached is not None:
            params.append((keys.ORDERS_REACHED, reached))
        return (*params, *address_of(times or {}).items())


def parameters(link: Address) -> dict[str, list[str]]:
    """Return an address' parameters, each with all its values: Streamlit keeps the last of equal pairs."""
    found: dict[str, list[str]] = {}
    for name, value in link:
        found.setdefault(name, []).append(value)
    return found


def _labels(key: str, looks: Mapping[str, Look], codes: Iterable[str]) -> list[tuple[str, str]]:
    return [(key, label_of(looks, code)) for code in codes]


def address_of(times: Mapping[str, datetime | None]) -> dict[str, str]:
    """Return the address' parameters for times by the client's names for them."""
    return {TIME_KEYS[name]: f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" for name, at in times.items() if at}
