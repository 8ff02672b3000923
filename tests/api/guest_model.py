"""What the contract says about guest access to one order; nothing here is taken from the product."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass
class Model:
    """One order's code, its tokens, and what was guessed at it."""

    email: str
    code: str | None = None
    issued: list[datetime] = field(default_factory=list)
    attempts: int = 0
    wrong_at: list[datetime] = field(default_factory=list)
    wrong_in_a_row: int = 0
    locked_until: datetime | None = None
    old_codes: list[str] = field(default_factory=list)
    tokens: dict[str, datetime] = field(default_factory=dict)

    def is_locked(self, now: datetime) -> bool:
        """No code works: for a day after ten wrong ones in a day, for good after a hundred in a row."""
        return self.wrong_in_a_row >= 100 or (self.locked_until is not None and now < self.locked_until)

    def has_code(self, now: datetime) -> bool:
        """A code is there that works, for ten minutes."""
        fresh = bool(self.issued) and now < self.issued[-1] + 10 * MINUTE
        return self.code is not None and fresh and not self.is_locked(now)

    def may_get_code(self, now: datetime) -> bool:
        """One a minute and five an hour, none while it is locked."""
        lately = [at for at in self.issued if at > now - HOUR]
        too_soon = bool(self.issued) and self.issued[-1] > now - MINUTE
        return not self.is_locked(now) and not too_soon and len(lately) < 5

    def issue(self, code: str, now: datetime) -> None:
        """Return a new code, which ends the one before."""
        self.end_code()
        self.code, self.attempts = code, 0
        self.issued.append(now)

    def end_code(self) -> None:
        """Let the code work no more."""
        if self.code is not None:
            self.old_codes.append(self.code)
        self.code = None

    def redeem(self, token: str, now: datetime) -> None:
        """Return a token for the right code, which ends it and the row of wrong ones."""
        self.end_code()
        self.wrong_in_a_row = 0
        self.tokens[token] = now + 30 * MINUTE

    def count_wrong(self, now: datetime) -> None:
        """Burn the code at its fifth wrong attempt; lock the order at ten within 24 hours."""
        self.attempts += 1
        self.wrong_at.append(now)
        self.wrong_in_a_row += 1
        if len([at for at in self.wrong_at if at > now - DAY]) >= 10:
            self.locked_until = now + DAY
        if self.attempts >= 5 or self.is_locked(now):
            self.end_code()

    def unlock(self) -> None:
        """Begin all counts anew."""
        self.wrong_at, self.wrong_in_a_row, self.locked_until = [], 0, None

    def change_email(self, email: str, now: datetime) -> None:
        """End all that the old mailbox has proven, and its code."""
        self.email = email
        self.end_code()
        self.tokens = dict.fromkeys(self.tokens, now)

    def edges(self, now: datetime) -> Iterator[datetime]:
        """Return the moments to come at which something begins or ends to be so."""
        found = [at + span for at in self.issued[-6:] for span in (MINUTE, 10 * MINUTE, HOUR)]
        found += [at + DAY for at in self.wrong_at[-10:]] + list(self.tokens.values())
        yield from sorted({at for at in (*found, self.locked_until) if at is not None and at > now})

    def next_code_at(self, now: datetime) -> datetime:
        """Return the first moment at which it may get a code; now, if none will come by waiting."""
        return next((at for at in (now, *self.edges(now)) if self.may_get_code(at)), now)
