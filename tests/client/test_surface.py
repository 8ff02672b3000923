"""The package's public names, pinned: a change here is a change for every script that uses the client."""

from __future__ import annotations

from lib import orders_client


def test_the_public_names_are_these() -> None:
    assert sorted(orders_client.__all__) == [
        "AccessGrant",
        "Address",
        "ApiRejected",
        "ApiTimeout",
        "ApiUnreachable",
        "AuditEntry",
        "AuditFilters",
        "AuditPage",
        "CsvExport",
        "CurrencyTotal",
        "DailyCount",
        "DailyCounts",
        "DayFilters",
        "Filters",
        "Forbidden",
        "InProgress",
        "InvalidAccessToken",
        "InvalidCode",
        "InvalidTransition",
        "LineItem",
        "Mailbox",
        "MailboxMessage",
        "NewLineItem",
        "NewOrder",
        "OrderDetail",
        "OrderExists",
        "OrderListItem",
        "OrderNotCancellable",
        "OrderNotFound",
        "OrderPage",
        "OrdersClient",
        "OrdersError",
        "PendingAge",
        "PendingAges",
        "RateLimited",
        "Retries",
        "SharedTransport",
        "SortedFilters",
        "StatusCount",
        "StatusCounts",
        "Timeline",
        "TimelineEntry",
        "TrackedOrder",
        "TrackingNotFound",
        "Unauthenticated",
        "Unavailable",
        "UnexpectedResponse",
        "ValidationFailed",
    ]
    assert all(hasattr(orders_client, name) for name in orders_client.__all__)
