"""Reads single fields of a WooCommerce orders export: times, addresses, contact data; it knows no sums."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

from lib.orders_api.importing.countries import country_code
from lib.orders_api.importing.errors import RowRejectedError
from lib.orders_api.importing.shopify_fields import NOT_GIVEN, without_apostrophe

Cells = Mapping[str, str]

_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_FORMULA_BEGINS = ("'=", "'+", "'-", "'@")


def text(cells: Cells, column: str) -> str:
    """Return a cell without the apostrophe by which the export guards against formulas."""
    cell = cells[column]
    return cell[1:].strip() if cell.startswith(_FORMULA_BEGINS) else cell


def moment(cells: Cells, column: str, zone: tzinfo) -> datetime | None:
    """Read a time such as `2024-07-04 09:30:00`, in the shop's own zone where it names none; or None.

    Raises:
        RowRejectedError: it is no time, or lies before 1970.
    """
    if not cells[column]:
        return None
    try:
        read = datetime.fromisoformat(cells[column])
        at = (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError):
        raise RowRejectedError(f"{column}: not a time such as 2024-07-04 09:30:00") from None
    if at < _EARLIEST:
        raise RowRejectedError(f"{column}: before the year 1970")
    return at


def email(cells: Cells) -> str:
    """Return the order's email, or that of the customer's account.

    Raises:
        RowRejectedError: there is none.
    """
    found = text(cells, "billing_email") or text(cells, "customer_email")
    if not found:
        raise RowRejectedError("billing_email: is missing")
    return found


def phone(cells: Cells) -> str | None:
    """Return the customer's phone."""
    found = (without_apostrophe(cells[column]) for column in ("billing_phone", "shipping_phone"))
    return next((number for number in found if number), None)


def customer_id(cells: Cells) -> str | None:
    """Return the id of the customer's account; a guest's is 0 there."""
    found = cells["customer_id"] or cells["customer_user"]
    return None if found in ("", "0") else found


def addresses(cells: Cells) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the shipping and the billing address as the store takes them; either stands in for the other.

    The company, which the store has no place for, goes to the second line, or stands in for a name.

    Raises:
        RowRejectedError: neither names a country, or one names a country that does not exist.
    """
    given = [kind for kind in ("shipping", "billing") if _is_given(cells, kind)]
    if not given:
        raise RowRejectedError("billing_country: the order has no address")
    country = next((found for kind in given if (found := cells[f"{kind}_country"])), "")
    made = {kind: _address(cells, kind, country) for kind in given}
    return made.get("shipping", made[given[0]]), made.get("billing", made[given[0]])


def _is_given(cells: Cells, kind: str) -> bool:
    # Some shops leave the country of an address that nobody filled in.
    return any(cells[f"{kind}_{part}"] for part in ("address_1", "city", "postcode"))


def _address(cells: Cells, kind: str, country: str) -> dict[str, Any]:
    def cell(part: str) -> str:
        return text(cells, f"{kind}_{part}")

    company, named = cell("company"), bool(cell("first_name") or cell("last_name"))
    second = ", ".join(part for part in (cell("address_2"), company if named else "") if part)
    return {
        "firstName": cell("first_name"),
        "lastName": cell("last_name") if named else company or text(cells, "billing_last_name"),
        "line1": cell("address_1") or NOT_GIVEN,
        "line2": second or None,
        "city": cell("city") or cell("state") or NOT_GIVEN,
        "region": cell("state") or None,
        "postalCode": without_apostrophe(cell("postcode")),
        "country": country_code(cell("country") or country, f"{kind}_country"),
    }
