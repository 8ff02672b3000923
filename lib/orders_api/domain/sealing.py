"""Seals what must not be readable in the database, and hashes codes and tokens, under keys not kept there."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Sealer:
    """Encrypts texts, and makes keyed hashes of codes and of audit rows, under `ORDERS_CODE_KEY`."""

    def __init__(self, code_key: str) -> None:
        self._fernet = Fernet(base64.urlsafe_b64encode(_derive(code_key, b"sealed text")))
        self._mac_key = _derive(code_key, b"access codes")
        self._audit_key = _derive(code_key, b"audit log")

    def seal(self, text: str) -> bytes:
        """Return text in a form that can't be read without the key."""
        return self._fernet.encrypt(text.encode())

    def open(self, sealed: bytes) -> str:
        """Return a sealed text.

        Raises:
            cryptography.fernet.InvalidToken: it was sealed under another key, or changed.
        """
        return self._fernet.decrypt(sealed).decode()

    def code_mac(self, salt: bytes, code: str) -> bytes:
        """Return the keyed hash of a code: 32 bytes that can't be tried without the key."""
        return hmac.digest(self._mac_key, salt + code.encode("utf-8", "replace"), "sha256")

    def audit_mac(self, text: str) -> str:
        """Return the keyed hash of what a row of the audit log says: 64 hexadecimal digits."""
        return hmac.digest(self._audit_key, text.encode(), "sha256").hex()


def _derive(key: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(key.encode())


def new_access_token() -> str:
    """Return a new access token: 256 random bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return what is kept of an access token; its 256 bits need no key against trying."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
