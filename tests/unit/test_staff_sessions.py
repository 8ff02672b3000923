"""Cookies, sign-outs and tokens of the staff: what stands, what falls, and when."""

from __future__ import annotations

import json
import stat
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from jwt.types import Options

from lib.staff.accounts import Accounts, StaffAccount
from lib.staff.cookies import (
    StaffSession,
    begin_session,
    is_renewal_due,
    renewed,
    seal,
    session_hash,
    still_stands,
    unseal,
)
from lib.staff.register import SessionRegister
from lib.staff.revocations import Revocations
from lib.staff.tokens import mint_customer_token, mint_staff_token

HERE = "192.0.2.7"
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
KEY = "Jx0-fJ2qZ7w3rT9vB5nM1kP8sD4gH6yLcQaE-tests-only!"
SAM = StaffAccount("sam", "Sam", ("support",), password_hash="$2b$12$first")
ACCOUNTS = Accounts({"sam": SAM}, "desk", KEY)


def with_sam(**changed: Any) -> Accounts:
    return replace(ACCOUNTS, by_username={"sam": replace(SAM, **changed)})


@pytest.fixture
def session() -> StaffSession:
    return begin_session(ACCOUNTS, SAM, NOW)


def claims_of(cookie: str) -> dict[str, Any]:
    return dict(jwt.decode(cookie, options={"verify_signature": False}))


def forge(session: StaffSession, *, key: str = KEY, algorithm: str = "HS256", **changed: Any) -> str:
    claims = claims_of(seal(ACCOUNTS, session, NOW)) | changed
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(claims, "" if algorithm == "none" else key or "", algorithm=algorithm)


def test_a_cookie_gives_its_session_back_for_an_hour_without_a_click_and_no_longer(
    session: StaffSession,
) -> None:
    cookie = seal(ACCOUNTS, session, NOW)
    assert unseal(ACCOUNTS, cookie, NOW) == session
    assert unseal(ACCOUNTS, cookie, NOW + timedelta(hours=1, seconds=-1)) == session
    assert unseal(ACCOUNTS, cookie, NOW + timedelta(hours=1)) is None


def test_a_session_in_use_is_renewed_hour_by_hour_and_ends_after_twelve(session: StaffSession) -> None:
    now = NOW
    assert not is_renewal_due(session, now + timedelta(minutes=4))
    while is_renewal_due(session, now := now + timedelta(minutes=50)):
        session = renewed(session, now)
        assert unseal(ACCOUNTS, seal(ACCOUNTS, session, now), now) == session
    assert session.expires_at == session.ends_at == NOW + timedelta(hours=12)
    late = session.ends_at - timedelta(seconds=1)
    assert unseal(ACCOUNTS, seal(ACCOUNTS, session, late), late) is not None
    assert still_stands(ACCOUNTS, session, session.ends_at) is None


def test_a_file_that_wants_shorter_sessions_gets_them() -> None:
    accounts = replace(ACCOUNTS, cookie_life=timedelta(minutes=20))
    session = begin_session(accounts, SAM, NOW)
    assert session.expires_at == NOW + timedelta(minutes=20)
    assert unseal(accounts, forge(session, exp=NOW.timestamp() + 1800), NOW) is None


def test_no_role_and_no_password_is_in_the_cookie(session: StaffSession) -> None:
    cookie = seal(ACCOUNTS, session, NOW)
    assert set(claims_of(cookie)) == {"sub", "sid", "pwd", "beg", "iat", "exp", "aud"}
    assert SAM.password_hash not in str(claims_of(cookie))


def test_two_sign_ins_have_two_ids() -> None:
    first, second = (begin_session(ACCOUNTS, SAM, NOW) for _ in range(2))
    assert first.session_id != second.session_id


