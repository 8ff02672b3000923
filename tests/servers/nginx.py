"""Runs nginx with the configuration of deploy/, on ports and under names of the tests' own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from tests.servers.desk import ROOT, is_open
from tests.servers.postgres import free_port
from tests.servers.smtp import make_certificate

HOW_TO_GET = "nginx is missing. `make test` installs it where it may; by hand: apt-get install -y nginx-light"
DESK, PUBLIC = "127.0.0.1", "localhost"
_AROUND = """
daemon off;
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{shipped}
}}
"""


class Nginx:
    """nginx in front of API processes and dashboards; a context manager that stops it."""

    def __init__(self, folder: Path, apis: Sequence[int], dashboards: Sequence[int]) -> None:
        program = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
        assert program, HOW_TO_GET
        self.folder, self.certificate = folder, make_certificate(folder)[0]
        self._port, self._inner = free_port(), free_port()
        config = folder / "nginx.conf"
        config.write_text(
            _AROUND.format(
                folder=folder,
                user="user root;" if os.geteuid() == 0 else "",
                shipped=self._shipped(apis, dashboards),
            )
        )
        self._command = [program, "-p", str(folder), "-c", str(config), "-e", str(folder / "error.log")]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def desk_url(self) -> str:
        """Where staff find the desk."""
        return f"https://{DESK}:{self._port}"

    @property
    def public_url(self) -> str:
        """Where the world finds the API."""
        return f"https://{PUBLIC}:{self._port}"

    @property
    def api_url(self) -> str:
        """Where the dashboards find it."""
        return f"http://127.0.0.1:{self._inner}"

    def __enter__(self) -> Nginx:
        self._process = subprocess.Popen(self._command, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + 30
        while not is_open(self._port):
            ended = self._process.poll() is not None or time.monotonic() > deadline
            assert not ended, (self.folder / "error.log").read_text()
            time.sleep(0.05)
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process is not None
        self._process.terminate()
        self._process.wait(15)

    def _shipped(self, apis: Sequence[int], dashboards: Sequence[int]) -> str:
        """Return the shipped configuration with its servers, ports, names and certificate changed alone."""
        text = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
        text = text[: text.index("server {\n    listen 80;")]
        for name, ports in (("order_desk_api", apis), ("order_desk_dashboard", dashboards)):
            start = text.index("    server 127.0.0.1:", text.index(f"upstream {name} {{"))
            end = start + re.match(r"(    server [^\n]+\n)+", text[start:]).end()  # type: ignore[union-attr]  # it begins there
            lines = [f"    server 127.0.0.1:{port} max_fails=1 fail_timeout=2s;\n" for port in ports]
            text = text[:start] + "".join(lines) + text[end:]
        for shipped, ours in (
            ("/var/log/nginx/order-desk.log", str(self.folder / "order-desk.log")),
            ("127.0.0.1:8600", f"127.0.0.1:{self._inner}"),
            ("listen 443 ssl", f"listen 127.0.0.1:{self._port} ssl"),
            ("desk.shop.example", DESK),
            ("orders.shop.example", PUBLIC),
            ("/etc/ssl/order-desk/fullchain.pem", str(self.certificate)),
            ("/etc/ssl/order-desk/privkey.pem", str(self.folder / "smtp-key.pem")),
        ):
            assert shipped in text, shipped
            text = text.replace(shipped, ours)
        return text
