"""One Orders API in process, with its clock and its store in the test's hands, and orders to fill it with."""

from __future__ import annotations

import itertools
import json
import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any, TypeVar
from urllib.parse import quote

import sqlalchemy
from fastapi import FastAPI
from sqlalchemy import text

from lib.orders_api.app.factory import create_app
from lib.orders_api.guest.issuing import serve_requests
from lib.orders_api.stats.sharing import SharedFigures
from lib.orders_api.store.api import Api
from lib.orders_api.store.tables.mail import OutboxMessage
from lib.settings import Settings
from lib.staff.tokens import mint_customer_token, mint_staff_token
from tests.api.asgi import Answer, Caller

T = TypeVar("T")
NOW = datetime(2026, 11, 23, 8, 15, tzinfo=UTC)
EMAIL = "jane.doe@example.com"
ADDRESS = {
    "firstName": "Jane",
    "lastName": "Doe",
    "line1": "12 Marked Street",
    "line2": "Flat 7",
    "city": "Lyon",
    "region": "ARA",
    "postalCode": "69001",
    "country": "FR",
}
_numbers = itertools.count(1)
_addresses = itertools.count()


class TestClock:
    """A clock that stands still until it is moved."""

    __test__ = False

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)


def order_body(**changes: Any) -> dict[str, Any]:
    """Make the body of a create call, with a number of its own; None leaves a field out."""
    body: dict[str, Any] = {
        "orderNumber": f"T-{next(_numbers):05d}",
        "email": EMAIL,
        "phone": "+33 4 72 00 11 22",
        "currency": "EUR",
        "items": [{"sku": "TEA-1", "name": "Green tea", "quantity": 2, "unitPrice": "10.00"}],
        "shippingAddress": ADDRESS,
        "customerId": "c-1",
    }
    return {name: value for name, value in (body | changes).items() if value is not None}