@pytest.mark.parametrize(
    "changed",
    [
        {"algorithm": "none"},
        {"algorithm": "HS384"},
        {"key": "another key of more than thirty-two bytes"},
        {"exp": None},
        {"iat": None},
        {"sid": None},
        {"pwd": None},
        {"sub": None},
        {"aud": None},
        {"aud": "another"},
        {"exp": "soon"},
        {"exp": 1e300},
        {"exp": (NOW + timedelta(days=30)).timestamp()},
        {"exp": (NOW + timedelta(hours=2)).timestamp()},
        {"iat": (NOW + timedelta(hours=1)).timestamp()},
        {"beg": None},
        {"beg": "then"},
        {"beg": (NOW + timedelta(hours=1)).timestamp()},
        {"beg": (NOW - timedelta(hours=12)).timestamp()},
        {"sid": 7},
        {"sid": ["a"]},
        {"pwd": {"a": 1}},
    ],
)
def test_a_forged_cookie_is_nothing(session: StaffSession, changed: dict[str, Any]) -> None:
    assert unseal(ACCOUNTS, forge(session), NOW) is not None
    assert unseal(ACCOUNTS, forge(session, **changed), NOW) is None


@pytest.mark.parametrize("cookie", ["", "garbage", "a.b.c", "é.ü.ß", "." * 5000, "eyJhbGciOiJub25lIn0.e30."])
def test_garbage_is_nothing(cookie: str) -> None:
    assert unseal(ACCOUNTS, cookie, NOW) is None


def test_the_authenticators_own_cookie_is_nothing() -> None:
    own = jwt.encode({"username": "sam", "exp_date": NOW.timestamp() + 60}, KEY, algorithm="HS256")
    assert unseal(ACCOUNTS, own, NOW) is None


def test_a_session_ends_with_its_account_its_password_and_its_time(session: StaffSession) -> None:
    assert still_stands(ACCOUNTS, session, NOW) == SAM
    assert still_stands(with_sam(roles=("ops",)), session, NOW) == replace(SAM, roles=("ops",))
    assert still_stands(with_sam(disabled=True), session, NOW) is None
    assert still_stands(with_sam(password_hash="$2b$12$second"), session, NOW) is None
    assert still_stands(replace(ACCOUNTS, by_username={}), session, NOW) is None
    assert still_stands(ACCOUNTS, session, session.expires_at) is None


def test_a_sign_out_holds_for_its_session_alone_in_every_process_and_after_a_restart(
    tmp_path: Path, session: StaffSession
) -> None:
    here, elsewhere = (Revocations(tmp_path / "staff.yaml") for _ in range(2))
    other = begin_session(ACCOUNTS, SAM, NOW)
    assert not elsewhere.is_revoked(session)
    here.revoke(NOW, session)
    for desk in (here, elsewhere, Revocations(tmp_path / "staff.yaml")):
        assert desk.is_revoked(session)
        assert not desk.is_revoked(other)


def test_sign_outs_from_many_processes_at_once_are_all_kept(tmp_path: Path) -> None:
    sessions = [begin_session(ACCOUNTS, SAM, NOW) for _ in range(24)]
    threads = [
        threading.Thread(target=Revocations(tmp_path / "staff.yaml").revoke, args=(NOW, session))
        for session in sessions
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    afterwards = Revocations(tmp_path / "staff.yaml")
    assert all(afterwards.is_revoked(session) for session in sessions)


def test_a_sign_out_is_forgotten_once_its_cookie_is_dead_anyway(
    tmp_path: Path, session: StaffSession
) -> None:
    desk = Revocations(tmp_path / "staff.yaml")
    desk.revoke(NOW, session)
    later = begin_session(ACCOUNTS, SAM, NOW + timedelta(hours=13))
    desk.revoke(NOW + timedelta(hours=13), later)
    kept = tmp_path / "staff.yaml.signed-out"
    assert len(json.loads(kept.read_text())) == 1
    assert session.session_id not in kept.read_text()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["", "{", "[1]", "null", '"x"'])
