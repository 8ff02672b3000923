"""Keeps secrets in files of their owner's alone, made on the first run, and takes lists of them apart."""

import os
import secrets
from pathlib import Path

MIN_SECRET_BYTES = 32


def split(value: str) -> tuple[str, ...]:
    """Return the secrets of a setting that may hold several with commas between."""
    return tuple(part.strip() for part in value.split(","))


def is_long_enough(secret: str) -> bool:
    """Return whether nobody can try all secrets of this length."""
    return len(secret.encode()) >= MIN_SECRET_BYTES


def read_or_make(path: Path) -> str:
    """Read a secret from `path`, made first where there is none: by one process, of several at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
