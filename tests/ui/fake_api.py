"""A small Orders API for the pages' tests: the contract's shapes, and every way to fail."""

from __future__ import annotations

import json
import operator
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

from tests.servers.whole_api import document

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CITIES = (("Lyon", "FR", "EUR"), ("Leeds", "GB", "GBP"), ("Osaka", "JP", "JPY"), ("Kuwait City", "KW", "KWD"))
NAMES = ("Jane Doe", "Amélie Roux", "Ken Itō", "Noor Al-Sabah")
DIGITS = {"JPY": 0, "KWD": 3}
STATUSES = ("PENDING", "CONFIRMED", "PROCESSING", "SHIPPED", "DELIVERED", "CANCELLED", "REFUNDED")
PAYMENTS = ("PENDING", "PAID", "PAID", "PAID", "PAID", "VOIDED", "REFUNDED")
FULFILMENTS = (
    "UNFULFILLED",
    "UNFULFILLED",
    "UNFULFILLED",
    "FULFILLED",
    "FULFILLED",
    "UNFULFILLED",
    "RETURNED",
)


def stamp(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def money(units: int, currency: str) -> str:
    return f"{units:.{DIGITS.get(currency, 2)}f}"


def make_order(index: int) -> dict[str, Any]:
    """Make the order ORD-2026-<index>, whose status goes round the seven."""
    city, country, currency = CITIES[index % 4]
    name, kind = NAMES[index % 4], index % 7
    first, _, last = name.partition(" ")
    address = {
        "firstName": first, "lastName": last, "line1": "***", "line2": None, "city": city,
        "region": None, "postalCode": "***", "country": country,
    }  # fmt: skip
    lines = [(f"SKU-{index:04d}-A", "Wool blanket, grey", 2, 40), (f"SKU-{index:04d}-B", "Mug", 1, 20)]
    made = NOW - timedelta(hours=index)
    return {
        "orderNumber": f"ORD-2026-{index:04d}", "status": STATUSES[kind], "paymentStatus": PAYMENTS[kind],
        "fulfillmentStatus": FULFILMENTS[kind], "currency": currency,
        "grandTotal": money(105 + index, currency),
        "itemCount": 3, "customerName": name, "emailMasked": f"{name[0].lower()}***@example.com",
        "shippingCity": city, "shippingCountry": country, "createdAt": stamp(made), "updatedAt": stamp(made),
        "customerId": None if index % 2 else f"cust-{index}", "email": f"{name[0].lower()}***@example.com",
        "phone": "***42",
        "items": [
            {"sku": sku, "name": what, "quantity": many, "unitPrice": money(each, currency),
             "total": money(many * each, currency)}
            for sku, what, many, each in lines
        ],
        "subtotal": money(100 + index, currency), "discountTotal": money(0, currency),
        "shippingTotal": money(5, currency), "taxTotal": money(16, currency), "taxIncluded": True,
        "shippingAddress": address, "billingAddress": address,
        "trackingNumber": "1Z999" if kind in (3, 4) else None, "carrier": "DHL" if kind in (3, 4) else None,
        "cancelReason": "OUT_OF_STOCK" if kind == 5 else None, "contactMasked": True, "trackingToken": None,
    }  # fmt: skip


@dataclass
class FakeApi:
    """The fake's orders and moods; change them while it runs."""

    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    timelines: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    failing: int = 0
    failing_timeline: int = 0
    slow_seconds: float = 0.0
    lose_cancel_answer: bool = False
    deaf_to_cancels: bool = False
    quicker: str = ""
    asked: list[tuple[str, str, dict[str, list[str]]]] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    refused_search: tuple[int, dict[str, Any]] | None = None
    preferences: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """What is remembered, each with its owner: nobody's is everybody's."""
    last_preference: int = 0
    counted: list[tuple[str, dict[str, list[str]]]] = field(default_factory=list)
    """The calls for figures, apart from `asked`."""
    cancels: list[dict[str, Any]] = field(default_factory=list)
    callers: list[str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    url: str = ""

    def fill(self, count: int) -> None:
        for index in range(1, count + 1):
            order = make_order(index)
            self.orders[order["orderNumber"]] = order
            self.timelines[order["orderNumber"]] = [
                {"at": order["createdAt"], "actor": "system", "kind": "CREATED", "detail": ""}
            ]

    def close_order(self, number: str, actor: str, reason: str = "OTHER") -> None:
        """Cancel an order as `actor`, as if somebody else had done it."""
        order = self.orders[number]
        order.update(status="CANCELLED", paymentStatus="VOIDED", cancelReason=reason, updatedAt=stamp(NOW))
        self.timelines[number].insert(
            0,
            {"at": stamp(NOW), "actor": actor, "kind": "STATUS_CHANGED",
             "detail": f"PENDING → CANCELLED: {reason}"},
        )  # fmt: skip

    def answer(
        self, method: str, path: str, query: dict[str, list[str]], body: Any, key: str, who: str
    ) -> Any:
        """Return (status, body) for a call."""
        if path == "/openapi.json":
            return 200, document()
        if path == "/readyz":
            return (503, {}) if self.failing in (500, 503) else (200, {"status": "ok"})
        time.sleep(self.slow_seconds)
        if self.failing:
            return problem(self.failing)
        if path == "/v1/orders":
            return self.refused_search if self.refused_search and "q" in query else (200, self._list(query))
        if path.startswith("/v1/staff/preferences"):
            return self._preferences(method, path, body, who)
        if path.startswith("/v1/stats/"):
            return self._figures(path.removeprefix("/v1/stats/"), query)
        number, _, act = path.removeprefix("/v1/orders/").partition("/")
        number = unquote(number)
        if number not in self.orders:
            return problem(404, "ORDER_NOT_FOUND")
        if act == "timeline":
            return problem(self.failing_timeline) if self.failing_timeline else (
                200, {"items": self.timelines[number]}
            )  # fmt: skip
        if act == "related":
            return 200, self._related(number)
        if act == "notes":
            return self._pin(number, body) if method == "PATCH" else self._note(number, body, key, who)
        if act == "cancel":
            return self._cancel(number, body, key, who)
        return 200, self.orders[number]

    def _preferences(self, method: str, path: str, body: Any, who: str) -> Any:
        if method == "PUT":
            owner = "" if body["shared"] else who
            kept = {**body, "changedBy": who, "changedAt": stamp(NOW)}
            same = [each for each in self.preferences if (each[0], each[1]["kind"], each[1]["name"]) == (
                owner, body["kind"], body["name"])]  # fmt: skip
            self.preferences = [each for each in self.preferences if each not in same]
            self.last_preference += 1
            self.preferences.append((owner, {**kept, "id": self.last_preference}))
            return 200, self.preferences[-1][1]
        if method == "DELETE":
            gone = int(path.rpartition("/")[2])
            self.preferences = [each for each in self.preferences if each[1]["id"] != gone]
            return 204, None
        return 200, {"items": [kept for owner, kept in self.preferences if owner in (who, "")]}

    def _figures(self, name: str, query: dict[str, list[str]]) -> Any:
        kinds = {"status": "status", "by-country": "shippingCountry", "by-currency": "currency"}
        if name not in kinds:
            return problem(404, "NOT_FOUND")
        counts = Counter(row[kinds[name]] for row in self._rows(query))
        asked = name.removeprefix("by-")
        items = [
            {asked: what, "count": count, "totals": [], "total": "0"} for what, count in counts.most_common()
        ]
        return 200, {"items": items, "asOf": stamp(NOW)}

    def _list(self, query: dict[str, list[str]]) -> dict[str, Any]:
        rows = self._rows(query)
        page, limit = int(query.get("page", ["1"])[0]), int(query.get("limit", ["10"])[0])
        return {
            "items": rows[(page - 1) * limit : page * limit], "total": len(rows), "page": page,
            "totalPages": -(-len(rows) // limit),
        }  # fmt: skip

    def _rows(self, query: dict[str, list[str]]) -> list[dict[str, Any]]:
        rows = list(self.orders.values())
        for name in ("status", "paymentStatus", "fulfillmentStatus", "currency"):
            if wanted := query.get(name):
                rows = [row for row in rows if row[name] in wanted]
        if wanted := query.get("fromStatus"):
            rows = [row for row in rows if row.get("statusBefore") in wanted]
        if wanted := query.get("country"):
            rows = [row for row in rows if row["shippingCountry"] in wanted]
        for word in query.get("q", [""])[0].casefold().split():
            rows = [row for row in rows if word in json.dumps(row, ensure_ascii=False).casefold()]
        for name, field_name, fits in (
            ("changedFrom", "updatedAt", operator.ge), ("createdFrom", "createdAt", operator.ge),
            ("statusTo", "updatedAt", operator.lt),
        ):  # fmt: skip
            if wanted := query.get(name):
                rows = [row for row in rows if fits(row[field_name], wanted[0])]
        return rows

    def _related(self, number: str) -> dict[str, Any]:
        name = self.orders[number]["customerName"]
        rows = [row for row in self.orders.values() if row["customerName"] == name]
        others = [row for row in rows if row["orderNumber"] != number]
        return {"items": others[:20], "total": len(others), "matchedBy": "email"}

    def _note(self, number: str, body: Any, key: str, who: str) -> Any:
        if key not in self.notes:
            self.notes[key] = body["text"]
            entry = {"at": stamp(NOW), "actor": f"staff:{who}", "kind": "NOTE", "detail": body["text"],
                     "id": len(self.notes), "pinned": False}  # fmt: skip
            self.timelines[number].insert(0, entry)
        return (0, {}) if self.lose_cancel_answer else (201, self.timelines[number][0])

    def _pin(self, number: str, body: Any) -> Any:
        note = next(each for each in self.timelines[number] if each.get("id") == body["id"])
        note["pinned"] = body["pinned"]
        return 200, note

    def _cancel(self, number: str, body: Any, key: str, who: str) -> Any:
        if self.deaf_to_cancels:
            return 0, {}
        if self.quicker:
            self.close_order(number, self.quicker)
        earlier = next((each for each in self.cancels if key and each["key"] == key), None)
        if earlier is None:
            status = self.orders[number]["status"]
            if status != "PENDING":
                return problem(409, "ORDER_NOT_CANCELLABLE", currentStatus=status)
            self.cancels.append({"number": number, "key": key, **(body or {})})
            self.close_order(number, f"staff:{who}", (body or {}).get("reason", "OTHER"))
        return (0, {}) if self.lose_cancel_answer else (200, self.orders[number])


def problem(status: int, code: str | None = None, **more: Any) -> tuple[int, dict[str, Any]]:
    codes = {401: "UNAUTHENTICATED", 403: "FORBIDDEN", 500: "INTERNAL", 503: "UNAVAILABLE"}
    return status, {
        "type": "about:blank", "title": "Failed", "status": status, "detail": "As the test wanted.",
        "code": code or codes.get(status, "FAILED"), "requestId": "req-42", **more,
    }  # fmt: skip
