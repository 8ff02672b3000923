"""The command that explains how a key is changed, and checks how far a change is."""

import uuid
from collections import Counter
from typing import Annotated

import typer

from lib.orders_api.audit.verifying import first_key
from lib.orders_api.cli.console import fail, open_api
from lib.orders_api.forgetting import Ledger
from lib.orders_api.privacy.repository import keys_of_open
from lib.orders_api.staff_sessions.service import take_new_key, take_new_secret
from lib.orders_api.store.api import Api
from lib.orders_api.store.audit_log import AuditContext, record
from lib.orders_api.store.sealed_texts import sealed_texts
from lib.settings import Settings

HOW_TO = """
To change a key:
1. Make a new one: python -c "import secrets; print(secrets.token_urlsafe(48))"
2. Set it behind the old one, with a comma between: ORDERS_CODE_KEY=OLD,NEW or ORDERS_JWT_SECRET=OLD,NEW.
   Where no such variable is set, write it into data/code_key or data/jwt_secret. Start every process anew, on
   all machines, one after the other.
3. Once all know it, set it in front: NEW,OLD. Start every process anew again. One that has only the old key
   then breaks the audit log's seals for good.
4. Run this command again: it says when the old key is needed no more.
"""


def keys(
    rotate: Annotated[
        bool, typer.Option("--rotate", help="Explain a change of keys, and check how far it is.")
    ] = False,
) -> None:
    """Explain how keys are changed, and check what still needs an old one."""
    if not rotate:
        raise fail("say what to do: --rotate")
    with open_api() as api:
        take_new_secret(api)
        take_new_key(api)
        _note_change(api)
        with api.database.reading() as session:
            sealed = Counter(api.sealer.key_of(text) for text in sealed_texts(session))
            first = first_key(session)
            asking = set(keys_of_open(session))
        secrets = len(api.settings.jwt_secrets)
        ledgered = _ledgered(api)
    newest, *older = api.sealer.key_names
    typer.echo(f"ORDERS_CODE_KEY: {newest} seals, {_count(sealed[newest])}.")
    for name in older:
        verdict = _verdict(name, sealed, first, ledgered, asking)
        typer.echo(f"  {name} opens what is older, {_count(sealed[name])}: {verdict}")
    old = "; a day after the change the others are needed no more" if secrets > 1 else ""
    typer.echo(f"ORDERS_JWT_SECRET: {secrets} key(s), the first one signs{old}.")
    typer.echo(HOW_TO)
    missing = "under a key that ORDERS_CODE_KEY does not hold: add it at the end"
    if sealed[None]:
        raise fail(f"{_count(sealed[None])} {missing}")
    if first is not None and first not in api.sealer.key_names:
        raise fail(f"the audit log begins {missing}")


def settle(settings: Settings) -> None:
    """Take over what is kept under an older key, before anybody is served."""
    api = Api.from_settings(settings)
    try:
        take_new_secret(api)
        take_new_key(api)
    finally:
        api.database.close()


def _note_change(api: Api) -> None:
    """Have the audit log say that another key seals it, if it does not yet."""
    with api.database.writing() as session:
        if api.audit.is_under_older_key(session):
            act = AuditContext("system", "command", None, str(uuid.uuid4()), api.clock())
            record(session, act, "keys.rotate", "OK")


def _count(texts: int) -> str:
    return f"{texts} sealed text(s)"


def _ledgered(api: Api) -> set[str]:
    """Return the keys by which the ledger of forgotten customers goes, if it has a place."""
    return Ledger.of(api.settings, api.sealer).keys_used() if api.settings.has_ledger else set()


def _verdict(
    name: str, sealed: Counter[str | None], first: str | None, ledgered: set[str], asking: set[str]
) -> str:
    if sealed[name]:
        return "keep it; what is sealed is gone within two days."
    if name in ledgered:
        return "keep it for as long as the ledger of forgotten customers: backups are restored by both."
    if name in asking:
        return "keep it until all customers' requests are done: by it those who asked are known."
    if first == name:
        return "the beginning of the audit log is checked with it; without it that can't be checked any more."
    return "take it away, unless the audit log between two changes is to be checked with it."
