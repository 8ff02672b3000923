"""The order list's filters that come by a link alone: exact times, reasons of cancelling; no API call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from lib.ui.cancelling import NO_REASON, REASONS, UNKNOWN_REASON
from lib.ui.format import Reader
from lib.ui.session import (
    ORDERS_PLACED_BEFORE,
    ORDERS_PLACED_SINCE,
    ORDERS_REASON,
    ORDERS_STATUS_BEFORE,
    ORDERS_STATUS_SINCE,
)

_TIMES = {
    ORDERS_PLACED_SINCE: ("created_from", "placed since {}"),
    ORDERS_PLACED_BEFORE: ("created_to", "placed before {}"),
    ORDERS_STATUS_SINCE: ("status_from", "in their status since {} or later"),
    ORDERS_STATUS_BEFORE: ("status_to", "in their status since before {}"),
}
KEYS = (*_TIMES, ORDERS_REASON)
_REASONS = {**REASONS, UNKNOWN_REASON: NO_REASON}


@dataclass(frozen=True)
class LinkFilters:
    """What a link narrows the list to: times by the client's names for them, and reasons of cancelling."""

    times: Mapping[str, datetime]
    reasons: tuple[str, ...] = ()

    def added_to(self, query: Mapping[str, Any]) -> dict[str, Any]:
        """Give a query of `client.orders.list`, narrowed by these too."""
        narrowed = dict(query)
        for name, at in self.times.items():
            known = narrowed.get(name)
            latest = max if name.endswith("_from") else min
            narrowed[name] = at if known is None else latest(known, at)
        return {**narrowed, "cancel_reason": list(self.reasons)} if self.reasons else narrowed

    def in_words(self, reader: Reader) -> list[str]:
        """Give one short phrase a filter that is set."""
        words = {name: phrase for name, phrase in _TIMES.values()}
        phrases = [words[name].format(reader.moment(at)) for name, at in self.times.items()]
        return phrases + [f"cancelled: {_REASONS.get(each, each).lower()}" for each in self.reasons]


def link_filters() -> LinkFilters:
    """Read the filters of the page's address; what can't be used is left out."""
    return read_filters({key: st.query_params.get_all(key) for key in KEYS})


def read_filters(address: Mapping[str, Sequence[str]]) -> LinkFilters:
    """Read the filters out of an address' parameters."""
    times = {
        name: at
        for key, (name, _) in _TIMES.items()
        if (at := _time(next(iter(address.get(key, ())), ""))) is not None
    }
    return LinkFilters(times, tuple(each for each in address.get(ORDERS_REASON, ()) if each in _REASONS))


def address_of(times: Mapping[str, datetime | None]) -> dict[str, str]:
    """Give the address' parameters for times by the client's names for them."""
    keys = {name: key for key, (name, _) in _TIMES.items()}
    return {keys[name]: f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" for name, at in times.items() if at}


def forget_link_filters() -> None:
    """Take these filters out of the page's address."""
    for key in KEYS:
        st.query_params.pop(key, None)


def _time(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is not None and 1970 <= at.year <= 2099 else None
