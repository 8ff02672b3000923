"""A desk on which the guest access page is open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.guest_desk import GUEST, Desk, guest_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk with the guest access page open; sam is signed in."""
    with guest_desk(tmp_path) as made:
        made.open(GUEST)
        yield made
