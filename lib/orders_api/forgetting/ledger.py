"""Keeps outside the database who was forgotten, as keyed hashes, for the day a backup is restored."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from lib.orders_api.domain.sealing import Sealer
from lib.settings import Settings


class LedgerError(Exception):
    """The ledger can't be read or written; the text says why, in one line."""


@dataclass(frozen=True)
class Ledger:
    """A file with a line for each that was forgotten: when, under which key, and the keyed hash of who."""

    path: Path
    sealer: Sealer

    @classmethod
    def of(cls, settings: Settings, sealer: Sealer) -> Self:
        """Return a shop's ledger.

        Raises:
            SettingsError: no setting says where it stands.
        """
        return cls(settings.ledger_path, sealer)

    def add(self, who: str, at: datetime) -> str:
        """Write that somebody is forgotten, and have the disk keep it before this returns its line.

        Raises:
            LedgerError: it can't be written.
        """
        line = f"{at.isoformat()} {self.sealer.key_names[0]} {self.sealer.forgotten_mac(who)}"
        self._append([line])
        return line

    def unite(self, others: set[str]) -> set[str]:
        """Write down what other machines' ledgers say and this one does not; return what it alone says.

        Raises:
            LedgerError: it can't be read or written.
        """
        here = {" ".join(parts) for parts in self._lines()}
        if others - here:
            self._append(sorted(others - here))
        return here - others

    def _append(self, lines: Sequence[str]) -> None:
        text = "".join(f"{line}\n" for line in lines)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                size = os.fstat(file).st_size
                torn = size and os.pread(file, 1, size - 1) != b"\n"
                os.write(file, (f"\n{text}" if torn else text).encode())
                os.fsync(file)
            finally:
                os.close(file)
            folder = os.open(self.path.parent, os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)
        except OSError as error:
            raise LedgerError(f"the ledger {self.path} can't be written: {error.strerror}") from None

    def entries(self) -> dict[str, datetime]:
        """Return until when whom: hashes with the latest time at which each was forgotten.

        A line that was cut off is of a `forget` that never said it was done.

        Raises:
            LedgerError: it can't be read, or was made under a key that is not given.
        """
        found: dict[str, datetime] = {}
        for at, key, mac in self._lines():
            if key not in self.sealer.key_names:
                raise LedgerError(f"the ledger {self.path} needs the key {key} in ORDERS_CODE_KEY, too")
            found[mac] = datetime.fromisoformat(at)
        return found

    def keys_used(self) -> set[str]:
        """Return the names of the keys that the ledger was made under.

        Raises:
            LedgerError: it can't be read.
        """
        return {key for _, key, _ in self._lines()}

    def count(self) -> int:
        """Return how many are forgotten, under whichever keys.

        Raises:
            LedgerError: it can't be read.
        """
        return len({mac for *_, mac in self._lines()})

    def _lines(self) -> list[list[str]]:
        try:
            lines = self.path.read_text("utf-8").splitlines() if self.path.exists() else []
        except (OSError, UnicodeDecodeError):
            raise LedgerError(f"the ledger {self.path} can't be read") from None
        parts = [line.split(" ") for line in lines]
        return [each for each in parts if len(each) == 3 and len(each[2]) == 64]

    def forgotten_at(self, entries: dict[str, datetime], who: str) -> datetime | None:
        """Return when somebody was forgotten last; None: never."""
        macs = [self.sealer.forgotten_mac(who, key) for key in range(len(self.sealer.key_names))]
        return max((entries[mac] for mac in macs if mac in entries), default=None)


def by_email(email_key: str) -> str:
    """Return how the ledger names an address."""
    return f"email {email_key}"


def by_number(order_number_key: str) -> str:
    """Return how the ledger names the customer of an order without an email."""
    return f"order {order_number_key}"
