"""A real SMTP server on loopback that keeps what it is sent, with STARTTLS where asked."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import ssl
import threading
from asyncio import Transport
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.servers.postgres import free_port


@dataclass(frozen=True)
class Delivered:
    """One message as it came over the wire."""

    mail_from: str
    recipients: tuple[str, ...]
    message: EmailMessage
    encrypted: bool


def _set_event() -> threading.Event:
    event = threading.Event()
    event.set()
    return event


@dataclass
class MailServer:
    """The running server. `refuse_with` (such as "451 later") is the answer to DATA while it is set.

    It refuses `refuse_recipient`, keeps a message and hangs up without a word while `drop_after_data`, and
    does not answer to DATA until `hang` is set; `hanging` says that somebody waits for that.
    """

    port: int
    certificate: Path | None = None
    messages: list[Delivered] = field(default_factory=list)
    refuse_with: str | None = None
    refuse_recipient: str | None = None
    drop_after_data: bool = False
    hang: threading.Event = field(default_factory=_set_event)
    hanging: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """The address for ORDERS_SMTP_URL."""
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_RCPT(self, _: SMTP, _s: Session, envelope: Envelope, address: str, _o: list[str]) -> str:
        """Take a recipient; aiosmtpd calls this."""
        if address == self.refuse_recipient:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep a message; aiosmtpd calls this."""
        if not self.hang.is_set():
            self.hanging.set()
            while not self.hang.is_set():
                await asyncio.sleep(0.05)
        if self.refuse_with:
            return self.refuse_with
        content = envelope.content
        raw = content if isinstance(content, bytes) else str(content).encode()
        message: Any = message_from_bytes(raw, policy=policy.default)
        self.messages.append(
            Delivered(envelope.mail_from or "", tuple(envelope.rcpt_tos), message, session.ssl is not None)
        )
        if self.drop_after_data and server.transport is not None:
            cast(Transport, server.transport).abort()
        return "250 OK"


class RunningMailServer:
    """Runs a MailServer; a context manager. With `tls_folder`, STARTTLS is offered and required."""

    def __init__(self, tls_folder: Path | None = None, takes_utf8: bool = True) -> None:
        self.mail = MailServer(free_port())
        options: dict[str, Any] = {"enable_SMTPUTF8": takes_utf8}
        if tls_folder is not None:
            self.mail.certificate, context = make_certificate(tls_folder)
            options |= {"tls_context": context, "require_starttls": True}
        self._controller = Controller(self.mail, hostname="127.0.0.1", port=self.mail.port, **options)

    def __enter__(self) -> MailServer:
        self._controller.start()
        return self.mail

    def __exit__(self, *_: object) -> None:
        self._controller.stop(no_assert=True)


def make_certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """Make a self-signed certificate for 127.0.0.1 and localhost; return its file and a server's context."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = folder / "smtp-cert.pem", folder / "smtp-key.pem"
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate_file, key_file)
    return certificate_file, context


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    """Return the text of one part of a mail."""
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())
