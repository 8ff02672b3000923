"""Reads Order Desk's settings (contract, section 7); nothing else in the product reads the environment."""

import ipaddress
import os
import re
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from lib.kept_secret import MIN_SECRET_BYTES, is_long_enough, read_or_make, split

DATA_DIR = Path("data")
DEFAULT_DATABASE_URL = "sqlite:///data/orders.db"
DEFAULT_STAFF_FILE = DATA_DIR / "staff.yaml"
# What every mail server takes; no mark that ends a header, or that makes one address look like several.
_WORD = r"[A-Za-z0-9!#$%&'*+/^_`{|}~-]+"
_PLAIN_EMAIL = re.compile(rf"(?=.{{1,64}}@){_WORD}(\.{_WORD})*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_NO_EMAILS = "must be one email address, or several with commas between"
_METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class SettingsError(Exception):
    """A setting is missing or can't be right; the text says which one and what to do, without its value."""


class Settings(BaseSettings):
    """Order Desk's settings, frozen; made by `from_env` and passed in, never reached for."""

    model_config = SettingsConfigDict(
        env_prefix="ORDERS_", env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True
    )

    api_url: str | None = None
    api_token: SecretStr | None = None
    database_url: str = DEFAULT_DATABASE_URL
    jwt_secret: SecretStr | None = None
    jwks_url: str | None = None
    jwks_scopes: Annotated[tuple[Literal["customer", "staff"], ...], NoDecode] = ("customer",)
    jwt_issuer: str | None = None
    jwt_audience: str | None = None
    code_key: SecretStr | None = None
    smtp_url: SecretStr | None = None
    mail_from: str | None = None
    mail_templates: Path | None = None
    mail_language: str = Field(default="en", pattern=r"^[a-z]{2,3}$")
    shop_name: str | None = Field(default=None, pattern=r"^[^\x00-\x1f\x7f]{1,100}$")
    ops_email: Annotated[tuple[str, ...], NoDecode] = ()
    public_url: str | None = None
    tracking_url: str | None = None
    dashboard_port: int = Field(default=8501, ge=1, le=65435)
    dashboard_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    staff_file: Path = DEFAULT_STAFF_FILE
    keep_contacts: int = Field(default=1096, ge=0, le=36_500)
    keep_mails: int = Field(default=90, ge=0, le=36_500)
    keep_looks: int = Field(default=365, ge=0, le=36_500)
    forgotten_file: Path | None = None
    read_ahead: int = Field(default=5_000, ge=1, le=100_000)
    trusted_proxies: Annotated[tuple[Network, ...], NoDecode] = ()
    pii_policy: Literal["reveal", "open"] = "reveal"
    require_proof: Annotated[tuple[Literal["reveal", "cancel", "contact"], ...], NoDecode] = ()
    demo: bool | None = None

    @classmethod
    def from_env(cls) -> Self:
        """Read the environment and a `.env` file.

        Raises:
            SettingsError: a value that can't be right, named without echoing it.
        """
        try:
            return cls()
        except (OSError, UnicodeDecodeError):
            raise SettingsError("the file .env can't be read as UTF-8 text") from None
        except ValidationError as error:
            first = error.errors()[0]
            where = "_".join(str(part) for part in first["loc"][:1])
            name = f"ORDERS_{where.upper()}" if where else "the settings"
            raise SettingsError(f"{name}: {first['msg'].removeprefix('Value error, ')}") from None

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _split_networks(cls, value: Any) -> Any:
        if isinstance(value, str):
            parts = [part.strip() for part in value.split(",")]
            try:
                return tuple(ipaddress.ip_network(part, strict=False) for part in parts if part)
            except ValueError:
                raise ValueError("must hold addresses or networks with commas between") from None
        return value

    @field_validator("jwks_scopes", "require_proof", mode="before")
    @classmethod
    def _split_words(cls, value: Any) -> Any:
        return tuple(part.strip() for part in value.split(",")) if isinstance(value, str) else value

    @field_validator("dashboard_hosts", mode="before")
    @classmethod
    def _split_names(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        parts = tuple(part.strip().lower().rstrip(".") for part in value.split(","))
        if not all(re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)*", part) for part in parts):
            raise ValueError("must hold names such as desk.shop.example, with commas between, without ports")
        return parts

    @field_validator("jwt_secret", "code_key")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not all(map(is_long_enough, split(value.get_secret_value()))):
            raise ValueError(
                f"must be at least {MIN_SECRET_BYTES} bytes long, as must each of several with commas between"
            )
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("must begin with sqlite:/// or postgresql+psycopg://")
        try:
            parts = urlsplit(value)
            named = parts.path.strip("/") and (parts.port is None or parts.port)
        except ValueError:
            named = False
        if not named:
            raise ValueError("must name a database, such as sqlite:///data/orders.db")
        return value

    @field_validator("api_url", "public_url", "tracking_url", "jwks_url")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value is not None:
            parts = urlsplit(value)
            if parts.scheme not in ("http", "https") or not parts.hostname:
                raise ValueError("must be an address that begins with http:// or https://")
        return value

    @field_validator("mail_from")
    @classmethod
    def _one_line(cls, value: str | None) -> str | None:
        if value is not None and ("@" not in parseaddr(value)[1] or not value.isprintable()):
            raise ValueError("must be one email address, with a name before it or not")
        return value

    @field_validator("ops_email", mode="before")
    @classmethod
    def _split_emails(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        parts = [part.strip(" ") for part in value.split(",")]
        found = tuple(dict.fromkeys(part for part in parts if part))
        if not found:
            raise ValueError(_NO_EMAILS)
        return found

    @field_validator("ops_email")
    @classmethod
    def _plain_emails(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(_PLAIN_EMAIL.fullmatch(each) for each in value):
            raise ValueError(_NO_EMAILS)
        return value

    @field_validator("tracking_url")
    @classmethod
    def _has_token(cls, value: str | None) -> str | None:
        if value is not None and "{token}" not in value:
            raise ValueError("must hold {token} where the tracking token goes")
        return value

    @model_validator(mode="after")
    def _demo_only_on_defaults(self) -> Self:
        if self.demo and not self._all_defaults:
            raise ValueError(
                "the demonstration (ORDERS_DEMO) is for the default API, database and staff file only"
            )
        return self

    @property
    def _all_defaults(self) -> bool:
        return (
            self.api_url is None
            and self.database_url == DEFAULT_DATABASE_URL
            and self.staff_file == DEFAULT_STAFF_FILE
        )

    @property
    def demo_mode(self) -> bool:
        """Whether sample orders, demonstration accounts and the mailbox page are offered."""
        return self._all_defaults and self.demo is not False

    @property
    def is_sqlite(self) -> bool:
        """Whether the store is an SQLite file of this machine's own."""
        return self.database_url.startswith("sqlite")

    @property
    def has_ledger(self) -> bool:
        """Whether there is a place for the ledger of forgotten customers."""
        return self.is_sqlite or self.forgotten_file is not None

    @property
    def ledger_path(self) -> Path:
        """Where the ledger of forgotten customers stands: beside an SQLite store unless a setting says where.

        Raises:
            SettingsError: no setting says where, and the database is not SQLite.
        """
        if self.forgotten_file is not None:
            return self.forgotten_file
        if not self.is_sqlite:
            raise SettingsError(
                "ORDERS_FORGOTTEN_FILE must be given when the database is not SQLite: a file that outlives "
                "the database, wherever customers are forgotten or backups restored"
            )
        return Path(self.database_url.removeprefix("sqlite:///")).with_suffix(".forgotten")

    @property
    def embedded_api_port(self) -> int:
        """The loopback port of the embedded API: a hundred above the dashboard's, so that links stay good."""
        return self.dashboard_port + 100

    @property
    def shared_metrics_folder(self) -> str | None:
        """Where the processes of one `serve` keep figures for each other; prometheus_client reads it too."""
        return os.environ.get(_METRICS_FOLDER)

    @property
    def sends_traces(self) -> bool:
        """Whether a receiver of traces is named; OpenTelemetry itself reads where it is, and all else."""
        return bool(os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"))

    def share_metrics(self, folder: str) -> None:
        """Set an empty folder in which the processes that this one starts keep figures for each other."""
        os.environ[_METRICS_FOLDER] = folder

    def announce(self, host: str, port: int) -> None:
        """Tell the processes that this one starts under which address the API is served.

        What links in emails point to unless `ORDERS_PUBLIC_URL` says otherwise (contract, section 7).
        """
        if self.public_url is None:
            anywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - not listened on here
            name = anywhere.get(host, host)
            os.environ["ORDERS_PUBLIC_URL"] = f"http://{f'[{name}]' if ':' in name else name}:{port}"

    def with_secrets(self) -> Self:
        """Return the settings with both secrets filled in, making them on the first run of an SQLite store.

        They are kept in `data/jwt_secret` and `data/code_key`, mode 0600 (contract, section 7).

        Raises:
            SettingsError: a secret is missing and the database is not SQLite.
        """
        found = {name: getattr(self, name) or self._kept_secret(name) for name in ("jwt_secret", "code_key")}
        return self.model_copy(update=found)

    @property
    def jwt_secrets(self) -> tuple[str, ...]:
        """The keys of our own tokens: the first one signs, all of them verify.

        Raises:
            SettingsError: there is none.
        """
        return self._keys("jwt_secret")

    @property
    def code_keys(self) -> tuple[str, ...]:
        """The keys of codes, sealed texts and the audit log: the first one seals, all of them open.

        Raises:
            SettingsError: there is none.
        """
        return self._keys("code_key")

    def _keys(self, name: str) -> tuple[str, ...]:
        value = getattr(self, name)
        if value is None:
            raise SettingsError(f"ORDERS_{name.upper()} is missing")
        return split(value.get_secret_value())

    def _kept_secret(self, name: str) -> SecretStr:
        if not self.is_sqlite:
            raise SettingsError(
                f"ORDERS_{name.upper()} must be given when the database is not SQLite: "
                f"at least {MIN_SECRET_BYTES} random bytes, the same for every process"
            )
        path = DATA_DIR / name
        secret = read_or_make(path)
        if not all(map(is_long_enough, split(secret))):
            raise SettingsError(f"{path} is damaged: delete it to have a new one made")
        return SecretStr(secret)
