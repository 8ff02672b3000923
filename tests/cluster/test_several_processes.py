"""Three API processes and two dashboards behind nginx: others go on when one dies, and all is done once."""

from __future__ import annotations

import os
import re
import signal
import socket
import ssl
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from lib.orders_client import InProgress
from lib.staff.accounts import DEFAULT_COOKIE_NAME
from tests.api.shop import at_once
from tests.client.live import new_order
from tests.e2e.walking import PATIENCE
from tests.servers.cluster import PASSWORD, Cluster, admins_token, running_cluster
from tests.servers.desk import wait_until

CALLERS = 8
SLOW_CALLERS = 150
"""More than all API processes have threads."""
AWAY_SECONDS = 3.0


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with running_cluster(tmp_path_factory.mktemp("cluster")) as running:
        yield running


@pytest.fixture(scope="module")
def page(cluster: Cluster, browser: Browser) -> Iterator[Page]:
    """A tab in which Sam is signed in."""
    context = browser.new_context(ignore_https_errors=True)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    page.goto(f"{cluster.nginx.desk_url}/tracking")
    page.get_by_role("textbox", name="User name").fill("sam")
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    wait_until(
        lambda: (
            {"order_desk_node", DEFAULT_COOKIE_NAME} <= {str(each.get("name")) for each in context.cookies()}
        )
    )
    yield page
    context.close()


def test_the_world_gets_the_public_calls_alone(cluster: Cluster) -> None:
    with cluster.client() as admin, cluster.from_outside() as caller:
        admin.orders.create(new_order(order_number="FR/2026/1"))
        token = {"Authorization": f"Bearer {admins_token()}"}
        assert caller.get("/v1/orders/FR%2F2026%2F1", headers=token).json()["orderNumber"] == "FR/2026/1"
        assert caller.get("/v1/orders").json()["code"] == "UNAUTHENTICATED"
        for closed in ("/", "/metrics", "/healthz", "/openapi.json", "/v1/staff-sessions/admit", "/app"):
            answer = caller.post(closed) if "staff" in closed else caller.get(closed)
            assert (closed, answer.status_code) == (closed, 404)
        lies = [
            caller.get("/v1/track/no-token", headers={"X-Forwarded-For": f"198.51.100.{turn}"}).status_code
            for turn in range(70)
        ]
        assert lies.count(404) == 60
        assert set(lies) == {404, 429}


def test_one_id_leads_from_a_click_to_its_statements(cluster: Cluster, page: Page) -> None:
    page.goto(cluster.nginx.desk_url)
    expect(page.get_by_test_id("stDataFrame").first).to_be_visible()

    def is_found_everywhere(click: str, trace: str) -> bool:
        names = {each.name for each in cluster.traces.spans if each.trace == trace}
        logged = any(
            f'"requestId": "{click}", "event": "request"' in each.said_so_far() for each in cluster.apis
        )
        return (
            logged
            and f"\n{click} LOG:  duration" in cluster.postgres.log
            and {"GET /v1/orders", "statement"} <= names
        )

    def runs() -> list[tuple[str, str]]:
        spans = [each for each in cluster.traces.spans if each.name == "run Orders"]
        return [(each.attributes["order_desk.request_id"], each.trace) for each in spans]

    wait_until(lambda: any(is_found_everywhere(*each) for each in runs()))

    def figures() -> str:
        told = ""
        for desk in cluster.desks:
            with urllib.request.urlopen(f"{desk.url}/metrics", timeout=10) as answer:
                told += answer.read().decode()
        return told

    assert 'desk_run_duration_seconds_count{page="Orders"}' in figures()
    wait_until(
        lambda: sorted(re.findall(r'desk_sessions{signed_in="yes"} (.+)', figures())) == ["0.0", "1.0"]
    )


def test_a_link_to_an_export_is_good_once_at_whichever_dashboard_is_asked(
    cluster: Cluster, page: Page
) -> None:
    for first, second in (cluster.desks, reversed(cluster.desks)):  # one of them has made it
        page.goto(f"{cluster.nginx.desk_url}/orders?status=PENDING")
        expect(page.get_by_test_id("stDataFrame").first).to_be_visible()
        page.get_by_role("button", name="Export …").click()
        link = page.get_by_role("link", name="Download CSV")
        orders = str(link.get_attribute("href"))
        page.get_by_role("radio", name="Line item").click()
        expect(link).not_to_have_attribute("href", orders)
        path = f"export/{str(link.get_attribute('href')).rpartition('/')[2]}"
        with cluster.client() as admin:
            exports = admin.audit.list(action="order.export").total
            answer = httpx.get(f"{first.url}/{path}", timeout=30)
            assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
            assert {row.split(",")[1] for row in answer.text.split("\r\n")[1:] if row} == {"PENDING"}
            for desk in (second, first):
                assert httpx.get(f"{desk.url}/{path}").status_code == 410
            assert admin.audit.list(action="order.export").total == exports + 1
    wait_until(lambda: any(each.name == "part of Orders" for each in cluster.traces.spans))  # the dialog's


