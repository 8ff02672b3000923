"""Passwords at bcrypt's lowest cost, for tests that are not about that cost; no test."""

from __future__ import annotations

import bcrypt
import pytest

PASSWORD = "correct horse battery"
CHEAP = 4  # that it is 12 elsewhere is tests/unit's to see


def hash_cheaply(patch: pytest.MonkeyPatch) -> None:
    """Let this process hash at that cost, and take such hashes for good ones."""
    nobody = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(CHEAP)).decode()
    patch.setattr("lib.staff.passwords.COST", CHEAP)
    patch.setattr("lib.staff.passwords._NOBODY", nobody)
