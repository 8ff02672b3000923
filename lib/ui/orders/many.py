"""Acts on many orders, one after the other, each once however often it is tried; it draws nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5

from lib.orders_client import (
    InProgress,
    OrderNotCancellable,
    OrderNotFound,
    OrdersClient,
    OrdersError,
    ValidationFailed,
)
from lib.ui.frame.error_words import words_for
from lib.ui.shared.cancelling import why_not


@dataclass(frozen=True)
class Result:
    """What became of one order; `again`: trying once more may change that."""

    words: str
    done: bool
    again: bool = False


Act = Callable[[OrdersClient, str], None]


def key_of(staff: str, act: str, number: str, *said: object) -> str:
    """Return the idempotency key of one order's act: the same for the same act, so that the API does it once.

    However often it is repeated, by a double click or after an answer that was lost.
    """
    return str(uuid5(NAMESPACE_URL, repr((staff, act, number, *said))))


def cancelling(staff: str, reason: str, notify: bool, attempt: str) -> Act:
    """Return what cancels an order: once an attempt, since the API keeps what it answered to each."""

    def cancel(client: OrdersClient, number: str) -> None:
        key = key_of(staff, "cancel", number, reason, notify, attempt)
        client.orders.cancel(number, reason, notify=notify, idempotency_key=key)

    return cancel


def noting(staff: str, text: str) -> Act:
    """Return what adds a note to an order."""

    def note(client: OrdersClient, number: str) -> None:
        client.orders.add_note(number, text, idempotency_key=key_of(staff, "note", number, text))

    return note


def attempt(client: OrdersClient, act: Act, number: str, done: str) -> Result:
    """Act on one order, and put into words what came of it."""
    try:
        act(client, number)
    except OrderNotCancellable as error:
        return Result(why_not(error.current_status or "") or "It can't be cancelled.", done=False)
    except OrderNotFound:
        return Result("There is no such order any more.", done=False)
    except InProgress:
        return Result("It is being done at this moment.", done=False, again=True)
    except ValidationFailed as error:
        return Result(words_for(error).next_step, done=False)
    except OrdersError as error:
        words = words_for(error)
        return Result(f"{words.title}.", done=False, again=words.passes)
    return Result(done, done=True)
