"""One box finds an order by whatever people say or paste, and lets nobody spell out what is masked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from lib.settings import Settings
from tests.api.asgi import Caller
from tests.api.shop import ADDRESS, Shop
from tests.servers.databases import Databases, Kind

TOKEN = "0b9c2f1e-7d4a-4c1b-9a55-3f0de1a7c204"


def lives(name: str, country: str, **rest: str) -> dict[str, str | None]:
    first, _, last = name.partition(" ")
    return (
        ADDRESS
        | {"firstName": first, "lastName": last, "country": country, "line1": "-", "line2": None}
        | rest
    )


ORDERS: tuple[dict[str, Any], ...] = (
    {"orderNumber": "#2005", "email": "a.vogel@post.example", "phone": "+4917612345678",
     "shippingAddress": lives("Jörg Vögel", "IT", city="Bad Tölz", postalCode="83646",
                              line1="Jäger-Straße 7b, Hinterhaus")},
    {"orderNumber": "#2006", "email": "pat+eu@mail.example", "phone": "(415) 555-0134",
     "shippingAddress": lives("Niamh O'Dowd", "US", city="São Paulo", postalCode="94103-1234")},
    {"orderNumber": "#2007", "email": "Groß.Weiß@Mail.Example", "phone": "0699 1234567",
     "shippingAddress": lives("Tomáš Grošek", "AT", postalCode="1010")},
    {"orderNumber": "#2008", "email": "y@münchen.example", "phone": "０３１２３４５６７８",
     "shippingAddress": lives("高橋 美咲", "JP", postalCode="150-0001")},
    {"orderNumber": "#2009", "email": "cay@mail.example", "phone": "0541 234 56 78",
     "shippingAddress": lives("Çağrı Yıldırım", "TR")},
    {"orderNumber": "NL-2026-0002010-C", "email": None, "phone": None, "trackingToken": TOKEN,
     "shippingAddress": lives("Mette Ågård", "DK", postalCode="2595 AA"),
     "billingAddress": lives("Łucja Wójcik-Ðao", "PL", city="Łódź", line1="ul. Bł. Kingi 3/5")},
    {"orderNumber": "FR/2026/2011", "email": "q@post.example", "phone": "06 98 76 54 32", "status": "SHIPPED",
     "trackingNumber": "0034 0434-1610 9400 0001", "carrier": "DHL",
     "items": [{"sku": "CUP-RED", "quantity": 1, "unitPrice": "5.00",
                "name": "Cup “Crème-brûlée”, späte Tasse"}],
     "shippingAddress": lives("عبد الرحمن", "FR")},
    {"orderNumber": "#12005", "email": "x.vogel@post.example", "phone": None,
     "shippingAddress": lives("Joerg Vogel", "DE")},
)  # fmt: skip

FINDS = {
    "#2005": (
        "2005", "#2005", "# 2005", "＃2005", "№2005", "Order #2005", "order no. 2005.", "２００５", "“2005”",
        "a.vogel@post.example", "A.VOGEL@POST.EXAMPLE", "<a.vogel@post.example>",
        "mailto:a.vogel@post.example", "a.vogel", "a.vogel@", "vögel, jörg", "voegel", "jorg vogel 2005",
        "bad tolz", "toelz", "TÖL", "83646", "jäger", "jaeger-strasse 7b", "hinterhaus",
        "+4917612345678", "004917612345678", "0176 12345678", "+49 (0) 176 1234 5678", "176-12345678",
        "tel:+49-176-12345678", "5678", "jorg +49 176 12345678",
    ),
    "#2006": (
        "pat+eu@mail.example", " pat+eu@mail.example ", "pat+eu", "Niamh O’Dowd", "odowd", "ODOWD niamh",
        "sao paulo", "94103-1234", "941031234", "415-555-0134", "+1 (415) 555-0134", "1.415.555.0134",
    ),
    "#2007": (
        "gross.weiss@mail.example", "groß.weiß@mail.example", "tomas grosek", "Grošek", "+43 699 1234567",
        "6991234567", "0699 1234567",
    ),
    "#2008": (
        "y@xn--mnchen-3ya.example", "Y@münchen.example", "高橋", "高橋美咲", "美咲 高橋",
        "０３１２３４５６７８", "150-0001", "1500001",
    ),
    "#2009": ("CAGRI YILDIRIM", "çağrı", "cagri", "+90 541 234 56 78"),
    "NL-2026-0002010-C": (
        "nl-2026-0002010-c", "0002010", "NL 2026 0002010 C", "nl–2026–0002010–c", TOKEN, TOKEN.upper(),
        "agard", "aagaard", "Łucja", "lucja wojcik", "Wojcik\u2011Dao", "lodz", "2595 AA", "mette 2595 aa",
        "kingi",
    ),
    "FR/2026/2011": ("fr/2026/2011", "2026/2011", "00340434161094000001", "0034 0434 1610 9400 0001",
                     "cup-red", "CUP-RED عبد", "الرحمن", "+33 6 98 76 54 32",
                     "cup", "creme brulee", "Crème-Brûlée CUP", "tasse spaete"),
    "#12005": ("12005", "joerg x.vogel@post.example"),
}  # fmt: skip

NOT_FOUND = (
    "2005 niamh", "gel@", "post.exam", "@post", "a.vog", "ogel@post.example", "364", "8364", "hinter",
    "45678", "345678", "17612", "+43 176 12345678", "cu", "brul", "2595", "sw1a", '"', "\u200b", "0034 0434",
    "1234 AB",
)  # fmt: skip


@pytest.fixture(scope="module")
def box(
    databases: Databases, database_kind: Kind, make_settings: Callable[..., Settings], caller: Caller
) -> Iterator[Shop]:
    url = databases.fresh(database_kind)
    shop = Shop(make_settings(database_url=url), caller)
    for order in ORDERS:
        shop.create(**order)
    yield shop
    shop.close()
    databases.drop(url)


def found(shop: Shop, q: str, token: str | None = None) -> set[str]:
    query = urlencode({"q": q, "limit": 200})
    body = shop.get(f"/v1/orders?{query}", token or shop.staff("ops")).json
    assert body["total"] == len(body["items"])
    return {item["orderNumber"] for item in body["items"]}


def test_an_order_is_found_however_it_is_said_typed_or_pasted(box: Shop) -> None:
    missed = {q: number for number, queries in FINDS.items() for q in queries if number not in found(box, q)}
    assert missed == {}


def test_a_whole_number_or_email_finds_its_order_alone(box: Shop) -> None:
    assert found(box, "2005") == {"#2005"}
    assert found(box, "y@münchen.example") == {"#2008"}
    assert found(box, "200") == {"#2005", "#2006", "#2007", "#2008", "#2009", "#12005"}
    assert found(box, "@post.example") == found(box, "post.example") == {"#2005", "#12005", "FR/2026/2011"}


def test_what_is_masked_is_not_found_by_a_part_of_it(box: Shop) -> None:
    assert {q: numbers for q in NOT_FOUND if (numbers := found(box, q))} == {}


MASKED: dict[str, Any] = {"email": "quentin@secretmail.example", "phone": "+49 176 98765432"}
MASKED_PLACE = lives("Kj Zz", "DE", city="F", postalCode="60487", line1="Buchenweg")
PHONE = "4917698765432"


def pieces(secret: str) -> set[str]:
    """Return what somebody would try who spells a secret out: its beginnings, its ends, and in between."""
    size = len(secret)
    between = {secret[at : at + length] for length in (1, 2, 3, 5) for at in range(size)}
    return between | {secret[:at] for at in range(1, size + 1)} | {secret[at:] for at in range(size)}


def test_nobody_at_the_desk_can_spell_out_what_they_see_masked(own_shop: Shop) -> None:
    own_shop.create(orderNumber="VV", **MASKED, shippingAddress=MASKED_PLACE)
    ops = own_shop.staff("ops")
    tried = set().union(*map(pieces, ("quentin@secretmail.example", "60487", "buchenweg")))
    assert {part for part in tried if found(own_shop, part, ops)} == {
        "quentin", "quentin@", "quentin@secretmail.example", "@secretmail.example", "secretmail.example",
        "60487", "buchenweg",
    }  # fmt: skip
    assert {part for part in pieces(PHONE) if found(own_shop, part, ops)} == {
        PHONE[at:] for at in range(len(PHONE)) if at <= len(PHONE) - 7 or at == len(PHONE) - 4
    }
    by_status = own_shop.get("/v1/stats/status?q=quent", ops).json["items"]
    assert sum(row["count"] for row in by_status) == 0
    assert own_shop.get("/v1/orders.csv?q=quent", ops).headers["x-total-count"] == "0"


def test_whoever_sees_contact_data_in_full_finds_them_by_any_part(
    own_shop: Shop, make_settings: Callable[..., Settings], open_shop: Callable[[Settings], Shop]
) -> None:
    own_shop.create(orderNumber="VV", **MASKED, customerId="c-1", shippingAddress=MASKED_PLACE)
    own_shop.create(orderNumber="WW", customerId="c-2", email="other@else.example", phone=None)
    desk = open_shop(make_settings(database_url=own_shop.settings.database_url, pii_policy="open"))
    ops = desk.staff("ops")
    for part in ("quent", "tin@secret", "ecretma", "0487", "uchenwe", "17698", "0176 987", "+49 176 98"):
        assert found(own_shop, part, own_shop.customer("c-1")) == {"VV"}, part
        assert found(own_shop, part, own_shop.customer("c-2")) == set(), part
        assert found(desk, part, ops) == {"VV"}, part
    by_status = desk.get("/v1/stats/status?q=quent", ops).json["items"]
    assert sum(row["count"] for row in by_status) == 1
    assert desk.get("/v1/orders.csv?q=quent", ops).headers["x-total-count"] == "1"


def test_a_customers_search_tells_nothing_of_somebody_elses_order(own_shop: Shop) -> None:
    own_shop.create(orderNumber="77123", customerId="c-1", email="jane@mail.example")
    own_shop.create(orderNumber="77", customerId="c-2", email="ane@mail.example")
    assert found(own_shop, "77", own_shop.customer("c-1")) == {"77123"}
    assert found(own_shop, "ane@mail.example", own_shop.customer("c-1")) == {"77123"}
    assert found(own_shop, "77") == {"77"}


def test_many_searches_of_one_person_that_end_at_one_order_raise_an_alarm(own_shop: Shop) -> None:
    own_shop.create(orderNumber="VV", **MASKED, shippingAddress=MASKED_PLACE)
    own_shop.create(orderNumber="WW", email="other@else.example", phone=None)
    olga, omar = own_shop.staff("ops", name="olga"), own_shop.staff("ops", name="omar")

    def watched() -> dict[str, Any]:
        alarms = own_shop.get("/v1/stats/alarms", olga).json["items"]
        return next(each for each in alarms if each["alarm"] == "SEARCHES_FOR_ONE_ORDER")

    for turn in range(20):
        assert found(own_shop, "quentin", olga) == {"VV"}
        found(own_shop, f"quentin kj{' ' * turn}", omar)
        assert found(own_shop, f"nobody{turn}", olga) == set()
    assert (watched()["found"], watched()["raised"]) == (1, False)
    for part, words in enumerate(("k", "kj", "kj z", "kj zz", "z kj")):
        q = urlencode({"q": f"{words} quentin"})
        assert own_shop.get(f"/v1/orders?page=2&{q}", olga).json["total"] == 1
        assert own_shop.get(f"/v1/stats/status?createdFrom=2020-01-0{part + 1}&{q}", olga).status == 200
        assert own_shop.get(f"/v1/orders.csv?{q}", olga).headers["x-total-count"] == "1"
        found(own_shop, f"quentin {words} j", omar)
    assert (watched()["found"], watched()["raised"], watched()["limit"]) == (16, True, 15)
    rows = own_shop.get("/v1/audit?orderNumber=VV&actor=olga&limit=200", own_shop.staff("supervisor")).json
    assert {row["action"] for row in rows["items"]} == {"order.list", "order.export"}
    assert "quentin" not in str(own_shop.sql("SELECT * FROM audit_log"))
    own_shop.clock.advance(3601)
    assert watched()["found"] == 0
