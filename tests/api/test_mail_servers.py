"""Mail servers: how ORDERS_SMTP_URL names one, and that TLS is used where it is offered, and checked."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lib.orders_api.mail.sender import Delivery, deliver_due
from lib.orders_api.mail.smtp import SmtpServer
from lib.settings import Settings
from tests.api.shop import MakeShop
from tests.servers.smtp import MailServer

pytestmark = pytest.mark.any_engine  # how mail servers are spoken to


def test_starttls_is_used_where_it_is_offered(
    open_shop: MakeShop,
    make_settings: Callable[..., Settings],
    database_url: str,
    smtp_tls_server: MailServer,
) -> None:
    shop = open_shop(make_settings(database_url=database_url, smtp_url=smtp_tls_server.url))
    shop.create()
    assert deliver_due(shop.api) == Delivery(1, 0)
    assert smtp_tls_server.messages[0].encrypted


def test_a_server_elsewhere_must_show_a_certificate_that_fits(
    smtp_tls_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    import ssl

    from lib.orders_api.mail import smtp

    monkeypatch.setattr(smtp, "is_loopback", lambda host: False)
    server = SmtpServer.from_url(smtp_tls_server.url)
    with pytest.raises(ssl.SSLCertVerificationError), server.connect():
        pass
    monkeypatch.setenv("SSL_CERT_FILE", str(smtp_tls_server.certificate))
    with SmtpServer.from_url(smtp_tls_server.url).connect() as connection:
        assert connection.noop()[0] == 250


@pytest.mark.parametrize(("encrypted", "contexts"), [(True, 1), (False, 0)])
def test_certificates_are_read_once_and_only_for_tls(
    smtp_tls_server: MailServer,
    smtp_server: MailServer,
    monkeypatch: pytest.MonkeyPatch,
    encrypted: bool,
    contexts: int,
) -> None:
    """Reading them takes far longer than all else about an email: it told a code from its decoy."""
    import ssl

    create = ssl.create_default_context
    made: list[ssl.SSLContext] = []

    def counted() -> ssl.SSLContext:
        made.append(create())
        return made[-1]

    monkeypatch.setattr(ssl, "create_default_context", counted)
    server = SmtpServer.from_url((smtp_tls_server if encrypted else smtp_server).url)
    for _ in range(2):
        with server.connect() as connection:
            assert connection.noop()[0] == 250
    assert len(made) == contexts


@pytest.mark.parametrize(
    "url", ["http://x:25", "smtp://", "smtp://host:port", "smtp://host:99999", "smtp://[::1", "mail"]
)
def test_an_address_that_is_no_mail_servers_is_refused_without_an_echo(url: str) -> None:
    with pytest.raises(ValueError, match="ORDERS_SMTP_URL must look like") as refused:
        SmtpServer.from_url(url)
    assert str(refused.value).endswith("smtp://host:25 or smtps://user:password@host:465")


def test_a_mail_servers_address_is_read_in_full() -> None:
    server = SmtpServer.from_url("smtps://us%40er:p%3Ass@mail.example")
    assert (server.host, server.port, server.implicit_tls) == ("mail.example", 465, True)
    assert (server.username, server.password) == ("us@er", "p:ss")
    assert SmtpServer.from_url("smtp://mail.example").port == 25
