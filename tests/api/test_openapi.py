"""The OpenAPI document, and Schemathesis over all of it, as staff, customer, guest and nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from lib.settings import Settings
from tests.api.asgi import Caller
from tests.api.shop import Shop, order_body
from tests.servers.databases import Databases, Kind

CALLS = {
    "GET /v1/orders",
    "POST /v1/orders",
    "GET /v1/orders/{order_number}",
    "GET /v1/orders/{order_number}/timeline",
    "POST /v1/orders/{order_number}/cancel",
    "POST /v1/orders/{order_number}/status",
    "POST /v1/orders/{order_number}/notes",
    "POST /v1/orders/{order_number}/reveal",
    "POST /v1/orders/{order_number}/resend-confirmation",
    "GET /v1/orders.csv",
    "GET /v1/audit",
    "POST /v1/orders/{order_number}/unlock-guest-access",
    "POST /v1/guest/access-codes",
    "POST /v1/guest/access-codes/verify",
    "GET /v1/guest/order",
    "DELETE /v1/guest/order",
    "GET /v1/track/{token}",
    "GET /v1/stats/status",
    "GET /v1/stats/daily",
    "GET /v1/stats/pending-age",
    "GET /v1/stats/alarms",
    "GET /v1/stats/by-country",
    "GET /v1/stats/by-currency",
    "GET /v1/stats/cards",
    "GET /v1/stats/contradictions",
    "GET /v1/stats/flow",
    "GET /v1/stats/time-in-status",
    "GET /healthz",
    "GET /readyz",
    "GET /metrics",
}
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
EXAMPLES = 6


@pytest.fixture(scope="module")
def tried_shop(
    databases: Databases, database_kind: Kind, make_settings: Callable[..., Settings], caller: Caller
) -> Iterator[Shop]:
    """A store that Schemathesis may fill with anything."""
    url = databases.fresh(database_kind)
    shop = Shop(make_settings(database_url=url), caller)
    shop.create(**order_body(orderNumber="0"))
    yield shop
    shop.close()
    databases.drop(url)


@pytest.fixture(scope="module")
def guest_token(tried_shop: Shop) -> str:
    """A guest's access to an order."""
    number = tried_shop.create()["orderNumber"]
    token: str = tried_shop.verify(number, tried_shop.new_code(number)).json["accessToken"]
    return token


def document(shop: Shop) -> dict[str, Any]:
    answer = shop.call("GET", "/openapi.json")
    assert answer.status == 200
    found: dict[str, Any] = answer.json
    return found


def test_the_document_is_openapi_3_1_and_names_every_call(tried_shop: Shop) -> None:
    held = document(tried_shop)
    assert held["openapi"].startswith("3.1.")
    named = {f"{method.upper()} {path}" for path, item in held["paths"].items() for method in item}
    assert named == CALLS


def test_every_call_documents_its_problems(tried_shop: Shop) -> None:
    for path, item in document(tried_shop)["paths"].items():
        for method, operation in item.items():
            assert "application/problem+json" in operation["responses"]["default"]["content"], (method, path)
            assert "HTTPValidationError" not in str(operation), (method, path)


def send(shop: Shop, case: schemathesis.Case, token: str | None) -> schemathesis.Response:
    arguments = case.as_transport_kwargs(base_url="http://testserver")
    arguments.pop("hooks", None)
    known = {"method", "url", "headers", "files", "data", "params", "auth", "cookies", "json"}
    prepared = requests.Request(**{k: v for k, v in arguments.items() if k in known}).prepare()
    body = prepared.body or b""
    headers = {
        name: value.decode("latin1") if isinstance(value, bytes) else str(value)
        for name, value in prepared.headers.items()
        if name.lower() != "authorization"
    }
    if token:
        headers["Authorization"] = f"Bearer {token}"
    answer = shop.call(
        prepared.method or "GET",
        prepared.path_url,
        headers=headers,
        raw=body if isinstance(body, bytes) else str(body).encode("utf-8", "surrogatepass"),
    )
    return schemathesis.Response(
        answer.status,
        {name: [value] for name, value in answer.headers.items()},
        answer.content,
        prepared,
        0.0,
        False,
    )


@pytest.mark.parametrize("who", ["staff", "customer", "guest", "nobody"])
@pytest.mark.parametrize("call", sorted(CALLS))
def test_whatever_is_sent_the_answer_is_a_documented_one(
    tried_shop: Shop, guest_token: str, call: str, who: str
) -> None:
    method, path = call.split(" ")
    described = document(tried_shop)
    for each in described["paths"].values():
        for one in each.values():
            one.pop("security", None)  # who calls is this test's affair
    operation = schemathesis.openapi.from_dict(described)[path][method]
    tokens = {"staff": tried_shop.staff(), "customer": tried_shop.customer(), "guest": guest_token}
    token = tokens.get(who)
    right = operation.as_strategy(generation_mode=schemathesis.GenerationMode.POSITIVE)
    wrong = operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE)
    strategies = [right]
    if operation.body or list(operation.iter_parameters()):
        strategies.append(wrong)

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=st.one_of(*strategies))
    def run(case: schemathesis.Case) -> None:
        tried_shop.api.limiter.storage.reset()
        case.validate_response(send(tried_shop, case, token), checks=CHECKS)

    run()
