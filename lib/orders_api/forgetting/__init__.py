"""Makes a customer unknown, as they may ask for: personal data go, sums stay (docs/adr/0014)."""

from lib.orders_api.forgetting.ledger import Ledger, LedgerError
from lib.orders_api.forgetting.service import (
    Forgotten,
    forget_again,
    forget_customer,
    forget_order,
    unite_ledgers,
)

__all__ = [
    "Forgotten",
    "Ledger",
    "LedgerError",
    "forget_again",
    "forget_customer",
    "forget_order",
    "unite_ledgers",
]