def test_staff_go_on_when_their_dashboard_is_killed(cluster: Cluster, page: Page, browser: Browser) -> None:
    """Signed in at their address, with the caller whom they have verified, or on the way to the provider."""
    with cluster.client() as admin:
        caller = admin.orders.create(new_order(email="caller@example.com")).order_number
    page.goto(f"{cluster.nginx.desk_url}/guest_access")
    page.get_by_label("Order number").fill(caller)
    page.get_by_label("Email address").fill("caller@example.com")
    page.get_by_role("button", name="Send the code").click()
    page.get_by_label("Six-digit code").fill(code_sent_to(cluster, "caller@example.com"))
    page.get_by_role("button", name="Open the order").click()
    expect(page.get_by_role("heading", name=caller)).to_be_visible()
    for desk in cluster.desks:  # one of them is theirs
        context = browser.new_context(ignore_https_errors=True)
        on_the_way = context.new_page()
        on_the_way.set_default_timeout(PATIENCE)
        on_the_way.goto(cluster.nginx.desk_url)
        on_the_way.get_by_role("button", name="Sign in with single sign-on").click()
        on_the_way.wait_for_url("**/oauth2/authorize**")
        page.goto(f"{cluster.nginx.desk_url}/tracking")
        os.killpg(desk.process.pid, signal.SIGKILL)
        desk.wait_until_ended()
        page.reload()
        expect(page.get_by_role("heading", name="Tracking", exact=True)).to_be_visible()
        expect(page.get_by_role("button", name="Sign out")).to_be_visible()
        assert page.url == f"{cluster.nginx.desk_url}/tracking"
        on_the_way.get_by_role("button", name="maria").click()
        expect(on_the_way.get_by_test_id("stSidebar").get_by_text("Maria Rossi")).to_be_visible()
        context.close()
        desk.output.clear()
        desk.launch()
        desk.wait_until_ready()
    page.goto(f"{cluster.nginx.desk_url}/order?order={caller}")
    expect(page.get_by_text(re.compile(r"caller verified, \d+ min left"))).to_be_visible()
    expect(page.get_by_text("caller@example.com").first).to_be_visible()


def mails(cluster: Cluster, address: str, words: str) -> list[str]:
    """Return what was sent to an address, if its subject has these words."""
    found = [each.message for each in cluster.mail.messages if each.recipients == (address,)]
    return [str(each.get_body(("plain",))) for each in found if words in str(each["Subject"])]


def code_sent_to(cluster: Cluster, address: str) -> str:
    """Return the one code that was sent to an address."""
    wait_until(lambda: bool(mails(cluster, address, "one-time code")))
    (found,) = mails(cluster, address, "one-time code")
    return str(re.findall(r"^\s+(\d{6})$", found, re.MULTILINE)[0])


def test_an_api_process_that_is_killed_loses_nothing_that_was_acknowledged(cluster: Cluster) -> None:
    with cluster.client() as admin:
        numbers = [admin.orders.create(new_order()).order_number for _ in range(48)]
        acknowledged: list[str] = []
        half_done: list[str] = []
        one_at_a_time = threading.Lock()

        def cancel(number: str) -> None:
            """Cancel an order; what the killed process was at may be repeated later, under the same key."""
            try:
                admin.orders.cancel(number, idempotency_key=f"cluster-{number}")
            except InProgress:
                half_done.append(number)
                return
            with one_at_a_time:
                acknowledged.append(number)
                if len(acknowledged) == 12:
                    cluster.apis[0].kill()

        with ThreadPoolExecutor(CALLERS) as callers:
            list(callers.map(cancel, numbers))
        assert sorted(acknowledged + half_done) == sorted(numbers)
        assert len(half_done) < CALLERS
        for number in acknowledged:
            assert admin.orders.get(number).status == "CANCELLED"
            kinds = [each.kind for each in admin.orders.timeline(number).items]
            assert kinds.count("STATUS_CHANGED") == 1


