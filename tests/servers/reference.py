"""A shop's own Orders API: the seven core calls of the contract and nothing more, with faults to switch on.

In a test:

>>> with ReferenceServer() as shop:
...     settings = {"ORDERS_API_URL": shop.url, "ORDERS_API_TOKEN": shop.token}
...     shop.switches.missing = frozenset({"customerName", "items.sku"})  # from the next answer on

or at once: `ReferenceServer(errors="plain", understands=frozenset({"status"}))`; see Switches.
By hand: `python -m tests.servers.reference 8701` (its token is `shop-token`).
It shares no code with lib/orders_api, on purpose. It mails no codes: a test reads them from `shop.codes`.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.servers.reference_orders import fits, in_order, make_order, make_orders

CORE = {
    "/v1/orders": "get",
    "/v1/orders/{orderNumber}": "get",
    "/v1/orders/{orderNumber}/cancel": "post",
    "/v1/track/{token}": "get",
    "/v1/guest/access-codes": "post",
    "/v1/guest/access-codes/verify": "post",
    "/v1/guest/order": "get",
}
NEEDED = {"orderNumber", "status", "currency", "grandTotal", "items", "createdAt"}
TRACKED = NEEDED | {"paymentStatus", "fulfillmentStatus", "emailMasked", "shippingCity", "shippingCountry"}
ONLY_DETAIL = {"email", "phone", "items", "subtotal", "shippingTotal", "shippingAddress", "trackingToken"}


@dataclass
class Switches:
    """What this shop does differently; all off: the core as the contract has it, filters ignored."""

    missing: frozenset[str] = frozenset()
    """Fields left out of every order; `items.sku` leaves one out of its items."""
    only_needed: bool = False
    """Orders with the six fields that are needed alone, and their items with name and quantity alone."""
    wrong_types: Mapping[str, Any] = field(default_factory=dict)
    """Values in place of an order's own, such as `{"grandTotal": 12.5, "items.quantity": "2"}`."""
    errors: str = "problem"
    """`problem` documents; `plain`: JSON without a code; `text`: no JSON at all."""
    understands: frozenset[str] = frozenset()
    """Parameters of `list` that are heeded: the contract's filters, and `sort`."""
    refuses_unknown: bool = False
    """Whether the other parameters are refused with 422; otherwise they are ignored."""
    slow: float = 0.0
    """Seconds before each answer."""
    down: int = 0
    """A status that answers everything, such as 500; 0: none."""
    more: int = 404
    """What answers the calls that are not there: 404, 405 or 501."""
    code: str = ""
    """The code that every guest gets; otherwise each gets another."""
    openapi: bool = False
    """Whether `/openapi.json` tells what there is."""


class Refused(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, code: str, **more: Any) -> None:
        super().__init__(code)
        self.status, self.code, self.more = status, code, more


