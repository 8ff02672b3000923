"""What stops a whole import, and what rejects a row of it; neither ever reaches HTTP."""

from pydantic import ValidationError

from lib.orders_api.domain.errors import ValidationFailedError

MAX_NAMED = 3


class ImportFileError(Exception):
    """The file as a whole can't be imported; the text is one clear line for whoever ran the command."""


class RowRejectedError(Exception):
    """A row, or the order it belongs to, can't be right; the text says why, in one line."""


def reason_of(error: ValidationError | ValidationFailedError) -> str:
    """Put what is wrong with an order into one line, without what was sent."""
    if isinstance(error, ValidationFailedError):
        named = [(part["field"], part["message"]) for part in error.errors]
    else:
        named = [(".".join(map(str, part["loc"])), part["msg"]) for part in error.errors()]
    listed = [
        f"{field or 'the line'}: {message.removeprefix('Value error, ')}"
        for field, message in named[:MAX_NAMED]
    ]
    further = len(named) - MAX_NAMED
    return "; ".join([*listed, f"and {further} more"] if further > 0 else listed)
