"""Opens a file, or drains a pipe that somebody writes in time; it knows no text."""

import os
import select
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from lib.orders_api.importing.errors import ImportFileError

MAX_PIPE_BYTES = 1024**3
_CHUNK = 1 << 16


@dataclass(frozen=True)
class Patience:
    """For how many seconds a pipe may be silent, and may be read altogether."""

    silence: float = 20
    whole: float = 600


@contextmanager
def opened(path: Path, patience: Patience = Patience()) -> Iterator[BinaryIO]:
    """Open a file for reading; of a pipe, open a copy that can be read twice.

    Raises:
        ImportFileError: it is missing or unreadable, neither file nor pipe, or the pipe's writer is too slow.
    """
    try:
        # Without waiting: a pipe that nobody has opened for writing would hold up even the opening.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise ImportFileError(f"{path}: there is no such file") from None
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from None
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        with os.fdopen(descriptor, "rb") as file:
            yield file
        return
    try:
        if not stat.S_ISFIFO(mode):
            raise ImportFileError(f"{path}: can't be read: neither a file nor a pipe")
        with tempfile.TemporaryFile() as copy:
            _drain(descriptor, copy, path, patience)
            copy.seek(0)
            yield copy
    finally:
        os.close(descriptor)


def unreadable(path: Path, error: Exception) -> ImportFileError:
    """Return what to raise for a file that can't be read (any further)."""
    why = error.strerror if isinstance(error, OSError) and error.strerror else "not a plain file"
    return ImportFileError(f"{path}: can't be read: {why}")


def _drain(pipe: int, copy: BinaryIO, path: Path, patience: Patience) -> None:
    """Copy what comes through a pipe until its writers have closed it."""
    poll = select.poll()
    poll.register(pipe, select.POLLIN)
    deadline = time.monotonic() + patience.whole
    while True:
        left = min(patience.silence, deadline - time.monotonic())
        events = poll.poll(max(left, 0) * 1000)
        chunk = _read(pipe)
        if chunk:
            copy.write(chunk)
        elif events or (chunk == b"" and copy.tell()):
            return
        else:
            raise ImportFileError(f"{path}: nothing came through this pipe for {left:.0f} s")
        if copy.tell() > MAX_PIPE_BYTES or time.monotonic() > deadline:
            raise ImportFileError(f"{path}: this pipe does not end: save what it gives to a file first")


def _read(pipe: int) -> bytes | None:
    try:
        return os.read(pipe, _CHUNK)
    except BlockingIOError:
        return None
