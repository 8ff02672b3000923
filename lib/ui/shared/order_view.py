"""Draws one order: header, people, goods and sums; customers' words never as Markdown."""

import html
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

import streamlit as st

from lib.orders_client import Address, OrderDetail
from lib.ui.shared.cancelling import why_not
from lib.ui.shared.format import (
    NO_ADDRESS,
    NO_EMAIL,
    NOT_GIVEN,
    Reader,
    ago,
    country,
    escape,
    in_line,
    lacks,
    or_missing,
    plain,
    plural,
)
from lib.ui.shared.keys import ORDER_ITEMS
from lib.ui.shared.own_contact import verified_badge
from lib.ui.shared.startup import desk_settings
from lib.ui.shared.statuses import looks_of, status_chips
from lib.ui.shared.tables import draw_items, place
from lib.ui.shared.whereabouts import copy_button, paid_otherwise

NAME_WIDTH = 110
SOURCES = {"api": "The shop, order by order", "import": "An imported file", "shop": "The shop's own system"}
NOT_SENT = frozenset({"PENDING", "CONFIRMED", "PROCESSING", "CANCELLED"})


def header(order: OrderDetail, reader: Reader, now: datetime) -> None:
    """Draw what a caller asks for first: the number, its statuses, who, how much, where to, and when."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.header(escape(order.order_number), anchor=False, width="content")
        copy_button(order.order_number, "number")
        status_chips(looks_of(order))
        verified_badge(order.caller_verified_until, now)
    facts = (
        order.customer_name,
        reader.money(order.grand_total, order.currency),
        None if order.item_count is None else plural(order.item_count, "item"),
        place(order.shipping_city, order.shipping_country)
        or (NO_ADDRESS if lacks(order, "shipping_country") else None),
    )
    st.text(in_line(*facts))
    times = [("Placed", order.created_at), ("last change", order.updated_at)]
    st.caption(
        " · ".join(f"{what} {reader.moment(at)} ({ago(at, now)})" for what, at in times if at is not None)
    )


def customer(order: OrderDetail) -> None:
    """Draw who ordered, as far as the API says it to this staff member."""
    st.subheader("Customer", anchor=False)
    facts = {
        "Name": or_missing(order.customer_name, order, "customer_name", "no name"),
        "Email": or_missing(order.email, order, "email", NO_EMAIL),
        "Phone": or_missing(order.phone, order, "phone", "no phone"),
        "Account": or_missing(order.customer_id, order, "customer_id", "Guest, without an account"),
        "Tags": ", ".join(order.tags or ()),
        "Came by": SOURCES.get(order.source or "", order.source),
    }
    _facts(facts)


def customer_note(order: OrderDetail) -> None:
    """Draw what the customer wrote with the order."""
    if order.customer_note:
        with st.container(border=True, gap="xxsmall"):
            st.caption(":material/chat: The customer wrote")
            st.text(order.customer_note)


def addresses(order: OrderDetail) -> None:
    """Draw where it goes and who is billed, once where the two are the same, to be copied where shown."""
    ships_to = _address_words(order, "shipping_address", NO_ADDRESS)
    billed_to = _address_words(order, "billing_address", "no address")
    if order.shipping_address and ships_to == billed_to:
        billed_to, title = "", "Ships to and billed to"
    else:
        title = "Ships to"
    for heading, words in ((title, ships_to), ("Billed to", billed_to)):
        if words:
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
                st.markdown(f"**{heading}**", width="content")
                if "\n" in words and not order.contact_masked:
                    copy_button(words, heading.replace(" ", "_"))
            st.text(words)


def delivery(order: OrderDetail) -> None:
    """Draw how it was to be sent, the parcel's carrier and number, and the token where it may be seen."""
    st.subheader("Delivery", anchor=False)
    facts = {
        "Method": order.shipping_method,
        "Carrier": order.carrier,
        "Parcel number": order.tracking_number,
    }
    _facts(facts)
    if order.tracking_token:
        link = customers_link(str(order.tracking_token))
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.caption("Tracking link", width=NAME_WIDTH)
            copy_button(link, "tracking_link")
            st.text(link, width="stretch", wrap=False)
    if not order.carrier and not order.tracking_number:
        is_sent = order.status not in NOT_SENT or order.fulfillment_status not in (None, "UNFULFILLED")
        st.caption(
            f"Carrier and tracking number are {NOT_GIVEN}." if is_sent else "Nothing has been sent yet."
        )


