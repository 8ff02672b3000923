"""How often somebody may try to sign in, by name and by address, and what takes a try back."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

from lib.staff.throttle import MOST_PER_ACCOUNT, MOST_PER_ADDRESS, WINDOW, SignInThrottle

HERE = "192.0.2.7"
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def test_five_failures_close_a_name_for_five_minutes_and_no_other() -> None:
    throttle = SignInThrottle()
    assert all(throttle.admit("sam", f"192.0.2.{n}", NOW) for n in range(MOST_PER_ACCOUNT))
    assert not throttle.admit("sam", HERE, NOW)
    assert throttle.admit("sue", HERE, NOW)
    assert not throttle.admit("sam", HERE, NOW + WINDOW - timedelta(seconds=1))
    assert throttle.admit("sam", HERE, NOW + WINDOW)


def test_twenty_failures_close_an_address_and_no_other() -> None:
    throttle = SignInThrottle()
    assert all(throttle.admit(f"guess {n}", HERE, NOW) for n in range(MOST_PER_ADDRESS))
    assert not throttle.admit("sam", HERE, NOW)
    assert throttle.admit("sam", "198.51.100.1", NOW)
    assert throttle.admit("sue", HERE, NOW + WINDOW)


def test_all_addresses_of_one_ipv6_network_are_one_caller() -> None:
    throttle = SignInThrottle()
    assert all(throttle.admit(f"guess {n}", f"2001:db8::{n + 1:x}", NOW) for n in range(MOST_PER_ADDRESS))
    assert not throttle.admit("one more", "2001:db8::ffff", NOW)
    assert throttle.admit("elsewhere", "2001:db8:0:1::1", NOW)
    throttle.take_back("guess 0", "2001:db8::abcd", NOW)
    assert throttle.admit("one more", "2001:db8::ffff", NOW)


def test_long_names_fill_no_memory() -> None:
    throttle = SignInThrottle()
    throttle.admit("x" * 1_000_000, HERE, NOW)
    assert max(map(len, throttle._failures)) < 200


def test_hammering_does_not_keep_a_name_closed() -> None:
    throttle = SignInThrottle()
    for second in range(int(WINDOW.total_seconds())):
        throttle.admit("sam", HERE, NOW + timedelta(seconds=second))
    assert throttle.admit("sam", HERE, NOW + WINDOW)


def test_a_success_takes_back_its_own_try_only() -> None:
    throttle = SignInThrottle()
    for second in range(MOST_PER_ACCOUNT):
        throttle.admit("sam", HERE, NOW + timedelta(seconds=second))
    throttle.take_back("sam", HERE, NOW + timedelta(seconds=4))
    throttle.take_back("sam", HERE, NOW + timedelta(seconds=4))
    assert throttle.admit("sam", HERE, NOW + timedelta(seconds=5))
    assert not throttle.admit("sam", HERE, NOW + timedelta(seconds=5))


def test_of_many_tries_at_once_five_get_through() -> None:
    throttle = SignInThrottle()
    admitted: list[bool] = []
    threads = [
        threading.Thread(target=lambda: admitted.append(throttle.admit("sam", HERE, NOW))) for _ in range(32)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(admitted) == MOST_PER_ACCOUNT
