"""How the sums of other systems' orders are kept: the total as it was, and no discount that nobody gave."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.orders_api.importing.kinds.shop_order import Kept, Stated, remark, settle

PLAIN = Stated(items=1500, lines=2, total=1990, shipping=490)


def grand_total(stated: Stated, kept: Kept) -> int:
    """Compute the total as the store's own constraint does."""
    added = 0 if kept.tax_included else stated.taxes
    return stated.items - kept.discount + stated.shipping + stated.duties + kept.adjustment + added


@pytest.mark.parametrize(
    ("stated", "kept"),
    [
        pytest.param(PLAIN, Kept(0, False, 0), id="no discount, no tax"),
        pytest.param(replace(PLAIN, taxes=284), Kept(0, True, 0), id="tax inside the prices"),
        pytest.param(replace(PLAIN, taxes=284, total=2274), Kept(0, False, 0), id="tax added"),
        pytest.param(replace(PLAIN, discount=150, total=1840), Kept(150, False, 0), id="discount"),
        pytest.param(replace(PLAIN, discount=490, total=1500), Kept(490, False, 0), id="free shipping"),
        pytest.param(replace(PLAIN, duties=100, total=2090), Kept(0, False, 0), id="duties"),
        pytest.param(replace(PLAIN, discount=150, total=1842), Kept(148, False, 0), id="rounded discount"),
        pytest.param(replace(PLAIN, discount=150, total=1839), Kept(151, False, 0), id="rounded up"),
        pytest.param(replace(PLAIN, total=1989), Kept(0, False, -1), id="rounded without a discount"),
        pytest.param(replace(PLAIN, total=2989), Kept(0, False, 999), id="an item added later"),
        pytest.param(replace(PLAIN, total=990), Kept(0, False, -1000), id="an item removed later"),
        pytest.param(replace(PLAIN, taxes=284, total=2283), Kept(0, False, 9), id="nearer to tax added"),
        pytest.param(
            replace(PLAIN, taxes=284, total=1990, tax_included=False),
            Kept(0, False, -284),
            id="as it is said",
        ),
    ],
)
def test_the_total_stands_and_what_it_holds_beside_its_parts_is_kept_apart(
    stated: Stated, kept: Kept
) -> None:
    assert settle(stated) == kept
    assert grand_total(stated, kept) == stated.total


def test_a_remark_says_how_much_a_total_is_off_and_perhaps_why() -> None:
    def said(stated: Stated) -> str | None:
        return remark(stated, settle(stated), "EUR", "perhaps it was edited")

    assert said(PLAIN) is None
    assert said(replace(PLAIN, total=2989)) == (
        "The shop's total, 29.89 EUR, is 9.99 EUR more than its parts add up to: perhaps it was edited."
    )
    assert said(replace(PLAIN, total=1989)) == (
        "The shop's total, 19.89 EUR, is 0.01 EUR less than its parts add up to: rounding."
    )


@given(
    amounts=st.tuples(*(st.integers(0, 10**6) for _ in range(6))),
    lines=st.integers(1, 8),
    included=st.sampled_from([None, True, False]),
)
def test_whatever_is_stated_adds_up_to_the_shops_total_with_the_discount_that_it_gave(
    amounts: tuple[int, ...], lines: int, included: bool | None
) -> None:
    items, discount, shipping, duties, taxes, total = amounts
    stated = Stated(items, lines, total, discount, shipping, duties, taxes, included)
    kept = settle(stated)
    assert grand_total(stated, kept) == total
    assert abs(kept.discount - discount) <= (lines if discount else 0)
    assert kept.discount >= 0
    if included is not None:
        assert kept.tax_included is included
