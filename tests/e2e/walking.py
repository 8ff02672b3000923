"""What the browser tests share: a small store of sample orders, the way in, the API beside it; no test."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from lib.orders_client import OrdersClient
from lib.staff.accounts import (
    DEFAULT_COOKIE_NAME,
    DEMO_ACCOUNTS,
    DemoAccount,
    load_accounts,
    make_demo_accounts,
)
from lib.staff.cookies import begin_session, seal
from lib.staff.tokens import mint_staff_token
from tests.api.serving import start
from tests.servers.desk import Desk, wait_until

SAM = DEMO_ACCOUNTS[0]
OLGA, ADA = DEMO_ACCOUNTS[1], DEMO_ACCOUNTS[3]
SAMPLE_ORDERS = 600
SEED = "2"  # its newest orders are all written in letters that every machine has a font for
PATIENCE = 30_000  # two busy cores may be slow; what is asked for still has to come
HEADING, ROW = 34, 32  # pixels of a dataframe's rows


def run_command(folder: Path, *arguments: str) -> str:
    """Run one of the API's commands on the desk of a folder to its end, and return what it printed."""
    process = start(folder, *arguments)
    said, complained = process.communicate(timeout=120)
    assert process.returncode == 0, complained
    return said


def small_store(folder: Path, orders: int = SAMPLE_ORDERS) -> Path:
    """Fill a folder's store with few orders, so that its desk starts at once; a desk adds none to them.

    They, and the demonstration's accounts, are made once for all folders that stand beside this one, as a
    run's temporary folders do.
    """
    made = folder.parent / f"orders-{orders}"
    if not made.exists():
        made.mkdir()
        run_command(made, "seed", "--orders", str(orders), "--seed", SEED)
        make_demo_accounts(made / "data" / "staff.yaml")
    shutil.copytree(made, folder, dirs_exist_ok=True)
    return folder


def as_admin(folder: Path, api_url: str) -> OrdersClient:
    """Return a client that may do all, such as make orders, by the secret of the desk in a folder."""
    secret = (folder / "data" / "jwt_secret").read_text().strip()
    return OrdersClient(api_url, lambda: mint_staff_token(secret, "ada", ["admin"], datetime.now(UTC)))


def mail_about(api: OrdersClient, number: str, kind: str) -> str:
    """Return the newest email of a kind about an order, once it is there."""

    def mails() -> list[str]:
        messages = api.demo.mailbox()
        return [each.text or "" for each in messages if each.kind == kind and number in (each.text or "")]

    wait_until(lambda: bool(mails()))
    return mails()[0]


def sign_in(page: Page, account: DemoAccount = SAM) -> None:
    """Sign in on the page that is asking for it."""
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    expect(page.get_by_role("textbox", name="User name")).to_be_visible()
    # What is filled in while the page is drawn anew, as after a sign-out, is lost.
    expect(page.locator("[data-test-script-state=notRunning]")).to_be_visible()
    page.get_by_role("textbox", name="User name").fill(account.username)
    page.get_by_role("textbox", name="Password").fill(account.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    # The browser gets its cookie a moment after the page: whoever leaves before is a stranger again.
    wait_until(lambda: any(each.get("name") == DEFAULT_COOKIE_NAME for each in page.context.cookies()))


def enter(page: Page, desk: Desk, address: str = "", account: DemoAccount = SAM) -> None:
    """Open an address as somebody who signed in a moment ago, with the cookie that they then have."""
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    cookie = cookie_of(desk.folder / "data" / "staff.yaml", account.username)
    page.context.add_cookies([{"name": DEFAULT_COOKIE_NAME, "value": cookie, "url": desk.url}])
    page.goto(f"{desk.url}/{address}")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def cookie_of(staff_file: Path, username: str) -> str:
    """Return a staff cookie as a desk makes it at a sign-in."""
    accounts, now = load_accounts(staff_file), datetime.now(UTC)
    return seal(accounts, begin_session(accounts, accounts.by_username[username], now), now)


def go_to(page: Page, title: str) -> None:
    """Take the menu's way to a page, keeping the session."""
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=title, exact=True).click()
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()


def choose(page: Page, name: str, option: str) -> None:
    """Choose an option of a drop-down, which a redraw of the page may close just when it was opened."""
    expect(page.locator("[data-test-script-state=notRunning]")).to_be_visible()
    box = page.get_by_role("combobox", name=name)
    one_of_several = page.get_by_role("button", name=f"Remove {option}")

    def is_chosen() -> bool:
        return option in box.input_value() or one_of_several.count() > 0

    def chosen() -> bool:
        box.click()
        try:
            page.get_by_role("option", name=option).click(timeout=3_000)
            wait_until(is_chosen, seconds=3)
        except (PlaywrightTimeoutError, AssertionError):
            page.keyboard.press("Escape")
        return is_chosen()

    wait_until(chosen)


def row_of(page: Page, number: str) -> Locator:
    """Find an order's cell in the list's table, which lies unseen inside its painted canvas."""
    return page.locator("canvas td", has_text=re.compile(rf"^{re.escape(number)}$"))


def click_row(page: Page, row: int, across: int = 260) -> None:
    """Click on a row (from 0) of the order list, right of its order number, or so many pixels across."""
    table, y = page.get_by_role("region", name="Orders;"), HEADING + ROW * row + ROW // 2
    # Coming from elsewhere, a mouse is over a cell before it presses it, and the grid counts on that.
    table.hover(position={"x": across + 5, "y": y})
    table.click(position={"x": across, "y": y})


def cancel_shown_order(page: Page, reason: str) -> None:
    """Cancel the order whose page is open, through the dialog."""
    page.get_by_role("button", name="Cancel order …").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name=reason).click()
    expect(page.get_by_text("Order cancelled.")).to_be_visible()
    expect(dialog).to_have_count(0)
