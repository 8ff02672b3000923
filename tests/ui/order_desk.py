"""The dashboard in AppTest against the fake API: one tab of one signed-in staff member."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lib.once import forget_all
from lib.staff.member import StaffMember
from lib.ui.orders.keys import ORDERS_MORE
from tests.ui.fake_api import FakeApi
from tests.ui.fake_server import running

APP = Path(__file__).parents[2] / "app.py"
ORDERS = "pages/support/orders.py"
ORDER = "pages/support/order.py"
INSIGHTS = "pages/ops/insights.py"
SAM = StaffMember("sam", "Sam", ("support",))
OLGA = StaffMember("olga", "Olga", ("ops",))
SUE = StaffMember("sue", "Sue", ("supervisor",))
PENDING = "ORD-2026-0007"
"""An order that the fake API has."""


@dataclass
class Desk:
    """Browser tabs on one dashboard; `staff` is who is signed in when a tab runs."""

    api: FakeApi
    staff: StaffMember | None = SAM
    tabs: list[AppTest] = field(default_factory=list)

    def tab(self, page: str = ORDERS, **params: str | list[str]) -> AppTest:
        """Open an address in a new tab."""
        tab = AppTest.from_file(APP, default_timeout=30)
        for name, value in params.items():
            tab.query_params[name] = value
        tab.session_state[ORDERS_MORE] = True  # as somebody has unfolded the list's filters
        self.tabs.append(tab)
        if page != ORDERS:
            tab.switch_page(page)
        return tab.run()


@contextmanager
def order_desk(folder: Path, orders: int = 60) -> Iterator[Desk]:
    """Return a desk whose data are in `folder` and whose API holds so many orders."""
    api = FakeApi()
    api.fill(orders)
    with running(api), pytest.MonkeyPatch.context() as patch:
        desk = Desk(api)
        patch.chdir(folder)
        patch.setenv("ORDERS_API_URL", api.url)
        patch.setenv("ORDERS_JWT_SECRET", "tests-only-jwt-secret-of-more-than-32-bytes")
        patch.setattr("lib.ui.auth.session.current_staff", lambda: desk.staff)
        forget_all()
        yield desk
        forget_all()


def words(tab: AppTest) -> str:
    """Return what the tab says outside of tables, without Markdown's backslashes."""
    kinds = (
        tab.text,
        tab.markdown,
        tab.caption,
        tab.header,
        tab.subheader,
        tab.warning,
        tab.success,
        tab.info,
    )
    facts = [
        unescape(re.sub("<[^>]+>", "\n", each.proto.body))
        for each in tab.get("html")
        if "<dl" in each.proto.body
    ]
    return "\n".join([*(str(each.value) for kind in kinds for each in kind), *facts]).replace("\\", "")


def button_labels(tab: AppTest) -> list[str]:
    """Name the buttons on the page."""
    return [each.label for each in tab.button]


def history(tab: AppTest) -> str:
    """Return notes and timeline as they are sent to the browser."""
    return "\n".join(each.proto.body for each in tab.get("html") if "<section" in each.proto.body)
