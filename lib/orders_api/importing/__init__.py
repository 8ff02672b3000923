"""Bringing real orders from a file into the store; it sends no mail and overwrites no order."""

from lib.orders_api.importing.errors import ImportFileError
from lib.orders_api.importing.importer import import_file
from lib.orders_api.importing.report import ImportReport

__all__ = ["ImportFileError", "ImportReport", "import_file"]
