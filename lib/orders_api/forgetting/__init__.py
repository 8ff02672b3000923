"""Makes a customer unknown, as they may ask for: personal data go, sums stay (docs/adr/0014)."""

from lib.orders_api.forgetting.service import Forgotten, forget_customer, forget_order

__all__ = ["Forgotten", "forget_customer", "forget_order"]
