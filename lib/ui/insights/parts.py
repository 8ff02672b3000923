"""Asks for the figures of the insights and shapes them, part after part as they come; it draws nothing."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

from lib.orders_client import DailyCounts, PendingAges
from lib.orders_client.insights import Contradictions, CountryCounts, CurrencyCounts, Flow, StatusTimes
from lib.ui.insights import charts, flow, keys, tables
from lib.ui.insights.bar import Scope
from lib.ui.insights.figures import Figures
from lib.ui.insights.shapes import Part, Shaped
from lib.ui.shared.format import Reader

_NAMES = {"name": "", "orders": "Orders"}


def parts(figures: Figures, scope: Scope, reader: Reader) -> Iterator[Part]:
    """Yield the parts in their order on the page; each is asked for when it is wanted, and no sooner.

    What the API has no call for, and what its orders alone don't tell, is left out.

    Raises:
        OrdersError: as all calls.
    """
    can, stats, zone = figures.can, figures.client.stats, str(reader.zone)
    earlier = _earlier(figures, scope, reader)
    yield from _placed(figures, earlier, scope, reader)
    ages = (figures.own("pending_age") or stats).pending_age(**scope.places)
    yield _waiting(ages, scope, reader, figures.made_of(reader, "pending_age"))
    if can.flow:
        changes, before = (
            stats.flow(*days, time_zone=zone, **scope.places) for days in (scope.span, scope.before)
        )
        yield _cancelled(changes, before, scope, reader)
    if can.time_in_status:
        yield _stuck(stats.time_in_status(**scope.places), scope)
    yield from _money_and_places(figures, earlier, scope, reader)
    if can.flow:
        yield _changes(changes, before, scope, reader)
    if can.contradictions:
        yield _contradictions(stats.contradictions(**scope.places), scope)


def _earlier(figures: Figures, scope: Scope, reader: Reader) -> CurrencyCounts | None:
    """Ask for the days before; None where nobody can say."""
    if not figures.knows_before(scope, reader):
        return None
    source = figures.own("by_currency") or figures.client.stats
    return source.by_currency(**scope.orders(reader, scope.before))


def _placed(figures: Figures, earlier: CurrencyCounts | None, scope: Scope, reader: Reader) -> Iterator[Part]:
    start, end = scope.times(reader)
    stats, zone = figures.client.stats, str(reader.zone)
    daily = (figures.own("daily") or stats).daily(start, end, time_zone=zone, **scope.places)
    yield _orders_a_day(daily, earlier, scope, reader, figures.made_of(reader, "daily"))
    if figures.can.daily and figures.can.status_counts:
        wanted = scope.orders(reader) | {"status": "REFUNDED", "fulfillment_status": flow.SENT}
        sent = stats.status_counts(**wanted)
        yield _how_far(daily, sum(each.count for each in sent.items), scope, reader)


def _money_and_places(
    figures: Figures, earlier: CurrencyCounts | None, scope: Scope, reader: Reader
) -> Iterator[Part]:
    stats, spans = figures.client.stats, (scope.span, scope.before)
    now, then = (scope.orders(reader, days) for days in spans)
    by_currency = (figures.own("by_currency") or stats).by_currency
    by_country = (figures.own("by_country") or stats).by_country
    before = {"before": "Period before"} if earlier else {}
    none = CurrencyCounts(items=(), as_of=datetime.now(UTC))
    yield Part(
        keys.INSIGHTS_CURRENCIES,
        "Value by currency",
        tables.currencies_table(by_currency(**now), earlier or none, scope.links, spans, reader),
        {"currency": "Currency", "orders": "Orders", "value": "Value", **before},
        figures.made_of(reader, "by_currency"),
    )
    places = by_country(**now)
    yield Part(
        keys.INSIGHTS_COUNTRIES,
        "Countries",
        tables.countries_table(
            places, by_country(**then) if earlier else CountryCounts(items=(), as_of=places.as_of),
            scope.links, spans, reader,
        ),
        {"country": "Country", "orders": "Orders", **before, "value": "Value"},
        figures.made_of(reader, "by_country"),
    )  # fmt: skip


def _stuck(times: StatusTimes, scope: Scope) -> Part:
    return Part(
        keys.INSIGHTS_STUCK,
        "Where orders are stuck",
        tables.stuck_table(times, scope.links),
        {"status": "Status", "median": "Half leave within", "nine_in_ten": "Nine in ten within",
         "orders": "Longer than that"},
        "In their status for longer than nine in ten were over the last 28 days, all countries",
    )  # fmt: skip


def _waiting(ages: PendingAges, scope: Scope, reader: Reader, made_of: str) -> Part:
    at = _and(scope.with_places(f"Pending on {reader.moment(ages.as_of)}"), made_of)
    return _bars(
        keys.INSIGHTS_WAITING, "Pending, by waiting time", tables.waiting_table(ages, scope.links), at
    )


def _cancelled(changes: Flow, before: Flow, scope: Scope, reader: Reader) -> Part:
    times = scope.times(reader), scope.times(reader, scope.before)
    reasons = tables.reasons_table(changes, before, scope.links, *times)
    days = reader.days(*scope.span)
    at = scope.with_places(f"Cancelled {days}; upright lines: the {scope.days} days before")
    return _bars(keys.INSIGHTS_REASONS, "Cancelled on these days, by reason", reasons, at)


def _changes(changes: Flow, before: Flow, scope: Scope, reader: Reader) -> Part:
    times = scope.times(reader), scope.times(reader, scope.before)
    return Part(
        keys.INSIGHTS_FLOW,
        "Changes of status on these days",
        tables.flow_table(changes, before, scope.links, *times),
        {"from": "From", "to": "To", "orders": "Orders", "before": "Period before"},
        "Each change counts on its own day, so that these are other orders than those placed on these days",
    )


def _contradictions(found: Contradictions, scope: Scope) -> Part:
    return Part(
        keys.INSIGHTS_CONTRADICTIONS,
        "Contradictions",
        tables.contradictions_table(found, scope.links),
        {"rule": "What can't be", "orders": "Orders"},
        "Orders whose status, payment and fulfilment cannot all be true",
    )


def _orders_a_day(
    daily: DailyCounts, earlier: CurrencyCounts | None, scope: Scope, reader: Reader, made_of: str
) -> Part:
    shaped = tables.days_table(daily, scope.links)
    placed = f"{reader.number(shaped.orders)} placed {reader.days(*scope.span)}"
    totals = shaped.rows.groupby("day")["orders"].sum()
    days = scope.each_day(reader)
    most = f", most on {days[str(totals.idxmax())]} ({totals.max()})" if len(totals) else ""
    return Part(
        keys.INSIGHTS_DAILY,
        "Orders a day",
        shaped,
        {"day": "Day", "status": "Status now", "orders": "Orders"},
        placed + _before_words(shaped.orders, earlier, scope, reader),
        charts.days_chart(
            shaped.rows,
            days,
            scope.share,
            _and(scope.with_places(f"Placed {reader.days(*scope.span)}"), made_of),
        ),
        ("day", "status"),
        f"Orders placed a day by their status now: {shaped.orders} on {len(totals)} days{most}.",
        wide=True,
        span=scope.span,
    )


def _how_far(daily: DailyCounts, refunded_after_sending: int, scope: Scope, reader: Reader) -> Part:
    counts = Counter[str]()
    for item in daily.items:
        counts[item.status] += item.count
    ways = flow.ways_of(counts, refunded_after_sending)
    drawn = flow.ribbons(ways)
    numbers = {way.orders: reader.number(way.orders) for way in ways}
    said = ", ".join(f"{way.target.lower()} {way.orders}" for way in ways)
    return Part(
        keys.INSIGHTS_PROGRESS,
        "How far these orders got",
        flow.flow_picture_table(ways, scope.links, scope.span),
        {"from": "From", "to": "To", "orders": "Orders"},
        "By the status that each of them has now; a refunded one was sent if its fulfilment says so",
        charts.flow_chart(
            drawn,
            flow.nodes(drawn),
            flow.labels(ways, drawn, numbers),
            scope.with_places(f"Placed {reader.days(*scope.span)}"),
        ),
        ("to",),
        f"How far the orders placed on these days got: {said}.",
        wide=True,
    )


def _bars(key: str, title: str, shaped: Shaped, footnote: str) -> Part:
    rows = shaped.rows
    said = ", ".join(f"{name} {count}" for name, count in zip(rows["name"], rows["orders"], strict=True))
    columns = {**_NAMES, "before": "Period before"} if "before" in rows else _NAMES
    return Part(
        key,
        title,
        shaped,
        {**columns, "name": title},
        chart=charts.bars_chart(rows, footnote),
        fields=("name",),
        said=f"{title}: {said}.",
    )


def _before_words(now: int, earlier: CurrencyCounts | None, scope: Scope, reader: Reader) -> str:
    """Say how many there were in the days before, where that is known, and by how much that has changed."""
    if earlier is None:
        return ""
    before = sum(each.count for each in earlier.items)
    change = f" ({(now - before) / before:+.0%})" if before else ""
    return f"; {reader.number(before)} in the {scope.days} days before{change}"


def _and(words: str, made_of: str) -> str:
    return f"{words}. {made_of}" if made_of else words
