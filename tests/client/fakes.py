"""A scripted API behind httpx's MockTransport, and orders on the wire; it opens no connection."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from lib.orders_client import AsyncOrdersClient, OrdersClient, Retries

LIST_ITEM: dict[str, Any] = {
    "orderNumber": "ORD-2026-0042",
    "status": "PENDING",
    "paymentStatus": "PENDING",
    "fulfillmentStatus": "UNFULFILLED",
    "currency": "EUR",
    "grandTotal": "129.90",
    "itemCount": 2,
    "customerName": "Jane Doe",
    "emailMasked": "j***@example.com",
    "shippingCity": "Lyon",
    "shippingCountry": "FR",
    "createdAt": "2026-11-23T08:15:00Z",
    "updatedAt": "2026-11-23T09:15:00+01:00",
}
ADDRESS = {
    "firstName": "Jane",
    "lastName": "Doe",
    "line1": "1 rue X",
    "line2": None,
    "city": "Lyon",
    "region": None,
    "postalCode": "69001",
    "country": "FR",
}
LINE_ITEM = {"sku": "A-1", "name": "Tea", "quantity": 2, "unitPrice": "64.95", "total": "129.90"}
DETAIL: dict[str, Any] = LIST_ITEM | {
    "customerId": None,
    "email": "jane.doe@example.com",
    "phone": None,
    "items": [LINE_ITEM],
    "subtotal": "129.90",
    "discountTotal": "0.00",
    "shippingTotal": "0.00",
    "taxTotal": "0.00",
    "taxIncluded": True,
    "shippingAddress": ADDRESS,
    "billingAddress": ADDRESS,
    "trackingNumber": None,
    "carrier": None,
    "cancelReason": None,
    "contactMasked": False,
    "trackingToken": "8c5d1f5e-0000-4000-8000-000000000001",
}
PAGE = {"items": [LIST_ITEM], "total": 1, "page": 1, "totalPages": 1}
TRACKED = {
    name: LIST_ITEM[name] for name in LIST_ITEM if name not in ("itemCount", "customerName", "updatedAt")
} | {"items": [LINE_ITEM]}
GRANT = {"accessToken": "SECRET-grant", "expiresIn": 1800, "order": DETAIL}


def answer(status: int = 200, body: object = None, **headers: str) -> httpx.Response:
    """Make an answer with a JSON body and a request id."""
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(
        status,
        headers={"X-Request-Id": "req-1", "Content-Type": "application/json"} | more,
        content=b"" if body is None else json.dumps(body).encode(),
    )


def problem(
    status: int, code: str, *, members: dict[str, Any] | None = None, **headers: str
) -> httpx.Response:
    """Make a problem document."""
    body = {"type": "about:blank", "title": "No", "status": status, "detail": "Because.", "code": code}
    return answer(status, body | {"requestId": "req-1"} | (members or {}), **headers)


Step = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


@dataclass
class FakeApi:
    """Answers call after call from a script, the last step again and again; keeps the requests and sleeps."""

    script: list[Step]
    requests: list[httpx.Request] = field(default_factory=list)
    sleeps: list[float] = field(default_factory=list)
    time: float = 0.0
    chance: float = 1.0

    def client(self, **arguments: Any) -> OrdersClient:
        """Make a client of this API whose time passes only by sleeping."""
        retries = Retries(sleep=self._sleep, random=lambda: self.chance, clock=lambda: self.time)
        usual: dict[str, Any] = {"base_url": "http://api.test", "transport": httpx.MockTransport(self._serve)}
        return OrdersClient(**usual | {"retries": retries} | arguments)

    def async_client(self, **arguments: Any) -> AsyncOrdersClient:
        """Make an async client of this API, with the same time."""

        async def sleep(seconds: float) -> None:
            self._sleep(seconds)

        retries = Retries(async_sleep=sleep, random=lambda: self.chance, clock=lambda: self.time)
        usual: dict[str, Any] = {"base_url": "http://api.test", "transport": httpx.MockTransport(self._serve)}
        return AsyncOrdersClient(**usual | {"retries": retries} | arguments)

    def _serve(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        step = self.script[min(len(self.requests), len(self.script)) - 1]
        if isinstance(step, Exception):
            raise step
        return step(request) if callable(step) else step

    def _sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.time += seconds

    @property
    def sent(self) -> httpx.Request:
        """The last request."""
        return self.requests[-1]

    @property
    def sent_json(self) -> Any:
        """The last request's body."""
        return json.loads(self.sent.content)


CALLS: dict[str, Callable[[OrdersClient], Any]] = {
    "list": lambda client: client.orders.list(),
    "get": lambda client: client.orders.get("ORD-1"),
    "cancel": lambda client: client.orders.cancel("ORD-1"),
    "track": lambda client: client.orders.track("SECRET-tracking"),
    "request_access_code": lambda client: client.orders.request_access_code("ORD-1", "SECRET@example.com"),
    "verify_access_code": lambda client: client.orders.verify_access_code(
        "ORD-1", "SECRET@example.com", "SECRET"
    ),
    "get_by_access_token": lambda client: client.orders.get_by_access_token("SECRET-access"),
    "end_guest_access": lambda client: client.orders.end_guest_access("SECRET-access"),
    "timeline": lambda client: client.orders.timeline("ORD-1"),
    "related": lambda client: client.orders.related("ORD-1"),
    "add_note": lambda client: client.orders.add_note("ORD-1", "SECRET note"),
    "pin_note": lambda client: client.orders.pin_note("ORD-1", 1),
    "reveal": lambda client: client.orders.reveal("ORD-1", "a reason"),
    "change_contact": lambda client: client.orders.change_contact(
        "ORD-1", "SECRET@example.com", reason="a reason"
    ),
    "resend_confirmation": lambda client: client.orders.resend_confirmation("ORD-1"),
    "export": lambda client: client.orders.export(),
    "create": lambda client: client.orders.create({"email": "SECRET@example.com"}),
    "set_status": lambda client: client.orders.set_status("ORD-1", "SHIPPED"),
    "status_counts": lambda client: client.stats.status_counts(q="SECRET"),
    "pending_age": lambda client: client.stats.pending_age(),
    "audit": lambda client: client.audit.list(),
    "mailbox": lambda client: client.demo.mailbox(),
}
REPEATED = frozenset(CALLS) - {
    "request_access_code",
    "verify_access_code",
    "end_guest_access",
    "pin_note",
    "reveal",
}
