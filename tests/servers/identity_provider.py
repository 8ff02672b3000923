"""A real OpenID Connect provider on loopback, of people whom the tests name; nothing of it is a shop's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.servers.desk import is_open, wait_until
from tests.servers.postgres import free_port

COOKIE_SECRET = "tests-only-cookie-secret-0123456789-abcdef"


@contextmanager
def identity_provider(people: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Run a provider that knows `people` by their `sub`, with these claims; return its address."""
    port = free_port()
    known = [json.dumps({"sub": sub, **claims}) for sub, claims in people.items()]
    process = subprocess.Popen(
        [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)]
        + [word for person in known for word in ("--user-claims", person)],
        env={**os.environ, "AUTHLIB_INSECURE_TRANSPORT": "1"},  # without TLS, which it would insist on
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: is_open(port))
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def write_secrets(folder: Path, provider: str, desk: str, roles: Mapping[str, str]) -> None:
    """Write what a shop writes into .streamlit/secrets.toml: the provider, and which group has which role."""
    (folder / ".streamlit").mkdir(exist_ok=True)
    lines = [
        "[auth]",
        f'redirect_uri = "{desk}/oauth2callback"',
        f'cookie_secret = "{COOKIE_SECRET}"',
        'client_id = "order-desk"',
        'client_secret = "tests-only"',
        f'server_metadata_url = "{provider}/.well-known/openid-configuration"',
        "[staff]",
        'claim = "groups"',
        "[staff.roles]",
        *(f'"{group}" = "{role}"' for group, role in roles.items()),
    ]
    (folder / ".streamlit" / "secrets.toml").write_text("\n".join(lines) + "\n")
