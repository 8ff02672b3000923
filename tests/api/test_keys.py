"""Keys can be changed: what was sealed and signed before goes on, and the audit log says when it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lib.orders_api.domain.sealing import Sealer
from lib.orders_api.forgetting import forget_customer
from lib.orders_api.staff_sessions.service import take_new_key
from lib.orders_api.store.audit_chain import AuditChain
from lib.orders_api.store.tables.audit import AuditEntry
from lib.settings import Settings
from lib.staff.tokens import account_hash, mint_dashboard_token
from tests.api.command_line import Run, one_clear_line
from tests.api.shop import EMAIL, MakeShop, Shop, order_body
from tests.api.test_audit_chain import look, tamper, write
from tests.api.test_staff_sessions import shared
from tests.conftest import CODE_KEY, JWT_SECRET

NEW_CODE = "a-new-code-key-for-tests-of-more-than-32-bytes"
NEW_JWT = "a-new-jwt-secret-for-tests-of-more-than-32-bytes"
MakeSettings = Callable[..., Settings]


def changed(settings: Settings, make_settings: MakeSettings) -> Settings:
    return make_settings(
        database_url=settings.database_url,
        code_key=f"{NEW_CODE}, {CODE_KEY}",
        jwt_secret=f"{NEW_JWT},{JWT_SECRET}",
    )


@pytest.fixture
def new_shop(own_shop: Shop, open_shop: MakeShop, settings: Settings, make_settings: MakeSettings) -> Shop:
    """The store of `own_shop` once both keys were changed, the old ones still listed."""
    return open_shop(changed(settings, make_settings))


def test_all_that_was_sealed_or_signed_before_goes_on(own_shop: Shop, new_shop: Shop) -> None:
    body, repeat = order_body(orderNumber="K-1"), {"idempotency-key": "k-1"}
    first = own_shop.post("/v1/orders", body, headers=repeat)
    own_shop.create(orderNumber="K-2")
    own_shop.request_code("K-2")
    code = own_shop.new_code("K-1")
    staff, customer = own_shop.staff("supervisor"), own_shop.customer()
    again = new_shop.post("/v1/orders", body, headers=repeat)
    assert (again.status, again.content) == (201, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    assert new_shop.codes("K-1") == [code]
    assert new_shop.verify("K-1", code).status == 200
    new_shop.work()
    assert len(new_shop.codes("K-2")) == 1
    assert {new_shop.get("/v1/orders", token).status for token in (staff, customer)} == {200}
    signed = new_shop.settings.jwt_secrets[0]
    assert new_shop.get("/v1/orders", mint_dashboard_token(signed, datetime.now(UTC))).status == 401
    assert look(new_shop).faults == ()


def test_what_dashboards_share_goes_under_the_new_key_at_once(
    own_shop: Shop, new_shop: Shop, open_shop: MakeShop, settings: Settings
) -> None:
    assert shared(own_shop, "accounts", "PUT", text="sam").status == 204
    take_new_key(new_shop.api)
    alone = open_shop(settings.model_copy(update={"code_key": _secret(NEW_CODE)}))
    assert shared(alone, "accounts").json == {"revision": 1, "text": "sam"}
    assert shared(own_shop, "accounts").json == {"revision": 1, "text": None}


def test_the_audit_log_says_from_which_row_on_another_key_seals_it(
    own_shop: Shop, new_shop: Shop, open_shop: MakeShop, settings: Settings
) -> None:
    write(own_shop, 3)
    write(new_shop, 2)
    write(new_shop, 1)
    rows = new_shop.sql("SELECT id, actor, detail FROM audit_log WHERE action = 'key.change'")
    new, old = Sealer(NEW_CODE, CODE_KEY).key_names
    assert [tuple(row.values()) for row in rows] == [(4, "system", f"{old} → {new}")]
    assert (look(new_shop).entries, look(new_shop).faults) == (7, ())
    tamper(new_shop, "UPDATE audit_log SET reason = NULL WHERE id = 2")
    assert look(new_shop).faults == ("row 2 was changed or inserted",)
    alone = open_shop(settings.model_copy(update={"code_key": _secret(NEW_CODE)}))
    assert look(alone).faults == (
        f"rows 1 to 3 are sealed under the key {old}, which ORDERS_CODE_KEY does not hold any more",
    )


def test_a_log_that_begins_with_a_change_of_key_needs_no_older_one(
    own_shop: Shop, new_shop: Shop, open_shop: MakeShop, settings: Settings
) -> None:
    write(new_shop, 2)
    assert new_shop.sql("SELECT id FROM audit_log WHERE action = 'key.change'") == [{"id": 1}]
    alone = open_shop(settings.model_copy(update={"code_key": _secret(NEW_CODE)}))
    assert look(alone).faults == ()


def _secret(value: str) -> object:
    return Settings(_env_file=None, code_key=value).code_key


def test_keys_change_while_all_are_at_work_if_each_knows_the_new_one_first(
    own_shop: Shop, new_shop: Shop, open_shop: MakeShop, settings: Settings, make_settings: MakeSettings
) -> None:
    given = {"code_key": f"{CODE_KEY},{NEW_CODE}", "jwt_secret": f"{JWT_SECRET},{NEW_JWT}"}
    knows_it = open_shop(make_settings(database_url=settings.database_url, **given))
    for each in (own_shop, knows_it, new_shop, knows_it, new_shop, knows_it):
        write(each, 2)
    assert len(new_shop.sql("SELECT id FROM audit_log WHERE action = 'key.change'")) == 1
    assert look(new_shop).faults == ()
    token = mint_dashboard_token(JWT_SECRET, datetime.now(UTC))
    body = {"whom": "sam", "kind": "staff.disable"}
    assert knows_it.post("/v1/staff-sessions/accounts", body, token).status == 204
    asked = {"account": account_hash(NEW_JWT.encode(), "sam"), "address": "192.0.2.7"}
    answer = new_shop.post(
        "/v1/staff-sessions/attempts", asked, mint_dashboard_token(NEW_JWT, datetime.now(UTC))
    )
    assert answer.json["verdict"] == "DISABLED"


@pytest.mark.parametrize("rows_kept", [4, 5, 6])
def test_whoever_finds_an_old_key_can_not_go_on_with_it(
    own_shop: Shop, new_shop: Shop, rows_kept: int
) -> None:
    write(own_shop, 3)
    write(new_shop, 2)
    with new_shop.api.database.reading() as session:
        kept = session.get(AuditEntry, rows_kept)
        assert kept is not None
        seal = kept.seal
    forged = AuditChain(Sealer(CODE_KEY)).seal_of_head(rows_kept, seal, 0)
    tamper(
        new_shop,
        f"DELETE FROM audit_log WHERE id > {rows_kept}",
        f"UPDATE audit_head SET entries = {rows_kept}, seal = '{seal}', head_seal = '{forged}'",
    )
    assert look(new_shop).faults
    write(own_shop, 1)
    assert look(new_shop).faults
    write(new_shop, 1)
    assert look(new_shop).faults


def test_the_command_explains_notes_the_change_and_says_what_still_needs_the_old_key(
    own_shop: Shop, settings: Settings, run: Run, tmp_path: Path
) -> None:
    own_shop.create(orderNumber="K-1")
    token = mint_dashboard_token(JWT_SECRET, datetime.now(UTC))
    body = {"whom": "sam", "kind": "staff.disable"}
    assert own_shop.post("/v1/staff-sessions/accounts", body, token).status == 204
    url = settings.database_url
    one_clear_line(run("keys", database_url=url, jwt_secret=JWT_SECRET, code_key=CODE_KEY), "--rotate")
    given = {"code_key": f"{NEW_CODE},{CODE_KEY}", "jwt_secret": f"{NEW_JWT},{JWT_SECRET}"}
    done = run("keys", "--rotate", database_url=url, **given)
    assert done.exit_code == 0, done.output
    old = Sealer(CODE_KEY).key_names[0]
    assert f"{old} opens what is older, 1 sealed text(s): keep it" in done.stdout
    assert NEW_CODE not in done.output
    actions = [row["action"] for row in own_shop.sql("SELECT action FROM audit_log ORDER BY id DESC LIMIT 2")]
    assert actions == ["keys.rotate", "key.change"]
    known = {row["account"] for row in own_shop.sql("SELECT account FROM staff_standings WHERE disabled")}
    assert known == {account_hash(secret.encode(), "sam") for secret in (JWT_SECRET, NEW_JWT)}
    own_shop.sql("UPDATE outbox SET state = 'DEAD', sealed_body = NULL")
    asked = {"kind": "COPY", "orderNumber": "K-1", "email": EMAIL}
    assert own_shop.post("/v1/privacy-requests", asked, own_shop.staff("supervisor")).status == 201
    assert (
        "keep it until all customers' requests" in run("keys", "--rotate", database_url=url, **given).stdout
    )
    ledger = str(settings.ledger_path)
    forget_customer(own_shop.api, EMAIL)
    done = run("keys", "--rotate", database_url=url, forgotten_file=ledger, **given)
    assert f"{old} opens what is older, 0 sealed text(s): keep it for as long as the ledger" in done.stdout
    new = {"database_url": url, "forgotten_file": ledger, "jwt_secret": NEW_JWT, "code_key": NEW_CODE}
    assert run("backup", str(tmp_path / "kept"), **new).exit_code == 0
    own_shop.create(orderNumber="K-2")
    alone = run("keys", "--rotate", database_url=url, jwt_secret=NEW_JWT, code_key=NEW_CODE)
    one_clear_line(alone, "1 sealed text(s) under a key that ORDERS_CODE_KEY does not hold")
