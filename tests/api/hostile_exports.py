"""Makes orders exports that no shop would send, but some file will be: a generator for Hypothesis."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from hypothesis import strategies as st

_MARKS = (
    "",
    " ",
    "\x00",
    "\x1b[31m",
    "a\nb",
    "a\r\nb",
    '"',
    "'",
    ",",
    ";",
    "\t",
    "\u202e",
    "\u200b",
    "\ufeff",
)
_NUMBERS = ("=1+1", "-1", "1e9", "NaN", "²", "9" * 30, "1.5", "1,5", "1.234,56", "0", "№ 5", "#", "/")
_TIMES = ("2026-13-01 00:00:00 +0000", "2099-01-01 00:00:00 +0000", "soon")
_WORDS = ("XQQ", "JPY", "Atlantis", "GB", "refunded", "fulfilled", "pending", "bezahlt", "nobody", "x" * 400)
NASTY = st.sampled_from([*_MARKS, *_NUMBERS, *_TIMES, *_WORDS, "name:x|quantity:2|total:3", "🦄"])
MONEY = st.integers(0, 99999).map(lambda cents: f"{cents / 100:.2f}")
NAMES = st.sampled_from(["#1", "#2", "3", "＃2", "FR/7", "#a", "#A", "№ 3"])
SHOPIFY = (
    *(
        "Name",
        "Email",
        "Financial Status",
        "Fulfillment Status",
        "Currency",
        "Subtotal",
        "Total",
        "Created at",
    ),
    *("Lineitem quantity", "Lineitem name", "Lineitem price", "Cancelled at", "Shipping", "Taxes"),
    *("Duties", "Discount Amount", "Lineitem discount", "Shipping Name", "Shipping City", "Shipping Country"),
    *("Phone", "Refunded Amount", "Notes", "Tags"),
)
WOOCOMMERCE = (
    *("order_number", "order_id", "order_date", "status", "order_total", "order_currency", "billing_email"),
    *(
        "billing_country",
        "billing_city",
        "line_item_1",
        "line_item_2",
        "shipping_total",
        "fee_total",
        "tax_total",
    ),
)


@dataclass(frozen=True)
class Export:
    """A file, and what it says: rows by column, each with the number of its first line."""

    content: bytes
    rows: list[tuple[int, dict[str, str]]]
    is_damaged: bool
    """Whether bytes are missing, so that it says less than its rows."""


def full_row(draw: st.DrawFn, name: str) -> dict[str, str]:
    """Make an order's first row in Shopify's export."""
    return {
        "Name": name,
        "Email": draw(st.sampled_from(["ana@example.com", "", "zoë@example.com"])),
        "Financial Status": draw(st.sampled_from(["paid", "pending", "refunded", "expired"])),
        "Fulfillment Status": draw(st.sampled_from(["", "fulfilled", "partial", "unfulfilled"])),
        "Currency": draw(st.sampled_from(["EUR", "KWD", "eur"])),
        "Subtotal": draw(MONEY),
        "Total": draw(MONEY),
        "Created at": "2025-07-04 09:30:00 +0000",
        "Shipping Country": draw(st.sampled_from(["", "DE", "Spain", "AN"])),
        "Shipping City": draw(st.sampled_from(["", "Köln", "Łódź"])),
        **{name: draw(MONEY) for name in ("Shipping", "Taxes", "Discount Amount")},
        **item_row(draw, name),
    }


def item_row(draw: st.DrawFn, name: str) -> dict[str, str]:
    """Make a further row of an order."""
    quantity = draw(st.sampled_from(["1", "2", "3", "0"]))
    return {
        "Name": name,
        "Lineitem quantity": quantity,
        "Lineitem name": "Mug",
        "Lineitem price": draw(MONEY),
    }


def woo_row(draw: st.DrawFn, name: str) -> dict[str, str]:
    """Make an order of WooCommerce's."""
    return {
        "order_number": name,
        "order_date": "2025-07-04 09:30:00",
        "status": draw(st.sampled_from(["processing", "completed", "wc-lost", "failed"])),
        "order_total": draw(MONEY),
        "order_currency": draw(st.sampled_from(["EUR", "KWD", "USD"])),
        "billing_email": "ana@example.com",
        "billing_country": draw(st.sampled_from(["", "DE", "Spain"])),
        "billing_city": draw(st.sampled_from(["", "Köln"])),
        "line_item_1": f"name:Mug|sku:M|quantity:3|total:{draw(MONEY)}|sub_total:{draw(MONEY)}",
        "fee_total": draw(st.sampled_from(["", "2.00", "-1.00"])),
        "tax_total": draw(MONEY),
    }


@st.composite
def exports(draw: st.DrawFn) -> Export:
    """Draw an export: orders torn apart, repeated, with cells, columns, encodings and line ends of chance."""
    shopify = draw(st.booleans())
    columns = list(draw(st.permutations(SHOPIFY if shopify else WOOCOMMERCE)))
    rows: list[dict[str, str]] = []
    for name in draw(st.lists(NAMES, min_size=1, max_size=5)):
        rows.append(full_row(draw, name) if shopify else woo_row(draw, name))
        if shopify:
            rows += [item_row(draw, name) for _ in range(draw(st.integers(0, 2)))]
    if draw(st.booleans()):
        rows = draw(st.permutations(rows))
    for _ in range(draw(st.integers(0, 3))):
        draw(st.sampled_from(rows))[draw(st.sampled_from(columns))] = draw(NASTY)
    return _written(draw, columns, rows)


def _written(draw: st.DrawFn, columns: list[str], rows: list[dict[str, str]]) -> Export:
    separator = draw(st.sampled_from(",;\t"))
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"]))
    whole = draw(st.sampled_from(["", "", f"sep={separator}{end}"]))

    def add(cells: list[str]) -> int:
        nonlocal whole
        line = len(re.findall(r"\r\n|\r|\n", whole)) + 1
        made = io.StringIO(newline="")
        csv.writer(made, delimiter=separator, lineterminator=end).writerow(cells)
        whole += made.getvalue()
        return line

    add([draw(st.sampled_from([name, name.upper(), f" {name} "])) for name in columns])
    said = []
    for row in rows:
        # What the encoding has no letter for is a question mark in the file.
        row = {name: cell.encode(encoding, "replace").decode(encoding) for name, cell in row.items()}
        line = add([row.get(name, "") for name in columns])
        said.append((line, row))
    content = whole.encode(encoding, "replace")
    cut = draw(st.one_of(st.none(), st.none(), st.integers(0, len(content))))
    return Export(content if cut is None else content[:cut], said, is_damaged=cut is not None)


def amount(text: str) -> Decimal | None:
    """Read an amount as people do; None for what is none."""
    text = text.strip()
    if re.fullmatch(r"[0-9.]+,[0-9]{2}", text):
        text = text.replace(".", "").replace(",", ".")
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
