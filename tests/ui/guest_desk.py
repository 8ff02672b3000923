"""The dashboard in AppTest with a staff member signed in and a fake API: guest calls, tracking, mailbox."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from streamlit.testing.v1 import AppTest

from lib.once import forget_all
from lib.staff.member import StaffMember
from lib.ui.shared.countdown import Instant
from tests.passwords import hash_cheaply
from tests.servers.whole_api import document
from tests.ui.fake_api import make_order

APP = Path(__file__).parents[2] / "app.py"
TRACKING = "pages/support/tracking.py"
GUEST = "pages/support/guest_access.py"
MAILBOX = "pages/admin/mailbox.py"

TOKEN = "0b9e6f0c-7a52-4d43-9c39-5f0d1c2ab7de"
ACCESS_TOKEN = "access-token-that-nobody-may-see"
CODE = "042137"
EMAIL = "jane.doe@example.com"
STREET = "12 Rose Lane"
PHONE = "+44 20 7946 0958"
GENERIC = "This code can't be used."
SAM = StaffMember("sam", "Sam", ("support",))
OLGA = StaffMember("olga", "Olga", ("ops",))

TRACKED_KEYS = (
    "orderNumber", "status", "paymentStatus", "fulfillmentStatus", "currency", "grandTotal", "emailMasked",
    "shippingCity", "shippingCountry", "items", "createdAt",
)  # fmt: skip


def whole_order() -> dict[str, Any]:
    """Return ORD-2026-0042 with all that its customer may see."""
    order = make_order(42)
    address = {**order["shippingAddress"], "line1": STREET, "postalCode": "SW1A 1AA"}
    return {
        **order, "customerName": "Jane Doe", "emailMasked": "j***@example.com", "email": EMAIL,
        "phone": PHONE, "shippingAddress": address, "billingAddress": address, "contactMasked": False,
        "trackingToken": TOKEN,
    }  # fmt: skip


@dataclass
class GuestApi:
    """What the fake API knows, and how it is; change it between runs."""

    order: dict[str, Any] = field(default_factory=whole_order)
    mails: list[dict[str, Any]] = field(default_factory=list)
    calls: list[tuple[str, str]] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    failing: int = 0
    limited: int = 0
    raises: Exception | None = None
    tokens: set[str] = field(default_factory=set)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if self.raises is not None:
            raise self.raises
        if path == "/openapi.json":
            return httpx.Response(200, json=document())
        if path == "/readyz":
            return httpx.Response(503 if self.failing else 200, json={"status": "ok"})
        self.calls.append((request.method, path))
        if self.failing:
            return _problem(self.failing, "UNAVAILABLE" if self.failing == 503 else "INTERNAL")
        if self.limited:
            return _problem(429, "RATE_LIMITED", {"Retry-After": str(self.limited)})
        body = json.loads(request.content) if request.content else {}
        if body:
            self.bodies.append(body)
        return self._answer(request, path, body)

    def _answer(self, request: httpx.Request, path: str, body: dict[str, Any]) -> httpx.Response:
        if path == f"/v1/track/{TOKEN}":
            return httpx.Response(200, json={key: self.order[key] for key in TRACKED_KEYS} | {"phone": PHONE})
        if path.startswith("/v1/track/"):
            return _problem(404, "TRACKING_NOT_FOUND")
        if path == "/v1/guest/access-codes":
            return httpx.Response(202, json={"message": "If they belong together, a code is on its way."})
        if path == "/v1/guest/access-codes/verify":
            right = {"orderNumber": self.order["orderNumber"], "email": EMAIL, "code": CODE}
            if body != right:
                return _problem(401, "INVALID_CODE")
            self.tokens.add(ACCESS_TOKEN)
            return httpx.Response(
                200, json={"accessToken": ACCESS_TOKEN, "expiresIn": 1800, "order": self.order}
            )
        if path == "/v1/guest/order":
            token = request.headers.get("Authorization", "").removeprefix("Bearer ")
            if token not in self.tokens:
                return _problem(401, "INVALID_ACCESS_TOKEN")
            if request.method == "DELETE":
                self.tokens.remove(token)
                return httpx.Response(204)
            return httpx.Response(200, json=self.order)
        if path == "/v1/demo/mailbox":
            return httpx.Response(200, json={"items": self.mails})
        return _problem(404, "ORDER_NOT_FOUND")


def _problem(status: int, code: str, headers: dict[str, str] | None = None) -> httpx.Response:
    body = {
        "type": "about:blank", "title": "Failed", "status": status, "detail": GENERIC, "code": code,
        "requestId": "req-42",
    }  # fmt: skip
    kind = {"Content-Type": "application/problem+json", "X-Request-Id": "req-42"}
    return httpx.Response(status, content=json.dumps(body), headers=kind | (headers or {}))


@dataclass
class Clock:
    """Both clocks of the dashboard's machine, to be set forward."""

    seconds: float = 0.0

    def __call__(self) -> Instant:
        return Instant(1_000.0 + self.seconds, 1_700_000_000.0 + self.seconds)


