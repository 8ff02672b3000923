"""Starts the embedded API and the dashboard, and stops both together; set-up on the way is others' work."""

import argparse
import ipaddress
import signal
import socket
import sys
from contextlib import closing
from functools import partial
from types import FrameType

import uvicorn
from uvicorn.server import Server

from lib.bounded_protocol import MAX_HEAD_BYTES, BoundedProtocol, raise_file_limit
from lib.dashboard import create_dashboard
from lib.embedded_api import stop_embedded_api
from lib.middleware.browser_messages import MOST_BYTES
from lib.settings import Settings, SettingsError
from lib.staff.accounts import DEMO_ACCOUNTS
from lib.staff.cookies import cookies_owner
from lib.staff.shared_file import SharedStaffFile
from lib.tracing import start_tracing
from lib.ui.shared.clients import staff_session_calls
from lib.ui.shared.startup import prepare

LOOPBACK = "127.0.0.1"
SECONDS_TO_STOP = 3


class CannotRun(Exception):
    """Order Desk can't be started; the text says why and what to do."""


class DashboardServer(Server):
    """Uvicorn's server that says how to sign in once it takes connections."""

    def __init__(self, config: uvicorn.Config, welcome: str) -> None:
        super().__init__(config)
        self._welcome = welcome

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start listening, then say so."""
        await super().startup(sockets)
        if self.started:
            _say(self._welcome)


def main(arguments: list[str] | None = None) -> int:
    """Run until Ctrl-C or SIGTERM; return the exit status, after one clear line if something is wrong."""
    host = _parse(arguments)
    signal.signal(signal.SIGTERM, _stop)
    try:
        settings = Settings.from_env().with_secrets()
        _check_host(settings, host)
        with closing(_bind(host, settings.dashboard_port)) as listener:
            _run(settings, listener)
    except (CannotRun, SettingsError) as error:
        sys.stderr.write(f"Order Desk can't start. {error}\n")
        return 1
    except KeyboardInterrupt:
        pass  # Ctrl-C; the server may also just end on it
    finally:
        stop_embedded_api()
    _say("Order Desk has stopped.")
    return 0


def _run(settings: Settings, listener: socket.socket) -> None:
    # First of all: whatever asks for a setting of Streamlit's before would settle which config.toml it reads.
    app = create_dashboard(
        settings.dashboard_hosts, partial(cookies_owner, settings.staff_file), settings.trusted_proxies
    )
    prepare()
    SharedStaffFile(settings.staff_file, staff_session_calls()).keep()
    host, port = listener.getsockname()[:2]
    raise_file_limit()
    start_tracing(settings)
    config = uvicorn.Config(
        app,
        http=BoundedProtocol,
        h11_max_incomplete_event_size=MAX_HEAD_BYTES,
        ws="websockets-sansio",  # this and no compression: what Streamlit itself asks uvicorn for
        ws_per_message_deflate=False,
        ws_max_size=MOST_BYTES,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=[str(network) for network in settings.trusted_proxies],
        timeout_graceful_shutdown=SECONDS_TO_STOP,
    )
    DashboardServer(config, _welcome(settings, f"http://{host}:{port}")).run(sockets=[listener])


def _parse(arguments: list[str] | None) -> str:
    parser = argparse.ArgumentParser("python -m lib.run", description="Run Order Desk until Ctrl-C.")
    parser.add_argument(
        "--host",
        default=LOOPBACK,
        metavar="ADDRESS",
        help="the address to listen on (default: %(default)s, this machine alone)",
    )
    return str(parser.parse_args(arguments).host)


def _check_host(settings: Settings, host: str) -> None:
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        raise CannotRun(f"--host must be an address such as {LOOPBACK}, not a name.") from None
    if settings.demo_mode and not loopback:
        raise CannotRun(
            f"The demonstration, whose passwords everybody knows, listens on {LOOPBACK} only: make accounts "
            f"of your own with `python -m lib.staff add` and set ORDERS_DEMO=off."
        )


def _bind(host: str, port: int) -> socket.socket:
    """Take the dashboard's port, before any other work is begun.

    The protocol is named because asyncio turns Nagle's algorithm off for such sockets only.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()  # until then Linux would let a second desk have the port as well
    except OSError as error:
        listener.close()
        raise CannotRun(
            f"Port {port} can't be had ({error.strerror}), perhaps because an Order Desk runs already: "
            f"stop what uses it, or choose another port, such as ORDERS_DASHBOARD_PORT={port + 10} make run"
        ) from None
    return listener


def _welcome(settings: Settings, address: str) -> str:
    if settings.demo_mode:
        account = DEMO_ACCOUNTS[0]
        return (
            f"Order Desk is at {address} - sign in as {account.username} with the password "
            f"{account.password} (Ctrl-C stops it)"
        )
    return (
        f"Order Desk is at {address} - sign in with your staff account "
        f"(`python -m lib.staff add NAME --role support` makes one; Ctrl-C stops the desk)"
    )


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
