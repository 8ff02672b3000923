"""Makes the rows of one sample order out of a person, a basket and a history; it touches no store."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from lib.orders_api.domain.money import currency_digits
from lib.orders_api.domain.phones import phone_key
from lib.orders_api.domain.search_texts import Addressee, search_texts
from lib.orders_api.domain.text import email_key, order_number_key
from lib.orders_api.seeding.arrivals import Arrivals
from lib.orders_api.seeding.catalogue import Line, basket
from lib.orders_api.seeding.countries import Country
from lib.orders_api.seeding.histories import History, live
from lib.orders_api.seeding.people import People, Person, Place, place_in
from lib.orders_api.seeding.randomness import Dice, dice, fill, pick
from lib.orders_api.store.bulk import OrderRows, Row

_GUESTS, _BILLED_ELSEWHERE, _DISCOUNTED = 0.35, 0.08, 0.16
_PERCENT_OFF = (5, 10, 10, 10, 15, 20, 25)
ORDERS_PER_CUSTOMER = 4
_FAITHFULNESS = 2.2
"""The higher, the more of the orders come from the same few customers."""


@dataclass(frozen=True)
class Arrival:
    """A sample order that is not made yet: its number, token and moment, and the dice for the rest."""

    key: str
    number: str
    token: str
    at: datetime
    throws: Dice


@dataclass(frozen=True)
class _Money:
    subtotal: int
    discount: int
    shipping: int
    tax: int
    grand_total: int


class Samples:
    """The sample orders of one run, by number from 0: the same run gives the same orders."""

    def __init__(self, seed: int, count: int, until: datetime) -> None:
        self._seed = seed
        self._count = count
        self._until = until
        self._arrivals = Arrivals(until, count)
        self._people = People(seed)
        self._customers = max(count // ORDERS_PER_CUSTOMER, 5)
        self.counters: dict[int, int] = {}

    def arrival(self, number: int) -> Arrival:
        """Return the next arrival; to be asked for in order, from 0, as order numbers count by year."""
        throws = dice(self._seed, self._count, number)
        token, at = _token(throws), self._arrivals.at(number, throws.random())
        counter = self.counters.get(at.year, 0) + 1
        self.counters[at.year] = counter
        order_number = f"ORD-{at.year}-{counter:04d}"
        return Arrival(str(order_number_key(order_number)), order_number, token, at, throws)

    def make(self, arrival: Arrival) -> OrderRows:
        """Make the order of an arrival."""
        throws = arrival.throws
        person = self._person(throws)
        history = live(throws, arrival.at, self._until, person.customer_id)
        lines = basket(throws, person.country.currency)
        addresses = self._addresses(throws, person)
        return OrderRows(
            order=_order(arrival, person, history, lines, addresses),
            items=[_item(position, line) for position, line in enumerate(lines)],
            addresses=addresses,
            texts=[_texts(arrival, person, addresses, lines)],
            events=[vars(event).copy() for event in history.events],
        )

    def _person(self, throws: Dice) -> Person:
        if throws.random() < _GUESTS:
            return self._people.guest(throws)
        return self._people.customer(int(throws.random() ** _FAITHFULNESS * self._customers))

    def _addresses(self, throws: Dice, person: Person) -> list[Row]:
        """Return the shipping address, then the billing address: most often the same."""
        home = _address("billing", person.first_name, person.last_name, person.home, person.country)
        if throws.random() >= _BILLED_ELSEWHERE:
            return [home | {"kind": "shipping"}, home]
        first_name, last_name = self._people.name(throws, person.country)
        elsewhere = place_in(person.country, throws)
        return [_address("shipping", first_name, last_name, elsewhere, person.country), home]


def first_token(seed: int, count: int) -> str:
    """Return the tracking token of a run's first order, by which an interrupted run is known again."""
    return _token(dice(seed, count, 0))


def _token(throws: Dice) -> str:
    return str(uuid.UUID(int=throws.getrandbits(128), version=4))


def _order(
    arrival: Arrival, person: Person, history: History, lines: list[Line], addresses: list[Row]
) -> Row:
    throws, country = arrival.throws, person.country
    money = _money(throws, country, lines)
    shipping = addresses[0]
    carrier, parcels = pick(throws, country.carriers)
    return {
        "order_number": arrival.number,
        "order_number_key": arrival.key,
        "status": history.status.value,
        "payment_status": history.payment.value,
        "fulfillment_status": history.fulfillment.value,
        "currency": country.currency,
        "currency_digits": currency_digits(country.currency),
        "subtotal": money.subtotal,
        "discount_total": money.discount,
        "shipping_total": money.shipping,
        "tax_total": money.tax,
        "tax_included": country.tax_included,
        "grand_total": money.grand_total,
        "item_count": sum(line.quantity for line in lines),
        "customer_id": person.customer_id,
        "customer_name": f"{shipping['first_name']} {shipping['last_name']}",
        "email": person.email,
        "email_key": email_key(person.email),
        "phone": person.phone,
        "phone_reversed": phone_key(person.phone, country.code) if person.phone else None,
        "shipping_city": shipping["city"],
        "shipping_country": country.code,
        "tracking_token": arrival.token,
        "carrier": carrier if history.was_sent else None,
        "tracking_number": fill(parcels, throws) if history.was_sent else None,
        "cancel_reason": history.cancel_reason.value if history.cancel_reason else None,
        "created_at": arrival.at,
        "status_since": history.status_since,
        "updated_at": history.updated_at,
    }


def _money(throws: Dice, country: Country, lines: list[Line]) -> _Money:
    subtotal = sum(line.unit_price * line.quantity for line in lines)
    percent = pick(throws, _PERCENT_OFF) if throws.random() < _DISCOUNTED else 0
    discount = round(subtotal * percent / 100)
    shipping = 0 if subtotal - discount >= country.free_from else country.shipping
    taxed = subtotal - discount + (shipping if country.tax_included else 0)
    base = 1000 + country.tax if country.tax_included else 1000
    tax = round(taxed * country.tax / base)
    grand_total = subtotal - discount + shipping + (0 if country.tax_included else tax)
    return _Money(subtotal, discount, shipping, tax, grand_total)


def _address(kind: str, first_name: str, last_name: str, place: Place, country: Country) -> Row:
    name = {"first_name": first_name, "last_name": last_name}
    return {"kind": kind} | name | vars(place) | {"country": country.code}


def _texts(arrival: Arrival, person: Person, addresses: list[Row], lines: list[Line]) -> Row:
    addressees = [
        Addressee(
            f"{each['first_name']} {each['last_name']}",
            each["city"],
            each["postal_code"],
            f"{each['line1']} {each['line2'] or ''}",
        )
        for each in addresses
    ]
    items = (line.product.name for line in lines)
    key, country = arrival.key, person.country.code
    return vars(search_texts(key, person.email, person.phone, country, addressees, items=items))


def _item(position: int, line: Line) -> Row:
    return {
        "position": position,
        "sku": line.product.sku,
        "sku_key": line.product.sku.casefold(),
        "name": line.product.name,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "total": line.unit_price * line.quantity,
    }
