"""The client against the demonstration, which alone shows its mails."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from lib.orders_client import OrdersClient
from lib.staff.tokens import mint_staff_token
from tests.api.serving import Served
from tests.api.shop import EMAIL
from tests.client.live import new_order
from tests.servers.desk import wait_until


def test_a_mailbox_shows_the_demonstrations_mails_newest_first(tmp_path: Path) -> None:
    with Served(tmp_path) as served:
        secret = (tmp_path / "data" / "jwt_secret").read_text().strip()
        token = mint_staff_token(secret, "ada", ["admin"], datetime.now(UTC))
        with OrdersClient(served.url, token) as ada:
            made = ada.orders.create(new_order())
            ada.orders.request_access_code(made.order_number, EMAIL)
            wait_until(lambda: len(ada.demo.mailbox()) == 2)
            code, confirmation = ada.demo.mailbox()
            assert (code.kind, confirmation.kind) == ("ACCESS_CODE", "CONFIRMATION")
            assert made.tracking_token
            assert confirmation.text
            assert f"/track/{made.tracking_token}" in confirmation.text
            assert code.text
            digits = next(word for word in code.text.split() if word.isdigit() and len(word) == 6)
            ada.orders.verify_access_code(made.order_number, EMAIL, digits)
            used = ada.demo.mailbox()[0]
            assert (used.kind, used.text) == ("ACCESS_CODE", "")