class ReferenceServer:
    """The shop, served on loopback by a `with` block; `asked` is each request's method and target."""

    def __init__(self, count: int = 37, *, token: str = "shop-token", port: int = 0, **switches: Any) -> None:
        self.switches = Switches(**switches)
        self.token = token
        self.orders = make_orders(count)
        self.codes: dict[str, str] = {}
        self.asked: list[tuple[str, str]] = []
        self.headers: list[dict[str, str]] = []
        self._wrong: dict[str, int] = {}
        self._guests: dict[str, str] = {}
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> ReferenceServer:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def add_order(self) -> dict[str, Any]:
        """Let an order come in, the newest of all."""
        with self._lock:
            order = make_order(len(self.orders), datetime.now(UTC))
            self.orders = {order["orderNumber"]: order, **self.orders}
        return order

    def answer(self, method: str, target: str, bearer: str, body: Any) -> tuple[int, dict[str, Any]]:
        """Return status and body for a request."""
        url = urlsplit(target)
        parts = [unquote(part) for part in url.path.strip("/").split("/")]
        with self._lock:
            match (method, *parts):
                case ("GET", "v1", "track", token):
                    return 200, self._track(token)
                case ("POST", "v1", "guest", "access-codes"):
                    return 202, self._request_code(**body)
                case ("POST", "v1", "guest", "access-codes", "verify"):
                    return 200, self._verify(**body)
                case ("GET", "v1", "guest", "order"):
                    return 200, self._guest_order(bearer)
                case ("GET", "v1", "orders"):
                    self._check_token(bearer)
                    return 200, self._list(parse_qs(url.query))
                case ("GET", "v1", "orders", number):
                    self._check_token(bearer)
                    return 200, self._shown(self._order(number))
                case ("POST", "v1", "orders", number, "cancel"):
                    self._check_token(bearer)
                    return 200, self._cancel(number, body or {})
                case ("GET", "openapi.json") if self.switches.openapi:
                    return 200, _document()
        raise Refused(self.switches.more, "NOT_FOUND")

    def error(self, refused: Refused) -> tuple[str, bytes]:
        """Return an error's type and body, in the way that is switched on."""
        if self.switches.errors == "text":
            return "text/plain", b"Sorry."
        if self.switches.errors == "plain":
            return "application/json", b'{"error": "Sorry."}'
        problem = {"type": "about:blank", "title": "No", "status": refused.status, "detail": "It is not so."}
        problem |= {"code": refused.code, "requestId": "r-1", **refused.more}
        return "application/problem+json", json.dumps(problem).encode()

    def _check_token(self, bearer: str) -> None:
        if bearer != self.token:
            raise Refused(401, "UNAUTHENTICATED")

    def _order(self, number: str) -> dict[str, Any]:
        if number not in self.orders:
            raise Refused(404, "ORDER_NOT_FOUND")
        return self.orders[number]

    def _shown(self, order: Mapping[str, Any]) -> dict[str, Any]:
        switches = self.switches
        left = set(switches.missing)
        if switches.only_needed:
            left |= {*order} - NEEDED | {"items.sku", "items.unitPrice", "items.total"}
        odd = {name.removeprefix("items."): value for name, value in switches.wrong_types.items()}
        items = [
            {name: odd.get(name, value) if f"items.{name}" in switches.wrong_types else value
             for name, value in item.items() if f"items.{name}" not in left}
            for item in order["items"]
        ]  # fmt: skip
        whole = {**order, "items": items}
        whole |= {name: value for name, value in switches.wrong_types.items() if "." not in name}
        return {name: value for name, value in whole.items() if name not in left}

    def _list(self, query: dict[str, list[str]]) -> dict[str, Any]:
        heeded = {name: values for name, values in query.items() if name in self.switches.understands}
        odd = set(query) - set(heeded) - {"page", "limit"}
        if odd and self.switches.refuses_unknown:
            raise Refused(422, "VALIDATION_FAILED", errors=[{"field": name, "message": "?"} for name in odd])
        rows = [order for order in self.orders.values() if fits(order, heeded)]
        if "sort" in heeded:
            rows = in_order(rows, heeded["sort"][0])
        page, limit = (
            int(query.get(name, [default])[0]) for name, default in (("page", "1"), ("limit", "10"))
        )
        items = [self._without(row, ONLY_DETAIL) for row in rows[(page - 1) * limit : page * limit]]
        return {"items": items, "total": len(rows), "page": page, "totalPages": -(-len(rows) // limit)}

    def _without(self, order: Mapping[str, Any], left: set[str]) -> dict[str, Any]:
        return {name: value for name, value in self._shown(order).items() if name not in left}

    def _track(self, token: str) -> dict[str, Any]:
        for order in self.orders.values():
            if order["trackingToken"] == token:
                return self._without(order, {*order} - TRACKED)
        raise Refused(404, "TRACKING_NOT_FOUND")

    def _cancel(self, number: str, body: Mapping[str, Any]) -> dict[str, Any]:
        order = self._order(number)
        if order["status"] != "PENDING":
            raise Refused(409, "ORDER_NOT_CANCELLABLE", currentStatus=order["status"])
        order |= {
            "status": "CANCELLED",
            "paymentStatus": "VOIDED",
            "cancelReason": body.get("reason", "OTHER"),
        }
        return self._shown(order)

    def _request_code(self, orderNumber: str, email: str) -> dict[str, Any]:
        if self.orders.get(orderNumber, {}).get("email") == email:
            self.codes[orderNumber] = self.switches.code or f"{(7919 * len(self.asked)) % 10**6:06d}"
            self._wrong[orderNumber] = 0
        return {"message": "If the two belong together, a code is on its way."}

    def _verify(self, orderNumber: str, email: str, code: str) -> dict[str, Any]:
        right = self.orders.get(orderNumber, {}).get("email") == email
        if not right or self.codes.get(orderNumber) != code:
            self._wrong[orderNumber] = self._wrong.get(orderNumber, 0) + 1
            if self._wrong[orderNumber] >= 5:
                self.codes.pop(orderNumber, None)
            raise Refused(401, "INVALID_CODE")
        del self.codes[orderNumber]
        token = f"guest-{len(self._guests)}"
        self._guests[token] = orderNumber
        return {"accessToken": token, "expiresIn": 1800, "order": self._shown(self.orders[orderNumber])}

    def _guest_order(self, bearer: str) -> dict[str, Any]:
        if bearer not in self._guests:
            raise Refused(401, "INVALID_ACCESS_TOKEN")
        return self._shown(self.orders[self._guests[bearer]])


def _document() -> dict[str, Any]:
    paths: dict[str, Any] = {path: {verb: {"responses": {}}} for path, verb in CORE.items()}
    return {"openapi": "3.1.0", "info": {"title": "A shop", "version": "1"}, "paths": paths}


def _handler(shop: ReferenceServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # one packet an answer: the second of two would wait for the first to be acknowledged

        def _serve(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = json.loads(sent) if sent else None
            shop.asked.append((self.command, self.path))
            shop.headers.append(dict(self.headers))
            time.sleep(shop.switches.slow)
            bearer = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
            try:
                if shop.switches.down:
                    raise Refused(shop.switches.down, "DOWN")
                status, found = shop.answer(self.command, self.path, bearer, body)
                kind, content = "application/json", json.dumps(found).encode()
            except Refused as refused:
                status, (kind, content) = refused.status, shop.error(refused)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("X-Request-Id", self.headers.get("X-Request-Id") or "r-1")
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_DELETE = _serve

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Handler


if __name__ == "__main__":
    with ReferenceServer(port=int(sys.argv[1]) if len(sys.argv) > 1 else 8701) as served:
        sys.stderr.write(f"{served.url} with token {served.token}\n")
        threading.Event().wait()
