"""Bringing real orders from a file into the store; it sends no mail, and overwrites what it is asked to."""

from lib.orders_api.importing.errors import ImportFileError
from lib.orders_api.importing.importer import import_file
from lib.orders_api.importing.kinds.woocommerce import own_status
from lib.orders_api.importing.report import ImportReport
from lib.orders_api.importing.sources import Format, Options

__all__ = ["Format", "ImportFileError", "ImportReport", "Options", "import_file", "own_status"]
