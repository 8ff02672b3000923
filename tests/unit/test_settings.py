"""What Settings reads, refuses and keeps secret."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from lib.settings import Settings, SettingsError


@pytest.fixture(autouse=True)
def _a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_nothing_set_is_the_demonstration_on_loopback_ports() -> None:
    settings = Settings.from_env()
    assert settings.demo_mode
    assert (settings.dashboard_port, settings.embedded_api_port) == (8501, 8601)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ORDERS_API_URL", "https://shop.example/api"),
        ("ORDERS_DATABASE_URL", "sqlite:///data/other.db"),
        ("ORDERS_STAFF_FILE", "data/people.yaml"),
        ("ORDERS_DEMO", "off"),
    ],
)
def test_one_thing_of_ones_own_ends_the_demonstration(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert not Settings.from_env().demo_mode


def test_the_demonstration_on_a_real_shop_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDERS_DEMO", "on")
    monkeypatch.setenv("ORDERS_API_URL", "https://shop.example/api")
    with pytest.raises(SettingsError, match="ORDERS_DEMO"):
        Settings.from_env()


def test_an_env_file_is_read_and_the_environment_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("ORDERS_DASHBOARD_PORT=9000\nORDERS_MAIL_FROM=shop@example.com\n")
    monkeypatch.setenv("ORDERS_DASHBOARD_PORT", "9001")
    settings = Settings.from_env()
    assert (settings.dashboard_port, settings.mail_from) == (9001, "shop@example.com")


def test_an_empty_variable_is_an_unset_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDERS_API_URL", "")
    assert Settings.from_env().api_url is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ORDERS_READ_AHEAD", "0"),
        ("ORDERS_DASHBOARD_PORT", "65500"),
        ("ORDERS_DASHBOARD_PORT", "http"),
        ("ORDERS_DATABASE_URL", "mysql://root:hunter2@db/orders"),
        ("ORDERS_JWT_SECRET", "short-hunter2"),
        ("ORDERS_CODE_KEY", "short-hunter2"),
        ("ORDERS_TRACKING_URL", "https://shop.example/hunter2"),
        ("ORDERS_PII_POLICY", "hunter2"),
        ("ORDERS_KEEP_CONTACTS", "999999"),
        ("ORDERS_MAIL_FROM", "Hunter2, Inc. <a@shop.example>"),
        ("ORDERS_TRUSTED_PROXIES", "10.0.0.0/8, somewhere"),
        ("ORDERS_JWKS_SCOPES", "hunter2"),
        ("ORDERS_DASHBOARD_HOSTS", "https://hunter2.example"),
        ("ORDERS_DASHBOARD_HOSTS", "hunter2.example:8501"),
        ("ORDERS_DASHBOARD_HOSTS", "*"),
        ("ORDERS_MAIL_LANGUAGE", "hunter2"),
        ("ORDERS_SHOP_NAME", "Shop\r\nBcc: hunter2@evil.example"),
        ("ORDERS_SHOP_NAME", f"hunter2{'x' * 100}"),
        ("ORDERS_OPS_EMAIL", "hunter2"),
        ("ORDERS_OPS_EMAIL", "ops@shop.example; hunter2@shop.example"),
        ("ORDERS_OPS_EMAIL", "ops@shop.example, hunter2"),
        ("ORDERS_OPS_EMAIL", "hunter2 <ops@shop.example>"),
        ("ORDERS_OPS_EMAIL", "ops@shop.example\r\nBcc: hunter2@evil.example"),
        ("ORDERS_OPS_EMAIL", "ops@shop.example\nBcc: hunter2@evil.example"),
        ("ORDERS_OPS_EMAIL", "ops@shop.example\n"),
        ("ORDERS_OPS_EMAIL", "ops\r@shop.example"),
        ("ORDERS_OPS_EMAIL", "=?utf-8?q?hunter2?=@shop.example"),
        ("ORDERS_OPS_EMAIL", "ops..hunter2@shop.example"),
        ("ORDERS_OPS_EMAIL", "hunter2@"),
        ("ORDERS_OPS_EMAIL", f"hunter2{'x' * 60}@shop.example"),
        ("ORDERS_OPS_EMAIL", " , "),
    ],
)
def test_a_bad_value_is_named_and_never_echoed(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        Settings.from_env()
    assert name in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_desks_names_are_compared_in_lower_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDERS_DASHBOARD_HOSTS", "Desk.Shop.Example., desk")
    assert Settings.from_env().dashboard_hosts == ("desk.shop.example", "desk")


def test_alarms_go_to_nobody_one_or_several(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings.from_env().ops_email == ()
    monkeypatch.setenv("ORDERS_OPS_EMAIL", "ops+desk@shop.example")
    assert Settings.from_env().ops_email == ("ops+desk@shop.example",)
    monkeypatch.setenv("ORDERS_OPS_EMAIL", "ops@localhost, Boss.O'Neil@shop.example,ops@localhost,")
    assert Settings.from_env().ops_email == ("ops@localhost", "Boss.O'Neil@shop.example")


def test_an_address_that_holds_a_header_is_refused_however_it_is_given() -> None:
    with pytest.raises(ValueError, match="must be one email address"):
        Settings(_env_file=None, ops_email=("ops@shop.example\r\nBcc: x@evil.example",))


def test_secrets_are_made_once_and_for_the_owner_only(tmp_path: Path) -> None:
    first, second = Settings.from_env().with_secrets(), Settings.from_env().with_secrets()
    assert first.jwt_secret == second.jwt_secret != first.code_key
    for name in ("jwt_secret", "code_key"):
        assert (tmp_path / "data" / name).stat().st_mode & 0o777 == 0o600
    assert first.jwt_secret is not None
    assert first.jwt_secret.get_secret_value() not in repr(first)


def test_processes_that_start_together_agree_on_the_secrets() -> None:
    found: list[Settings] = []
    threads = [
        threading.Thread(target=lambda: found.append(Settings.from_env().with_secrets())) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len({settings.jwt_secret for settings in found}) == 1


def test_a_damaged_secret_is_said_and_not_used(tmp_path: Path) -> None:
    Settings.from_env().with_secrets()
    (tmp_path / "data" / "jwt_secret").write_text("")
    with pytest.raises(SettingsError, match="jwt_secret is damaged"):
        Settings.from_env().with_secrets()


def test_postgresql_needs_its_secrets_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDERS_DATABASE_URL", "postgresql+psycopg://db/orders")
    with pytest.raises(SettingsError, match="ORDERS_JWT_SECRET must be given"):
        Settings.from_env().with_secrets()


def test_settings_are_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings.from_env().dashboard_port = 1  # type: ignore[misc]  # what is tried
