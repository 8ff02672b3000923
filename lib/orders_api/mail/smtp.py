"""Delivers one email by SMTP; it knows no outbox."""

import ipaddress
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from functools import cached_property
from typing import Self
from urllib.parse import unquote, urlsplit

from lib.orders_api.domain.text import ascii_domain
from lib.orders_api.mail.templates import Message
from lib.settings import Settings

TIMEOUT_SECONDS = 20
DEFAULT_SENDER = "orders@localhost"
_DEFAULT_PORTS = {"smtp": 25, "smtps": 465}


@dataclass(frozen=True)
class SmtpServer:
    """A mail server, as `ORDERS_SMTP_URL` names it: `smtp://` or `smtps://`, STARTTLS where it is offered."""

    host: str
    port: int
    implicit_tls: bool
    username: str | None
    password: str | None

    @classmethod
    def from_url(cls, url: str) -> Self:
        """Read `smtp[s]://[user:password@]host[:port]`.

        Raises:
            ValueError: it is not such an address; the text does not hold it.
        """
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            host = None
        if not host or parts.scheme not in _DEFAULT_PORTS:
            raise ValueError(
                "ORDERS_SMTP_URL must look like smtp://host:25 or smtps://user:password@host:465"
            ) from None
        return cls(
            host=host,
            port=port or _DEFAULT_PORTS[parts.scheme],
            implicit_tls=parts.scheme == "smtps",
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
        )

    @contextmanager
    def connect(self) -> Iterator[smtplib.SMTP]:
        """Return a connection that is encrypted and signed in where it can be.

        Raises:
            OSError: the server can't be reached (smtplib's errors are OSErrors).
        """
        if self.implicit_tls:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=TIMEOUT_SECONDS, context=self._tls_context
            )
        else:
            connection = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)
        with connection:
            connection.ehlo_or_helo_if_needed()
            if not self.implicit_tls and connection.has_extn("starttls"):
                connection.starttls(context=self._tls_context)
                connection.ehlo()
            if self.username is not None:
                connection.login(self.username, self.password or "")
            yield connection

    @cached_property
    def _tls_context(self) -> ssl.SSLContext:
        # Once, not for each email: it takes 25 ms, which would tell a code from its decoy (docs/adr/0010).
        context = ssl.create_default_context()
        if is_loopback(self.host):
            # A mail server on this very machine seldom has a certificate that anybody signed.
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context


def compose(
    message_id: str, sender: Address, recipient: str, message: Message, written_at: datetime
) -> EmailMessage:
    """Return an email in which nothing that a customer typed can become a header.

    Raises:
        Exception: an address can't be one, or a header holds a line end; the standard library raises many.
    """
    email = EmailMessage(policy=policy.SMTP)
    email["Message-ID"] = message_id
    email["Date"] = written_at
    email["From"] = sender
    email["To"] = _address(recipient)
    email["Subject"] = message.subject
    email["Auto-Submitted"] = "auto-generated"
    email.set_content(message.text)
    if message.html:
        email.add_alternative(message.html, subtype="html")
    return email


def sender_of(settings: Settings) -> Address:
    """Return whom emails are from: `ORDERS_MAIL_FROM`, under the shop's name where it has none of its own."""
    name, address = parseaddr(settings.mail_from or DEFAULT_SENDER)
    return _address(address, name or settings.shop_name or "")


def envelope_address(recipient: str) -> str:
    """Return an address as a mail server is told it: its domain in punycode, unusual dots in quotes.

    It is ASCII unless the mailbox itself is not: then the server has to know SMTPUTF8 (RFC 6531).
    """
    address = _address(recipient)
    mailbox = address.username if all(address.username.split(".")) else f'"{address.username}"'
    return f"{mailbox}@{address.domain}"


def _address(address: str, name: str = "") -> Address:
    mailbox, _, domain = address.rpartition("@")
    return Address(name, mailbox, ascii_domain(domain))


def is_loopback(host: str) -> bool:
    """Return whether a host is this very machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
