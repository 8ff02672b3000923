"""Decides how an order's sums are kept so that its total is the shop's own; it knows no system's names.

What the shop states is kept as it is. A total that is a unit or so off, as rounding makes it, takes that from
a discount that was given anyway. Any other difference is kept apart, and said in a remark: nobody gave a
discount that the shop does not name.
"""

from __future__ import annotations

from dataclasses import dataclass

from lib.orders_api.importing.kinds.fields import money


@dataclass(frozen=True)
class Stated:
    """What a shop says, in minor units."""

    items: int
    """All line items together, before discounts."""
    lines: int
    """How many line items there are: each may have been rounded."""
    total: int
    discount: int = 0
    shipping: int = 0
    duties: int = 0
    taxes: int = 0
    tax_included: bool | None = None
    """Whether prices hold the taxes; None: the total says which."""


@dataclass(frozen=True)
class Kept:
    """What the store keeps beside what was stated."""

    discount: int
    tax_included: bool
    adjustment: int
    """What the total has more than its parts."""


def settle(stated: Stated) -> Kept:
    """Return the sums to keep."""
    with_tax_included = stated.total - (stated.items - stated.discount + stated.shipping + stated.duties)
    with_tax_added = with_tax_included - stated.taxes
    included = stated.tax_included
    if included is None:
        included = abs(with_tax_included) < abs(with_tax_added)
    gap = with_tax_included if included else with_tax_added
    if is_rounding(stated, gap) and stated.discount >= gap and stated.discount:
        return Kept(stated.discount - gap, included, 0)
    return Kept(stated.discount, included, gap)


def is_rounding(stated: Stated, gap: int) -> bool:
    """Return whether a difference can come from rounding line by line."""
    return abs(gap) <= stated.lines


def remark(stated: Stated, kept: Kept, currency: str, perhaps: str) -> str | None:
    """Say what a total has more or less than its parts; None where it has neither."""
    gap = kept.adjustment
    if not gap:
        return None
    by = f"{money(abs(gap), currency)} {'more' if gap > 0 else 'less'}"
    whole = money(stated.total, currency)
    why = "rounding" if is_rounding(stated, gap) else perhaps
    return f"The shop's total, {whole}, is {by} than its parts add up to: {why}."