class Shop:
    """An Orders API whose worker does not run by itself: `work()` does what it would do."""

    def __init__(self, settings: Settings, caller: Caller) -> None:
        self.settings = settings
        self.clock = TestClock()
        self.app: FastAPI = create_app(settings, self.clock)
        self.api: Api = self.app.state.api
        # Each test asks for figures anew; what is shared for a minute, test_shared_figures.py tests.
        self.app.state.figures = SharedFigures(self.clock, max_age=timedelta(0))
        self._caller = caller

    def close(self) -> None:
        """Close the store."""
        self.api.database.close()

    def reset(self) -> None:
        """Forget the callers counted so far, and set the clock back."""
        self.api.limiter.storage.reset()
        self.clock.now = NOW

    @property
    def secret(self) -> str:
        """The key of the tokens."""
        return self.settings.jwt_secrets[0]

    def staff(self, *roles: str, name: str = "sam") -> str:
        """Return a staff member's token."""
        return mint_staff_token(self.secret, name, roles or ("admin",), datetime.now(UTC))

    def customer(self, customer_id: str = "c-1") -> str:
        """Return a customer's token."""
        return mint_customer_token(self.secret, customer_id, datetime.now(UTC))

    def call(
        self,
        method: str,
        target: str,
        body: Any = None,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
        client: str = "192.0.2.1",
        raw: bytes | Iterable[bytes | None] | None = None,
        hang_up_after: int | None = None,
    ) -> Answer:
        """Send a request; `body` as JSON, or `raw` bytes."""
        sent = {"content-type": "application/json"} if body is not None or raw is not None else {}
        if token is not None:
            sent["authorization"] = f"Bearer {token}"
        content = raw if raw is not None else (b"" if body is None else json.dumps(body).encode())
        headers = {**sent, **(headers or {})}
        return self._caller.request(self.app, method, target, headers, content, client, hang_up_after)

    def get(self, target: str, token: str | None = None, **more: Any) -> Answer:
        """Send a GET; as an admin where no token is given."""
        return self.call("GET", target, token=self.staff() if token is None else token, **more)

    def post(self, target: str, body: Any = None, token: str | None = None, **more: Any) -> Answer:
        """Send a POST; as an admin where no token is given."""
        return self.call("POST", target, body, self.staff() if token is None else token, **more)

    def create(self, **changes: Any) -> dict[str, Any]:
        """Store an order; return it in full."""
        answer = self.post("/v1/orders", order_body(**changes))
        assert answer.status == 201, answer.content
        created: dict[str, Any] = answer.json
        return created

    def cancel(self, number: str, body: Any = None, token: str | None = None, **more: Any) -> Answer:
        """Cancel an order."""
        return self.post(f"/v1/orders/{quote(number, safe='')}/cancel", body, token, **more)

    def set_status(self, number: str, status: str, **fields: Any) -> Answer:
        """Move an order on."""
        return self.post(f"/v1/orders/{quote(number, safe='')}/status", {"status": status, **fields})

    def order(self, number: str, token: str | None = None) -> dict[str, Any]:
        """Return an order as a caller sees it, its customer where no token is given."""
        answer = self.get(f"/v1/orders/{quote(number, safe='')}", token or self.customer())
        assert answer.status == 200, answer.content
        found: dict[str, Any] = answer.json
        return found

    def note(self, number: str, text: str = "Wants a gift wrap") -> int:
        """Add a note; return its id."""
        target, staff = f"/v1/orders/{quote(number, safe='')}", self.staff("support")
        self.post(f"{target}/notes", {"text": text}, staff)
        return int(self.get(f"{target}/timeline?include=pins", staff).json["items"][0]["id"])

    def timeline(self, number: str) -> list[dict[str, str]]:
        """Return what happened to an order."""
        entries: list[dict[str, str]] = self.get(f"/v1/orders/{quote(number, safe='')}/timeline").json[
            "items"
        ]
        return entries

    def work(self) -> None:
        """Do what the worker does for guests."""
        serve_requests(self.api)

    def sql(self, statement: str, **values: Any) -> list[Any]:
        """Run SQL of one's own in a transaction, and return its rows."""
        with self.api.database.engine.begin() as connection:
            result = connection.execute(text(statement), values)
            return list(result.mappings()) if result.returns_rows else []

    def count(self, table: str, number: str | None = None) -> int:
        """Count the rows of a table, or those of an order."""
        key = "id" if table == "orders" else "order_id"
        rule = f" WHERE {key} = (SELECT id FROM orders WHERE order_number = :n)" if number else ""
        if number and table == "audit_log":
            rule = " WHERE order_number = :n"
        return int(
            self.sql(f"SELECT count(*) AS n FROM {table}{rule}", **({"n": number} if number else {}))[0]["n"]
        )

    def mails(self, number: str, kind: str | None = None) -> list[OutboxMessage]:
        """Return an order's mails, oldest first."""
        statement = sqlalchemy.select(OutboxMessage).where(
            OutboxMessage.order_id.in_(
                text("(SELECT id FROM orders WHERE order_number = :n)").bindparams(n=number)
            )
        )
        if kind:
            statement = statement.where(OutboxMessage.kind == kind)
        with self.api.database.reading() as session:
            return list(session.scalars(statement.order_by(OutboxMessage.id)))

    def text_of(self, mail: OutboxMessage) -> str:
        """Open a mail that waits."""
        assert mail.sealed_body is not None
        return self.api.sealer.open(mail.sealed_body)

    def codes(self, number: str) -> list[str]:
        """Return the codes that wait in the outbox for an order, oldest first."""
        texts = [self.text_of(mail) for mail in self.mails(number, "ACCESS_CODE") if mail.sealed_body]
        return [found.group() for body in texts if (found := re.search(r"\b\d{6}\b", body))]

    def request_code(self, number: str, email: str = EMAIL, token: str | None = None, **more: Any) -> Answer:
        """Ask for a code, without the worker."""
        return self.call(
            "POST", "/v1/guest/access-codes", {"orderNumber": number, "email": email}, token, **more
        )

    def new_code(self, number: str, email: str = EMAIL) -> str:
        """Ask for a code, and read it."""
        assert self.request_code(number, email).status == 202
        self.work()
        return self.codes(number)[-1]

    def verify(
        self, number: str, code: Any, email: str = EMAIL, token: str | None = None, **more: Any
    ) -> Answer:
        """Show a code."""
        body = {"orderNumber": number, "email": email, "code": code}
        return self.call("POST", "/v1/guest/access-codes/verify", body, token, **more)


MakeShop = Callable[[Settings], Shop]


def at_once(count: int, act: Callable[[int], T]) -> list[T]:
    """Do something in `count` threads that all start together; return what each gave."""
    barrier = Barrier(count)

    def run(number: int) -> T:
        barrier.wait(30)
        return act(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def time_of(kept: Any) -> datetime:
    """Return a time of an order or its timeline as SQL gives it: SQLite keeps seconds since 1970."""
    return kept if isinstance(kept, datetime) else datetime.fromtimestamp(kept, UTC)


def wrong(code: str, turn: int = 1) -> str:
    """Return a code that isn't this one, another for each turn."""
    return f"{(int(code) + turn) % 10**6:06d}"


def fresh_token() -> str:
    """Return a UUID that no order has."""
    return str(uuid.uuid4())


def new_address() -> str:
    """Return an address that nobody called from yet, where limits by address are not the matter."""
    count = next(_addresses)
    return f"10.{count >> 16 & 255}.{count >> 8 & 255}.{count & 255}"
