"""Traces go to a receiver that was named: a request and its statements, with ids and without any data."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from lib.settings import Settings
from tests.api.serving import environment
from tests.api.shop import ADDRESS, EMAIL, MakeShop
from tests.servers.desk import wait_until
from tests.servers.otlp import otlp_receiver

TRACE = "0af7651916cd43dd8448eb211c80319c"


def test_a_request_and_its_statements_are_one_trace_without_any_data(
    open_shop: MakeShop,
    make_settings: Callable[..., Settings],
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with otlp_receiver() as receiver:
        for name, value in receiver.settings.items():
            monkeypatch.setenv(name, value)
        shop = open_shop(make_settings(database_url=database_url))
        order = shop.create()
        code = shop.new_code(order["orderNumber"])
        headers = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01", "x-request-id": "the-request-s-id"}
        for path in (f"/v1/orders?q={EMAIL}", f"/v1/orders/{order['orderNumber']}"):
            assert shop.get(path, shop.staff(), headers=headers).status == 200
        assert shop.call("GET", f"/v1/track/{order['trackingToken']}").status == 200
        body = {"orderNumber": order["orderNumber"], "email": EMAIL, "code": code}
        granted = shop.call("POST", "/v1/guest/access-codes/verify", body).json["accessToken"]
        shop.call("GET", f"/v1/nowhere/{EMAIL}?{EMAIL}={EMAIL}")
        shop.call(EMAIL, "/v1/orders")
        wait_until(lambda: any(each.name.startswith("HTTP") for each in receiver.spans), 20)
        spans = receiver.spans
        (looked,) = [each for each in spans if each.name == "GET /v1/orders"]
        assert (looked.service, looked.trace) == ("order-desk-api", TRACE)
        assert looked.attributes["order_desk.request_id"] == "the-request-s-id"
        statements = [
            each.attributes["db.query.text"]
            for each in spans
            if each.trace == TRACE and each.name == "statement"
        ]
        assert any("FROM orders" in each for each in statements)
        if not shop.api.database.is_sqlite:
            assert "SET LOCAL application_name = 'the-request-s-id'" in statements
        secrets = (
            EMAIL,
            order["orderNumber"],
            order["trackingToken"],
            code,
            granted,
            shop.staff(),
            ADDRESS["line1"],
        )
        assert [each for each in secrets if each.encode() in receiver.raw] == []


def test_nothing_of_the_sdk_is_loaded_where_no_receiver_is_named() -> None:
    program = (
        "import sys; from lib.settings import Settings; from lib.tracing import tracer_provider;"
        " assert tracer_provider(Settings(), 'x') is None;"
        " sys.exit(any(name.startswith('opentelemetry.sdk') for name in sys.modules))"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60, env=environment())
