"""Logs answers that can't be understood, so that somebody can mend them: names and ids, never a value."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ._call import Call
from .errors import UnexpectedResponse

_logger = logging.getLogger(__package__)


@contextmanager
def logged(call: Call[Any]) -> Iterator[None]:
    """Log an UnexpectedResponse on its way to the caller."""
    try:
        yield
    except UnexpectedResponse as error:
        log_unexpected(call.name, error)
        raise


def log_unexpected(call: str, error: UnexpectedResponse) -> None:
    """Write one line about an answer: to which call, why, which field, and the request id to look for."""
    _logger.warning(
        "unexpected answer to %s: %s; field: %s; expected: %s; status: %s; request id: %s",
        call,
        error.reason,
        error.field or "none",
        error.expected or "see the contract",
        error.status,
        error.request_id,
    )
