"""The shapes that the calls about customers' own data take and give."""

from enum import StrEnum

from lib.orders_api.domain.wire import Email, OrderNumber, RequestModel, UtcTime, WireModel


class Kind(StrEnum):
    """What a customer may ask for."""

    COPY = "COPY"
    FORGET = "FORGET"


class PrivacyAsk(RequestModel):
    """A customer's request, proven by the number and the email of one of their orders."""

    kind: Kind
    order_number: OrderNumber
    email: Email


class PrivacyItem(WireModel):
    """A request as the register has it."""

    id: int
    kind: Kind
    state: str
    order_number: str
    asked_at: UtcTime
    asked_by: str
    due_at: UtcTime
    confirmed_by: str | None
    done_at: UtcTime | None
    still_found: str | None


class PrivacyRegister(WireModel):
    """The newest requests, those that are open first."""

    items: list[PrivacyItem]


class PrivacyPreview(WireModel):
    """How much a request is about; of a customer who is gone, nothing."""

    orders: list[str]
    timeline_entries: int
    mails: int
    looks: int
