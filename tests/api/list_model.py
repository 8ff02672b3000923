"""What `list` has to answer, said again in plain Python over a handful of random orders; it calls no API."""

from __future__ import annotations

import random
import unicodedata
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.api.search_model import found
from tests.api.shop import ADDRESS, NOW, order_body

STATUSES = ("PENDING", "CONFIRMED", "PROCESSING", "SHIPPED", "DELIVERED", "CANCELLED", "REFUNDED")
PAYMENTS = ("PENDING", "PAID", "PARTIALLY_REFUNDED", "REFUNDED", "FAILED", "VOIDED")
FULFILLMENTS = ("UNFULFILLED", "PARTIALLY_FULFILLED", "FULFILLED", "RETURNED")
COUNTRIES = ("FR", "DE", "JP", "KW")
DIGITS = {"EUR": 2, "JPY": 0, "KWD": 3}
MOVES = {
    "PENDING": ("CONFIRMED", "CANCELLED"),
    "CONFIRMED": ("PROCESSING", "REFUNDED"),
    "PROCESSING": ("SHIPPED", "REFUNDED"),
    "SHIPPED": ("DELIVERED", "REFUNDED"),
    "DELIVERED": ("REFUNDED",),
}
SETS_PAYMENT = {"CONFIRMED": "PAID", "CANCELLED": "VOIDED", "REFUNDED": "REFUNDED"}
SETS_FULFILLMENT = {"SHIPPED": "FULFILLED"}
GOT_TO = {"PROCESSING": ("PROCESSING", "SHIPPED", "DELIVERED"), "SHIPPED": ("SHIPPED", "DELIVERED")}
SORTS = ("-createdAt", "createdAt", "-grandTotal", "grandTotal", "orderNumber", "-orderNumber")
FIRST = ("José", "Zoë", "Åsa", "Nguyễn", "İpek", "小龙", "O'Brien", "Ann", "a_b", "Strauß", 'Jo "J"', "NEAR")
LAST = (
    "Müller-Lüdenscheidt",
    "100%",
    "Al\\Said",
    "Σίσυφος",
    "Łuk",
    "López",
    "李",
    "Doe",
    "AND",
    "OR*",
    "ﬁnn",
)
SKUS = ("TEA-1", "tea 12", "Straße", "A%", "A_", '"Q"', "12345", "NOT")
PHONES = (None, "+33 4 72 00 11 22", "0049-170-5551122", "12", "(030) 1122")


@dataclass(frozen=True)
class Step:
    """A change of status."""

    before: str
    after: str
    at: datetime


@dataclass(frozen=True)
class Row:
    """An order as the model knows it: how it was made, and what became of it."""

    body: dict[str, Any]
    created_at: datetime
    total: Decimal
    steps: tuple[Step, ...]
    """All its changes of status, the making of it first."""

    @property
    def number(self) -> str:
        """Its number."""
        return str(self.body["orderNumber"])

    @property
    def status(self) -> str:
        """Its status now."""
        return self.steps[-1].after

    @property
    def payment(self) -> str:
        """Its payment status now."""
        return self._last_set(SETS_PAYMENT, "paymentStatus")

    @property
    def fulfillment(self) -> str:
        """Its fulfilment status now."""
        return self._last_set(SETS_FULFILLMENT, "fulfillmentStatus")

    def _last_set(self, sets: Mapping[str, str], at_first: str) -> str:
        held = [sets[step.after] for step in self.steps[1:] if step.after in sets]
        return held[-1] if held else str(self.body[at_first])


def random_rows(count: int, seed: int) -> list[Row]:
    """Make orders that share times, sums, names and articles, so that filters and ties have work."""
    chance = random.Random(seed)
    return [_random_row(chance, position) for position in range(count)]


