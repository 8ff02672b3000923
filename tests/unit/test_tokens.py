"""Callers as the API knows them: names for the log, what they see, and which roles let them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lib.orders_api.domain.errors import ForbiddenError, UnauthenticatedError
from lib.orders_api.domain.tokens import Principal, Role, TokenVerifier
from lib.staff.tokens import mint_customer_token, mint_staff_token

SECRET = "unit-tests-only-secret-of-more-than-32-bytes"
VERIFIER = TokenVerifier([SECRET], None)


def test_a_staff_token_names_a_staff_member_with_the_roles_that_we_know() -> None:
    token = mint_staff_token(SECRET, "sam", ["support", "boss", "ops"], datetime.now(UTC))
    sam = VERIFIER.principal(token)
    assert sam == Principal("staff", "sam", frozenset({Role.SUPPORT, Role.OPS}))
    assert (sam.actor, sam.is_staff, sam.customer_id) == ("staff:sam", True, None)


def test_a_customer_token_names_a_customer_who_sees_their_own() -> None:
    jane = VERIFIER.principal(mint_customer_token(SECRET, "c-1", datetime.now(UTC)))
    assert jane == Principal("customer", "c-1")
    assert (jane.actor, jane.is_staff, jane.customer_id) == ("customer:c-1", False, "c-1")


def test_a_staff_token_lives_for_five_minutes_unless_told_otherwise() -> None:
    ago = datetime.now(UTC) - timedelta(minutes=5, seconds=1)
    with pytest.raises(UnauthenticatedError):
        VERIFIER.principal(mint_staff_token(SECRET, "sam", ["support"], ago))
    assert VERIFIER.principal(mint_staff_token(SECRET, "sam", ["support"], ago, timedelta(minutes=6)))


def test_any_of_the_roles_is_enough_and_none_is_not() -> None:
    olga = Principal("staff", "olga", frozenset({Role.OPS}))
    olga.require(Role.SUPPORT, Role.OPS)
    with pytest.raises(ForbiddenError):
        olga.require(Role.SUPPORT, Role.ADMIN)
    with pytest.raises(ForbiddenError):
        Principal("staff", "nobody").require(*Role)


def test_a_customer_has_no_role_whatever_they_say() -> None:
    with pytest.raises(ForbiddenError):
        Principal("customer", "c-1", frozenset(Role)).require(*Role)


def test_a_customer_and_a_staff_member_of_one_name_are_two() -> None:
    assert Principal("customer", "sam").actor != Principal("staff", "sam").actor
