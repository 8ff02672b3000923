"""What whoever has a tracking link may see: these fields and no other (contract, section 4, TrackedOrder)."""

from lib.orders_api.domain.statuses import FulfillmentStatus, OrderStatus, PaymentStatus
from lib.orders_api.domain.wire import UtcTime, WireModel
from lib.orders_api.orders.schemas import LineItem


class TrackedOrder(WireModel):
    """An order without a name, a street, a postal code, a phone, a customer id or a whole email."""

    order_number: str
    status: OrderStatus
    payment_status: PaymentStatus
    fulfillment_status: FulfillmentStatus
    currency: str
    grand_total: str
    email_masked: str | None
    shipping_city: str | None
    shipping_country: str | None
    items: list[LineItem]
    created_at: UtcTime
