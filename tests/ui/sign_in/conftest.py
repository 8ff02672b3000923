"""A desk at which sam, olga and gone have accounts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.staff_desk import StaffDesk, staff_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[StaffDesk]:
    """A desk that nobody has signed in at."""
    with staff_desk(tmp_path) as made:
        yield made
