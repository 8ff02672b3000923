"""What is sealed can't be read, changed or tried without the key."""

from __future__ import annotations

import base64
import hashlib

import pytest
from cryptography.fernet import InvalidToken
from hypothesis import given
from hypothesis import strategies as st

from lib.orders_api.domain.sealing import Sealer, new_access_token, token_hash

SEALER = Sealer("a-key-of-at-least-thirty-two-bytes-here")
OTHER = Sealer("another-key-of-at-least-32-bytes-longer")


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_sealed_text_opens_to_the_same(text: str) -> None:
    assert SEALER.open(SEALER.seal(text)) == text


def test_a_sealed_text_does_not_show_itself_nor_that_it_is_the_same() -> None:
    first, second = SEALER.seal("123456 jane"), SEALER.seal("123456 jane")
    assert first != second
    assert b"123456" not in first
    assert b"jane" not in base64.urlsafe_b64decode(first)


def test_another_key_or_a_changed_byte_opens_nothing() -> None:
    sealed = SEALER.seal("text")
    changed = sealed[:-5] + (b"AAAA=" if sealed[-5:] != b"AAAA=" else b"BBBB=")
    for opener, given_ in ((OTHER, sealed), (SEALER, changed), (SEALER, b"")):
        with pytest.raises(InvalidToken):
            opener.open(given_)


def test_a_codes_hash_depends_on_key_salt_and_code() -> None:
    mac = SEALER.code_mac(b"salt", "123456")
    assert mac == SEALER.code_mac(b"salt", "123456")
    assert len(mac) == 32
    others = {
        OTHER.code_mac(b"salt", "123456"),
        SEALER.code_mac(b"tlas", "123456"),
        SEALER.code_mac(b"salt", "123457"),
    }
    assert len(others | {mac}) == 4
    assert mac != hashlib.sha256(b"salt123456").digest()
    assert SEALER.code_mac(b"salt", "\ud800")


def test_access_tokens_are_long_and_never_the_same() -> None:
    tokens = {new_access_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert {len(base64.urlsafe_b64decode(token + "=")) for token in tokens} == {32}


def test_of_a_token_its_hash_is_kept() -> None:
    assert token_hash("t") == hashlib.sha256(b"t").hexdigest()
    assert token_hash("\ud800")
