"""Follows docs/deploy.md in a Debian that debootstrap makes, as far as it goes without an init.

`make test-deploy` runs it. It needs root, debootstrap, ten minutes and the ports that the page has. In place
of systemd it starts PostgreSQL by `pg_ctlcluster`, and what the units' ExecStart lines say by `runuser`;
`systemctl` and the units' hardening are not tried.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.servers.desk import ROOT, wait_until
from tests.servers.smtp import make_certificate

PAGE = (ROOT / "docs" / "deploy.md").read_text("utf-8")
FIRST = PAGE[PAGE.index("## From an empty Debian 12") : PAGE.index("## On three machines")]
PASSWORD = "only-for-this-test"
AS_THE_UNITS_DO = (
    "runuser -u order-desk -- sh -c 'cd /opt/order-desk && set -a && . /run/order-desk.env && exec \"$@\"' -"
)
# What a page for people leaves to them, or to systemd, and what stands for it here.
INSTEAD = {
    "git clone YOUR-COPY-OF-ORDER-DESK": "git clone --quiet /root/order-desk.bundle",
    "runuser -u postgres -- createuser --pwprompt orderdesk": (
        "pg_ctlcluster 15 main start && runuser -u postgres --"
        f" psql -c \"CREATE ROLE orderdesk LOGIN PASSWORD '{PASSWORD}'\""
    ),
    "systemctl restart postgresql": "pg_ctlcluster 15 main restart",
    "editor /etc/order-desk.env    # every CHANGE-ME, both names": (
        f"sed -i 's/orderdesk:CHANGE-ME/orderdesk:{PASSWORD}/; s/CHANGE-ME-TOO/{'c' * 64}/;"
        f" s/CHANGE-ME/{'j' * 64}/' /etc/order-desk.env && install -m 644 /etc/order-desk.env /run/"
    ),
    "desk lib.staff add maria": f"printf '%s\\n%s\\n' '{PASSWORD}!' '{PASSWORD}!' | desk lib.staff add maria",
    "s/desk.shop.example/YOUR-DESK/; s/orders.shop.example/YOUR-API/": (
        "s/desk.shop.example/127.0.0.1/; s/orders.shop.example/localhost/"
    ),
    "nginx -t && systemctl reload nginx": "nginx -t && nginx",
    "systemctl daemon-reload": "true",
}


@pytest.fixture(scope="module")
def debian(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An empty Debian 12; one that was made before, if ORDER_DESK_DEBIAN names it."""
    made = os.environ.get("ORDER_DESK_DEBIAN")
    root = Path(made) if made else tmp_path_factory.mktemp("debian")
    if not made:
        subprocess.run(["debootstrap", "--variant=minbase", "bookworm", root], check=True)
    for what, where in (("proc", "proc"), ("tmpfs", "dev/shm")):
        (root / where).mkdir(exist_ok=True)
        subprocess.run(["mount", "-t", what, what, root / where], check=True)
    for name in ("resolv.conf", "hosts"):
        shutil.copy(f"/etc/{name}", root / "etc")
    (root / "usr/sbin/policy-rc.d").write_text("#!/bin/sh\nexit 101\n")  # no service is started by itself
    (root / "usr/sbin/policy-rc.d").chmod(0o755)
    yield root
    for entry in Path("/proc").glob("[0-9]*"):  # ends what was started in there, and nothing else
        try:
            if (entry / "root").resolve() == root:
                os.kill(int(entry.name), 15)
        except OSError:
            continue
    for where in ("proc", "dev/shm"):
        subprocess.run(["umount", "--lazy", root / where], check=True)


def commands() -> str:
    """Return the page's commands, with what stands for the editor and for systemd."""
    text = "\n".join(re.findall(r"```sh\n(.*?)```", FIRST, re.DOTALL))
    for theirs, ours in INSTEAD.items():
        assert text.count(theirs) == 1, theirs
        text = text.replace(theirs, ours)
    text, found = re.subn(
        r"desk\(\) \{ systemd-run .*?\}\n",
        f'desk() {{ {AS_THE_UNITS_DO} /opt/order-desk/.venv/bin/python -m "$@"; }}\n',
        text,
        flags=re.DOTALL,
    )
    assert found == 1
    text, found = re.subn(r"systemctl enable --now (.+)\n", r"started='\1'\n", text)
    assert found == 1
    return text


def units() -> str:
    """Return commands that start what the page has systemd start, by the units' own words."""
    lines = []
    for kind, ports in re.findall(r"order-desk-(\w+)@\{([\d,]+)\}", FIRST):
        unit = (ROOT / f"deploy/systemd/order-desk-{kind}@.service").read_text()
        start = re.findall(r"^ExecStart=(.+)$", unit, re.MULTILINE)[0]
        settings = re.findall(r"^Environment=(.+)$", unit, re.MULTILINE)
        for port in ports.split(","):
            words = shlex.join(["env", *settings, *start.split()]).replace("%i", port)
            lines.append(f"{AS_THE_UNITS_DO} {words} >/dev/null 2>&1 </dev/null &")
    return "\n".join(lines)


def test_the_pages_commands_serve_the_desk_and_the_api(debian: Path, tmp_path: Path) -> None:
    certificate, _ = make_certificate(tmp_path)
    folder = debian / "etc/ssl/order-desk"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(certificate, folder / "fullchain.pem")
    shutil.copy(tmp_path / "smtp-key.pem", folder / "privkey.pem")
    subprocess.run(
        ["git", "bundle", "create", "--quiet", debian / "root/order-desk.bundle", "HEAD"],
        cwd=ROOT,
        check=True,
    )
    settings = {
        "PATH": os.defpath + ":/usr/sbin:/sbin",
        "DEBIAN_FRONTEND": "noninteractive",
        "LC_ALL": "C.UTF-8",
    }
    if ca := os.environ.get("PIP_CERT"):
        shutil.copy(ca, debian / "root/ca.crt")
        settings["PIP_CERT"] = "/root/ca.crt"
    script = f"set -eux\napt-get -qq update\n{commands()}\n{units()}\n"
    (debian / "root/follow.sh").write_text(script)
    command = ["chroot", str(debian), "/bin/bash", "/root/follow.sh"]
    subprocess.run(command, check=True, timeout=1500, env=settings)
    with httpx.Client(verify=False, timeout=30) as caller:
        wait_until(lambda: caller.get("https://127.0.0.1/_stcore/health").status_code == 200, 120)
        wait_until(lambda: caller.get("https://localhost/v1/orders").status_code == 401, 120)
        for port in (8601, 8602, 8603):
            assert caller.get(f"http://127.0.0.1:{port}/readyz").status_code == 200
        assert "desk_sessions" in caller.get("http://127.0.0.1:8502/metrics").text
