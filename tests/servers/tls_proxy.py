"""A proxy as shops have one before the desk: it speaks HTTPS, and says from where a connection comes."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from pathlib import Path

from tests.servers.smtp import make_certificate


class TlsProxy:
    """Passes connections on to a port of 127.0.0.1; a context manager that ends with all of them.

    The first request of a connection (a websocket's only one) is given the headers of a client at `client`.
    """

    def __init__(self, folder: Path, port: int, client: str) -> None:
        _, self._tls = make_certificate(folder)
        self._to = port
        self._headers = f"X-Forwarded-For: {client}\r\nX-Forwarded-Proto: https\r\n".encode()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = [self._listener]

    @property
    def url(self) -> str:
        """Its own address."""
        return f"https://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> TlsProxy:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for each in self._open:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            browser = self._tls.wrap_socket(connection, server_side=True)
            desk = socket.create_connection(("127.0.0.1", self._to))
            self._open += [browser, desk]
            line, rest = browser.recv(65536).split(b"\r\n", 1)
            desk.sendall(line + b"\r\n" + self._headers + rest)
            threading.Thread(target=_pass_on, args=(desk, browser), daemon=True).start()
            _pass_on(browser, desk)


def _pass_on(source: socket.socket | ssl.SSLSocket, target: socket.socket | ssl.SSLSocket) -> None:
    with contextlib.suppress(OSError):
        while part := source.recv(65536):
            target.sendall(part)
    for each in (source, target):
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