def _random_row(chance: random.Random, position: int) -> Row:
    currency = chance.choice(tuple(DIGITS))
    unit = Decimal(chance.choice((0, 1, 5, 10, 999))) + Decimal(1).scaleb(-DIGITS[currency])
    quantity = chance.choice((1, 2, 3))
    created_at = NOW - timedelta(days=chance.randrange(4), seconds=chance.choice((0, 1, 3600)))
    first, last = chance.choice(FIRST), chance.choice(LAST)
    prefix = chance.choice(("ORD-2026-", "#", "é%", "x_"))
    body = order_body(
        orderNumber=f"{prefix}{position:03d}",
        email=f"{chance.choice(('jane', 'j_ne', 'zoë', 'a%b'))}{position % 5}@example.com",
        currency=currency,
        items=[
            {"sku": chance.choice(SKUS), "name": "Thing", "quantity": quantity, "unitPrice": str(unit)},
        ],
        phone=chance.choice(PHONES),
        customerId=chance.choice((None, "c-1", "c-2")),
        status=chance.choice(STATUSES),
        paymentStatus=chance.choice(PAYMENTS),
        fulfillmentStatus=chance.choice(FULFILLMENTS),
        createdAt=created_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        trackingToken=str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        shippingAddress=ADDRESS | {"firstName": first, "lastName": last, "country": chance.choice(COUNTRIES)},
        billingAddress=chance.choice(
            (None, ADDRESS | {"firstName": chance.choice(FIRST), "lastName": "Bill"})
        ),
    )
    return Row(body, created_at, unit * quantity, _random_steps(position, body["status"], created_at))


def _random_steps(position: int, status: str, at: datetime) -> tuple[Step, ...]:
    chance, steps = random.Random(position), [Step("NEW", status, at)]
    at = NOW
    while steps[-1].after in MOVES and chance.random() < 0.6:
        at += timedelta(seconds=chance.choice((0, 1, 3600)))
        steps.append(Step(steps[-1].after, chance.choice(MOVES[steps[-1].after]), at))
    return tuple(steps)


def plain(text: str) -> str:
    """Return text without case and accents."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in folded if not unicodedata.combining(c)).casefold()


def listed(rows: Sequence[Row], filters: Mapping[str, Any], any_part: bool) -> list[Row]:
    """Return the orders among these that fit all filters; `any_part` as in `found`."""
    bodies = found([row.body for row in rows], filters.get("q", ""), any_part)
    meant = {body["orderNumber"] for body in bodies}
    return [row for row in rows if row.number in meant and matches(row, filters)]


def matches(row: Row, filters: Mapping[str, Any]) -> bool:
    """Return whether an order fits all filters but a search."""
    body = row.body
    held = {
        "status": row.status,
        "paymentStatus": row.payment,
        "fulfillmentStatus": row.fulfillment,
        "country": body["shippingAddress"]["country"],
        "currency": body["currency"],
    }
    return (
        all(held[name] in filters[name] for name in held if filters.get(name))
        and ("createdFrom" not in filters or row.created_at >= _time(filters["createdFrom"]))
        and ("createdTo" not in filters or row.created_at < _time(filters["createdTo"]))
        and ("minTotal" not in filters or row.total >= Decimal(filters["minTotal"]))
        and ("maxTotal" not in filters or row.total <= Decimal(filters["maxTotal"]))
        and any(_is_meant(step, filters) for step in row.steps)
        and ("reached" not in filters or _got_to(row, filters["reached"]))
    )


def _is_meant(step: Step, filters: Mapping[str, Any]) -> bool:
    return (
        step.before in filters.get("fromStatus", [step.before])
        and step.after in filters.get("toStatus", [step.after])
        and ("changedFrom" not in filters or step.at >= _time(filters["changedFrom"]))
        and ("changedTo" not in filters or step.at < _time(filters["changedTo"]))
    )


def _got_to(row: Row, stage: str) -> bool:
    if row.status == "REFUNDED":
        return row.fulfillment != "UNFULFILLED"
    return row.status in GOT_TO[stage]


def sort_key(row: Row, sort: str) -> Any:
    """Return what a list is ordered by."""
    return {
        "createdAt": row.created_at,
        "grandTotal": row.total,
        "orderNumber": row.number.casefold(),
    }[sort.removeprefix("-")]


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
