"""A typed client of the Orders contract; the only place in Order Desk that imports httpx.

>>> with OrdersClient("http://127.0.0.1:8601", token=my_token) as client:  # doctest: +SKIP
...     client.orders.list(status="PENDING", limit=50).total
"""

from ._async_transport import AsyncSharedTransport
from ._export import AsyncCsvExport, CsvExport
from ._filters import AuditFilters, DayFilters, ExportFilters, Filters, Places, SortedFilters
from ._fitting import misfits
from ._privacy import PrivacyPreview, PrivacyRequest
from ._retrying import Retries
from ._staff_sessions import SignInAdmission, StaffAct, StaffSessions
from ._transport import SharedTransport
from .async_client import AsyncOrdersClient
from .capabilities import Capabilities
from .client import OrdersClient
from .errors import (
    ApiRejected,
    ApiTimeout,
    ApiUnreachable,
    CallNotSupported,
    Forbidden,
    InProgress,
    InvalidAccessToken,
    InvalidCode,
    InvalidTransition,
    OrderExists,
    OrderNotCancellable,
    OrderNotFound,
    OrdersError,
    RateLimited,
    TrackingNotFound,
    Unauthenticated,
    Unavailable,
    UnexpectedResponse,
    ValidationFailed,
)
from .models import (
    AccessGrant,
    Address,
    LineItem,
    NewLineItem,
    NewOrder,
    OrderDetail,
    OrderListItem,
    OrderPage,
    RelatedOrders,
    Timeline,
    TimelineEntry,
    TrackedOrder,
)
from .reports import (
    AuditEntry,
    AuditPage,
    CurrencyTotal,
    DailyCount,
    DailyCounts,
    Mailbox,
    MailboxMessage,
    PendingAge,
    PendingAges,
    Preference,
    Preferences,
    StatusCount,
    StatusCounts,
)

__all__ = [
    "AccessGrant",
    "Address",
    "ApiRejected",
    "ApiTimeout",
    "ApiUnreachable",
    "AsyncCsvExport",
    "AsyncOrdersClient",
    "AsyncSharedTransport",
    "AuditEntry",
    "AuditFilters",
    "AuditPage",
    "CallNotSupported",
    "Capabilities",
    "CsvExport",
    "CurrencyTotal",
    "DailyCount",
    "DailyCounts",
    "DayFilters",
    "ExportFilters",
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
    "Places",
    "Preference",
    "Preferences",
    "PrivacyPreview",
    "PrivacyRequest",
    "RateLimited",
    "RelatedOrders",
    "Retries",
    "SharedTransport",
    "SignInAdmission",
    "SortedFilters",
    "StaffAct",
    "StaffSessions",
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
    "misfits",
]
