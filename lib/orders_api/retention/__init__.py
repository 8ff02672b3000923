"""Ends what was kept for long enough: contact data, emails, looks, strangers' addresses (docs/privacy.md)."""

from lib.orders_api.retention.service import GRACE, STRANGERS_KEPT, count_over, end_what_is_over

__all__ = ["GRACE", "STRANGERS_KEPT", "count_over", "end_what_is_over"]
