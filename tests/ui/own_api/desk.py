"""What the tests of a desk in front of a shop's own API share; no test."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from streamlit.testing.v1 import AppTest

from lib.staff.member import StaffMember
from lib.ui.orders.keys import ORDERS_MORE
from tests.servers.reference import ReferenceServer
from tests.ui.order_desk import APP, ORDERS

SUE = StaffMember("sue", "Sue", ("supervisor",))
SAM = StaffMember("sam", "Sam", ("support",))


@dataclass
class ShopDesk:
    """Browser tabs on a desk in front of `shop`; `staff` is who is signed in when a tab runs."""

    shop: ReferenceServer
    staff: StaffMember = SUE

    def tab(self, page: str = ORDERS, **params: str | list[str]) -> AppTest:
        """Open an address in a new tab."""
        tab = AppTest.from_file(APP, default_timeout=60)
        for name, value in params.items():
            tab.query_params[name] = value
        tab.session_state[ORDERS_MORE] = True  # as somebody has unfolded the list's filters
        if page != ORDERS:
            tab.switch_page(page)
        tab.run()
        assert not tab.exception, tab.exception
        return tab

    def pages_read(self) -> int:
        """Count how often the shop was asked for its orders, 200 at a time."""
        return sum("limit=200" in target for _, target in self.shop.asked)


def orders_in(tab: AppTest) -> pd.DataFrame:
    """Return the order list's table, empty where there is none."""
    return tab.dataframe[0].value if len(tab.dataframe) else pd.DataFrame(columns=["order"])
