"""Bearer tokens at the door: what is let in, and what is not (contract, section 3)."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from tests.api.shop import Shop

pytestmark = pytest.mark.any_engine  # who may call is settled before the store is asked

FAR = int(datetime(2100, 1, 1, tzinfo=UTC).timestamp())


def sign(shop: Shop, algorithm: str = "HS256", key: str | None = None, **claims: Any) -> str:
    kept = {"sub": "sam", "scope": "staff", "roles": ["support"], "exp": FAR} | claims
    return jwt.encode(
        {name: value for name, value in kept.items() if value is not None},
        shop.secret if key is None else key,
        algorithm=algorithm,
    )


def by_hand(header: Any, claims: Any, signature: bytes = b"") -> str:
    parts = (json.dumps(header).encode(), json.dumps(claims).encode(), signature)
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


GOOD = {"sub": "sam", "scope": "staff", "roles": ["admin"], "exp": FAR}


def refused(shop: Shop, headers: dict[str, str]) -> None:
    for method, target in (
        ("GET", "/v1/orders"),
        ("GET", "/v1/orders/T-1"),
        ("POST", "/v1/orders/T-1/cancel"),
        ("GET", "/v1/orders/T-1/timeline"),
    ):
        answer = shop.call(method, target, headers=headers)
        assert (answer.status, answer.code) == (401, "UNAUTHENTICATED"), target
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_good_token_opens_the_door(shop: Shop) -> None:
    assert shop.get("/v1/orders", sign(shop)).status == 200
    assert shop.get("/v1/orders", sign(shop, scope="customer", roles=None)).status == 200
    answer = shop.call("GET", "/v1/orders", headers={"authorization": f"bearer {sign(shop)}"})
    assert answer.status == 200


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic c2FtOnNhbQ==", "Bearer a.b.c", "Bearer \xff\xfe", "nonsense"]
)
def test_no_token_or_a_malformed_one_is_refused(shop: Shop, header: str) -> None:
    refused(shop, {"authorization": header})
    refused(shop, {})


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": None},
        {"exp": 1},
        {"exp": "soon"},
        {"exp": True},
        {"exp": [FAR]},
        {"sub": None},
        {"sub": 7},
        {"sub": ""},
        {"sub": "sam\n"},
        {"sub": "x" * 201},
        {"scope": None},
        {"scope": "guest"},
        {"scope": "admin"},
        {"scope": ["staff"]},
        {"scope": "staff customer"},
        {"roles": None},
        {"roles": "support"},
        {"roles": {"support": True}},
        {"nbf": FAR},
    ],
)
def test_a_token_with_claims_that_cant_be_right_is_refused(shop: Shop, claims: dict[str, Any]) -> None:
    kept = {name: value for name, value in (GOOD | claims).items() if value is not None}
    header = {"alg": "HS256", "typ": "JWT"}
    unsigned = by_hand(header, kept).rsplit(".", 1)[0]
    algorithm = jwt.get_algorithm_by_name("HS256")
    signature = algorithm.sign(unsigned.encode(), algorithm.prepare_key(shop.secret))
    refused(shop, {"authorization": f"Bearer {by_hand(header, kept, signature)}"})


def test_a_token_is_over_when_its_time_is(shop: Shop) -> None:
    now = datetime.now(UTC)
    assert shop.get("/v1/orders", sign(shop, exp=now + timedelta(seconds=30))).status == 200
    refused(shop, {"authorization": f"Bearer {sign(shop, exp=now - timedelta(seconds=1))}"})


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_another_algorithm_is_refused_though_the_key_is_right(shop: Shop, algorithm: str) -> None:
    key = (shop.secret * 3)[:64]
    refused(shop, {"authorization": f"Bearer {sign(shop, algorithm, key)}"})


@pytest.mark.parametrize("name", ["none", "nOnE", "NONE", "", None, ["HS256"], 1, "RS256", "ES256"])
def test_no_algorithm_or_a_strange_one_is_refused(shop: Shop, name: Any) -> None:
    for signature in (b"", b"x" * 32):
        token = by_hand({"alg": name, "typ": "JWT"}, GOOD, signature)
        refused(shop, {"authorization": f"Bearer {token}"})


def test_another_key_is_refused(shop: Shop) -> None:
    refused(shop, {"authorization": f"Bearer {sign(shop, key='another-secret-of-more-than-32-bytes-x')}"})


def test_a_token_that_was_changed_is_refused(shop: Shop) -> None:
    head, _, signature = sign(shop).split(".")
    claims = by_hand({}, GOOD).split(".")[1]
    refused(shop, {"authorization": f"Bearer {head}.{claims}.{signature}"})


def test_a_bad_token_is_refused_even_where_none_is_needed(shop: Shop) -> None:
    order = shop.create()
    for header in ("Bearer a.b.c", "Basic eA=="):
        answer = shop.call("GET", f"/v1/track/{order['trackingToken']}", headers={"authorization": header})
        assert answer.code == "UNAUTHENTICATED"
