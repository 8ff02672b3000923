"""Keeps the store in a file while it is served, and makes a store of such a file again (docs/adr/0020)."""

from lib.orders_api.backup.container import BackupError, Manifest
from lib.orders_api.backup.service import Restored, back_up, restore

__all__ = ["BackupError", "Manifest", "Restored", "back_up", "restore"]
