"""Each page of orders with the API away, failing, slow, refusing or no API at all; and when it is back."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from lib.orders_client import (
    ApiTimeout,
    ApiUnreachable,
    Forbidden,
    OrdersError,
    RateLimited,
    Unauthenticated,
    Unavailable,
    UnexpectedResponse,
    ValidationFailed,
)
from lib.ui.frame.error_words import words_for
from lib.ui.shared.observing import REGISTRY
from tests.ui.order_desk import OLGA, ORDER, ORDERS, SAM, Desk, words

EMAIL = "jane.doe@example.com"
PAGES = [(ORDERS, {}), (ORDER, {"order": "ORD-2026-0007"})]


def shows_an_order(tab: AppTest) -> bool:
    return bool(tab.dataframe)


def counted(name: str) -> float:
    """Return a figure of the desk's, over both pages, which go by their titles, and whatever failed."""
    figures = [sample for metric in REGISTRY.collect() for sample in metric.samples if sample.name == name]
    return sum(sample.value for sample in figures if sample.labels["page"] in ("Orders", "Order"))


@pytest.mark.parametrize(("page", "params"), PAGES)
@pytest.mark.parametrize(
    ("status", "said"),
    [
        (500, "had an error of its own"),
        (503, "unavailable"),
        (401, "doesn't accept this dashboard"),
        (403, "Your role may not do this"),
    ],
)
def test_a_failing_api_is_put_into_words_with_the_request_id(
    desk: Desk, page: str, params: dict[str, str], status: int, said: str
) -> None:
    before = counted("desk_errors_total"), counted("desk_run_duration_seconds_count")
    desk.api.failing = status
    tab = desk.tab(page, **params)
    assert not tab.exception
    assert said in words(tab)
    assert "Request id req-42" in words(tab)
    after = counted("desk_errors_total"), counted("desk_run_duration_seconds_count")
    assert all(now > then for now, then in zip(after, before, strict=True))
    desk.api.failing = 0
    tab.button(key="page_retry").click().run()
    assert shows_an_order(tab)


@pytest.mark.parametrize(("page", "params"), PAGES)
def test_an_api_that_is_gone_is_said_and_its_return_seen(
    desk: Desk, page: str, params: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tab = desk.tab(page, **params)
    assert shows_an_order(tab)
    with monkeypatch.context() as patch:
        patch.setattr("lib.ui.shared.clients._base_url", lambda settings: "http://127.0.0.1:9")
        tab.run()
        assert "can't be reached" in words(tab)
        assert not tab.exception
        assert shows_an_order(tab) is (page == ORDER)
    assert ("as it was at" in words(tab)) is (page == ORDER)
    tab.button(key="page_retry").click().run()
    assert shows_an_order(tab)
    assert "as it was at" not in words(tab)


@pytest.mark.parametrize(("page", "params"), PAGES)
def test_a_slow_api_is_said(
    desk: Desk, page: str, params: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from lib.orders_client import OrdersClient

    desk.api.slow_seconds = 1.0
    monkeypatch.setattr(
        "lib.ui.shared.clients.OrdersClient",
        lambda *args, **kwargs: OrdersClient(*args, **{**kwargs, "timeout": 0.2}),
    )
    tab = desk.tab(page, **params)
    assert "taking too long" in words(tab)
    assert not tab.exception


@pytest.mark.parametrize(("page", "params"), PAGES)
def test_a_fault_of_ours_shows_an_id_and_no_data(
    desk: Desk,
    page: str,
    params: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fault(*_args: object) -> None:
        raise KeyError(EMAIL)

    monkeypatch.setattr("lib.ui.shared.clients.mint_staff_token", fault)
    tab = desk.tab(page, **params)
    assert "Something went wrong in this page" in words(tab)
    assert "Nothing was sent" not in words(tab)
    assert "jane.doe" not in words(tab)
    assert "jane.doe" not in caplog.text
    assert "KeyError" in caplog.text
    assert not tab.exception


def test_two_staff_members_are_never_shown_each_others_data(desk: Desk) -> None:
    desk.staff = SAM
    first = desk.tab(ORDER, order="ORD-2026-0007")
    desk.staff = OLGA
    second = desk.tab(ORDER, order="ORD-2026-0008")
    assert "ORD-2026-0007" in words(first)
    assert "ORD-2026-0007" not in words(second)
    assert desk.api.callers[-1] == "olga"
    desk.api.failing = 403
    assert not shows_an_order(second.run())


@pytest.mark.parametrize(
    "error",
    [
        ApiTimeout(),
        ApiUnreachable(),
        Unavailable(),
        Unauthenticated(),
        Forbidden(),
        RateLimited(),
        UnexpectedResponse(),
        ValidationFailed(errors=[{"field": "q", "message": "too long"}]),
        OrdersError(),
    ],
)
def test_every_error_has_a_title_and_a_next_step(error: OrdersError) -> None:
    said = words_for(error)
    assert said.title
    assert said.next_step


def test_a_refused_request_names_its_fields_and_no_values() -> None:
    said = words_for(ValidationFailed(errors=[{"field": "minTotal", "message": "must be a number"}]))
    assert "minTotal" in said.next_step
    assert not said.passes
