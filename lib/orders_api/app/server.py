"""Runs the Orders API under uvicorn, in one process or several, and its worker; it knows no call."""

import socket
import sys
import tempfile
import threading
import uuid
from collections.abc import Callable
from functools import partial
from http import HTTPStatus

import h11
import uvicorn
from uvicorn.supervisors import Multiprocess

from lib.bounded_protocol import MAX_HEAD_BYTES, BoundedProtocol, raise_file_limit
from lib.orders_api.app.worker_process import LOGGING, WorkerProcess
from lib.orders_api.http.middleware import SECURITY_HEADERS
from lib.orders_api.http.problems import MEDIA_TYPE, plain_problem
from lib.orders_api.mail.smtp import SmtpServer, is_loopback
from lib.orders_api.mail.templates import templates_of
from lib.orders_api.store.api import Api
from lib.settings import Settings, SettingsError

KEEP_ALIVE_SECONDS = 65
SHUTDOWN_SECONDS = 5


class ApiProtocol(BoundedProtocol):
    """The bounded protocol, with problem details for a bad request."""

    def send_400_response(self, msg: str) -> None:
        """Answer what is not HTTP, or too long, as every error is answered."""
        request_id = str(uuid.uuid4())
        answer = plain_problem(HTTPStatus.BAD_REQUEST, request_id)
        headers = {
            **SECURITY_HEADERS,
            "Content-Type": MEDIA_TYPE,
            "Content-Length": str(len(answer.body)),
            "X-Request-Id": request_id,
            "Connection": "close",
        }
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            head = h11.Response(status_code=400, headers=list(headers.items()), reason=b"Bad Request")
            for event in (head, h11.Data(data=bytes(answer.body)), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()


class CannotServeError(Exception):
    """The API can't be started; the text says why and what to do."""


def serve(settings: Settings, host: str, port: int, workers: int, until_stdin_closes: bool) -> None:
    """Serve until told to stop.

    Raises:
        CannotServeError: the address can't be used, or may not in the demonstration.
        SettingsError: a setting is missing or can't be right.
    """
    _check(settings, host)
    listener = _listen(host, port)
    settings.announce(host, port)
    raise_file_limit()
    config = uvicorn.Config(
        "lib.orders_api.app.factory:create_app_from_env",
        factory=True,
        workers=workers,
        log_config=LOGGING,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        http=ApiProtocol,
        h11_max_incomplete_event_size=MAX_HEAD_BYTES,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
    if workers > 1:
        supervisor = Multiprocess(config, sockets=[listener])
        stop: Callable[[], None] = supervisor.should_exit.set
        run = supervisor.run
    else:
        server = uvicorn.Server(config)
        stop = partial(setattr, server, "should_exit", True)
        run = partial(server.run, sockets=[listener])
    if until_stdin_closes:
        threading.Thread(target=_wait_for_stdin, args=(stop,), name="stdin-watch", daemon=True).start()
    with WorkerProcess():
        if workers == 1:
            run()
            return
        with tempfile.TemporaryDirectory(prefix="orders-metrics-") as folder:
            settings.share_metrics(folder)
            run()


def _wait_for_stdin(stop: Callable[[], None]) -> None:
    while sys.stdin.buffer.read(1024):
        pass
    stop()


def _check(settings: Settings, host: str) -> None:
    if settings.demo_mode and not is_loopback(host):
        raise CannotServeError(
            "the demonstration is served on this machine only: use --host 127.0.0.1, or set ORDERS_DEMO=off"
        )
    if settings.smtp_url is not None:
        try:
            SmtpServer.from_url(settings.smtp_url.get_secret_value())
        except ValueError as error:
            raise SettingsError(str(error)) from None
    templates_of(settings)
    Api.from_settings(settings).database.close()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named TCP, because asyncio turns Nagle's delay off only for sockets that say so.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise CannotServeError(
            f"can't listen on {host} port {port} ({error.strerror}): choose another with --port"
        ) from None
    listener.set_inheritable(True)
    return listener
