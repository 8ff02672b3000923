"""Renders the public tracking page: no script, a strict CSP, and the TrackedOrder and nothing else."""

import base64
import hashlib
from http import HTTPStatus
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape
from markupsafe import Markup
from starlette.responses import HTMLResponse

from lib.orders_api.tracking.schemas import TrackedOrder
from lib.plain_text import without_unseen

STYLE = (
    ":root{color-scheme:light dark}"
    "body{font:1rem/1.5 system-ui,sans-serif;margin:0;padding:2rem 1rem}"
    "main{max-width:40rem;margin:auto}"
    "h1{font-size:1.5rem;margin:0 0 .5rem;overflow-wrap:anywhere}"
    ".status{font-size:1.25rem;font-weight:600;margin:0 0 1.5rem}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1.5rem;margin:0 0 1.5rem}"
    "dt{opacity:.75}dd{margin:0;overflow-wrap:anywhere}"
    "table{width:100%;border-collapse:collapse}"
    "th,td{text-align:left;padding:.5rem .5rem .5rem 0;border-bottom:1px solid #8888;overflow-wrap:anywhere}"
    ".number{text-align:right;white-space:nowrap}"
    "tfoot td{font-weight:600;border-bottom:0}"
    "small{opacity:.75}"
)
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
CONTENT_SECURITY_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
WORDS = {
    "PENDING": "Awaiting payment",
    "CONFIRMED": "Payment received",
    "PROCESSING": "Being prepared",
    "SHIPPED": "On its way",
    "DELIVERED": "Delivered",
    "CANCELLED": "Cancelled",
    "REFUNDED": "Refunded",
    "PAID": "Paid",
    "PARTIALLY_REFUNDED": "Partly refunded",
    "FAILED": "Failed",
    "VOIDED": "Not charged",
    "UNFULFILLED": "Not sent yet",
    "PARTIALLY_FULFILLED": "Partly sent",
    "FULFILLED": "Sent",
    "RETURNED": "Returned",
}

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(),
    finalize=lambda value: without_unseen(value) if isinstance(value, str) else value,
)


def tracked(order: TrackedOrder) -> HTMLResponse:
    """Show an order."""
    return _page(HTTPStatus.OK, f"Order {order.order_number}", order=order)


def not_found() -> HTMLResponse:
    """Report that a link leads nowhere: the same for an unknown, a malformed and a withdrawn one."""
    hint = "Check that the whole link from the email was opened, or ask the shop for help."
    return _page(HTTPStatus.NOT_FOUND, "This tracking link does not lead to an order", hint=hint)


def too_many() -> HTMLResponse:
    """Report that there were too many looks from this address."""
    answer = _page(HTTPStatus.TOO_MANY_REQUESTS, "Please wait", hint="Open the link again in a minute.")
    answer.headers["Retry-After"] = "60"
    return answer


def _page(status: HTTPStatus, title: str, **values: Any) -> HTMLResponse:
    # The style is this file's own constant, whose hash the policy names.
    style = Markup(STYLE)  # noqa: S704 - no data in it
    html = _templates.get_template("track.html").render(title=title, style=style, words=WORDS, **values)
    return HTMLResponse(html, status, {"Content-Security-Policy": CONTENT_SECURITY_POLICY})
