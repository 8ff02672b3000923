"""Orders as the APIs of Shopify and WooCommerce give them, and how tests bring such a document in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from lib.orders_api.importing import ImportReport
from tests.api.imported import run
from tests.api.shop import Shop

REST: dict[str, Any] = {
    "id": 5001,
    "email": "mia@example.com",
    "financial_status": "paid",
    "fulfillment_status": "fulfilled",
    "cancelled_at": None,
    "created_at": "2026-03-01T10:00:00-05:00",
    "currency": "USD",
    "taxes_included": False,
    "total_discounts": "3.00",
    "total_tax": "2.10",
    "total_price": "38.10",
    "total_tip_received": "2.00",
    "total_shipping_price_set": {"shop_money": {"amount": "7.00", "currency_code": "USD"}},
    "shipping_lines": [{"title": "UPS Ground", "price": "7.00"}],
    "note": "Blue, please",
    "tags": "vip, wholesale",
    "customer": {"id": 207119551, "phone": "+1 617 555 0100"},
    "line_items": [
        {"id": 1, "name": "Poster - A2", "sku": "PO-1", "quantity": 2, "price": "15.00"},
        {"id": 2, "name": "Frame", "sku": None, "quantity": 0, "price": "9.00"},
    ],
    "shipping_address": {
        "first_name": "Mia",
        "last_name": "Berg",
        "address1": "5 Elm St",
        "city": "Boston",
        "zip": "02101",
        "province_code": "MA",
        "country_code": "US",
    },
    "billing_address": None,
    "fulfillments": [
        {"created_at": "2026-03-02T09:00:00-05:00", "tracking_company": "UPS", "tracking_number": "1Z999"}
    ],
    "refunds": [{"transactions": [{"kind": "refund", "status": "success", "amount": "5.00"}]}],
}

WOO: dict[str, Any] = {
    "id": 812,
    "number": "W/812",
    "status": "completed",
    "currency": "EUR",
    "prices_include_tax": True,
    "date_created": "2026-03-01T11:00:00",
    "date_created_gmt": "2026-03-01T10:00:00",
    "date_paid_gmt": "2026-03-01T10:05:00",
    "date_completed_gmt": "2026-03-03T08:00:00",
    "discount_total": "2.00",
    "shipping_total": "4.20",
    "total_tax": "4.52",
    "total": "28.31",
    "customer_id": 0,
    "payment_method": "cod",
    "customer_note": "Ring twice",
    "billing": {
        "first_name": "Ida",
        "last_name": "Holm",
        "address_1": "Weg 3",
        "city": "Kiel",
        "postcode": "24103",
        "country": "DE",
        "email": "ida@example.com",
        "phone": "+49 431 55501",
    },
    "shipping": {"first_name": "", "country": ""},
    "line_items": [
        {"name": "Cup", "sku": "C-1", "quantity": 3, "subtotal": "20.00", "total": "18.00", "price": 6},
    ],
    "fee_lines": [{"name": "Gift wrap", "total": "2.50"}, {"name": "Loyalty", "total": "-0.91"}],
    "shipping_lines": [{"method_title": "DHL"}],
    "refunds": [{"id": 3, "total": "-1.50"}],
    "meta_data": [
        {
            "key": "_wc_shipment_tracking_items",
            "value": [{"tracking_provider": "DHL", "tracking_number": "00340434161094000000"}],
        }
    ],
}


def money(amount: str) -> dict[str, Any]:
    """Return an amount as GraphQL gives it."""
    return {"shopMoney": {"amount": amount, "currencyCode": "EUR"}}


def graphql(name: str, **changes: Any) -> dict[str, Any]:
    """Return an order of Shopify's GraphQL API."""
    return {
        "id": f"gid://shopify/Order/{name.strip('#')}",
        "name": name,
        "email": "tom@example.com",
        "createdAt": "2026-03-01T10:00:00Z",
        "cancelledAt": None,
        "displayFinancialStatus": "PENDING",
        "displayFulfillmentStatus": "PARTIALLY_FULFILLED",
        "taxesIncluded": True,
        "totalPriceSet": money("23.80"),
        "totalTaxSet": money("3.80"),
        "totalShippingPriceSet": money("3.80"),
        "shippingAddress": {"lastName": "Ek", "city": "Ulm", "zip": "89073", "countryCodeV2": "DE"},
        "shippingLine": {"title": "DHL"},
        "tags": ["b2b"],
        **changes,
    }


def line(order: dict[str, Any], number: int, **changes: Any) -> dict[str, Any]:
    """Return a line item of such an order, as a bulk export has it."""
    made = {"id": f"gid://shopify/LineItem/{number}", "title": "Vase", "quantity": 2, "sku": "V-1"}
    return {**made, "originalUnitPriceSet": money("10.0"), "__parentId": order["id"], **changes}


def bring(shop: Shop, folder: Path, text: str, **options: Any) -> ImportReport:
    """Import a file that holds this text."""
    path = folder / "orders.json"
    path.write_text(text, "utf-8")
    return run(shop, path, **options)


def lines(*values: Any) -> str:
    """Return JSON Lines."""
    return "\n".join(json.dumps(value) for value in values)
