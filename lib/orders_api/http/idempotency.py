"""Lets a caller repeat a call safely: the first answer is kept for 24 hours (contract, section 5)."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Self

from cryptography.fernet import InvalidToken
from fastapi import Response
from sqlalchemy import ColumnElement, delete, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from lib.orders_api.domain.errors import (
    CallerNotVerifiedError,
    DomainError,
    InProgressError,
    RateLimitedError,
    StoreUnavailableError,
    ValidationFailedError,
)
from lib.orders_api.http.problems import MEDIA_TYPE as PROBLEM
from lib.orders_api.http.problems import domain_problem
from lib.orders_api.store.api import Api
from lib.orders_api.store.tables.idempotency import IdempotencyRecord

KEEP = timedelta(hours=24)
LEASE = timedelta(seconds=30)
"""How long a call may run before its key is free again: a process that was killed never ends its calls."""

LOST_ANSWER = (
    "was used for a call that was done, but its answer can't be read any more: "
    "see what the call did, then use another key"
)

Work = Callable[[Session], Response]


@dataclass(frozen=True)
class Repeatable:
    """A call that may come again: whose it is, under which key, and what it asks."""

    caller: str
    key: str
    fingerprint: str

    @classmethod
    def of(cls, caller: str, key: str, *asked: str) -> Self:
        """Name a call; `asked` is everything that makes it another call when it differs."""
        return cls(caller, key, hashlib.sha256(json.dumps(asked).encode()).hexdigest())


def run(api: Api, call: Repeatable | None, request_id: str, work: Work) -> Response:
    """Do `work` in one transaction, or give the answer that the same call got before.

    Raises:
        InProgressError: the first call with this key is still running.
        ValidationFailedError: the key was used for another call, or the work refused its input.
        DomainError: without a key, whatever the work raised.
    """
    if call is None:
        with api.database.writing() as session:
            return work(session)
    started_at = api.clock()
    kept = _reserve(api, call, started_at)
    if kept is not None:
        return kept
    try:
        with api.database.writing() as session:
            answer = work(session)
            _keep(session, api, call, started_at, answer)
    except InProgressError:
        raise
    except (ValidationFailedError, CallerNotVerifiedError, StoreUnavailableError, RateLimitedError):
        _release(api, call, started_at)
        raise
    except DomainError as error:
        answer = domain_problem(error, request_id)
        with api.database.writing() as session:
            _keep(session, api, call, started_at, answer)
    return answer


def _reserve(api: Api, call: Repeatable, now: datetime) -> Response | None:
    with api.database.writing() as session:
        forget_old(session, now)
        insert = sqlite_insert if api.database.is_sqlite else postgresql_insert
        added = session.execute(
            insert(IdempotencyRecord)
            .values(caller=call.caller, key=call.key, fingerprint=call.fingerprint, started_at=now)
            .on_conflict_do_nothing()
            .returning(IdempotencyRecord.key)
        ).scalar()
        if added is not None:
            return None
        record = session.get(IdempotencyRecord, (call.caller, call.key), with_for_update=True)
        if record is None:
            raise InProgressError
        return _answer_of(api, record, call, now)


def _answer_of(api: Api, record: IdempotencyRecord, call: Repeatable, now: datetime) -> Response | None:
    if record.fingerprint != call.fingerprint:
        raise ValidationFailedError.of("Idempotency-Key", "was used for another call already")
    if record.status is not None and record.sealed_answer is not None:
        try:
            kept = json.loads(api.sealer.open(record.sealed_answer))
        except InvalidToken:
            # Sealed under a key that was changed since. Doing it again could do it twice.
            raise ValidationFailedError.of("Idempotency-Key", LOST_ANSWER) from None
        headers = {"Idempotent-Replayed": "true", **kept["headers"]}
        media_type = PROBLEM if record.status >= HTTPStatus.BAD_REQUEST else "application/json"
        return Response(kept["body"], record.status, headers, media_type)
    if record.started_at > now - LEASE:
        raise InProgressError
    record.started_at = now
    return None


def _keep(session: Session, api: Api, call: Repeatable, started_at: datetime, answer: Response) -> None:
    """Keep the answer, unless the key was given to somebody else because this took too long.

    Raises:
        InProgressError: it was; the work is undone with the transaction.
    """
    headers = {name: value for name, value in answer.headers.items() if name == "location"}
    kept = {"headers": headers, "body": bytes(answer.body).decode()}
    sealed = api.sealer.seal(json.dumps(kept))
    mine = session.execute(
        update(IdempotencyRecord)
        .where(*_still_running(call, started_at))
        .values(status=answer.status_code, sealed_answer=sealed)
        .returning(IdempotencyRecord.key)
        .execution_options(synchronize_session=False)
    ).scalar()
    if mine is None:
        raise InProgressError


def _release(api: Api, call: Repeatable, started_at: datetime) -> None:
    """Free the key, unless the answer was kept after all: an acknowledgement may be lost after the commit."""
    with api.database.writing() as session:
        session.execute(
            delete(IdempotencyRecord)
            .where(*_still_running(call, started_at))
            .execution_options(synchronize_session=False)
        )


def _still_running(call: Repeatable, started_at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        IdempotencyRecord.caller == call.caller,
        IdempotencyRecord.key == call.key,
        IdempotencyRecord.started_at == started_at,
        IdempotencyRecord.status.is_(None),
    )


def forget_old(session: Session, now: datetime) -> None:
    """Delete the answers whose 24 hours are over."""
    session.execute(
        delete(IdempotencyRecord)
        .where(IdempotencyRecord.started_at < now - KEEP)
        .execution_options(synchronize_session=False)
    )
