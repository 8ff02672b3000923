"""From where a browser comes: a header is believed from named proxies only."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_network

import pytest

from lib.ui.auth.records import address_behind

PROXIES = (ip_network("10.0.0.0/8"), ip_network("2001:db8::/32"), ip_network("127.0.0.1/32"))


@pytest.mark.parametrize(
    ("peer", "headers", "expected"),
    [
        ("198.51.100.9", [], "198.51.100.9"),
        ("198.51.100.9", ["203.0.113.5"], "198.51.100.9"),
        ("10.0.0.1", ["203.0.113.5"], "203.0.113.5"),
        ("127.0.0.1", ["203.0.113.5"], "203.0.113.5"),
        ("10.0.0.1", ["1.1.1.1, 203.0.113.5"], "203.0.113.5"),
        ("10.0.0.1", ["1.1.1.1", "203.0.113.5, 10.0.0.2"], "203.0.113.5"),
        ("10.0.0.1", ["2001:db8::1", "2a00::7, 2001:db8::2"], "2a00::7"),
        ("10.0.0.1", ["anything, at all"], "10.0.0.1"),
        ("10.0.0.1", [""], "10.0.0.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["10.0.0.3"], "10.0.0.3"),
    ],
)
def test_the_address_is_the_last_that_is_no_proxys(peer: str, headers: Sequence[str], expected: str) -> None:
    assert address_behind(peer, headers, PROXIES) == expected


def test_without_named_proxies_nothing_is_believed() -> None:
    assert address_behind("127.0.0.1", ["203.0.113.5"], ()) == "127.0.0.1"
