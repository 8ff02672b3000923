"""The client by itself: its wheel in a fresh environment, where every example of docs/client.md runs."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.servers.desk import ROOT
from tests.servers.reference import ReferenceServer

EXAMPLES = Path(__file__).with_name("examples.py")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that `make client` builds."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([ROOT / ".ci" / "client", folder], check=True)
    (found,) = folder.glob("orders_client-*.whl")
    return found


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a fresh environment with the wheel, and with what it requires taken from this one."""
    folder = tmp_path_factory.mktemp("alone")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    fresh = folder / "bin" / "python"
    (packages,) = folder.glob("lib/python*/site-packages")
    for each in required("httpx", "pydantic"):
        for name in {file.parts[0] for file in each.files or []} - {"..", "__pycache__"}:
            (packages / name).symlink_to(Path(str(each.locate_file(name))))
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(fresh)]
    subprocess.run([*pip, "install", "--quiet", "--no-index", wheel], check=True)
    subprocess.run([*pip, "check"], check=True, stdout=subprocess.DEVNULL)
    return fresh


def required(*names: str) -> list[Distribution]:
    """Return packages with all that they require, and what that requires."""
    found: dict[str, Distribution] = {}
    left = list(names)
    while left:
        name = canonicalize_name(left.pop())
        if name not in found:
            found[name] = distribution(name)
            needs = map(Requirement, found[name].requires or [])
            left += [each.name for each in needs if not each.marker or each.marker.evaluate({"extra": ""})]
    return list(found.values())


def test_the_wheel_holds_the_client_and_says_that_it_is_typed(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        (metadata,) = (archive.read(name).decode() for name in names if name.endswith("/METADATA"))
    assert "orders_client/py.typed" in names
    assert {name.split("/")[0].split("-")[0] for name in names} == {"orders_client"}
    assert len([name for name in names if name.endswith(".py")]) == len(
        list((ROOT / "lib" / "orders_client").glob("*.py"))
    )
    assert set(re.findall("Requires-Dist: ([a-z]+)", metadata)) == {"httpx", "pydantic"}


def test_every_example_of_the_documentation_runs_with_the_wheel_alone(python: Path) -> None:
    with ReferenceServer(code="123456") as shop:
        command = [str(python), "-I", str(EXAMPLES), str(ROOT / "docs" / "client.md"), shop.url]
        run = subprocess.run(command, capture_output=True, text=True, cwd=python.parent)
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) > 20, "examples that said what they should"


def test_the_command_works_with_the_wheel_alone(python: Path) -> None:
    with ReferenceServer() as shop:
        command = [str(python), "-I", "-m", "orders_client", "check", shop.url, "--token", shop.token]
        run = subprocess.run(command, capture_output=True, text=True, cwd=python.parent)
    assert (run.returncode, run.stderr) == (0, "")
    assert "The core holds." in run.stdout


def test_each_of_the_seven_calls_has_an_example_of_either_kind_and_its_name_in_javascript() -> None:
    page = (ROOT / "docs" / "client.md").read_text("utf-8")
    for call, script in (
        ("list", "list({page, limit})"), ("get", "get"), ("cancel", "cancel"), ("track", "track"),
        ("request_access_code", "requestAccessCode"), ("verify_access_code", "verifyAccessCode"),
        ("get_by_access_token", "getByAccessToken"),
    ):  # fmt: skip
        assert re.search(rf"^[^|]*\bclient\.orders\.{call}\(", page, re.MULTILINE), call
        assert f"await async_client.orders.{call}(" in page
        assert f"`orders.{script}" in page
