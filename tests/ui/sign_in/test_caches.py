"""What Streamlit's caches hold protects nothing: whoever empties them changes nothing."""

from __future__ import annotations

import pytest
import streamlit as st

from lib.staff.throttle import MOST_PER_ACCOUNT
from lib.ui.auth.page import REFUSED
from tests.ui.staff_desk import StaffDesk, is_signed_in, refusal


def empty_all_caches() -> None:
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.mark.parametrize("api_token", ["", "fixed"], ids=["an API without these calls", "a fixed token"])
def test_with_a_shops_own_api_failures_stay_counted(
    desk: StaffDesk, monkeypatch: pytest.MonkeyPatch, api_token: str
) -> None:
    monkeypatch.setenv("ORDERS_API_TOKEN", api_token)
    for _ in range(MOST_PER_ACCOUNT):
        refusal(desk.sign_in(desk.tab(), "sam", "guessed"))
        empty_all_caches()
    assert refusal(desk.sign_in(desk.tab(), "sam")) == REFUSED
    desk.wait(minutes=6)
    assert is_signed_in(desk.signed_in_tab("sam"))


def test_an_hour_without_a_click_stays_an_hour(desk: StaffDesk) -> None:
    tab = desk.signed_in_tab("sam")
    for _ in range(4):
        desk.wait(minutes=40)
        empty_all_caches()
        assert is_signed_in(tab.run())
    desk.wait(minutes=61)
    empty_all_caches()
    assert not is_signed_in(tab.run())
