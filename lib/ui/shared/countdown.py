"""Counts down on the screen to a moment; it decides nothing about access and shows nothing personal."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

import streamlit as st


@dataclass(frozen=True)
class Instant:
    """A moment on this server's two clocks, in seconds: one that never jumps, and the wall's."""

    steady: float
    wall: float


def now() -> Instant:
    """Read both clocks."""
    return Instant(time.monotonic(), time.time())


@dataclass(frozen=True)
class Deadline:
    """A moment to come; it is over as soon as either clock says so.

    The steady clock stands still while a machine sleeps, and the wall's can be set back: neither may
    keep something on the screen for longer than promised.
    """

    steady: float
    wall: float

    @classmethod
    def after(cls, seconds: float, start: Instant) -> Self:
        """Return the moment `seconds` after `start`."""
        return cls(start.steady + seconds, start.wall + seconds)

    def left(self, at: Instant) -> int:
        """Return the whole seconds left, a begun one included; 0 when it is over, and only then."""
        return max(math.ceil(min(self.steady - at.steady, self.wall - at.wall)), 0)

    def over(self, at: Instant) -> bool:
        """Return whether the moment has come."""
        return self.left(at) == 0


def minutes(seconds: int) -> str:
    """Write seconds as `mm:ss`."""
    return f"{seconds // 60:02d}:{seconds % 60:02d}"


def countdown(*clocks: tuple[str, Deadline], check: Callable[[], object] | None = None) -> None:
    """Show each label with its time left, and rerun the page once when one of them is over.

    Clocks that are over already are left out: a page that goes on passing one is not rerun for ever.
    `check` runs at each second: for a page that must not outlive, say, its reader's sign-out.
    """
    at = now()
    running = [(label, deadline) for label, deadline in clocks if not deadline.over(at)]
    if running:
        _tick(running, check)


@st.fragment(run_every=1.0)
def _tick(clocks: Sequence[tuple[str, Deadline]], check: Callable[[], object] | None) -> None:
    if check is not None:
        check()
    at = now()
    with st.container(horizontal=True, gap="large"):
        for label, deadline in clocks:
            st.metric(label, minutes(deadline.left(at)), width="content")
    if any(deadline.over(at) for _, deadline in clocks):
        st.rerun()
