"""The desk behind a proxy that speaks HTTPS: a cookie for HTTPS alone, and the addresses of clients."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from playwright.sync_api import Browser, expect

from lib.staff.accounts import DEFAULT_COOKIE_NAME
from tests.e2e.walking import sign_in, small_store
from tests.servers.desk import Desk
from tests.servers.tls_proxy import TlsProxy

CLIENT = "203.0.113.9"


def test_over_https_the_cookie_is_secure_and_the_audit_log_has_the_clients_address(
    browser: Browser, tmp_path: Path
) -> None:
    folder = small_store(tmp_path, 10)
    context = browser.new_context(ignore_https_errors=True)
    with (
        Desk(folder, ORDERS_TRUSTED_PROXIES="127.0.0.1") as desk,
        TlsProxy(folder, desk.port, CLIENT) as proxy,
    ):
        page = context.new_page()
        page.goto(proxy.url)
        sign_in(page)
        (cookie,) = [each for each in context.cookies() if each.get("name") == DEFAULT_COOKIE_NAME]
        assert (cookie.get("secure"), cookie.get("sameSite")) == (True, "Strict")
        page.reload()
        expect(page.get_by_role("button", name="Sign out")).to_be_visible()
        with sqlite3.connect(folder / "data" / "orders.db") as store:
            rows = store.execute(
                "SELECT actor, outcome, client FROM audit_log WHERE action = 'staff.sign_in'"
            )
            assert rows.fetchall() == [("staff:sam", "OK", CLIENT)]
        context.close()
