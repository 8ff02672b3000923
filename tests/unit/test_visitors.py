"""How many strangers may be here at once, and that who is signed in is none."""

from __future__ import annotations

from lib.visitors import BY_PROVIDER, MOST_STRANGERS, MOST_STRANGERS_AT_ONE_ADDRESS, Visitors


def test_one_address_has_so_many_strangers_and_a_household_of_ipv6_is_one() -> None:
    visitors = Visitors()
    for number in range(MOST_STRANGERS_AT_ONE_ADDRESS):
        assert visitors.come(f"2001:db8::{number:x}")
    assert visitors.come("2001:db8::ffff") is None
    assert visitors.come("2001:db8:0:1::1")


def test_there_are_so_many_strangers_in_all() -> None:
    visitors = Visitors()
    for number in range(MOST_STRANGERS):
        assert visitors.come(f"192.0.2.{number % 250}")
    assert visitors.come("198.51.100.1") is None


def test_who_signs_in_or_leaves_makes_room() -> None:
    visitors = Visitors()
    everybody = [visitors.come("192.0.2.7") for _ in range(MOST_STRANGERS_AT_ONE_ADDRESS)]
    first, second = everybody[0], everybody[1]
    assert first is not None
    assert second is not None
    assert visitors.come("192.0.2.7") is None
    for _ in range(3):  # said at each run of the page
        visitors.signed_in(first.key, "tab", "sam")
    assert visitors.come("192.0.2.7")
    visitors.go(first)  # counted no more already
    assert visitors.come("192.0.2.7") is None
    visitors.go(second)
    assert visitors.come("192.0.2.7")
    assert visitors.come("192.0.2.7") is None


def test_a_key_that_is_nobodys_signs_nobody_in() -> None:
    visitors = Visitors()
    visit = visitors.come("192.0.2.7")
    assert visit is not None
    for key in (None, "", "guessed"):
        visitors.signed_in(key, "tab", "sam")
    assert visit.is_strangers
    assert not visitors.may_have_back("tab", "sam")


def test_a_tab_goes_back_to_whose_it_is() -> None:
    visitors = Visitors()
    visit = visitors.come("192.0.2.7")
    assert visit is not None
    visitors.signed_in(visit.key, "tab", "sam")
    assert visitors.may_have_back("tab", "sam")
    for other in ("olga", None, ""):
        assert not visitors.may_have_back("tab", other)
        assert not visitors.may_have_back("nobody's tab", other)
    visitors.signed_in(visit.key, "tab", "olga")
    assert not visitors.may_have_back("tab", "sam")
    visitors.signed_in(visit.key, "tab", BY_PROVIDER)  # and Streamlit looks for the provider's cookie
    assert visitors.may_have_back("tab", None)


def test_tabs_are_not_remembered_without_end() -> None:
    visitors = Visitors()
    visit = visitors.come("192.0.2.7")
    assert visit is not None
    for number in range(20_000):
        visitors.signed_in(visit.key, f"tab {number}", "sam")
    assert not visitors.may_have_back("tab 0", "sam")
    assert visitors.may_have_back("tab 19999", "sam")