def customers_link(token: str) -> str:
    """Return the link that the customer has; the token alone where nobody told this desk the link."""
    settings = desk_settings()
    if settings.tracking_url:
        return settings.tracking_url.replace("{token}", token)
    own = None if settings.api_url else f"http://127.0.0.1:{settings.embedded_api_port}"
    base = settings.public_url or own
    return f"{base.rstrip('/')}/track/{token}" if base else token


def goods(order: OrderDetail, reader: Reader) -> None:
    """Draw the line items, and the sums under them."""
    st.subheader("Items" if order.item_count is None else plural(order.item_count, "item"), anchor=False)
    draw_items(order.items, order.currency, reader, ORDER_ITEMS, "Line items with their prices")
    with st.container(horizontal_alignment="right"):
        st.table(sums(order, reader), border="horizontal", width="content", alt="Sums")


def sums(order: OrderDetail, reader: Reader) -> dict[str, str]:
    """Return the order's sums in the order in which they add up; nothing that is zero but the shipping."""
    money = [
        ("Subtotal", order.subtotal),
        ("Discount", -order.discount_total if order.discount_total else None),
        ("Shipping", order.shipping_total),
        ("Duties", order.duties_total or None),
        ("Other, see the timeline", _unexplained(order) or None),
        ("Tax, included" if order.tax_included else "Tax", order.tax_total or None),
        ("**Total**", order.grand_total),
        ("Paid back", order.refunded_total or None),
    ]
    lines = {
        name: escape(reader.money(amount, order.currency)) for name, amount in money if amount is not None
    }
    return lines | {"**Total**": f"**{lines['**Total**']}**"}


def _unexplained(order: OrderDetail) -> Decimal:
    """Return what the total has more than its parts, as imported orders may; nothing where one is unknown."""
    parts = (order.subtotal, order.discount_total, order.shipping_total, order.tax_total)
    if order.tax_included is None or None in parts:
        return Decimal(0)
    subtotal, discount, shipping, tax = (part or Decimal(0) for part in parts)
    added = Decimal(0) if order.tax_included else tax
    return order.grand_total - subtotal + discount - shipping - added - (order.duties_total or Decimal(0))


def cancelling(order: OrderDetail, allowed: bool) -> None:
    """Say whether this order can be cancelled here, or why not and what to do instead."""
    doubt = f"{escape(paid)}." if (paid := paid_otherwise(order)) else None
    if reason := why_not(order.status):
        words = f":material/block: **Can't be cancelled.** {doubt or escape(reason)}"
    elif allowed:
        icon = "warning" if doubt else "check"
        words = f":material/{icon}: **Can be cancelled.** {doubt or 'It has not been paid.'}"
    else:
        words = (
            ":material/lock: **Your role can look, but not cancel.** It awaits its payment: ask support or a "
            "supervisor."
        )
    st.markdown(words)


def _address_words(order: OrderDetail, field: str, none: str) -> str:
    address: Address | None = getattr(order, field)
    return or_missing("\n".join(address_lines(address)) if address else None, order, field, none)


def address_lines(address: Address) -> list[str]:
    """Write an address line by line, without the lines that are empty."""
    lines = [
        " ".join(part for part in (address.first_name, address.last_name) if part),
        address.line1,
        address.line2,
        " ".join(part for part in (address.postal_code, address.city) if part),
        address.region,
        country(address.country) if address.country else None,
    ]
    return [seen for line in lines if line and (seen := plain(line).strip())]


def _facts(facts: Mapping[str, str | None]) -> None:
    """Draw names and values, those that are known, as one element of plain text: all escaped."""
    known = {name: plain(value) for name, value in facts.items() if value}
    lines = "".join(
        f"<dt>{html.escape(name)}</dt><dd>{html.escape(value)}</dd>" for name, value in known.items()
    )
    if lines:
        st.html(f'<dl class="facts">{lines}</dl>')  # how it looks: lib/ui/frame/frame.css
