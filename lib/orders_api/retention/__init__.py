"""Ends what was kept for long enough: contact data, emails, looks, strangers' addresses (docs/privacy.md)."""

from lib.orders_api.retention.service import STRANGERS_KEPT, end_what_is_over

__all__ = ["STRANGERS_KEPT", "end_what_is_over"]
