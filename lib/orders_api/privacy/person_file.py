"""Makes the file that a customer gets: a ZIP of JSON, and a page to read and print; it reads no store."""

import io
import json
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from lib.orders_api.domain.wire import format_time
from lib.orders_api.orders.views import order_detail
from lib.orders_api.store.tables.audit import AuditEntry
from lib.orders_api.store.tables.mail import OutboxMessage
from lib.orders_api.store.tables.orders import Order, TimelineEntry

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")), autoescape=True, undefined=StrictUndefined
)


def person_file(
    orders: Sequence[Order],
    timeline: Sequence[TimelineEntry],
    mails: Sequence[OutboxMessage],
    looks: Sequence[AuditEntry],
    made_at: datetime,
) -> bytes:
    """Return the file about one customer, whose orders these are."""
    numbers = {order.id: order.order_number for order in orders}
    data: dict[str, Any] = {
        "madeAt": format_time(made_at),
        "orders": [
            order_detail(order, contact_masked=False).model_dump(mode="json", by_alias=True)
            for order in orders
        ],
        "whatHappened": [
            {
                "orderNumber": numbers[each.order_id],
                "at": format_time(each.at),
                "by": each.actor,
                "kind": each.kind,
                "detail": each.detail,
            }
            for each in timeline
        ],
        "emails": [
            {
                "orderNumber": numbers[each.order_id or 0],
                "writtenAt": format_time(each.created_at),
                "sentAt": each.sent_at and format_time(each.sent_at),
                "to": each.recipient,
                "subject": each.subject,
                "state": each.state,
            }
            for each in mails
        ],
        "whoLooked": [
            {
                "orderNumber": each.order_number,
                "at": format_time(each.at),
                "by": each.actor,
                "as": each.role,
                "did": each.action,
                "outcome": each.outcome,
                "reason": each.reason,
            }
            for each in looks
        ],
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(data, ensure_ascii=False, indent=1))
        archive.writestr("read-me.html", _PAGES.get_template("person.html").render(data=data))
    return made.getvalue()
