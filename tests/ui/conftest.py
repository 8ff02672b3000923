"""The desk that most tests of pages open: a staff member's, in front of a fake API."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.order_desk import Desk, order_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with order_desk(tmp_path) as desk:
        yield desk
