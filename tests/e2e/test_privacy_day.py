"""Administration in Chromium: a customer is forgotten by two people; accounts are added and closed."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable

from playwright.sync_api import Browser, Page, expect

from lib.staff.accounts import DEMO_ACCOUNTS, DemoAccount
from tests.e2e.walking import ADA, as_admin, choose, sign_in
from tests.placing import place_order
from tests.servers.desk import Desk

SUE = DEMO_ACCOUNTS[2]
NUMBER, EMAIL = "ORD-2026-90006", "lena.forgotten@example.com"
Snap = Callable[[Page, str], None]


def note(page: Page, kind: str, email: str = EMAIL) -> None:
    if not page.get_by_label("Order number").is_visible():
        page.get_by_text("New request").click()
    page.get_by_role("radiogroup").get_by_text(kind).click()
    page.get_by_label("Order number").fill(NUMBER)
    page.get_by_label("Email of that order").fill(email)
    page.get_by_role("button", name="Note the request").click()


def test_a_customer_gets_a_file_and_is_forgotten_by_two_people(page: Page, desk: Desk, snap: Snap) -> None:
    with as_admin(desk.folder, desk.api_url) as client:
        place_order(client, NUMBER, email=EMAIL)
    page.goto(f"{desk.url}/privacy")
    sign_in(page, SUE)
    expect(page.get_by_text("There are no requests.")).to_be_visible()
    note(page, "A copy of their data", "somebody@else.example")
    expect(page.get_by_text("There is no order with this number and this email.")).to_be_visible()
    note(page, "A copy of their data")
    expect(page.get_by_text("Noted as request 1.")).to_be_visible()
    choose(page, "Work on", "1: A copy")
    expect(page.get_by_text(f"1 order ({NUMBER})")).to_be_visible()
    with page.expect_download() as coming:
        page.get_by_role("button", name="Make and download the file").click()
    with zipfile.ZipFile(coming.value.path()) as archive:
        data = json.loads(archive.read("data.json"))
    assert [(order["orderNumber"], order["email"]) for order in data["orders"]] == [(NUMBER, EMAIL)]
    note(page, "To be forgotten")
    expect(page.get_by_text("Noted as request 2.")).to_be_visible()
    choose(page, "Work on", "2: To be forgotten")
    expect(page.get_by_text("You noted this request.")).to_be_visible()
    expect(page.get_by_role("button", name="Forget this customer")).to_have_count(0)
    snap(page, "privacy")
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, ADA)
    choose(page, "Work on", "2: To be forgotten")
    forget = page.get_by_role("button", name="Forget this customer")
    expect(forget).to_be_disabled()
    page.get_by_text("I have read what goes").click()
    expect(forget).to_be_enabled()
    snap(page, "privacy-confirm")
    forget.click()
    expect(page.get_by_text("It is being done.")).to_be_visible()

    def is_done() -> None:
        page.get_by_role("button", name="Refresh").click()
        expect(page.get_by_text("There are no orders of this customer any more.")).to_be_visible(timeout=3000)

    expect.set_options(timeout=60_000)
    for _ in range(20):
        try:
            is_done()
            break
        except AssertionError:
            continue
    with as_admin(desk.folder, desk.api_url) as client:
        assert client.orders.get(NUMBER).customer_name == "Forgotten customer"
        assert [each.state for each in client.privacy.list()] == ["DONE", "DONE"]


def test_an_admin_adds_an_account_and_its_person_works_until_it_is_disabled(
    page: Page, desk: Desk, snap: Snap, browser: Browser
) -> None:
    phrase = "seven quiet owls upstairs"
    page.goto(f"{desk.url}/accounts")
    sign_in(page, ADA)
    page.get_by_text("New account").click()
    page.get_by_role("textbox", name="User name").fill("maria")
    page.get_by_role("textbox", name="Name", exact=True).fill("Maria Rossi")
    choose(page, "Roles", "support")
    page.get_by_label("Password", exact=True).fill(phrase)
    page.get_by_label("The same again").fill(phrase)
    page.get_by_role("button", name="Add account").click()
    expect(page.get_by_text("maria can sign in now.")).to_be_visible()
    with browser.new_context() as elsewhere:
        maria = elsewhere.new_page()
        maria.goto(desk.url)
        sign_in(maria, DemoAccount("maria", "Maria Rossi", "support", phrase))
        expect(maria.get_by_role("link", name="Accounts")).to_have_count(0)
        page.get_by_role("button", name="Refresh").click()
        choose(page, "Work on", "maria")
        expect(page.get_by_text("1 session open")).to_be_visible()
        snap(page, "accounts")
        page.get_by_role("button", name="Disable …").click()
        page.get_by_role("button", name="Disable maria").click()
        expect(page.get_by_text("maria can't sign in any more.")).to_be_visible()
        expect(page.get_by_text("No session is open.")).to_be_visible()
        maria.get_by_role("link", name="Tracking").click()
        expect(maria.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
