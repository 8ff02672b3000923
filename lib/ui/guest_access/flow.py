"""The steps of verifying a caller, as plain values; it calls no API, reads no clock and draws nothing."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from lib.ui.shared.countdown import Deadline, Instant
from lib.ui.shared.order_input import can_be_number, read_email, same_number

if TYPE_CHECKING:
    from lib.orders_client import AccessGrant, OrderDetail

CODE_SECONDS = 600
RESEND_SECONDS = 60
CODE_DIGITS = 6
_DIGITS = re.compile(r"\d(?: *\d)*", re.ASCII)


class Why(StrEnum):
    """Why an order left the screen; UNCONFIRMED: the API could not be told; UNENDED: it can't end it."""

    ENDED = "ended"
    UNCONFIRMED = "unconfirmed"
    UNENDED = "unended"
    EXPIRED = "expired"
    REFUSED = "refused"


@dataclass(frozen=True)
class Asking:
    """Step 1: which order, and which email address the caller says; `before` if it is to be corrected."""

    order_number: str = ""
    email: str = field(default="", repr=False)
    notice: str = ""
    wait: Deadline | None = None
    before: CodeSent | None = field(default=None, repr=False)

    def about(self, order_number: str, email: str) -> Asking:
        """Return this step with what was typed now, the email without what was pasted along with it."""
        return replace(self, order_number=order_number, email=read_email(email) or email)

    def unchanged(self, at: Instant) -> CodeSent | None:
        """Return the step before if the same was typed again before a new code may be sent."""
        typed = (self.order_number.casefold(), self.email.casefold())
        if self.before is None or self.before.resend_at.over(at):
            return None
        same = typed == (self.before.order_number.casefold(), self.before.email.casefold())
        return replace(self.before, notice="") if same else None


@dataclass(frozen=True)
class CodeSent:
    """Step 2: a code was asked for; whether one was sent, nobody here knows, and nobody here may know."""

    order_number: str
    email: str = field(repr=False)
    code_until: Deadline
    resend_at: Deadline
    notice: str = ""
    wait: Deadline | None = None

    def may_resend(self, at: Instant) -> bool:
        """Return whether another code may be asked for now."""
        return self.resend_at.over(at) and may_go_on(self, at)


@dataclass(frozen=True)
class OrderOpen:
    """Step 3: the order in full, until its time is over."""

    access_token: str = field(repr=False)
    order: OrderDetail = field(repr=False)
    until: Deadline


@dataclass(frozen=True)
class Ending:
    """The order has left the screen and the API is about to be told."""

    access_token: str = field(repr=False)


@dataclass(frozen=True)
class Over:
    """The order has left the screen."""

    why: Why


Flow = Asking | CodeSent | OrderOpen | Ending | Over


def is_about(flow: Flow, order_number: str) -> bool:
    """Return whether somebody is being verified, or has been, for this order."""
    if isinstance(flow, OrderOpen):
        return same_number(flow.order.order_number, order_number)
    return isinstance(flow, CodeSent) and same_number(flow.order_number, order_number)


def sent(order_number: str, email: str, asked: Instant) -> CodeSent:
    """Go to step 2; both clocks run from the request, and are the same for every order there is or isn't."""
    return CodeSent(
        order_number,
        email,
        code_until=Deadline.after(CODE_SECONDS, asked),
        resend_at=Deadline.after(RESEND_SECONDS, asked),
    )


def opened(grant: AccessGrant, asked: Instant) -> OrderOpen:
    """Go to step 3, for as long as the API grants, counted from before it was asked."""
    return OrderOpen(grant.access_token, grant.order, Deadline.after(grant.expires_in, asked))


def held_back(flow: Asking | CodeSent, seconds: float, at: Instant) -> Asking | CodeSent:
    """Stay at a step, and wait as long as a rate limit says."""
    return replace(flow, notice="", wait=Deadline.after(seconds, at))


def may_go_on(flow: Asking | CodeSent, at: Instant) -> bool:
    """Return whether no rate limit holds this step back."""
    return flow.wait is None or flow.wait.over(at)


def settle(flow: Flow, at: Instant) -> Flow:
    """Return the step as it stands now: an opened order whose time is over is gone, token and all."""
    if isinstance(flow, OrderOpen) and flow.until.over(at):
        return Over(Why.EXPIRED)
    return flow


def read_code(typed: str) -> str | None:
    """Return the six digits of a code out of what was typed or pasted, or None where there is no one code.

    Words around it, spaces and hyphens in it, and digits of other scripts, such as full-width ones, will do.
    """
    plain = "".join(_as_in_code(sign) for sign in typed)
    runs = {"".join(filter(str.isdigit, run)) for run in _DIGITS.findall(plain)}
    codes = [run for run in runs if len(run) == CODE_DIGITS]
    return codes[0] if len(codes) == 1 else None


def _as_in_code(sign: str) -> str:
    value = unicodedata.decimal(sign, None)
    if value is not None:
        return str(value)
    if sign.isspace() or unicodedata.category(sign) in ("Pd", "Cf"):
        return " "
    return "."


def missing(order_number: str, email: str) -> str | None:
    """Say what a request still lacks, or give None; it looks at the form of the words and at nothing else."""
    if not order_number:
        return "Enter the order number the caller gives you."
    if not can_be_number(order_number):
        return "That can't be an order number: it has up to 64 characters, and is no email and no link."
    if read_email(email) is None:
        return "Enter the whole email address, as the caller spells it: name@example.com."
    return None
