"""What the dashboard counts and ends through the Orders API, and by itself while that is away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lib.orders_client import ApiRejected, ApiUnreachable, OrdersError, SignInAdmission, StaffAct
from lib.staff.accounts import Accounts, StaffAccount
from lib.staff.cookies import StaffSession, begin_session
from lib.staff.ledger import AWAY_SECONDS, LACKING_SECONDS, SAME_RUN_SECONDS, SignInLedger
from lib.staff.revocations import Revocations

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HERE = "192.0.2.7"
SAM = StaffAccount("sam", "Sam", ("support",), password_hash="$2b$12$first")
ACCOUNTS = Accounts({"sam": SAM}, "desk", "Jx0-fJ2qZ7w3rT9vB5nM1kP8sD4gH6yLcQaE-tests-only!")
ACT = StaffAct("sam", ("support",), HERE)


class SharedCalls:
    """The API's side: takes down what it is asked, and fails for as long as `failure` is set."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.failure: OrdersError | None = None
        self.verdict = "ADMITTED"
        self.ended_ids: set[str] = set()

    def admit(self, *asked: Any) -> SignInAdmission:
        self._take("admit", *asked)
        return SignInAdmission(verdict=self.verdict, attempt=7)

    def conclude(self, *asked: Any) -> None:
        self._take("conclude", *asked)

    def end(self, act: StaffAct, session: str, until: datetime) -> None:
        self._take("end", act, session, until)
        self.ended_ids.add(session)

    def stands(self, account: str, session: str, began_at: datetime) -> bool:
        self._take("stands", account, session, began_at)
        return session not in self.ended_ids

    def ended(self, sessions: list[tuple[str, str, datetime]]) -> frozenset[str]:
        self._take("ended", sessions)
        return frozenset(self.ended_ids & {session for _, session, _ in sessions})

    def change_account(self, *asked: Any, **more: Any) -> None:
        self._take("change_account", *asked, more)

    def _take(self, *asked: Any) -> None:
        self.asked.append(asked)
        if self.failure:
            raise self.failure


class Desk:
    """One dashboard process: its ledger, on a machine of its own, and its stopwatch."""

    def __init__(self, folder: Path, shared: SharedCalls | None) -> None:
        self.seconds = 0.0
        revocations = Revocations(folder / "staff.yaml")
        self.ledger = SignInLedger(shared, revocations, "secret", lambda: self.seconds)  # type: ignore[arg-type]  # stands in for it

    def fail(self, times: int = 1) -> list[str]:
        """Try to sign in; return the verdicts."""
        return [self.ledger.admit("sam", HERE, NOW + timedelta(seconds=n)).verdict for n in range(times)]


@pytest.fixture
def shared() -> SharedCalls:
    return SharedCalls()


@pytest.fixture
def desks(tmp_path: Path, shared: SharedCalls) -> Callable[[], Desk]:
    machines = iter(range(9))

    def make() -> Desk:
        folder = tmp_path / str(next(machines))
        folder.mkdir()
        return Desk(folder, shared)

    return make


@pytest.fixture
def session() -> StaffSession:
    return begin_session(ACCOUNTS, SAM, NOW)


def test_the_api_decides_while_it_can(desks: Callable[[], Desk], shared: SharedCalls) -> None:
    desk = desks()
    shared.verdict = "THROTTLED"
    assert desk.fail() == ["THROTTLED"]
    shared.verdict = "ADMITTED"
    assert desk.fail(20) == ["ADMITTED"] * 20


def test_no_name_and_no_session_id_is_sent(
    desks: Callable[[], Desk], shared: SharedCalls, session: StaffSession
) -> None:
    desk = desks()
    desk.ledger.admit("hunter2 typed into the wrong field", HERE, NOW)
    desk.ledger.stands(session)
    desk.ledger.end(session, ACT, NOW)
    assert "hunter2" not in str(shared.asked)
    assert session.session_id not in str(shared.asked)
    assert desks().ledger.admit("sam", HERE, NOW).verdict == "ADMITTED"
    assert shared.asked[-1][1] != "sam"


def test_a_sign_out_on_one_machine_is_one_on_another(
    desks: Callable[[], Desk], session: StaffSession
) -> None:
    here, there = desks(), desks()
    assert there.ledger.stands(session)
    here.ledger.end(session, ACT, NOW)
    assert not here.ledger.stands(session)
    there.seconds += SAME_RUN_SECONDS
    assert not there.ledger.stands(session)


