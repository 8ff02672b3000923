"""Says where an order is, in the first line under its heading: since when, with whom, and which parcel."""

from collections.abc import Iterable, Mapping
from urllib.parse import quote

import streamlit as st

from lib.orders_client import OrderDetail, TimelineEntry
from lib.ui.shared.cancelling import reason_words
from lib.ui.shared.format import NOT_GIVEN, Reader, escape, plain
from lib.ui.shared.statuses import PAYMENT_STATUSES, STATUSES, label_of, look
from lib.ui.shared.timeline import reached_at

_PAGES: Mapping[str, str] = {
    "an post": "https://www.anpost.com/Post-Parcels/Track/History?item={}",
    "australia post": "https://auspost.com.au/mypost/track/#/details/{}",
    "canada post": "https://www.canadapost-postescanada.ca/track-reperage/en#/search?searchFor={}",
    "chronopost": "https://www.chronopost.fr/tracking-no-cms/suivi-page?listeNumerosLT={}",
    "colissimo": "https://www.laposte.fr/outils/suivre-vos-envois?code={}",
    "correos": "https://www.correos.es/es/es/herramientas/localizador/envios/detalle?tracking-number={}",
    "dhl": "https://www.dhl.com/global-en/home/tracking.html?tracking-id={}",
    "die post": "https://service.post.ch/ekp-web/ui/entry/search/{}",
    "dpd": "https://tracking.dpd.de/status/en_US/parcel/{}",
    "evri": "https://www.evri.com/track/parcel/{}",
    "fedex": "https://www.fedex.com/fedextrack/?trknbr={}",
    "gls": "https://gls-group.com/track/{}",
    "inpost": "https://inpost.pl/sledzenie-przesylek?number={}",
    "la poste": "https://www.laposte.fr/outils/suivre-vos-envois?code={}",
    "postnord": "https://tracking.postnord.com/en/?id={}",
    "royal mail": "https://www.royalmail.com/track-your-item#/tracking-results/{}",
    "swiss post": "https://service.post.ch/ekp-web/ui/entry/search/{}",
    "ups": "https://www.ups.com/track?tracknum={}",
    "usps": "https://tools.usps.com/go/TrackConfirmAction?tLabels={}",
    "österreichische post": "https://www.post.at/sv/sendungsdetails?snr={}",
    "日本郵便": "https://trackings.post.japanpost.jp/services/srv/search/direct?locale=en&reqCodeNo1={}",
}
"""Their public pages, with `{}` for the parcel's number."""
_SAID: Mapping[str, str] = {
    "PENDING": "Awaits its payment{since}",
    "CONFIRMED": "Paid{on}, waits to be prepared",
    "PROCESSING": "Being prepared{since}",
    "SHIPPED": "Shipped{by}{on}",
    "DELIVERED": "Delivered{by}{on}",
    "CANCELLED": "Cancelled{on}",
    "REFUNDED": "Refunded{on}",
}
_MONEY_CAME = frozenset({"PAID", "PARTIALLY_REFUNDED", "REFUNDED"})
_NO_MONEY_CAME = frozenset({"PENDING", "FAILED", "VOIDED"})
_WITH_CARRIER = frozenset({"SHIPPED", "DELIVERED"})
_SENT = frozenset({"PARTIALLY_FULFILLED", "FULFILLED", "RETURNED"})


def parcel_page(carrier: str | None, number: str | None) -> str | None:
    """Return the address at which a carrier shows a parcel; None for a carrier that is not known here.

    `DHL Paket` and `UPS Standard` are the carrier's products.
    """
    name = " ".join((carrier or "").casefold().split())
    page = next((page for known, page in _PAGES.items() if f"{name} ".startswith(f"{known} ")), None)
    digits = "".join((number or "").split())
    return page.replace("{}", quote(digits, safe="")) if page and digits else None


def where_words(order: OrderDetail, entries: Iterable[TimelineEntry], reader: Reader) -> str:
    """Say where an order is, such as `Shipped with DHL on 27 Nov 2026`; no date where nobody knows it."""
    at = order.created_at if order.status == "PENDING" else reached_at(entries, order.status)
    day = reader.day(at.astimezone(reader.zone).date()) if at else ""
    said = paid_otherwise(order) or _SAID.get(
        order.status, f"{label_of(STATUSES, order.status)}{{on}}"
    ).format(
        on=f" on {day}" if day else "",
        since=f" since {day}" if day else "",
        by=f" by {plain(order.carrier)}" if order.carrier else "",
    )
    reason = reason_words(order.cancel_reason) if order.status == "CANCELLED" else None
    return f"{said}: {plain(reason)}" if reason else said


def paid_otherwise(order: OrderDetail) -> str | None:
    """Say that an order's status and its payment contradict each other; None where they don't, or can't."""
    payment = label_of(PAYMENT_STATUSES, order.payment_status).lower()
    if order.status == "PENDING" and order.payment_status in _MONEY_CAME:
        return f"Awaits its payment by its status, but is marked {payment}: check first"
    if order.status == "CONFIRMED" and order.payment_status in _NO_MONEY_CAME:
        return f"Paid by its status, but marked {payment}: check first"
    return None


def where_line(order: OrderDetail, entries: Iterable[TimelineEntry], reader: Reader) -> None:
    """Draw where an order is, and its parcel with a button to copy its number and a link to its carrier."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        icon = look(STATUSES, order.status).icon
        words = escape(where_words(order, entries, reader))
        st.markdown(f":material/{icon}: **{words}**", width="content")
        if order.tracking_number:
            st.text(f"· parcel {plain(order.tracking_number)}", width="content")
            copy_button(order.tracking_number, "parcel")
            if page := parcel_page(order.carrier, order.tracking_number):
                st.link_button("Follow it", page, type="tertiary", icon=":material/open_in_new:")
        elif order.status in _WITH_CARRIER or order.fulfillment_status in _SENT:
            st.caption(f"· parcel number {NOT_GIVEN}", width="content")


def copy_button(text: str, key: str) -> None:
    """Draw a button that copies what is shown beside it; `key` tells it from others on the page."""
    with st.container(key=f"copy_{key}", width="content"):  # how it looks: lib/ui/frame/frame.css
        st.code(plain(text), language=None, width="content")
