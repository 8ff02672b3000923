"""The sums of Shopify's orders export: what agrees, what does not, and what the store keeps."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.orders_api.importing.errors import RowRejectedError
from lib.orders_api.importing.shopify_sums import Kept, Stated, settle

PLAIN = Stated(
    line_totals=(1000, 500),
    line_discounts=0,
    subtotal=1500,
    discount=0,
    shipping=490,
    duties=0,
    taxes=0,
    total=1990,
)


def grand_total(stated: Stated, kept: Kept) -> int:
    """Compute the total as the store's own constraint does."""
    added = 0 if kept.tax_included else kept.taxes
    return sum(stated.line_totals) - kept.discount + kept.shipping + added


@pytest.mark.parametrize(
    ("stated", "kept"),
    [
        pytest.param(PLAIN, Kept(0, 490, 0, False), id="no discount, no tax"),
        pytest.param(replace(PLAIN, taxes=284), Kept(0, 490, 284, True), id="tax inside the prices"),
        pytest.param(replace(PLAIN, taxes=284, total=2274), Kept(0, 490, 284, False), id="tax added"),
        pytest.param(
            replace(PLAIN, discount=150, subtotal=1350, total=1840), Kept(150, 490, 0, False), id="discount"
        ),
        pytest.param(
            replace(PLAIN, discount=150, line_discounts=150, subtotal=1350, total=1840),
            Kept(150, 490, 0, False),
            id="discounts of lines within Discount Amount",
        ),
        pytest.param(
            replace(PLAIN, line_discounts=150, subtotal=1350, total=1840),
            Kept(150, 490, 0, False),
            id="discounts of lines beside Discount Amount",
        ),
        pytest.param(
            replace(PLAIN, discount=490, total=1500), Kept(490, 490, 0, False), id="a code for free shipping"
        ),
        pytest.param(replace(PLAIN, duties=100, total=2090), Kept(0, 590, 0, False), id="duties"),
        pytest.param(replace(PLAIN, total=1989), Kept(1, 490, 0, False), id="rounded down"),
        pytest.param(replace(PLAIN, total=1992), Kept(0, 492, 0, False), id="rounded up without a discount"),
        pytest.param(
            replace(PLAIN, discount=150, subtotal=1352, total=1842), Kept(148, 490, 0, False), id="both"
        ),
    ],
)
def test_sums_that_agree_are_kept_so_that_the_total_stands(stated: Stated, kept: Kept) -> None:
    assert settle(stated) == kept
    assert grand_total(stated, kept) == stated.total


@pytest.mark.parametrize(
    ("stated", "column"),
    [
        (replace(PLAIN, subtotal=1503, total=1993), "Subtotal"),
        (replace(PLAIN, subtotal=1497, total=1987), "Subtotal"),
        (replace(PLAIN, discount=150), "Subtotal"),
        (replace(PLAIN, subtotal=1990, shipping=490, total=2480), "Subtotal"),
        (replace(PLAIN, total=1993), "Total"),
        (replace(PLAIN, total=1987), "Total"),
        (replace(PLAIN, taxes=284, total=2100), "Total"),
    ],
)
def test_sums_off_by_more_than_a_unit_an_item_are_refused(stated: Stated, column: str) -> None:
    with pytest.raises(RowRejectedError, match=f"^{column}: "):
        settle(stated)


@given(
    line_totals=st.lists(st.integers(0, 10**6), min_size=1, max_size=8),
    share_off=st.integers(0, 100),
    shipping=st.integers(0, 5000),
    taxes=st.integers(0, 5000),
    included=st.booleans(),
    off=st.tuples(st.integers(-8, 8), st.integers(-8, 8)),
)
def test_whatever_is_accepted_adds_up_exactly_to_the_exports_total(
    line_totals: list[int],
    share_off: int,
    shipping: int,
    taxes: int,
    included: bool,
    off: tuple[int, int],
) -> None:
    discount = sum(line_totals) * share_off // 100
    subtotal = max(sum(line_totals) - discount + off[0], 0)
    total = max(subtotal + shipping + (0 if included else taxes) + off[1], 0)
    stated = Stated(tuple(line_totals), 0, subtotal, discount, shipping, 0, taxes, total)
    try:
        kept = settle(stated)
    except RowRejectedError:
        assert max(map(abs, off)) > len(line_totals)
        return
    assert grand_total(stated, kept) == total
    assert min(kept.discount, kept.shipping, kept.taxes) >= 0
