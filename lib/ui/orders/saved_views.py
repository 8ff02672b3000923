"""Knows the list's views, the desk's own and saved ones, and reads and writes the latter; no API call."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from lib.orders_client import Preference
from lib.ui.orders.address import FILTER_CHECKS, read, written
from lib.ui.orders.filters import VIEWS, OrderFilters
from lib.ui.orders.link_filters import CHECKS as LINK_CHECKS
from lib.ui.shared import choices

KIND = "view"
Value = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class View:
    """A view: one of the desk's own, or (with a `number`) one that somebody has saved."""

    name: str
    filters: OrderFilters
    link: Value = field(default_factory=dict)
    number: int | None = None
    shared: bool = False
    misfits: tuple[str, ...] = ()
    """What it names that can't be used any more, in words."""

    @property
    def key(self) -> str:
        """What tells it from all others."""
        return self.name if self.number is None else f"saved {self.number}"


def built_in(waiting: bool) -> list[View]:
    """Return the desk's own views; without those by time in a status where the API does not know it."""
    return [View(name, each) for name, each in VIEWS.items() if waiting or not each.waiting]


def saved(preferences: Iterable[Preference]) -> list[View]:
    """Return the views among what is remembered."""
    return [_read(each) for each in preferences if each.kind == KIND]


def value_of(filters: OrderFilters, link: Value) -> dict[str, list[str]]:
    """Write what the list is narrowed to as parameters of its address; not the search, which is personal."""
    return written(filters) | {key: list(words) for key, words in link.items() if words}


def _read(kept: Preference) -> View:
    unknown = [key for key in kept.value if key not in FILTER_CHECKS]
    misfits = [*choices.complaints(kept.value, FILTER_CHECKS), *unknown]
    fitting = {key: [*filter(check, kept.value.get(key, ()))] for key, (_, check) in LINK_CHECKS.items()}
    link = {key: words for key, words in fitting.items() if words}
    return View(kept.name, read(kept.value), link, kept.id, kept.shared, tuple(misfits))