@dataclass
class Desk:
    """One browser tab on the dashboard; `staff` is who is signed in there."""

    api: GuestApi
    clock: Clock
    tab: AppTest
    staff: StaffMember | None = SAM

    def open(self, page: str) -> AppTest:
        """Open a page, as by a click in the menu."""
        self.tab.switch_page(page)
        return self.run()

    def asked(self, part: str) -> list[tuple[str, str]]:
        """Return the calls so far whose path holds `part`."""
        return [call for call in self.api.calls if part in call[1]]

    def run(self) -> AppTest:
        """Run the page that is open."""
        self.tab.run(timeout=20)
        assert not self.tab.exception, self.tab.exception
        assert not [each for each in self.tab.markdown if "Something went wrong" in each.value]
        return self.tab

    def click(self, key: str) -> AppTest:
        """Click a button."""
        self.tab.button(key=key).click()
        return self.run()


def everything_in(tab: AppTest) -> str:
    """Return every text sent to the browser, on the screen or not, without Markdown's backslashes."""
    return "\n".join(_texts_of(tab._tree)).replace("\\", "")


def _texts_of(node: Any) -> Iterator[str]:
    proto = getattr(node, "proto", None)
    if proto is not None:
        yield from _strings(proto)
    value = getattr(node, "value", None)
    if value is not None and hasattr(value, "to_csv"):
        yield value.to_csv()
    for child in getattr(node, "children", {}).values():
        yield from _texts_of(child)


def _strings(proto: Any) -> Iterator[str]:
    for _, value in proto.ListFields() if hasattr(proto, "ListFields") else ():
        for each in [value] if isinstance(value, str) or not hasattr(value, "__iter__") else value:
            if isinstance(each, str):
                yield each
            else:
                yield from _strings(each)


@contextmanager
def guest_desk(folder: Path, *, demo: bool = False) -> Iterator[Desk]:
    """Return a desk whose data are in `folder` and whose API is a fake."""
    api, clock = GuestApi(), Clock()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("ORDERS_JWT_SECRET", "tests-only-jwt-secret-of-more-than-32-bytes")
        if demo:
            hash_cheaply(patch)
            patch.setattr("lib.embedded_api.ensure_embedded_api", lambda settings: "")
        else:
            patch.setenv("ORDERS_API_URL", "http://api.test")
        desk = Desk(api, clock, AppTest.from_file(APP))
        patch.setattr("lib.ui.shared.clients._connections", lambda: httpx.MockTransport(api))
        patch.setattr("lib.ui.auth.session.current_staff", lambda: desk.staff)
        patch.setattr("lib.ui.shared.countdown.now", clock)
        forget_all()
        desk.run()
        yield desk
        forget_all()