def test_one_run_of_a_page_asks_once(
    desks: Callable[[], Desk], shared: SharedCalls, session: StaffSession
) -> None:
    desk = desks()
    for _ in range(3):
        assert desk.ledger.stands(session)
    assert len(shared.asked) == 1


def test_while_the_api_is_away_this_process_counts_and_nobody_is_kept_from_work(
    desks: Callable[[], Desk], shared: SharedCalls, session: StaffSession
) -> None:
    desk = desks()
    shared.failure = ApiUnreachable()
    assert desk.fail(6) == ["ADMITTED"] * 5 + ["THROTTLED"]
    assert desk.ledger.stands(session)
    assert len(shared.asked) == 1
    desk.seconds += AWAY_SECONDS
    shared.failure = None
    assert desk.ledger.stands(session)
    assert len(shared.asked) == 2


def test_failures_counted_by_the_api_count_here_too_once_it_is_away(
    desks: Callable[[], Desk], shared: SharedCalls
) -> None:
    desk = desks()
    desk.fail(4)
    shared.failure = ApiUnreachable()
    assert desk.fail(2) == ["ADMITTED", "THROTTLED"]


def test_a_success_is_no_failure(desks: Callable[[], Desk], shared: SharedCalls) -> None:
    desk = desks()
    shared.failure = ApiUnreachable()
    for _ in range(9):
        attempt = desk.ledger.admit("sam", HERE, NOW)
        assert attempt.verdict == "ADMITTED"
        desk.ledger.conclude(attempt, ACT, "OK")


def test_a_sign_out_that_the_api_missed_is_told_when_it_is_back(
    desks: Callable[[], Desk], shared: SharedCalls, session: StaffSession
) -> None:
    here, there = desks(), desks()
    shared.failure = ApiUnreachable()
    here.ledger.end(session, ACT, NOW)
    assert not here.ledger.stands(session)
    shared.failure = None
    here.seconds += AWAY_SECONDS
    here.ledger.stands(begin_session(ACCOUNTS, SAM, NOW))
    assert not there.ledger.stands(session)


def test_an_api_that_lacks_the_calls_is_asked_once_a_minute(
    desks: Callable[[], Desk], shared: SharedCalls
) -> None:
    desk = desks()
    shared.failure = ApiRejected("NOT_FOUND", 404)
    assert desk.fail(6) == ["ADMITTED"] * 5 + ["THROTTLED"]
    desk.seconds += LACKING_SECONDS - 1
    desk.fail()
    assert len(shared.asked) == 1


def test_without_an_api_of_ours_nothing_is_asked(tmp_path: Path, session: StaffSession) -> None:
    desk = Desk(tmp_path, None)
    assert desk.fail(6) == ["ADMITTED"] * 5 + ["THROTTLED"]
    desk.ledger.end(session, ACT, NOW)
    assert not desk.ledger.stands(session)


def test_of_many_sessions_those_that_were_ended_anywhere_are_left_out_in_one_call(
    desks: Callable[[], Desk], shared: SharedCalls, session: StaffSession
) -> None:
    here, there = desks(), desks()
    others = [begin_session(ACCOUNTS, SAM, NOW) for _ in range(3)]
    there.ledger.end(others[0], ACT, NOW)
    here.ledger.revoke(NOW, others[1])
    shared.asked.clear()
    assert here.ledger.standing([session, *others]) == [session, others[2]]
    assert [call for call, *_ in shared.asked] == ["ended"]
    shared.failure = ApiUnreachable("away")
    assert here.ledger.standing([session, *others]) == [session, others[0], others[2]]


@pytest.mark.parametrize(
    ("status", "is_ours", "lacks"), [(401, False, True), (401, True, False), (404, True, True)]
)
def test_an_api_of_ours_that_refuses_an_act_on_an_account_does_not_pass_for_one_that_lacks_it(
    desks: Callable[[], Desk], shared: SharedCalls, status: int, is_ours: bool, lacks: bool
) -> None:
    desk = desks()
    shared.failure = ApiRejected(None, status, "id")
    if lacks:
        assert not desk.ledger.change_account(ACT, "tom", "staff.disable", is_ours=is_ours)
    else:
        with pytest.raises(ApiRejected):
            desk.ledger.change_account(ACT, "tom", "staff.disable", is_ours=is_ours)