def test_a_rolling_restart_under_load_shows_no_caller_an_error(cluster: Cluster) -> None:
    over = threading.Event()

    def work(caller: int) -> int:
        turns = 0
        with cluster.client() as admin:
            while not over.is_set():
                key = f"rolling-{caller}-{turns}"
                number = admin.orders.create(new_order(), idempotency_key=f"{key}-create").order_number
                assert admin.orders.list(q=number).total == 1
                admin.orders.cancel(number, idempotency_key=f"{key}-cancel")
                assert admin.orders.get(number).status == "CANCELLED"
                turns += 1
        return turns

    with ThreadPoolExecutor(3) as callers:
        at_work = [callers.submit(work, caller) for caller in range(3)]
        try:
            for api in cluster.apis:  # the first was killed by the test above
                api.restart()
        finally:
            over.set()
    assert min(each.result() for each in at_work) > 0


def test_slow_callers_hold_no_worker(cluster: Cluster) -> None:
    trusted = ssl.create_default_context(cafile=str(cluster.nginx.certificate))
    port = int(cluster.nginx.public_url.rpartition(":")[2])
    head = b"POST /v1/guest/access-codes HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    with ExitStack() as slow, cluster.from_outside("127.0.0.40", admins_token()) as caller:
        for turn in range(SLOW_CALLERS):
            address = (f"127.0.0.{30 + turn % 5}", 0)
            plain = socket.create_connection(("127.0.0.1", port), 30, address)
            connection = slow.enter_context(trusted.wrap_socket(plain, server_hostname="localhost"))
            connection.sendall(head + b"Content-Length: 1000\r\n\r\n{")
        began = time.monotonic()
        assert {caller.get("/v1/orders").status_code for _ in range(20)} == {200}
        assert time.monotonic() - began < 10


def test_of_many_at_once_one_cancels_and_one_is_verified_and_each_mail_goes_out_once(
    cluster: Cluster,
) -> None:
    with cluster.client() as admin:
        cancelled, guests = (
            admin.orders.create(new_order(email=f"{name}@example.com")).order_number
            for name in ("racing", "guest")
        )

    def call(turn: int, path: str, body: dict[str, str], token: str | None = None) -> int:
        with cluster.from_outside(f"127.0.0.{50 + turn}", token) as caller:
            return caller.post(path, json=body).status_code

    statuses = at_once(16, lambda turn: call(turn, f"/v1/orders/{cancelled}/cancel", {}, admins_token()))
    assert Counter(statuses) == {200: 1, 409: 15}
    shown = {"orderNumber": guests, "email": "guest@example.com"}
    assert call(0, "/v1/guest/access-codes", shown) == 202
    code = code_sent_to(cluster, "guest@example.com")
    statuses = at_once(16, lambda turn: call(turn, "/v1/guest/access-codes/verify", {**shown, "code": code}))
    assert Counter(statuses) == {200: 1, 401: 15}
    wait_until(lambda: len(cluster.mail.messages) >= 2)
    ids = Counter(str(each.message["Message-ID"]) for each in cluster.mail.messages)
    assert {ids[each] for each in ids} == {1}


def test_while_the_database_is_away_all_are_told_when_to_come_back_and_it_goes_on_within_five_seconds(
    cluster: Cluster, page: Page
) -> None:
    page.goto(cluster.nginx.desk_url)
    expect(page.get_by_test_id("stDataFrame").first).to_be_visible()
    with cluster.from_outside("127.0.0.41", admins_token()) as outside, cluster.inside() as inside:
        cluster.postgres.stop()
        until = time.monotonic() + AWAY_SECONDS
        while time.monotonic() < until:
            _assert_told_to_come_back(inside.get("/v1/orders"))
        _assert_told_to_come_back(outside.get("/v1/orders"))
        page.reload()
        expect(page.get_by_text("The order store is unavailable")).to_be_visible()
        cluster.postgres.start()
        wait_until(lambda: outside.get("/v1/orders").status_code == 200, seconds=5)
        expect(page.get_by_test_id("stDataFrame").first).to_be_visible()


def _assert_told_to_come_back(answer: httpx.Response) -> None:
    assert (answer.status_code, answer.json()["code"]) == (503, "UNAVAILABLE")
    assert int(answer.headers["Retry-After"]) >= 1
