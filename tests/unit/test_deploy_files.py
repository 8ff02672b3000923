"""The files of deploy/ agree with each other, with the commands and with what is there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
from typer.testing import CliRunner

from lib.orders_api.cli.main import cli

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text("utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
API_PORTS = ["8601", "8602", "8603"]
DASHBOARD_PORTS = ["8501", "8502"]


def shipped(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def test_every_file_names_the_same_ports() -> None:
    nginx = shipped("deploy/nginx.conf")
    upstreams = dict(re.findall(r"upstream (\w+) {(.*?)}", nginx, re.DOTALL))
    asked = {
        each["job_name"]: each["static_configs"][0]["targets"]
        for each in yaml.safe_load(shipped("deploy/prometheus.yml"))["scrape_configs"]
    }
    page = shipped("docs/deploy.md")
    for ports, upstream, job, unit in (
        (API_PORTS, "order_desk_api", "order-desk-api", f"order-desk-api@{{{','.join(API_PORTS)}}}"),
        (
            DASHBOARD_PORTS,
            "order_desk_dashboard",
            "order-desk-dashboard",
            f"order-desk-dashboard@{{{','.join(DASHBOARD_PORTS)}}}",
        ),
    ):
        assert re.findall(r"127\.0\.0\.1:(\d+)", upstreams[upstream]) == ports
        assert asked[job] == [f"127.0.0.1:{port}" for port in ports]
        assert unit in page
    assert [SERVICES[f"api{number}"]["command"][-1] for number in (1, 2, 3)] == API_PORTS
    assert [
        SERVICES[f"dashboard{number}"]["environment"]["ORDERS_DASHBOARD_PORT"] for number in (1, 2)
    ] == DASHBOARD_PORTS


def test_containers_are_made_of_what_is_there_and_run_commands_that_exist() -> None:
    lines = shipped("deploy/Containerfile")
    copied = re.findall(r"^COPY (\S+) \S+$", lines, re.MULTILINE)
    assert {"requirements.txt", "app.py", ".streamlit", "lib", "pages"} == set(copied)
    assert [name for name in copied if not (ROOT / name).exists()] == []
    assert lines.index("COPY requirements.txt") < lines.index("RUN pip") < lines.index("COPY lib")
    assert re.findall(r"^USER (.+)$", lines, re.MULTILINE) == ["order-desk"]
    for service in SERVICES.values():
        assert service["network_mode"] == "host", (
            "nginx.conf and order-desk.env name this machine's addresses"
        )
        if service.get("command", [""])[:3] == ["python", "-m", "lib.orders_api"]:
            _, _, _, command, *options = service["command"]
            told = CliRunner().invoke(cli, [command, "--help"]).output
            assert [each for each in options if each.startswith("--") and each not in told] == []
        for mounted in service.get("volumes", ()):
            source = mounted.partition(":")[0]
            known = source in COMPOSE["volumes"] or source.startswith("/etc/")
            assert known or (ROOT / "deploy" / source).exists(), mounted


def test_the_page_names_every_file() -> None:
    page = shipped("docs/deploy.md")
    files = {path.name for path in (ROOT / "deploy").rglob("*") if path.is_file()} - {
        "order-desk-api@.service",
        "order-desk-dashboard@.service",
    }
    assert [name for name in sorted(files) if f"`{name}`" not in page] == []
