"""Makes the emails to customers; their words are templates, their subjects hold nothing of the order."""

from dataclasses import replace
from decimal import Decimal

from babel import Locale, UnknownLocaleError
from babel.numbers import format_currency

from lib.orders_api.domain.money import format_minor_units
from lib.orders_api.mail.templates import FALLBACK, MailKind, Message, templates_of
from lib.orders_api.store.tables.orders import Order
from lib.settings import Settings


def confirmation(settings: Settings, order: Order, tracking_link: str) -> Message:
    """Confirm an order, with the link that tracks it."""
    return _about(settings, MailKind.CONFIRMATION, order, {"tracking_link": tracking_link})


def cancellation(settings: Settings, order: Order) -> Message:
    """Report that an order was cancelled."""
    return _about(settings, MailKind.CANCELLATION, order, {})


def email_changed(settings: Settings, order: Order) -> Message:
    """Tell an order's old address that mails about it go elsewhere from now on, and not where."""
    fields = {"order_number": order.order_number}
    return templates_of(settings).render(MailKind.EMAIL_CHANGED, order.locale, fields)


def access_code(settings: Settings, order_number: str, locale: str | None, code: str) -> Message:
    """Return the email that gives a guest the one-time code for an order.

    It is worded in every language, and has the size of the longest, so that it costs the same whoever it is
    for; a decoy, which is for nobody, too (docs/adr/0010).
    """
    templates = templates_of(settings)
    fields = {"order_number": order_number, "code": code}
    worded = {
        each: templates.render(MailKind.ACCESS_CODE, each, fields)
        for each in templates.languages(MailKind.ACCESS_CODE)
    }
    size = max(len(message.body.encode()) for message in worded.values())
    return replace(worded[templates.language_of(MailKind.ACCESS_CODE, locale)], size=size)


def _about(settings: Settings, kind: MailKind, order: Order, more: dict[str, str]) -> Message:
    templates = templates_of(settings)
    language = templates.language_of(kind, order.locale)
    fields = {
        "order_number": order.order_number,
        "customer_name": order.customer_name,
        "total": _total(order, language),
    }
    return templates.render(kind, order.locale, fields | more)


def _total(order: Order, language: str) -> str:
    """Return an order's total with the marks that a language has in numbers."""
    amount = Decimal(format_minor_units(order.grand_total, order.currency_digits))
    try:
        locale = Locale.parse(language)
    except (ValueError, UnknownLocaleError):
        locale = Locale.parse(FALLBACK)
    return format_currency(amount, order.currency, "#,##0.00 ¤¤", locale, decimal_quantization=False)
