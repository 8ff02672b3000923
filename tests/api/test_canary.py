"""Marked secrets sent through every call are found in no log, error or metric, nor in clear in the store."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path
from typing import Any
from unittest.mock import Mock
from urllib.parse import quote

import pytest
import sqlalchemy

from lib.orders_api.guest import service
from tests.api.asgi import Answer
from tests.api.shop import ADDRESS, Shop, wrong

MARKED = "canary"
STRANGER = f"{MARKED}.stranger@example.com"
CUSTOMER = f"{MARKED}.customer@example.com"
PHONE = "+33 4 99 88 77 66"


def flood(shop: Shop, secret: str) -> list[Answer]:
    """Send a secret through every call of the document, in each place; return all answers that are errors."""
    answers = []
    calls = [
        (method.upper(), path)
        for path, item in shop.call("GET", "/openapi.json").json["paths"].items()
        for method in item
    ]
    places = ("orderNumber", "email", "code", "status", "reason", "text", "sku")
    body = dict.fromkeys((*places, secret), secret)
    for turn, (method, path) in enumerate([*calls, ("GET", "/track/{token}"), ("GET", "/nowhere/{x}")]):
        target = re.sub(r"\{\w+\}", quote(secret, safe=""), path)
        more: dict[str, Any] = {"client": f"198.51.{turn}.1", "headers": {"idempotency-key": quote(secret)}}
        token = secret if secret.isascii() else None
        answers += [
            shop.call(method, target, body, token=shop.staff(), **more),
            shop.call(method, f"{target}?q={quote(secret)}&{quote(secret)}=1", body, **more),
            shop.call(method, target, secret, token=token, **more),
        ]
    return [answer for answer in answers if answer.status >= 400]


def kept(shop: Shop) -> bytes:
    """Return all that the store holds, in clear: each value of each table, and on SQLite the very files."""
    found = b""
    for table in sqlalchemy.inspect(shop.api.database.engine).get_table_names():
        for row in shop.sql(f'SELECT * FROM "{table}"'):
            values = [
                bytes(v) if isinstance(v, (bytes, memoryview)) else str(v).encode() for v in row.values()
            ]
            found += b"\n".join(values) + b"\n"
    if shop.api.database.is_sqlite:
        path = Path(str(shop.api.database.engine.url.database))
        found += b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))
    return found


def holds(text: bytes, secret: str) -> bool:
    """Search for a secret; six digits only where they are not part of something longer."""
    return re.search(rb"(?<![0-9a-zA-Z_-])%s(?![0-9a-zA-Z_-])" % re.escape(secret.encode()), text) is not None


def test_no_secret_is_found_where_it_must_not_be(
    own_shop: Shop, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.INFO)
    address = {**ADDRESS, "firstName": "Canaryfirst", "lastName": "Canarylast", "line1": "1 Canarystreet"}
    order = own_shop.create(email=CUSTOMER, phone=PHONE, shippingAddress=address)
    number = order["orderNumber"]
    code = own_shop.new_code(number, CUSTOMER)
    assert not holds(kept(own_shop), code)
    own_shop.verify(number, wrong(code), CUSTOMER)
    access = own_shop.verify(number, code, CUSTOMER).json["accessToken"]
    assert own_shop.get("/v1/guest/order", access).status == 200
    own_shop.request_code(number, STRANGER)
    own_shop.request_code(f"{MARKED}-number", CUSTOMER)
    for path in ("/v1/track/", "/track/"):
        assert own_shop.call("GET", path + order["trackingToken"]).status == 200
    jwt = own_shop.staff("support", name="sam")
    store = kept(own_shop)
    for secret in (code, access, jwt, STRANGER):
        assert not holds(store, secret), secret
    # A name is not sent through the calls: a field that is called like one is named as unknown, on purpose.
    secrets = [code, wrong(code), access, jwt, order["trackingToken"], STRANGER, CUSTOMER, PHONE]
    errors = [answer for secret in secrets for answer in flood(own_shop, secret)]
    with monkeypatch.context() as patch:
        patch.setattr(service, "verify_code", Mock(side_effect=RuntimeError(f"{code} {STRANGER}")))
        broken = own_shop.verify(number, code, CUSTOMER, client="203.0.113.9")
    assert broken.status == 500
    own_shop.work()

    logs = caplog.text.encode()
    metrics = own_shop.call("GET", "/metrics").content
    answers = b"\n".join(answer.content + str(answer.raw_headers).encode() for answer in [*errors, broken])
    for secret in [*secrets, "Canaryfirst", "Canarylast", "Canarystreet", number]:
        assert not holds(logs, secret), secret
        assert not holds(metrics, secret), secret
        assert not holds(answers, secret), secret
    assert json.loads(caplog.records[-1].getMessage())["event"] == "request"

    # The same searches find what is planted.
    logging.getLogger("orders_api.requests").info("planted %s", access)
    assert holds(caplog.text.encode(), access)
    assert holds(store, CUSTOMER)
    own_shop.sql("UPDATE orders SET carrier = :c WHERE order_number = :n", c=code, n=number)
    assert holds(kept(own_shop), code)
