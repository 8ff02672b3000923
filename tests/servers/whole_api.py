"""The `/openapi.json` of an API that has all of the contract, for fakes that stand in for ours."""

from __future__ import annotations

from typing import Any

CALLS = (
    "get /v1/orders/{n}/timeline", "get /v1/orders/{n}/related", "post /v1/orders/{n}/notes",
    "patch /v1/orders/{n}/notes", "post /v1/orders/{n}/reveal",
    "patch /v1/orders/{n}/contact", "post /v1/orders/{n}/resend-confirmation",
    "post /v1/orders/{n}/unlock-guest-access",
    "delete /v1/guest/order", "get /v1/orders.csv", "post /v1/orders", "post /v1/orders/{n}/status",
    "get /v1/audit", "get /v1/staff/preferences",
    "get /v1/stats/status", "get /v1/stats/daily", "get /v1/stats/pending-age",
    "get /v1/stats/by-country", "get /v1/stats/by-currency", "get /v1/stats/flow", "get /v1/stats/cards",
    "get /v1/stats/time-in-status", "get /v1/stats/contradictions", "get /v1/stats/alarms",
)  # fmt: skip
FILTERS = (
    "status", "paymentStatus", "fulfillmentStatus", "country", "currency", "createdFrom", "createdTo",
    "minTotal", "maxTotal", "q", "sort", "cancelReason", "statusFrom", "statusTo", "fromStatus", "toStatus",
    "changedFrom", "changedTo", "reached",
)  # fmt: skip


def document() -> dict[str, Any]:
    """Return the document."""
    listing = {"parameters": [{"name": name, "in": "query"} for name in FILTERS]}
    paths: dict[str, dict[str, Any]] = {"/v1/orders": {"get": listing}}
    for call in CALLS:
        verb, _, path = call.partition(" ")
        paths.setdefault(path, {})[verb] = {}
    return {"openapi": "3.1.0", "paths": paths}
