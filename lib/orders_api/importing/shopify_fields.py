"""Reads single fields of Shopify's orders export: times, countries, names, addresses; it knows no sums."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from lib.orders_api.importing.countries import country_code
from lib.orders_api.importing.errors import RowRejectedError

Cells = Mapping[str, str]
"""A row's cells by column, stripped of space around them; an absent column is an empty cell."""

NOT_GIVEN = "–"
"""Stands where the export is silent and the store needs a word."""
NO_SKU = "NO-SKU"

_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


def moment(cells: Cells, column: str) -> datetime | None:
    """Read a time such as `2024-07-04 00:00:00 +0000`; None where there is none.

    Raises:
        RowRejectedError: it is no time, has no zone, or lies before 1970.
    """
    text = cells[column]
    if not text:
        return None
    try:
        read = datetime.strptime(text, "%Y-%m-%d %H:%M:%S %z")
    except ValueError:
        try:
            read = datetime.fromisoformat(text)
        except ValueError:
            raise RowRejectedError(f"{column}: not a time such as 2024-07-04 00:00:00 +0000") from None
    if read.tzinfo is None:
        raise RowRejectedError(f"{column}: a time without its zone")
    try:
        at = read.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        raise RowRejectedError(f"{column}: out of range") from None
    if at < _EARLIEST:
        raise RowRejectedError(f"{column}: before the year 1970")
    return at


def without_apostrophe(text: str) -> str:
    """Return a postal code or phone without the apostrophe by which spreadsheets mark text."""
    return text.removeprefix("'").strip()


def phone(cells: Cells) -> str | None:
    """Return the customer's phone: the order's own, or that of an address."""
    found = (without_apostrophe(cells[column]) for column in ("Phone", "Shipping Phone", "Billing Phone"))
    return next((number for number in found if number), None)


def addresses(cells: Cells) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the shipping and the billing address as the store takes them; either stands in for the other.

    The company, which the store has no place for, goes to the second line, or stands in for a name.

    Raises:
        RowRejectedError: neither names a country, or one names a country that does not exist.
    """
    given = [kind for kind in ("Shipping", "Billing") if _is_given(cells, kind)]
    if not given:
        raise RowRejectedError("Shipping Country: the order has no address")
    country = next((cells[f"{kind} Country"] for kind in given if cells[f"{kind} Country"]), "")
    name = next((found for kind in ("Shipping", "Billing") if (found := _name(cells, kind))), "")
    made = {kind: _address(cells, kind, country, name) for kind in given}
    return made.get("Shipping", made[given[0]]), made.get("Billing", made[given[0]])


def _is_given(cells: Cells, kind: str) -> bool:
    return any(cells[f"{kind} {part}"] for part in ("Address1", "Street", "City", "Zip", "Country"))


def _name(cells: Cells, kind: str) -> str:
    return cells[f"{kind} Name"] or cells[f"{kind} Company"]


def _address(cells: Cells, kind: str, country: str, name: str) -> dict[str, Any]:
    whole = (_name(cells, kind) or name).split(maxsplit=1)
    company = cells[f"{kind} Company"] if cells[f"{kind} Name"] else ""
    second = ", ".join(part for part in (cells[f"{kind} Address2"], company) if part)
    return {
        "firstName": whole[0] if len(whole) > 1 else "",
        "lastName": whole[-1] if whole else "",
        "line1": cells[f"{kind} Address1"] or cells[f"{kind} Street"] or NOT_GIVEN,
        "line2": second or None,
        "city": cells[f"{kind} City"] or cells[f"{kind} Province"] or NOT_GIVEN,
        "region": cells[f"{kind} Province"] or None,
        "postalCode": without_apostrophe(cells[f"{kind} Zip"]),
        "country": country_code(cells[f"{kind} Country"] or country, f"{kind} Country"),
    }
