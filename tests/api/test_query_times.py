"""Where a call asks for a time, a bare date is the start of that day in `timeZone` (contract, section 2)."""

from __future__ import annotations

import pytest

from tests.api.shop import Shop

# In Berlin the day of 24 October begins at 22:00 UTC of the day before, that of 26 October at 23:00.
PLACED = {
    "BEFORE": "2026-10-23T21:59:59Z",
    "FIRST": "2026-10-23T22:00:00Z",
    "UTC-DAY": "2026-10-24T00:00:00Z",
    "LAST": "2026-10-25T22:59:59Z",
    "AFTER": "2026-10-25T23:00:00Z",
}
BERLIN = "createdFrom=2026-10-24&createdTo=2026-10-26&timeZone=Europe/Berlin"


@pytest.fixture
def dated(own_shop: Shop) -> Shop:
    """A shop with orders around days of Berlin."""
    for number, created_at in PLACED.items():
        own_shop.create(orderNumber=number, createdAt=created_at)
    return own_shop


def test_a_bare_date_is_the_start_of_that_day_in_every_call(dated: Shop) -> None:
    listed = dated.get(f"/v1/orders?sort=createdAt&{BERLIN}").json["items"]
    assert [item["orderNumber"] for item in listed] == ["FIRST", "UTC-DAY", "LAST"]
    exported = dated.get(f"/v1/orders.csv?sort=createdAt&{BERLIN}").content.decode("utf-8-sig")
    assert [line.split(",")[0] for line in exported.splitlines()[1:]] == ["FIRST", "UTC-DAY", "LAST"]
    counts = dated.get(f"/v1/stats/status?{BERLIN}").json["items"]
    assert sum(each["count"] for each in counts) == 3
    daily = dated.get(f"/v1/stats/daily?{BERLIN}").json["items"]
    days = {
        day: sum(each["count"] for each in daily if each["date"] == day) for day in (d["date"] for d in daily)
    }
    assert days == {"2026-10-24": 2, "2026-10-25": 1}
    in_utc = dated.get("/v1/orders?sort=createdAt&createdFrom=2026-10-24&createdTo=2026-10-26").json["items"]
    assert [item["orderNumber"] for item in in_utc] == ["UTC-DAY", "LAST", "AFTER"]
    # The orders were placed, by this shop's clock, at 08:15 UTC: on Pago Pago still the day before.
    for zone, placed in (("UTC", len(PLACED)), ("Pacific/Kiritimati", len(PLACED)), ("Pacific/Pago_Pago", 0)):
        audited = dated.get(f"/v1/audit?action=order.create&createdFrom=2026-11-23&timeZone={zone}").json
        assert audited["total"] == placed, zone


@pytest.mark.parametrize("path", ["/v1/orders", "/v1/orders.csv", "/v1/stats/status", "/v1/audit"])
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("createdFrom=2026-02-30", "createdFrom"),
        ("createdFrom=2026-2-3", "createdFrom"),
        ("createdTo=0000-01-01", "createdTo"),
        ("createdTo=9999-12-31&timeZone=Asia/Tokyo", "createdTo"),
        ("createdFrom=2026-01-01&timeZone=Mars/Olympus", "timeZone"),
        ("created_from=2026-01-01", "created_from"),
        ("unheardOf=1", "unheardOf"),
    ],
)
def test_a_day_that_is_none_and_an_unknown_parameter_are_refused(
    shop: Shop, path: str, query: str, field: str
) -> None:
    answer = shop.get(f"{path}?{query}")
    assert (answer.status, answer.code) == (422, "VALIDATION_FAILED")
    assert [error["field"] for error in answer.json["errors"]] == [field]


def test_no_call_under_v1_takes_a_parameter_or_field_that_it_does_not_know(shop: Shop) -> None:
    paths = shop.get("/openapi.json").json["paths"]
    number, seen = shop.create()["orderNumber"], 0
    for path, calls in paths.items():
        for method in calls if path.startswith("/v1/") else ():
            target = path.replace("{order_number}", number).replace("{token}", "x")
            answer = shop.call(method.upper(), f"{target}?unheardOf=1", {"unheardOf": 1}, shop.staff())
            assert answer.status in (422, 401), (method, path, answer.content)
            seen += 1
    assert seen > 20
