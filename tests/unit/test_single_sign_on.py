"""Who somebody from an identity provider is here: names, roles, sessions; and rules that can't be right."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lib.staff.errors import SingleSignOnError
from lib.staff.single_sign_on import SignOnRules, account_of, read_rules, roles_of, session_of

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
AUTH = {"cookie_secret": "tests-only-cookie-secret-0123456789-abcdef", "client_id": "desk"}
ROLES = {"shop-support": "support", "leads": ["supervisor", "ops"]}
CLAIMS = {
    "iss": "https://id.example",
    "sub": "248289761001",
    "iat": NOW.timestamp(),
    "nonce": "n-0S6_WzA2Mj",
    "email": "Maria@Shop.example",
    "name": "Maria Rossi",
    "groups": ["everybody", "leads"],
}
RULES = read_rules({"auth": AUTH, "staff": {"roles": ROLES}})
assert RULES is not None


def test_without_an_auth_section_there_is_no_single_sign_on() -> None:
    assert read_rules({}) is None
    assert read_rules({"staff": {"roles": ROLES}}) is None


def test_each_provider_of_the_auth_section_is_offered() -> None:
    rules = read_rules({"auth": {**AUTH, "okta": {"client_id": "x"}, "other": {}}, "staff": {"roles": ROLES}})
    assert rules is not None
    assert rules.providers == (None, "okta")


@pytest.mark.parametrize(
    ("secrets", "words"),
    [
        ({"auth": AUTH}, "staff.roles"),
        ({"auth": AUTH, "staff": {"roles": {}}}, "staff.roles"),
        ({"auth": AUTH, "staff": {"roles": {"leads": "boss"}}}, "'boss' is no role"),
        ({"auth": AUTH, "staff": {"claim": 7, "roles": ROLES}}, "claim"),
        ({"auth": {**AUTH, "cookie_secret": "short"}, "staff": {"roles": ROLES}}, "cookie_secret"),
        ({"auth": {**AUTH, "cookie_secret": "x" * 40}, "staff": {"roles": ROLES}}, "cookie_secret"),
        ({"auth": {"cookie_secret": AUTH["cookie_secret"]}, "staff": {"roles": ROLES}}, "client_id"),
        ({"auth": "yes", "staff": {"roles": ROLES}}, "tables"),
    ],
)
def test_rules_that_cannot_be_right_are_refused_without_their_secret(
    secrets: dict[str, Any], words: str
) -> None:
    with pytest.raises(SingleSignOnError, match=words) as refusal:
        read_rules(secrets)
    assert "x" * 40 not in str(refusal.value)


@pytest.mark.parametrize(
    ("value", "roles"),
    [
        (["everybody", "leads"], ("ops", "supervisor")),
        ("shop-support", ("support",)),
        (["shop-support", "leads"], ("support", "ops", "supervisor")),
        (["SHOP-SUPPORT", "support", "admin"], ()),
        ([], ()),
        (None, ()),
        ({"leads": True}, ()),
        ([["leads"], 7, None], ()),
    ],
)
def test_only_values_that_a_rule_names_mean_roles(value: object, roles: tuple[str, ...]) -> None:
    assert RULES is not None
    assert roles_of(RULES, {"groups": value}) == roles


@pytest.mark.parametrize(
    ("changed", "username"),
    [
        ({}, "maria@shop.example"),
        ({"email_verified": "true"}, "maria@shop.example"),
        ({"email_verified": False}, "248289761001 @ id.example"),
        ({"email_verified": "false"}, "248289761001 @ id.example"),
        ({"email_verified": 0}, "248289761001 @ id.example"),
        ({"email": None}, "248289761001 @ id.example"),
        ({"email": "sam"}, "248289761001 @ id.example"),
        ({"email": None, "sub": None}, None),
        ({"email": None, "iss": None}, None),
        ({"email": None, "iss": "id.example"}, None),
        ({"email": "a@\nb"}, None),
        ({"email": "@" * 201}, None),
    ],
)
def test_a_person_is_named_by_an_email_that_is_vouched_for_or_else_by_their_number(
    changed: dict[str, Any], username: str | None
) -> None:
    assert RULES is not None
    account = account_of(RULES, CLAIMS | changed)
    assert (account and account.username) == username


@pytest.mark.parametrize(("verified", "roles"), [(True, ("admin",)), (False, ()), ("false", ())])
def test_an_email_that_is_not_vouched_for_means_no_role(verified: object, roles: tuple[str, ...]) -> None:
    rules = SignOnRules((None,), "email", {"ada@shop.example": ("admin",)})
    assert roles_of(rules, {"email": "ada@shop.example", "email_verified": verified}) == roles


def test_each_sign_in_is_a_session_of_its_own_for_twelve_hours() -> None:
    assert RULES is not None
    account = account_of(RULES, CLAIMS)
    assert account is not None
    session = session_of(account, CLAIMS, NOW)
    assert session is not None
    assert (session.expires_at, session.ends_at) == (NOW + timedelta(hours=1), NOW + timedelta(hours=12))
    assert session_of(account, CLAIMS, NOW + timedelta(minutes=5)) == session
    assert session_of(account, CLAIMS, NOW + timedelta(hours=12)) is None
    assert session_of(account, CLAIMS, NOW - timedelta(hours=1)) is None
    other = session_of(account, CLAIMS | {"nonce": "another"}, NOW)
    assert other is not None
    assert other.session_id != session.session_id


@pytest.mark.parametrize("iat", [None, "yesterday", float("nan"), 1e300, [1]])
def test_a_token_without_its_time_is_no_session(iat: object) -> None:
    assert RULES is not None
    account = account_of(RULES, CLAIMS)
    assert account is not None
    assert session_of(account, CLAIMS | {"iat": iat}, NOW) is None