def test_a_damaged_list_of_sign_outs_neither_fails_nor_forgets(
    tmp_path: Path, session: StaffSession, content: str
) -> None:
    desk = Revocations(tmp_path / "staff.yaml")
    desk.revoke(NOW, session)
    (tmp_path / "staff.yaml.signed-out").write_text(content)
    assert desk.is_revoked(session)
    desk.revoke(NOW, begin_session(ACCOUNTS, SAM, NOW))
    assert Revocations(tmp_path / "staff.yaml").is_revoked(session)


def test_a_sign_out_that_cannot_be_written_down_still_holds_here(
    tmp_path: Path, session: StaffSession, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "data").write_text("a file where a folder should be")
    desk = Revocations(tmp_path / "data" / "staff.yaml")
    desk.revoke(NOW, session)
    assert desk.is_revoked(session)
    assert "this process only" in caplog.text


def test_open_sessions_are_known_to_all_processes_until_their_time_and_people_for_a_year(
    tmp_path: Path, session: StaffSession
) -> None:
    here, elsewhere = (SessionRegister(tmp_path / "staff.yaml") for _ in range(2))
    other = begin_session(ACCOUNTS, SAM, NOW + timedelta(minutes=1))
    here.note(session, SAM, HERE, NOW)
    elsewhere.note(other, SAM, HERE, NOW + timedelta(minutes=1))
    here.note(renewed(session, NOW + timedelta(minutes=30)), SAM, HERE, NOW + timedelta(minutes=30))
    assert [session_hash(each) for each in here.open(NOW)] == [
        session_hash(each) for each in (other, session)
    ]
    assert [each.address for each in elsewhere.open(NOW + timedelta(minutes=70))] == [HERE]
    assert here.people()["sam"].last_sign_in == other.began_at
    kept = tmp_path / "staff.yaml.sessions"
    assert session.session_id not in kept.read_text()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    later = NOW + timedelta(days=366)
    ada = replace(SAM, username="ada")
    here.note(begin_session(ACCOUNTS, ada, later), ada, HERE, later)
    assert list(elsewhere.people()) == ["ada"]
    assert len(json.loads(kept.read_text())["sessions"]) == 1


def test_a_session_is_written_down_no_more_often_than_its_cookie(
    tmp_path: Path, session: StaffSession
) -> None:
    desk, kept = SessionRegister(tmp_path / "staff.yaml"), tmp_path / "staff.yaml.sessions"
    desk.note(session, SAM, HERE, NOW)
    before = kept.stat().st_ino
    desk.note(renewed(session, NOW + timedelta(minutes=4)), SAM, HERE, NOW)
    assert kept.stat().st_ino == before
    desk.note(renewed(session, NOW + timedelta(minutes=5)), SAM, HERE, NOW)
    assert kept.stat().st_ino != before


@pytest.mark.parametrize("content", ["", "{", "[1]", "null", '{"sessions": {"x": {}}, "people": {}}'])
def test_a_damaged_register_is_empty_and_fills_again(
    tmp_path: Path, session: StaffSession, content: str
) -> None:
    (tmp_path / "staff.yaml.sessions").write_text(content)
    desk = SessionRegister(tmp_path / "staff.yaml")
    assert not desk.open(NOW)
    desk.note(session, SAM, HERE, NOW)
    assert len(desk.open(NOW)) == 1


def test_staff_and_customer_tokens_say_what_the_contract_says() -> None:
    options: Options = {"verify_exp": False, "verify_iat": False}
    staff = jwt.decode(
        mint_staff_token(KEY, "sam", ("support",), NOW), KEY, algorithms=["HS256"], options=options
    )
    stamp = int(NOW.timestamp())
    assert staff == {"sub": "sam", "scope": "staff", "roles": ["support"], "iat": stamp, "exp": stamp + 300}
    customer = jwt.decode(mint_customer_token(KEY, "c1", NOW), KEY, algorithms=["HS256"], options=options)
    assert customer == {"sub": "c1", "scope": "customer", "iat": stamp, "exp": stamp + 300}
