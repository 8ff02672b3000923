"""The README names every setting with its default, and every command."""

from __future__ import annotations

import re

from lib.settings import Settings
from tests.servers.desk import ROOT


def test_every_setting_stands_in_the_readme_and_in_the_file_to_deploy() -> None:
    names = [f"ORDERS_{field.upper()}" for field in Settings.model_fields]
    for file in ("README.md", "deploy/order-desk.env"):
        text = (ROOT / file).read_text("utf-8")
        assert (file, [name for name in names if name not in text]) == (file, [])


def test_the_readme_says_the_defaults_that_the_settings_have() -> None:
    table = (ROOT / "README.md").read_text("utf-8").split("## Settings", 1)[1].split("\n## ", 1)[0]
    said = {
        name.lower(): default.strip(" `")
        for names, default in re.findall(r"^\| (`ORDERS_[^|]*) \| ([^|]*) \|", table, re.MULTILINE)
        for name in re.findall("ORDERS_([A-Z_]+)", names)
    }
    for name, field in Settings.model_fields.items():
        if field.default is not None:
            many = isinstance(field.default, tuple)
            assert said[name] == (",".join(field.default) or "none" if many else str(field.default)), name


def test_every_make_target_stands_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    targets = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert {"run", "test", "lint", "bench", "screenshots", "client", "setup"} <= set(targets)
    assert [target for target in targets if f"make {target}" not in readme] == []


def test_every_api_command_stands_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    commands = ("serve", "migrate", "seed", "import", "token", "mail", "audit --verify", "forget")
    assert [each for each in commands if f"python -m lib.orders_api {each}" not in readme] == []


def test_the_staff_commands_stand_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert "python -m lib.staff" in readme
    assert [verb for verb in ("add", "password", "role", "disable", "list") if verb not in readme] == []
