"""The audit log: who did what to which order, when and why; this module only says what others may use."""

from lib.orders_api.audit.acts import Act, record

__all__ = ["Act", "record"]
