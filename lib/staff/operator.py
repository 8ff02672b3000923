"""Has the Orders API and other machines hear of what is done at the command line, and goes on without."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from lib.orders_client import OrdersClient, OrdersError, Retries, StaffAct, StaffSessions
from lib.settings import Settings, SettingsError
from lib.staff.errors import StaffFileError
from lib.staff.ledger import CHANGED, CHANGED_WORDS
from lib.staff.shared_file import SharedStaffFile, new_copy
from lib.staff.tokens import mint_dashboard_token

TIMEOUT_SECONDS = 5.0


@dataclass
class Operator:
    """Whoever keeps the accounts at the command line; `fault` is why the API could not be told, if so."""

    fault: str | None = None
    calls: StaffSessions | None = None
    shared: SharedStaffFile | None = None
    revision: int | None = None

    def record(self, kind: str, whom: str, roles: Sequence[str], text: str) -> None:
        """Have an act in the audit log, and the accounts after it where all machines find them.

        Raises:
            StaffFileError: another machine changed the accounts just now.
        """
        if self.calls is None or self.shared is None:
            return
        copy = new_copy(text, self.revision)
        try:
            self.calls.change_account(StaffAct(), whom, kind, roles=roles, accounts=copy)
        except OrdersError as error:
            if error.status == CHANGED:
                raise StaffFileError(CHANGED_WORDS) from None
            self.fault = type(error).__name__
        else:
            self.shared.took(copy)


@contextmanager
def operator(settings: Settings) -> Iterator[Operator]:
    """Return whoever is at the command line, once the staff file is as other machines left it."""
    try:
        key = settings.with_secrets().jwt_secrets[0]
    except SettingsError as error:
        yield Operator(str(error))
        return
    if settings.api_token is not None:
        yield Operator("it takes no tokens of ours (ORDERS_API_TOKEN)")
        return
    url = settings.api_url or f"http://127.0.0.1:{settings.embedded_api_port}"
    token = mint_dashboard_token(key, datetime.now(UTC))
    with OrdersClient(url, token, TIMEOUT_SECONDS, retries=Retries(attempts=1)) as client:
        shared = SharedStaffFile(settings.staff_file, client.staff_sessions)
        try:
            revision = shared.meet()
        except OrdersError as error:
            yield Operator(type(error).__name__)
        else:
            yield Operator(None, client.staff_sessions, shared, revision)
