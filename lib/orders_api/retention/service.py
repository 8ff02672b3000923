"""The rules of how long what is kept, worked on daily in small steps, so that nobody waits for it."""

import itertools
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from lib.orders_api.audit.pruning import prune
from lib.orders_api.domain.text import NOBODY
from lib.orders_api.forgetting.repository import merge_search_text
from lib.orders_api.forgetting.wiping import wipe_orders
from lib.orders_api.http.idempotency import forget_old
from lib.orders_api.retention import repository
from lib.orders_api.store.api import Api
from lib.orders_api.store.audit_log import record
from lib.orders_api.store.db import Database

AT_ONCE = 20
GRACE = timedelta(days=30)
"""For so long the store keeps whoever is new to it, however old their orders are: imported ones, mostly."""
STRANGERS_KEPT = timedelta(days=30)
"""How long it is known from which address a guest or customer did what the audit log tells: long enough to
look into an incident that is noticed late. The throttles need a day at most."""
REMOVED = "The customer's personal data were removed: they are kept for {days} days"


def end_what_is_over(api: Api) -> None:
    """Take out of the store what its settings keep no longer; sums, statuses and countries stay."""
    now, settings = api.clock(), api.settings
    with api.database.writing() as session:
        forget_old(session, now)
        last = repository.mark_orders(session, now, now - GRACE)
    if settings.keep_contacts:
        _end_contacts(api, now - timedelta(days=settings.keep_contacts), settings.keep_contacts, last)
    if settings.keep_mails:
        before = now - timedelta(days=settings.keep_mails)
        api.database.write_by_turns(lambda session: repository.delete_mails(session, before, AT_ONCE))
    api.database.write_by_turns(
        lambda session: repository.delete_addresses(session, now - STRANGERS_KEPT, AT_ONCE)
    )
    if settings.keep_looks:
        prune(api, now - timedelta(days=settings.keep_looks))


def count_over(database: Database, now: datetime, days: int) -> int:
    """Count the orders whose customers are known for longer than `days`; 0 days is for good."""
    if not days:
        return 0
    with database.reading() as session:
        return repository.count_unchanged_since(session, now - timedelta(days=days), NOBODY)


def _end_contacts(api: Api, before: datetime, days: int, last: int) -> None:
    with api.database.reading() as session:
        ids = list(repository.orders_unchanged_since(session, before, last, NOBODY))
    if not ids:
        return

    def end_some(session: Session) -> bool:
        some, ids[:AT_ONCE] = ids[:AT_ONCE], []
        orders = repository.still_unchanged(session, some, before, NOBODY)
        act = api.own_act("system")
        for order in orders:
            wipe_orders(session, act, [order], REMOVED.format(days=days))
        record(session, act, "contacts.expire", "OK", detail=f"{len(orders)} orders")
        return bool(ids)

    api.database.write_by_turns(end_some)
    steps = itertools.count()
    api.database.write_by_turns(lambda session: merge_search_text(session, next(steps)))
