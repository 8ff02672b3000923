"""The API that `check` looks at; what several checks need of it is asked once."""

import secrets
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import httpx

from . import _order_calls
from ._answers import Answer
from ._call import Call, nothing
from ._encoding import path_segment
from ._knowledge import Knowledge
from ._order_calls import read_detail
from ._probing import first_page, no_such_act, page_of, unknown_number
from ._requests import Requests
from ._survey import DOCUMENT, documented
from ._transport import Connection
from .capabilities import Capabilities
from .errors import UnexpectedResponse
from .models import OrderDetail, OrderPage

TEST_ITEM = {"sku": "CHECK", "name": "A test of the API", "quantity": 1, "unitPrice": "1.00"}
TEST_ORDER = {"currency": "EUR", "items": [TEST_ITEM]}


@dataclass(frozen=True)
class Subject:
    """An API, asked with a token or as nobody; `write` says whether it may be changed."""

    requests: Requests
    token: str | None
    transport: httpx.BaseTransport
    write: bool = False

    def ask(self, call: Call[Any], as_nobody: bool = False) -> Answer:
        """Return the answer to a call.

        Raises:
            OrdersError: there is none.
        """
        token = None if as_nobody else self.token
        return Connection(self.requests, token, self.transport, Knowledge()).look(call)

    @cached_property
    def first_page(self) -> Answer:
        """The first page of orders."""
        return self.ask(first_page({}))

    @cached_property
    def page(self) -> OrderPage | None:
        """The same, where it can be read."""
        return page_of(self.first_page)

    @cached_property
    def numbers(self) -> list[str]:
        """The numbers of the orders on it, also where it is not as the contract has it."""
        found = self.first_page.problem.get("items")
        rows = [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []
        numbers = [row.get("orderNumber") for row in rows]
        return [number for number in numbers if isinstance(number, str) and path_segment(number)]

    @cached_property
    def order(self) -> OrderDetail | None:
        """An order to look at: one made for that, else the first of the list."""
        if self.made or not self.numbers:
            return self.made
        return _detail(self.ask(_order_calls.get(self.numbers[0])))

    @cached_property
    def made(self) -> OrderDetail | None:
        """An order to try things on, where the API may be changed and can make one."""
        return self.make_order() if self.write else None

    def make_order(self) -> OrderDetail | None:
        """Make a small order without a customer, so that nobody is told."""
        return _detail(self.ask(_order_calls.create(TEST_ORDER)))

    @cached_property
    def pending_number(self) -> str | None:
        """The number of an order that can be cancelled: of one made to try things on, else of the newest."""
        if self.made:
            return self.made.order_number
        narrowed = page_of(self.ask(first_page({"status": "PENDING"})))
        rows = [order for page in (narrowed, self.page) if page for order in page.items]
        return next((order.order_number for order in rows if order.status == "PENDING"), None)

    @cached_property
    def document(self) -> Capabilities | None:
        """What its own document says of it."""
        answer = self.ask(DOCUMENT)
        return documented(answer.problem) if answer.succeeded else None

    @cached_property
    def unknown_order(self) -> Answer:
        """How it says that there is no such order."""
        return self.ask(_order_calls.get(unknown_number()))

    @cached_property
    def unknown_act(self) -> Answer:
        """How it says that there is no such act on an order."""
        return self.ask(no_such_act(unknown_number()))

    def is_as_unknown(self, call: Call[Any], answer: Answer) -> bool:
        """Tell whether a call is answered like one that no API has."""
        other = self.ask(
            replace(call, route=f"/v1/no-such-call-{secrets.token_hex(4)}", read=nothing), as_nobody=True
        )
        return (other.status, other.code) == (answer.status, answer.code)


def _detail(answer: Answer) -> OrderDetail | None:
    try:
        return read_detail(answer) if answer.succeeded else None
    except UnexpectedResponse:
        return None
