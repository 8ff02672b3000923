"""The order list's filters that come by a link alone: times, reasons, changes of status; no API call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import streamlit as st

from lib.ui.shared import keys
from lib.ui.shared.cancelling import NO_REASON, REASONS, UNKNOWN_REASON
from lib.ui.shared.choices import Check
from lib.ui.shared.format import Reader
from lib.ui.shared.order_links import NEW, TIME_KEYS
from lib.ui.shared.statuses import STATUSES, label_of

_PLACED = "Placed"
_TIMES = {
    "created_from": "placed since {}",
    "created_to": "placed before {}",
    "status_from": "in their status since {} or later",
    "status_to": "in their status since before {}",
    "changed_from": "since {}",
    "changed_to": "before {}",
}
_OF_CHANGE = ("changed_from", "changed_to")
_REASONS = {**REASONS, UNKNOWN_REASON: NO_REASON}
_REACHED = {"PROCESSING": "in preparation", "SHIPPED": "sent"}


@dataclass(frozen=True)
class LinkFilters:
    """What a link narrows the list to, in the API's own codes; times by the client's names for them.

    The statuses before and after and the times of changing are those of one and the same change.
    """

    times: Mapping[str, datetime]
    reasons: tuple[str, ...] = ()
    from_statuses: tuple[str, ...] = ()
    to_statuses: tuple[str, ...] = ()
    reached: str | None = None

    def added_to(self, query: Mapping[str, Any]) -> dict[str, Any]:
        """Return a query of `client.orders.list`, narrowed by these too."""
        narrowed = dict(query)
        for name, at in self.times.items():
            known = narrowed.get(name)
            latest = max if name.endswith("_from") else min
            narrowed[name] = at if known is None else latest(known, at)
        words = {
            "cancel_reason": list(self.reasons),
            "from_status": list(self.from_statuses),
            "to_status": list(self.to_statuses),
            "reached": self.reached,
        }
        return narrowed | {name: value for name, value in words.items() if value}

    def in_words(self, reader: Reader) -> list[str]:
        """Return one short phrase a filter that is set."""
        said = {name: words.format(reader.moment(self.times[name]))
                for name, words in _TIMES.items() if name in self.times}  # fmt: skip
        phrases = [words for name, words in said.items() if name not in _OF_CHANGE]
        phrases += self._change_in_words(" and ".join(said[name] for name in _OF_CHANGE if name in said))
        phrases += [f"cancelled: {_REASONS.get(each, each).lower()}" for each in self.reasons]
        return [*phrases, f"got as far as {_REACHED[self.reached]}"] if self.reached else phrases

    def _change_in_words(self, when: str) -> list[str]:
        before, after = (
            " or ".join(_PLACED if code == NEW else label_of(STATUSES, code) for code in codes)
            for codes in (self.from_statuses, self.to_statuses)
        )
        if before and after:
            what = f"changed from {before} to {after}"
        elif before or after:
            what = f"left {before}" if before else f"came to {after}"
        else:
            what = "changed their status" if when else ""
        return [f"{what} {when}".strip()] if what else []


def link_filters() -> LinkFilters:
    """Read the filters of the page's address; what can't be used is left out."""
    return read_filters({key: st.query_params.get_all(key) for key in KEYS})


def read_filters(address: Mapping[str, Sequence[str]]) -> LinkFilters:
    """Read the filters out of an address' parameters."""
    usable = {
        key: tuple(each for each in address.get(key, ()) if check(each)) for key, (_, check) in CHECKS.items()
    }
    times = {name: datetime.fromisoformat(usable[key][0]) for name, key in TIME_KEYS.items() if usable[key]}
    reached = usable[keys.ORDERS_REACHED]
    return LinkFilters(
        times,
        usable[keys.ORDERS_REASON],
        usable[keys.ORDERS_CHANGE_FROM],
        usable[keys.ORDERS_CHANGE_TO],
        reached[0] if reached else None,
    )


def forget_link_filters() -> None:
    """Take these filters out of the page's address."""
    for key in KEYS:
        st.query_params.pop(key, None)


def drop_unusable() -> None:
    """Take the values that can't be used out of the page's address, so that they are complained of once."""
    for key, (_, check) in CHECKS.items():
        given = st.query_params.get_all(key)
        usable = [each for each in given if check(each)]
        if len(usable) < len(given):
            st.query_params[key] = usable


def _is_time(text: str) -> bool:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return False
    return at.tzinfo is not None and 1970 <= at.year <= 2099


CHECKS: Mapping[str, tuple[str, Check]] = {
    keys.ORDERS_PLACED_SINCE: ("time placed since", _is_time),
    keys.ORDERS_PLACED_BEFORE: ("time placed before", _is_time),
    keys.ORDERS_STATUS_SINCE: ("time of their status", _is_time),
    keys.ORDERS_STATUS_BEFORE: ("time before which they had their status", _is_time),
    keys.ORDERS_REASON: ("reason of cancelling", _REASONS.__contains__),
    keys.ORDERS_CHANGED_SINCE: ("time changed since", _is_time),
    keys.ORDERS_CHANGED_BEFORE: ("time changed before", _is_time),
    keys.ORDERS_CHANGE_FROM: ("status changed from", {NEW, *STATUSES}.__contains__),
    keys.ORDERS_CHANGE_TO: ("status changed to", STATUSES.__contains__),
    keys.ORDERS_REACHED: ("how far orders got", _REACHED.__contains__),
}
"""What to call each filter of the address, and which values it may have."""
KEYS = tuple(CHECKS)
