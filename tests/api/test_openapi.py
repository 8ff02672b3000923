"""The OpenAPI document, and Schemathesis over all of it, as staff, customer, guest and nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from schemathesis import engine
from schemathesis.checks import CHECKS
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events

from lib.settings import Settings
from tests.api.asgi import Caller
from tests.api.shop import Shop, order_body
from tests.servers.databases import Databases, Kind

CALLS = {
    "GET /v1/orders",
    "POST /v1/orders",
    "GET /v1/orders/{order_number}",
    "GET /v1/orders/{order_number}/timeline",
    "GET /v1/orders/{order_number}/related",
    "POST /v1/orders/{order_number}/cancel",
    "POST /v1/orders/{order_number}/status",
    "POST /v1/orders/{order_number}/notes",
    "PATCH /v1/orders/{order_number}/notes",
    "POST /v1/orders/{order_number}/reveal",
    "PATCH /v1/orders/{order_number}/contact",
    "POST /v1/orders/{order_number}/resend-confirmation",
    "GET /v1/orders.csv",
    "GET /v1/audit",
    "GET /v1/staff/preferences",
    "PUT /v1/staff/preferences",
    "DELETE /v1/staff/preferences/{id}",
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
TIMES = "times are of the years 1970 to 9998, text has no control characters"
ZONES = "time zones are known ones, days come in their order"
REPEATS = "an Idempotency-Key is used for one call only, text has no control characters"
BEYOND_THE_DOCUMENT = {
    "GET /v1/orders": TIMES,
    "GET /v1/orders.csv": TIMES,
    "GET /v1/audit": TIMES,
    "GET /v1/stats/status": TIMES,
    "GET /v1/stats/by-country": TIMES,
    "GET /v1/stats/by-currency": TIMES,
    "GET /v1/stats/pending-age": TIMES,
    "GET /v1/stats/daily": f"{TIMES}; {ZONES}",
    "GET /v1/stats/cards": ZONES,
    "GET /v1/stats/flow": ZONES,
    "POST /v1/orders": "sums add up, money has its currency's digits, countries and currencies exist",
    "PUT /v1/staff/preferences": "a value is short altogether, text has no control characters",
    "POST /v1/orders/{order_number}/cancel": REPEATS,
    "POST /v1/orders/{order_number}/status": f"{REPEATS}; tracking numbers are for what is shipped",
    "POST /v1/orders/{order_number}/notes": REPEATS,
    "PATCH /v1/orders/{order_number}/notes": "what is pinned is a note of this order",
    "POST /v1/orders/{order_number}/reveal": REPEATS,
    "PATCH /v1/orders/{order_number}/contact": f"{REPEATS}; emails can be written to, something changes",
    "POST /v1/orders/{order_number}/resend-confirmation": REPEATS,
}
"""Where 422 is an answer to what JSON Schema allows, and why: rules that it has no words for.

Everywhere else the check `positive_data_acceptance` lets no 422 pass. Nothing else is left out. One check has
nothing to do here: `object_level_authorization` is for two identities that Schemathesis signs in by itself;
`test_roles.py` and `test_get.py` try what one sees of another's.
"""
ACCEPTED = ["2xx", "401", "403", "404", "409", "429"]
REJECTED = ["4xx"]
"""How invalid data may be turned away; with 414 too, where it makes an address longer than any honest one."""
PHASES = ("examples", "coverage", "fuzzing", "stateful")
SOME, MANY = 6, 300


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


def configuration(token: str | None, phases: tuple[str, ...], examples: int) -> SchemathesisConfig:
    """Configure Schemathesis for a caller with this token, with all of its checks."""
    return SchemathesisConfig.from_dict(
        {
            "headers": {"Authorization": f"Bearer {token}"} if token else {},
            "continue-on-failure": True,
            "seed": 20261124,
            "generation": {
                "max-examples": examples,
                "deterministic": True,
                "database": "none",
                "no-shrink": True,
            },
            "phases": {name: {"enabled": name in phases} for name in PHASES},
            "checks": {
                "positive_data_acceptance": {"expected-statuses": ACCEPTED},
                "negative_data_rejection": {"expected-statuses": REJECTED},
            },
            "operations": [
                {
                    "include-name": call,
                    "checks": {"positive_data_acceptance": {"expected-statuses": [*ACCEPTED, "422"]}},
                }
                for call in BEYOND_THE_DOCUMENT
            ],
            "suppress-health-check": ["all"],
        }
    )


@pytest.mark.parametrize("who", ["staff", "customer", "guest", "nobody"])
def test_whatever_is_sent_no_check_of_schemathesis_fails(
    tried_shop: Shop,
    guest_token: str,
    database_kind: Kind,
    who: str,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    long = bool(request.config.getoption("--long"))
    # What is tried at every edge of every parameter is no other for another database, and nobody and guests
    # are turned away from nearly all of it, whatever they send.
    thorough = long or (database_kind == "sqlite" and who in ("staff", "customer"))
    phases = PHASES if thorough else ("fuzzing",)
    tokens = {"staff": tried_shop.staff(), "customer": tried_shop.customer(), "guest": guest_token}
    # How often one may call is another test's affair.
    monkeypatch.setattr(tried_shop.api.limiter, "hit", lambda *_: True)
    schema = schemathesis.openapi.from_asgi(
        "/openapi.json", tried_shop.app, config=configuration(tokens.get(who), phases, MANY if long else SOME)
    )
    checked, failed, tried = set[str](), list[str](), set[str]()
    for event in engine.from_schema(schema).execute():
        assert not isinstance(event, events.NonFatalError | events.FatalError), event
        if isinstance(event, events.ScenarioFinished):
            for node in (one for each in event.recorder.checks.values() for one in each):
                checked.add(node.name)
                if node.failure_info is not None:
                    failure = node.failure_info
                    failed.append(f"{node.name}: {failure.failure.message}\n{failure.code_sample}")
            tried |= {case.value.operation.label for case in event.recorder.cases.values()}
    assert not failed, f"{len(failed)} failures:\n" + "\n\n".join(failed[:10])
    assert checked == set(CHECKS.get_all_names())
    assert tried == CALLS
