"""The command about emails: what waits and what was given up, delivering it now, and how an email looks."""

from typing import Annotated

import typer

from lib.orders_api.cli.console import fail, one_clear_line, open_store
from lib.orders_api.mail import outbox, sender
from lib.orders_api.mail.smtp import sender_of
from lib.orders_api.mail.templates import FIELDS, SAMPLE, MailKind, templates_of
from lib.orders_api.store.api import Api
from lib.settings import Settings

MOST_LISTED = 1000


def mail(
    send: Annotated[bool, typer.Option("--send", help="Deliver now what is due.")] = False,
    preview: Annotated[
        MailKind | None, typer.Option(help="Print such an email with sample data; nothing is sent.")
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="With --preview: to which language, such as de.")
    ] = None,
) -> None:
    """List what waits in the outbox and what was given up, deliver it now, or show how an email looks."""
    if (language and not preview) or (send and preview):
        raise fail("--language goes with --preview, and --preview not with --send")
    with one_clear_line():
        settings = Settings.from_env()
        if preview is not None:
            _preview(settings, preview, language)
            return
        if send and settings.smtp_url is None:
            raise fail("there is no mail server: set ORDERS_SMTP_URL")
        templates_of(settings)
        with open_store(settings):
            api = Api.from_settings(settings)
        try:
            _send(api) if send else _list(api)
        finally:
            api.database.close()


def _preview(settings: Settings, kind: MailKind, language: str | None) -> None:
    templates = templates_of(settings)
    if language is not None and language not in templates.languages(kind):
        raise fail(f"--language must be one of {', '.join(templates.languages(kind))}")
    message = templates.render(kind, language, {name: SAMPLE[name] for name in FIELDS[kind]})
    typer.echo(f"From: {sender_of(settings)}\nSubject: {message.subject}\n\n{message.text}\n{message.html}")


def _send(api: Api) -> None:
    try:
        delivery = sender.deliver_due(api)
    except ValueError as error:
        raise fail(str(error)) from None
    typer.echo(f"{delivery.sent} sent, {delivery.failed} failed.")
    if delivery.failed:
        raise fail("some messages could not be delivered; they stay in the outbox and are tried again")


def _list(api: Api) -> None:
    for state, words in (("WAITING", "waiting"), ("DEAD", "given up")):
        with api.database.reading() as session:
            messages = outbox.newest(session, MOST_LISTED, state)
            total = outbox.count(session, state)
        for message in messages:
            error = f"  last error: {message.last_error}" if message.last_error else ""
            order = "no order" if message.order_id is None else f"order {message.order_id}"
            typer.echo(
                f"{message.created_at:%Y-%m-%d %H:%M:%S}Z  {message.kind:<13}  {order}"
                f"  attempts: {message.attempts}{error}"
            )
        shown = f"; the newest {MOST_LISTED} are listed" if total > MOST_LISTED else ""
        if total or state == "WAITING":
            typer.echo(f"{total} {words}{shown}.")
