"""Shares figures between all who ask for the same ones, for up to a minute; it knows none of them."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime, timedelta

from lib.orders_api.domain.clock import Clock

MAX_AGE = timedelta(minutes=1)
MAX_BYTES = 16 * 2**20
_OVERHEAD = 2_000
"""The bytes that an answer takes beside its own."""


class SharedFigures:
    """Answers to calls for figures, in one process. They hold no personal data, and say how old they are."""

    def __init__(self, clock: Clock, max_age: timedelta = MAX_AGE, max_bytes: int = MAX_BYTES) -> None:
        self._clock, self._max_age, self._max_bytes = clock, max_age, max_bytes
        self._lock = threading.Lock()
        self._answers: dict[str, tuple[datetime, Future[bytes]]] = {}

    def get(self, question: str, work: Callable[[datetime], bytes]) -> bytes:
        """Return the answer to a question: a fresh one that is there, or is being worked on, or a new one.

        Whoever asks while somebody else's answer is worked on waits for it, and gets what that one raises.
        """
        now = self._clock()
        with self._lock:
            began, answer = self._answers.get(question, (None, Future[bytes]()))
            mine = began is None or not self._is_fresh(began, now)
            if mine:
                answer = Future()
                self._answers.pop(question, None)
                self._answers[question] = now, answer
        if mine:
            self._work(question, answer, lambda: work(now))
        return answer.result()

    def _work(self, question: str, answer: Future[bytes], work: Callable[[], bytes]) -> None:
        try:
            answer.set_result(work())
        except BaseException as error:
            # Whatever it was: whoever waits must not wait for ever.
            answer.set_exception(error)
            with self._lock:
                self._answers.pop(question, None)
            return
        with self._lock:
            self._drop_old()

    def _is_fresh(self, began: datetime, now: datetime) -> bool:
        return timedelta(0) <= now - began < self._max_age

    def _drop_old(self) -> None:
        """Drop what is too old to be given, then the oldest until the rest is not too large."""
        now = self._clock()
        for question, (began, answer) in list(self._answers.items()):
            if answer.done() and not self._is_fresh(began, now):
                del self._answers[question]
        sizes = {
            each: len(answer.result()) + _OVERHEAD
            for each, (_, answer) in self._answers.items()
            if answer.done() and answer.exception() is None
        }
        size = sum(sizes.values())
        for question in list(sizes):
            if size <= self._max_bytes:
                break
            size -= sizes[question]
            del self._answers[question]
