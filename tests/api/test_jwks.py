"""Tokens of a shop's own identity provider, verified against the keys that it publishes on loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from lib.settings import Settings
from tests.api.shop import Shop
from tests.servers.databases import Databases
from tests.servers.postgres import free_port

pytestmark = pytest.mark.any_engine  # who may call is settled before the store is asked

RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
KEYS = {
    "keys": [
        RSAAlgorithm.to_jwk(RSA_KEY.public_key(), as_dict=True) | {"kid": "rsa-1", "use": "sig"},
        ECAlgorithm.to_jwk(EC_KEY.public_key(), as_dict=True) | {"kid": "ec-1", "use": "sig"},
    ]
}
SIGNERS: dict[str, Any] = {"RS256": (RSA_KEY, "rsa-1"), "ES256": (EC_KEY, "ec-1")}


class _Keys(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = json.dumps(KEYS).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def keys_url() -> Iterator[str]:
    """The address of the provider's keys."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Keys)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/keys"
    server.shutdown()
    thread.join(10)
    server.server_close()


@pytest.fixture
def sso_shop_with(
    open_shop: Callable[[Settings], Shop],
    make_settings: Callable[..., Settings],
    databases: Databases,
    keys_url: str,
) -> Callable[..., Shop]:
    """Open an API that believes the provider. SQLite alone: the store plays no part in this."""

    def open_one(**settings: Any) -> Shop:
        url = databases.fresh("sqlite")
        return open_shop(make_settings(database_url=url, jwks_url=keys_url, **settings))

    return open_one


@pytest.fixture
def sso_shop(sso_shop_with: Callable[..., Shop]) -> Shop:
    """An API that knows no more of the provider than where its keys are."""
    return sso_shop_with()


def staff() -> str:
    return sign("ES256", sub="sue", scope="staff", roles=["support"])


def sign(algorithm: str, key: Any = None, kid: str | None = None, **claims: Any) -> str:
    own_key, own_kid = SIGNERS[algorithm]
    kept = {"sub": "c-1", "scope": "customer", "exp": datetime(2100, 1, 1, tzinfo=UTC)}
    return jwt.encode(kept | claims, key or own_key, algorithm, headers={"kid": kid or own_kid})


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_a_token_of_the_provider_is_good(sso_shop: Shop, algorithm: str) -> None:
    assert sso_shop.get("/v1/orders", sign(algorithm)).status == 200
    number = sso_shop.create()["orderNumber"]
    assert sso_shop.cancel(number, token=sign(algorithm, sub="c-1")).status == 200


def test_the_provider_makes_nobody_staff_unless_it_is_told_to(
    sso_shop: Shop, sso_shop_with: Callable[..., Shop]
) -> None:
    assert sso_shop.get("/v1/orders", staff()).code == "UNAUTHENTICATED"
    both = sso_shop_with(jwks_scopes=("customer", "staff"))
    assert both.get("/v1/orders", staff()).status == 200
    assert both.get("/v1/orders", sign("RS256")).status == 200
    for scope in ("dashboard", ["staff"], None):
        assert both.get("/v1/orders", sign("RS256", scope=scope)).code == "UNAUTHENTICATED"


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"iss": "https://id.example", "aud": "orders"}, 200),
        ({"iss": "https://id.example", "aud": ["orders", "account"]}, 200),
        ({"iss": "https://id.example", "aud": "wiki"}, 401),
        ({"iss": "https://id.example", "aud": ["wiki"]}, 401),
        ({"iss": "https://id.example"}, 401),
        ({"iss": "https://other.example", "aud": "orders"}, 401),
        ({"aud": "orders"}, 401),
    ],
)
def test_a_token_for_another_application_or_of_another_issuer_is_refused(
    sso_shop_with: Callable[..., Shop], claims: dict[str, Any], status: int
) -> None:
    shop = sso_shop_with(jwt_issuer="https://id.example", jwt_audience="orders")
    assert shop.get("/v1/orders", sign("RS256", **claims)).status == status
    assert shop.get("/v1/orders").status == 200  # our own tokens have neither


def test_while_no_audience_is_set_a_token_that_names_one_is_somebody_elses(sso_shop: Shop) -> None:
    assert sso_shop.get("/v1/orders", sign("RS256", aud="wiki")).code == "UNAUTHENTICATED"
    assert sso_shop.get("/v1/orders", sign("RS256", iss="https://id.example")).status == 200


def test_our_own_tokens_stay_good(sso_shop: Shop) -> None:
    assert sso_shop.get("/v1/orders").status == 200


@pytest.mark.parametrize(
    "token",
    [
        sign("RS256", STRANGER),
        sign("RS256", kid="unknown"),
        sign("RS256", kid="ec-1"),
        sign("ES256", kid="rsa-1"),
        sign("RS256", exp=1),
        sign("ES256", scope="guest"),
        jwt.encode({"sub": "c-1", "scope": "customer"}, RSA_KEY, "RS256", {"kid": "rsa-1"}),
        jwt.encode({"sub": "s", "scope": "customer", "exp": 2**33}, RSA_KEY, "RS512", {"kid": "rsa-1"}),
        jwt.encode({"sub": "s", "scope": "customer", "exp": 2**33}, RSA_KEY, "PS256", {"kid": "rsa-1"}),
        jwt.encode({"sub": "s", "scope": "customer", "exp": 2**33}, RSA_KEY, "RS256"),
    ],
    ids=[
        "stranger",
        "unknown key",
        "rsa as ec",
        "ec as rsa",
        "expired",
        "foreign scope",
        "no exp",
        "RS512",
        "PS256",
        "no kid",
    ],
)
def test_a_token_that_the_provider_did_not_sign_so_is_refused(sso_shop: Shop, token: str) -> None:
    answer = sso_shop.get("/v1/orders", token)
    assert (answer.status, answer.code) == (401, "UNAUTHENTICATED")


def test_the_providers_public_key_is_no_secret_to_sign_with(sso_shop: Shop) -> None:
    import hashlib
    import hmac

    public = RSA_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    head, claims, _ = jwt.encode({"sub": "s", "scope": "customer", "exp": 2**33}, "x" * 32, "HS256").split(
        "."
    )
    from base64 import urlsafe_b64encode

    mac = hmac.digest(public, f"{head}.{claims}".encode(), hashlib.sha256)
    forged = f"{head}.{claims}.{urlsafe_b64encode(mac).rstrip(b'=').decode()}"
    assert sso_shop.get("/v1/orders", forged).code == "UNAUTHENTICATED"


def test_without_a_provider_its_tokens_are_refused(shop: Shop) -> None:
    assert shop.get("/v1/orders", sign("RS256")).code == "UNAUTHENTICATED"


def test_a_provider_that_cant_be_reached_makes_the_answer_wait(
    open_shop: Callable[[Settings], Shop], make_settings: Callable[..., Settings], databases: Databases
) -> None:
    url = f"http://127.0.0.1:{free_port()}/keys"
    shop = open_shop(make_settings(database_url=databases.fresh("sqlite"), jwks_url=url))
    answer = shop.get("/v1/orders", sign("RS256"))
    assert (answer.status, answer.code) == (503, "UNAVAILABLE")
    assert int(answer.headers["retry-after"]) > 0
