"""Seals what must not be readable in the database, and hashes codes and tokens, under keys not kept there."""

import base64
import hashlib
import hmac
import secrets
from contextlib import suppress

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Sealer:
    """Encrypts texts, and makes keyed hashes of codes and of audit rows, under `ORDERS_CODE_KEY`.

    Several keys may be given: the first one seals, all of them open. So a key can be changed.
    """

    def __init__(self, *code_keys: str) -> None:
        self._fernets = [Fernet(base64.urlsafe_b64encode(_derive(key, b"sealed text"))) for key in code_keys]
        self._fernet = MultiFernet(self._fernets)
        self._mac_keys = [_derive(key, b"access codes") for key in code_keys]
        self._ledger_keys = [_derive(key, b"forgotten customers") for key in code_keys]
        self._audit_keys = [_derive(key, b"audit log") for key in code_keys]
        self.key_names = tuple(self.audit_mac("name of this key", at)[:8] for at in range(len(code_keys)))
        """What the keys are called, the first one first; it tells nothing of them."""

    def seal(self, text: str) -> bytes:
        """Return text in a form that can't be read without the key."""
        return self._fernet.encrypt(text.encode())

    def open(self, sealed: bytes) -> str:
        """Return a sealed text.

        Raises:
            cryptography.fernet.InvalidToken: it was sealed under another key, or changed.
        """
        return self._fernet.decrypt(sealed).decode()

    def key_of(self, sealed: bytes) -> str | None:
        """Return the name of the key that a text was sealed under; None if it can't be opened."""
        for name, fernet in zip(self.key_names, self._fernets, strict=True):
            with suppress(InvalidToken):
                fernet.decrypt(sealed)
                return name
        return None

    def code_mac(self, salt: bytes, code: str) -> bytes:
        """Return the keyed hash of a code: 32 bytes that can't be tried without the key."""
        return _code_mac(self._mac_keys[0], salt, code)

    def is_code(self, mac: bytes, salt: bytes, code: str) -> bool:
        """Return whether a code has this keyed hash, in the same time whether it has or not."""
        return any([hmac.compare_digest(mac, _code_mac(key, salt, code)) for key in self._mac_keys])

    def audit_mac(self, text: str, key: int = 0) -> str:
        """Return the keyed hash of what a row of the audit log says: 64 hexadecimal digits."""
        return hmac.digest(self._audit_keys[key], text.encode(), "sha256").hex()

    def forgotten_mac(self, who: str, key: int = 0) -> str:
        """Return by what the ledger of forgotten customers knows somebody: 64 hexadecimal digits."""
        return hmac.digest(self._ledger_keys[key], who.encode("utf-8", "replace"), "sha256").hex()


def _code_mac(key: bytes, salt: bytes, code: str) -> bytes:
    return hmac.digest(key, salt + code.encode("utf-8", "replace"), "sha256")


def _derive(key: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(key.encode())


def new_access_token() -> str:
    """Return a new access token: 256 random bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return what is kept of an access token; its 256 bits need no key against trying."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
