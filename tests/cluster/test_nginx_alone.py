"""What nginx itself answers, by deploy/'s own file, while nothing stands behind it."""

from __future__ import annotations

import ssl
from collections.abc import Iterator

import httpx
import pytest

from tests.servers.nginx import Nginx
from tests.servers.postgres import free_port

ID = {"X-Request-Id": "the-callers-own"}


@pytest.fixture(scope="module")
def nginx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    folder = tmp_path_factory.mktemp("nginx")
    with Nginx(folder, [free_port(), free_port()], [free_port()]) as running:
        yield running


@pytest.fixture
def caller(nginx: Nginx) -> Iterator[httpx.Client]:
    with httpx.Client(verify=ssl.create_default_context(cafile=str(nginx.certificate))) as made:
        yield made


def test_nginx_speaks_to_callers_as_the_api_does(nginx: Nginx, caller: httpx.Client) -> None:
    said = {}
    for name, answer in {
        "away": caller.get(f"{nginx.public_url}/v1/orders", headers=ID),
        "away inside": caller.get(f"{nginx.api_url}/v1/orders", headers=ID),
        "closed": caller.get(f"{nginx.public_url}/metrics", headers=ID),
        "long": caller.get(f"{nginx.public_url}/v1/orders", params={"q": "a" * 9_000}, headers=ID),
        "headers": caller.get(f"{nginx.public_url}/v1/orders", headers={"X-Long": "a" * 40_000}),
        "method": caller.request("TRACE", f"{nginx.public_url}/v1/orders", headers=ID),
        "large": caller.post(f"{nginx.public_url}/v1/orders", content=bytes(8_400_000), headers=ID),
        "many": max(
            (caller.get(f"{nginx.public_url}/v1/orders", headers=ID) for _ in range(180)),
            key=lambda each: "10" in each.headers.get("Retry-After", ""),
        ),
    }.items():
        assert answer.headers["content-type"] == "application/problem+json", name
        problem = answer.json()
        assert answer.headers["x-request-id"] == problem["requestId"], name
        # What is not read whole has an id of nginx' own.
        assert name in ("long", "headers") or problem["requestId"] == ID["X-Request-Id"], name
        assert (problem["status"], {"type", "title", "detail"} - set(problem)) == (answer.status_code, set())
        said[name] = (answer.status_code, problem["code"], answer.headers.get("Retry-After"))
    assert said == {
        "away": (503, "UNAVAILABLE", "1"),
        "away inside": (503, "UNAVAILABLE", "1"),
        "closed": (404, "NOT_FOUND", None),
        "long": (414, "URI_TOO_LONG", None),
        "headers": (400, "BAD_REQUEST", None),
        "method": (405, "METHOD_NOT_ALLOWED", None),
        "large": (413, "PAYLOAD_TOO_LARGE", None),
        "many": (429, "RATE_LIMITED", "10"),
    }
    odd = caller.get(f"{nginx.public_url}/v1/orders", headers={"X-Request-Id": 'a"b, {c}: "d"'})
    assert odd.headers["x-request-id"] == odd.json()["requestId"] != 'a"b, {c}: "d"'


def test_staff_are_told_that_the_desk_is_away(nginx: Nginx) -> None:
    answer = httpx.get(f"{nginx.desk_url}/tracking", verify=False)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert "away for a moment" in answer.text
    for closed in ("metrics", "_stcore/metrics"):
        assert httpx.get(f"{nginx.desk_url}/{closed}", verify=False).status_code == 404
