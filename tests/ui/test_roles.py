"""What each role sees of the dashboard, square by square of docs/roles.md."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lib.staff.member import StaffMember
from lib.staff.roles import ROLES
from lib.ui.orders.keys import ORDERS_LISTED
from lib.ui.shared.keys import ORDERS_PICKED
from tests.tables import who_may
from tests.ui.fake_api import NOW, stamp
from tests.ui.order_desk import ORDER, ORDERS, Desk, order_desk, words

PENDING = "ORD-2026-0007"
REFUSAL = "Your role doesn't include this page"
FOLDER = Path(__file__).parents[2] / "pages"
MAY_OPEN, MAY_ACT = who_may("Pages"), who_may("Acts on the order's and the orders' page")
PAGES = sorted(str(path.relative_to(FOLDER))[:-3] for path in FOLDER.glob("*/*.py"))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with order_desk(tmp_path_factory.mktemp("desk"), 30) as made:
        note = {"actor": "staff:sam", "kind": "NOTE", "detail": "A note", "at": stamp(NOW), "id": 1}
        made.api.timelines[PENDING].insert(0, note)
        yield made


def tab_of(desk: Desk, role: str, page: str, **params: str) -> AppTest:
    desk.staff = StaffMember(role, role, (role,))
    return desk.tab(page, **params)


def test_the_table_has_every_page() -> None:
    assert set(PAGES) <= set(MAY_OPEN)


@pytest.mark.parametrize("page", [page for page in PAGES if page != "admin/mailbox"])
def test_each_role_opens_the_pages_that_the_table_says(desk: Desk, page: str) -> None:
    opened = {role for role in ROLES if REFUSAL not in words(tab_of(desk, role, f"pages/{page}.py"))}
    assert opened == MAY_OPEN[page]


@pytest.mark.parametrize("role", ROLES)
def test_each_role_is_offered_the_acts_that_the_table_says(desk: Desk, role: str) -> None:
    order, orders = tab_of(desk, role, ORDER, order=PENDING), tab_of(desk, role, ORDERS)
    some = orders.session_state[ORDERS_LISTED][0]
    orders.session_state[ORDERS_PICKED] = {some.order_number: some}
    orders.run()
    keys = [str(each.key) for tab in (order, orders) for each in (*tab.button, *tab.get("button_group"))]
    offered = {act for act in MAY_ACT if any(key == act or key.startswith(f"{act}_") for key in keys)}
    assert offered == {act for act, roles in MAY_ACT.items() if role in roles}
