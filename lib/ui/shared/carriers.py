"""Knows where carriers show parcels to everybody; pure, it opens nothing."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

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


def parcel_page(carrier: str | None, number: str | None) -> str | None:
    """Return the address at which a carrier shows a parcel; None for a carrier that is not known here.

    `DHL Paket` and `UPS Standard` are the carrier's products.
    """
    name = " ".join((carrier or "").casefold().split())
    page = next((page for known, page in _PAGES.items() if f"{name} ".startswith(f"{known} ")), None)
    digits = "".join((number or "").split())
    return page.replace("{}", quote(digits, safe="")) if page and digits else None
