"""Shapes how far orders got into a flow picture: its ways, their widths and places; pure, it draws nothing.

An order's way is what its status says it has passed. A refunded one says no more than that it was paid; its
fulfilment says whether it had been sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from lib.ui.insights.shapes import Days, Shaped
from lib.ui.shared.order_links import OrderLinks
from lib.ui.shared.statuses import STATUSES, look

SENT = ("PARTIALLY_FULFILLED", "FULFILLED", "RETURNED")
"""The fulfilments that say that something of an order has been sent."""
START, NEUTRAL = "Placed", "#5b62e0"
_TOP, _TALL, _GAP, _NODE, _STEPS = 0.14, 0.58, 0.1, 0.05, 24


@dataclass(frozen=True)
class Way:
    """How many orders went from a stage to one of the next column, and by which filters a list finds them.

    Along the trunk they went on, or may have; beside it is where they are now. `reached`: the orders that got
    at least so far, whatever became of them since.
    """

    source: str
    target: str
    orders: int
    color: str
    statuses: tuple[str, ...] = ()
    fulfilments: tuple[str, ...] = ()
    reached: str | None = None
    is_trunk: bool = False


def ways_of(counts: Mapping[str, int], refunded_after_sending: int) -> list[Way]:
    """List all ways, those without orders too, each after the one that leads to its source."""
    sent = min(refunded_after_sending, counts.get("REFUNDED", 0))
    delivered = _count(counts, "DELIVERED")
    shipped = delivered + _count(counts, "SHIPPED") + sent
    preparing = shipped + _count(counts, "PROCESSING")
    paid = preparing + _count(counts, "CONFIRMED") + _count(counts, "REFUNDED") - sent
    placed = paid + _count(counts, "PENDING") + _count(counts, "CANCELLED")
    after_payment = tuple(code for code in STATUSES if code not in ("PENDING", "CANCELLED"))
    refunded = ("REFUNDED",)
    return [
        Way("", START, placed, NEUTRAL, is_trunk=True),
        Way(START, "Paid", paid, _color("CONFIRMED"), after_payment, is_trunk=True),
        Way(START, "Still pending", _count(counts, "PENDING"), _color("PENDING"), ("PENDING",)),
        Way(START, "Cancelled", _count(counts, "CANCELLED"), _color("CANCELLED"), ("CANCELLED",)),
        Way("Paid", "Preparing", preparing, _color("PROCESSING"), reached="PROCESSING",
            is_trunk=True),
        Way("Paid", "Still confirmed", _count(counts, "CONFIRMED"), _color("CONFIRMED"), ("CONFIRMED",)),
        Way("Paid", "Refunded, unsent", _count(counts, "REFUNDED") - sent, _color("REFUNDED"), refunded,
            ("UNFULFILLED",)),
        Way("Preparing", "Sent", shipped, _color("SHIPPED"), reached="SHIPPED", is_trunk=True),
        Way("Preparing", "Still processing", _count(counts, "PROCESSING"), _color("PROCESSING"),
            ("PROCESSING",)),
        Way("Sent", "Delivered", delivered, _color("DELIVERED"), ("DELIVERED",), is_trunk=True),
        Way("Sent", "Still shipped", _count(counts, "SHIPPED"), _color("SHIPPED"), ("SHIPPED",)),
        Way("Sent", "Refunded, sent", sent, _color("REFUNDED"), refunded, SENT),
    ]  # fmt: skip


def flow_picture_table(ways: list[Way], links: OrderLinks, days: Days) -> Shaped:
    """Make a row for each way."""
    rows = [(way.source or "–", way.target, way.orders) for way in ways]
    return Shaped(
        pd.DataFrame(rows, columns=["from", "to", "orders"]),
        tuple(links.to(way.statuses, (), way.fulfilments, days=days, reached=way.reached) for way in ways),
    )


def ribbons(ways: list[Way]) -> pd.DataFrame:
    """Lay the ways out: for each that has orders, points along its upper and lower edge.

    Across (`x`) a column of the picture is 1, down (`top`, `bottom`) the whole picture is; widths are in
    proportion to orders. What leaves a stage lies side by side, in the order of `ways`.
    """
    placed = max(ways[0].orders, 1)
    column = {"": -1} | {way.target: 0 for way in ways}
    starts: dict[str, float] = {"": _TOP}
    floor: dict[int, float] = {}
    leaving: dict[str, float] = {}
    points = []
    for way in ways:
        column[way.target] = column[way.source] + 1
        width = _TALL * way.orders / placed
        if not way.orders:
            continue
        at = _TOP if way.is_trunk else floor.get(column[way.target], _TOP) + _GAP
        floor[column[way.target]] = at + width
        starts[way.target] = at
        begin = leaving.setdefault(way.source, starts[way.source])
        leaving[way.source] = begin + width
        points += _edges(way, column[way.target], begin if way.source else at, at, width)
    return pd.DataFrame(points, columns=["from", "to", "orders", "color", "x", "top", "bottom"])


def labels(ways: list[Way], drawn: pd.DataFrame, numbers: Mapping[int, str]) -> pd.DataFrame:
    """Place a name and a number at each stage that is drawn: above the trunk, or right of where it ends."""
    rows = []
    for way in ways:
        edge = drawn[drawn["to"] == way.target]
        if edge.empty:
            continue
        last = edge.iloc[-1]
        text = f"{way.target}\n{numbers[way.orders]}"
        if way.is_trunk:
            rows.append((text, last["x"] - _NODE, 0.0))
        else:
            rows.append((text, last["x"] + 0.03, (last["top"] + last["bottom"]) / 2 - 0.045))
    return pd.DataFrame(rows, columns=["text", "x", "y"])


def nodes(drawn: pd.DataFrame) -> pd.DataFrame:
    """Return the bar at the end of each ribbon."""
    ends = drawn.groupby("to", sort=False).tail(1)
    return ends.assign(end=ends["x"], x=ends["x"] - _NODE)


def _edges(way: Way, column: int, begin: float, end: float, width: float) -> list[tuple[object, ...]]:
    """Return the points of a ribbon that goes from one column to the next and through the bar at its end."""
    points: list[tuple[object, ...]] = []
    if way.source:
        for step in range(_STEPS + 1):
            part = step / _STEPS
            top = begin + (end - begin) * part * part * (3 - 2 * part)
            points.append((way.source, way.target, way.orders, way.color,
                           column - 1 + _NODE + part * (1 - _NODE), top, top + width))  # fmt: skip
    else:
        points.append((way.source, way.target, way.orders, way.color, float(column), end, end + width))
    points.append((way.source, way.target, way.orders, way.color, column + _NODE, end, end + width))
    return points


def _count(counts: Mapping[str, int], status: str) -> int:
    return counts.get(status, 0)


def _color(status: str) -> str:
    return look(STATUSES, status).hex
