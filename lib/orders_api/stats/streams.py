"""Says in SQL how changes become figures, and how these are counted afresh; it runs nothing."""
# ruff: noqa: S608 - every name in these statements is a constant of this module

from __future__ import annotations

from dataclasses import dataclass

EVER = 0
"""The span that is all time. The others are lengths in minutes, of which the days of zones are made up."""
IS_STEP = "kind IN ('CREATED', 'STATUS_CHANGED')"
"""Which rows of the timeline are changes of status; an order's making is one too."""
_STARTS = "CASE l.minutes WHEN 0 THEN 0 ELSE c.quarter * 15 / l.minutes * l.minutes END"


@dataclass(frozen=True)
class Stream:
    """Changes of one sort, and the figures that they add up to."""

    changes: str
    figures: str
    keys: tuple[str, ...]
    by_country_only: tuple[str, ...]
    """The keys that are left empty in figures of all countries."""
    sums: tuple[str, ...]
    spans: tuple[int, ...]
    """Those kept for all countries together."""
    country_spans: tuple[int, ...]
    """Those kept for each country: fewer, for there are so many more of them."""
    edges: str = ""
    """The table in which less than a quarter hour is counted, by `created_at`."""
    edge_sums: tuple[str, ...] = ()

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return the columns that tell rows of figures apart, in the order in which they are kept."""
        return ("minutes", "shipping_country", "starts", *(k for k in self.keys if k != "shipping_country"))

    @property
    def columns(self) -> str:
        """Name the columns of the figures."""
        return ", ".join((*self.kinds, *self.sums))

    def spread(self, source: str, sign: str = "") -> str:
        """Select what each row of a source adds to the figures of every span that it is in."""
        values = {"minutes": "l.minutes", "starts": _STARTS}
        for key in self.keys:
            narrow = key in self.by_country_only
            values[key] = f"CASE l.by_country WHEN 1 THEN c.{key} ELSE '' END" if narrow else f"c.{key}"
        values |= {each: f"{sign}c.{each}" for each in self.sums}
        columns = ", ".join(f"{values[name]} AS {name}" for name in (*self.kinds, *self.sums))
        return f"SELECT {columns} FROM {source} AS c CROSS JOIN ({self._levels()}) AS l"

    def _levels(self) -> str:
        levels = [(span, 0) for span in self.spans] + [(span, 1) for span in self.country_spans]
        return " UNION ALL ".join(f"SELECT {span} AS minutes, {each} AS by_country" for span, each in levels)

    def add_up(self, rows: str) -> str:
        """Select the sums of such rows, but those that come to nothing."""
        kinds = ", ".join(self.kinds)
        sums = ", ".join(f"sum({each}) AS {each}" for each in self.sums)
        some = " OR ".join(f"sum({each}) <> 0" for each in self.sums)
        return f"SELECT {kinds}, {sums} FROM ({rows}) AS d GROUP BY {kinds} HAVING {some}"

    def fold(self, source: str) -> str:
        """Add the rows of a source to the figures."""
        added = ", ".join(f"{each} = {self.figures}.{each} + excluded.{each}" for each in self.sums)
        kinds = ", ".join(self.kinds)
        return (
            f"INSERT INTO {self.figures} ({self.columns}) {self.add_up(self.spread(source))}"
            # What is read together shall lie together; sorted like this, it need not be sorted twice.
            f" ORDER BY {kinds} ON CONFLICT ({kinds}) DO UPDATE SET {added}"
        )

    def differences(self, recounted: str) -> str:
        """Select the figures of kinds of which the figures and their changes say other than the recount."""
        kept = f"SELECT {self.columns} FROM {self.figures}"
        rows = (kept, self.spread(self.changes), self.spread(f"({recounted})", "-"))
        return self.add_up(" UNION ALL ".join(rows))


ORDERS = Stream(
    "figure_changes",
    "figures",
    ("status", "payment_status", "fulfillment_status", "shipping_country", "currency"),
    ("payment_status", "fulfillment_status", "shipping_country"),
    ("orders", "total"),
    spans=(15, 60, 1440, EVER),
    country_spans=(15, 1440, EVER),
    edges="orders",
    edge_sums=("1", "grand_total"),
)
STEPS = Stream(
    "step_changes",
    "step_figures",
    ("from_status", "to_status", "reason", "shipping_country", "currency"),
    ("shipping_country", "currency"),
    ("steps",),
    spans=(15, 60, 1440),
    country_spans=(15,),
)


def fold_stays(source: str) -> str:
    """Add the stays that the changes of status in a source ended."""
    return (
        "INSERT INTO stay_figures (day, status, hours, stays)"
        f" SELECT quarter / 96, from_status, hours, sum(steps) FROM {source} AS c WHERE from_status <> ''"
        " GROUP BY 1, 2, 3 HAVING sum(steps) <> 0"
        " ON CONFLICT (day, status, hours) DO UPDATE SET stays = stay_figures.stays + excluded.stays"
    )


def stay_differences(recounted: str) -> str:
    """Select the stays of which the figures and their changes say other than the recount."""
    changed = (
        "SELECT quarter / 96, from_status, hours, {sign}steps FROM {source} AS c WHERE from_status <> ''"
    )
    rows = (
        "SELECT day, status, hours, stays FROM stay_figures",
        changed.format(sign="", source="step_changes"),
        changed.format(sign="-", source=f"({recounted})"),
    )
    return (
        f"SELECT day, status, hours, sum(stays) AS stays FROM ({' UNION ALL '.join(rows)}) AS d"
        " GROUP BY day, status, hours HAVING sum(stays) <> 0"
    )


def recounted_orders(sqlite: bool) -> str:
    """Select the orders as changes."""
    keys = ", ".join(ORDERS.keys)
    quarter = f"{_seconds('created_at', sqlite)} / 900"
    return f"SELECT {quarter} AS quarter, {keys}, 1 AS orders, grand_total AS total FROM orders"


def recounted_steps(sqlite: bool) -> str:
    """Select all changes of status that the timeline holds, with the whole hours before each."""
    hours = f"({_seconds('at', sqlite)} - {_seconds('lag(at) OVER w', sqlite)} + 3599) / 3600"
    return f"""
        SELECT quarter, coalesce(from_status, '') AS from_status, to_status, o.shipping_country, o.currency,
            CASE to_status WHEN 'CANCELLED' THEN coalesce(o.cancel_reason, '') ELSE '' END AS reason,
            CASE WHEN hours > 0 THEN hours ELSE 0 END AS hours, 1 AS steps
        FROM (
            SELECT order_id, {_seconds("at", sqlite)} / 900 AS quarter, to_status,
                lag(to_status) OVER w AS from_status, {hours} AS hours
            FROM timeline WHERE {IS_STEP}
            WINDOW w AS (PARTITION BY order_id ORDER BY id)
        ) AS s JOIN orders AS o ON o.id = s.order_id
    """


def recounted_stays() -> str:
    """Select which status the timeline says each order is in, and since when."""
    return f"""
        SELECT order_id, to_status AS status, at AS since FROM timeline WHERE id IN (
            SELECT max(id) FROM timeline WHERE {IS_STEP} GROUP BY order_id)
    """


def _seconds(time: str, sqlite: bool) -> str:
    return (
        f"CAST(strftime('%s', {time}) AS INTEGER)" if sqlite else f"floor(extract(epoch FROM {time}))::bigint"
    )
