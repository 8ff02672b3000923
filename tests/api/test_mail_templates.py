"""Mails as the shop's own: name, templates, the order's language; and what is wrong is said at start."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lib.orders_api.app.factory import create_app
from lib.orders_api.mail.messages import access_code
from lib.orders_api.mail.sender import deliver_due
from lib.orders_api.mail.templates import Templates
from lib.settings import Settings, SettingsError
from tests.api.command_line import Run, one_clear_line
from tests.api.shop import ADDRESS, MakeShop, Shop
from tests.servers.smtp import MailServer, text_of

pytestmark = pytest.mark.any_engine  # how mails are worded

CODE = "Subject: Code\nThe code: {{ code }}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "mails"
    made.mkdir()
    return made


@pytest.fixture
def open_own(
    open_shop: MakeShop,
    make_settings: Callable[..., Settings],
    database_url: str,
    smtp_server: MailServer,
    folder: Path,
) -> Callable[..., Shop]:
    """Opens a shop with templates of its own."""

    def opened(**more: Any) -> Shop:
        given = {"smtp_url": smtp_server.url, "mail_templates": folder, "shop_name": "Tee & Grün"}
        return open_shop(make_settings(database_url=database_url, **given | more))

    return opened


@pytest.mark.parametrize(
    ("locale", "subject", "total"),
    [
        ("de", "Wir haben Ihre Bestellung erhalten", "Summe: 20,00 EUR"),
        ("de_AT", "Wir haben Ihre Bestellung erhalten", "Summe: 20,00 EUR"),
        ("en-GB", "We have received your order", "Total: 20.00 EUR"),
        ("fr", "We have received your order", "Total: 20.00 EUR"),
        (None, "We have received your order", "Total: 20.00 EUR"),
    ],
)
def test_a_mail_speaks_the_orders_language_where_it_is_known(
    mailing_shop: Shop, smtp_server: MailServer, locale: str | None, subject: str, total: str
) -> None:
    order = mailing_shop.create(locale=locale)
    assert "locale" not in order
    assert "locale" not in mailing_shop.order(order["orderNumber"])
    deliver_due(mailing_shop.api)
    message = smtp_server.messages[0].message
    assert message["Subject"] == subject
    assert total in text_of(message)
    language = "de" if "Summe" in total else "en"
    assert f'<html lang="{language}">' in text_of(message, "html")


def test_every_mail_comes_from_the_shop_in_its_own_language(
    open_own: Callable[..., Shop], smtp_server: MailServer
) -> None:
    shop = open_own(mail_from="shop@example.com", mail_language="de")
    number = shop.create()["orderNumber"]
    shop.new_code(number)
    shop.cancel(number)
    deliver_due(shop.api)
    found = {each.message["Subject"]: each.message for each in smtp_server.messages}
    assert found.keys() == {
        "Ihr Einmalcode", "Wir haben Ihre Bestellung erhalten", "Ihre Bestellung wurde storniert",
    }  # fmt: skip
    for message in found.values():
        assert message["From"] == "Tee & Grün <shop@example.com>"
        assert text_of(message).rstrip().endswith("Tee & Grün")
        assert "<p>Tee &amp; Grün</p>" in text_of(message, "html")


def test_templates_of_the_shops_own_come_first_and_customers_text_is_no_html(
    open_own: Callable[..., Shop], folder: Path, smtp_server: MailServer
) -> None:
    (folder / "confirmation.fr.txt").write_text(
        "Subject: Merci\n{% include '_hello.txt' %} {{ order_number }} {{ total }} {{ tracking_link }}"
    )
    (folder / "confirmation.fr.html").write_text(
        "<h1>{{ subject }}</h1><b>{{ customer_name }}</b> {{ order_number }} {{ tracking_link }}"
    )
    (folder / "_hello.txt").write_text("Bonjour {{ customer_name }}")
    (folder / "mail.html").write_text("<title>{{ title }}</title>{{ paragraphs }}")
    shop = open_own()
    name = {"firstName": "<img src=x>", "lastName": "& Söhne"}
    shop.create(orderNumber="<1>", locale="fr-CA", shippingAddress=ADDRESS | name)
    shop.create(locale="de")
    deliver_due(shop.api)
    french, german = (each.message for each in smtp_server.messages)
    assert "Bonjour <img src=x> & Söhne <1> 20,00 EUR http://" in text_of(french)
    html = text_of(french, "html")
    assert "<h1>Merci</h1><b>&lt;img src=x&gt; &amp; Söhne</b> &lt;1&gt;" in html
    assert "<img" not in html
    assert text_of(german, "html").startswith("<title>Wir haben Ihre Bestellung erhalten</title>")


def test_what_an_order_does_to_a_template_loses_neither_order_nor_mail(
    open_own: Callable[..., Shop], folder: Path, smtp_server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    first = "{{ customer_name.split()[1] }} {{ order_number }}"
    (folder / "cancellation.en.txt").write_text(f"Subject: Sorry\n{first}")
    shop = open_own()
    alone = ADDRESS | {"firstName": "Plato", "lastName": ""}
    for address in (ADDRESS, alone):
        shop.cancel(shop.create(shippingAddress=address)["orderNumber"])
    deliver_due(shop.api)
    subjects = [each.message["Subject"] for each in smtp_server.messages]
    assert sorted(each for each in subjects if each != "We have received your order") == [
        "Sorry", "Your order was cancelled",
    ]  # fmt: skip
    assert "UndefinedError" in caplog.text
    assert "Plato" not in caplog.text


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("access_code.de.txt", "Subject: Code\nYour code", "access_code.de.txt lacks {{ code }}"),
        ("access_code.de.html", "<p>Your code</p>", "access_code.de.html lacks {{ code }}"),
        ("access_code.de.txt", f"{CODE}{{{{ cod }}}}", "access_code.de: 'cod' is undefined"),
        ("access_code.de.txt", f"{CODE}{{% if %}}", "access_code.de.txt, line 3: Expected an expression"),
        ("access_code.de.txt", "{{ code }}", "access_code.de: its first line must be Subject:"),
        ("access_code.de.txt", f"Subject: {{{{ code }}}}\n{CODE}", "its subject must not show code"),
        ("acces_code.de.txt", CODE, "acces_code.de.txt must be named KIND.LANGUAGE.txt or .html"),
        ("access_code.fr.html", CODE, "access_code.fr.html needs a access_code.fr.txt beside it"),
        ("access_code.de.txt", "{% include 'none.txt' %}", "access_code.de: 'none.txt' not found"),
        ("mail.html", "{{ nothing }}", "'nothing' is undefined"),
    ],
)
def test_a_template_that_is_of_no_use_is_named_at_start(
    folder: Path, make_settings: Callable[..., Settings], name: str, text: str, said: str
) -> None:
    (folder / name).write_text(text)
    with pytest.raises(SettingsError) as refused:
        create_app(make_settings(mail_templates=folder))
    words = str(refused.value)
    assert words.startswith("ORDERS_MAIL_TEMPLATES: ")
    assert said in words
    assert "\n" not in words


def test_serve_says_it_in_one_line_and_preview_prints_and_sends_nothing(run: Run, folder: Path) -> None:
    own = {"mail_templates": str(folder), "shop_name": "Tee & Grün"}
    preview = ("mail", "--preview", "access_code", "--language", "de")
    broken = folder / "access_code.de.txt"
    broken.write_bytes(b"Subject: \xff")
    for command in (preview, ("mail",), ("serve", "--port", "1")):
        one_clear_line(run(*command, **own), "ORDERS_MAIL_TEMPLATES: a template is not UTF-8 text")
    broken.unlink()
    shown = run(*preview, **own)
    for words in (
        "From: Tee & Grün <orders@localhost>",
        "Subject: Ihr Einmalcode",
        "    123456",
        "<p>Tee &amp;",
    ):
        assert words in shown.stdout
    assert run("mail", **own).stdout == "0 waiting.\n"
    one_clear_line(run("mail", "--preview", "access_code", "--language", "fr", **own), "one of de, en")


def test_a_language_without_templates_or_a_folder_that_is_not_there_is_refused(folder: Path) -> None:
    with pytest.raises(SettingsError, match="no template in the language fr"):
        Templates(folder, "", "fr")
    with pytest.raises(SettingsError, match="ORDERS_MAIL_TEMPLATES: No such file"):
        Templates(folder / "none", "", "en")


def test_a_mail_with_a_code_costs_the_same_in_every_language(
    open_own: Callable[..., Shop], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "access_code.fr.txt").write_text(f"{CODE}{'é' * 5000}")
    settings = open_own().settings
    worded: list[str | None] = []
    real = Templates.render

    def counted(self: Templates, kind: Any, locale: str | None, fields: Any) -> Any:
        worded.append(locale)
        return real(self, kind, locale, fields)

    monkeypatch.setattr(Templates, "render", counted)
    sizes = set()
    for locale in ("de", "en", "fr", "xx", None):
        worded.clear()
        sizes.add(len(access_code(settings, "N-1", locale, "123456").body.encode()))
        assert worded == ["de", "en", "fr"]
    assert len(sizes) == 1
