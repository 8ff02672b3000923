"""The sample shop's catalogue, with prices that look right in each currency; no chance but the basket's."""

from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from lib.orders_api.domain.money import currency_digits
from lib.orders_api.seeding.randomness import Dice


@dataclass(frozen=True)
class Product:
    """Something that is sold; `euros` is its price before it is made to look like one, `weight` how often."""

    sku: str
    name: str
    euros: float
    weight: int


@dataclass(frozen=True)
class Line:
    """A line of a basket; the price in minor units."""

    product: Product
    quantity: int
    unit_price: int


PRODUCTS: tuple[Product, ...] = tuple(
    Product(*row)
    for row in (
        ("MUG-STONE-350", "Stoneware mug, 350 ml", 16, 60),
        ("MUG-ENAMEL-300", "Enamel mug, speckled", 13, 45),
        ("BOWL-ASH-24", "Ash salad bowl, 24 cm", 48, 18),
        ("KNIFE-CHEF-20", "Chef's knife, 20 cm", 89, 14),
        ("BOARD-OAK-40", "Oak cutting board", 42, 26),
        ("PAN-IRON-26", "Cast-iron pan, 26 cm", 64, 17),
        ("KETTLE-GOOSE-1L", "Gooseneck kettle, 1 l", 72, 15),
        ("DRIPPER-02", "Coffee dripper, size 02", 24, 34),
        ("FILTER-02-100", "Paper filters, size 02, 100 pieces", 6, 70),
        ("GRINDER-HAND", "Hand coffee grinder", 79, 13),
        ("COFFEE-YIRG-250", "Coffee beans Yirgacheffe, 250 g", 14, 65),
        ("COFFEE-HUILA-1K", "Coffee beans Huila, 1 kg", 39, 33),
        ("TEA-SENCHA-100", "Sencha green tea, 100 g", 15, 36),
        ("TOWEL-LINEN-2", "Linen tea towels, set of 2", 22, 40),
        ("APRON-CANVAS", "Canvas apron", 38, 20),
        ("CANDLE-CEDAR", "Candle, cedar and smoke", 28, 42),
        ("CANDLE-FIG", "Candle, green fig", 28, 38),
        ("BLANKET-WOOL", "Wool blanket, 130 × 180 cm", 119, 9),
        ("CUSHION-LINEN-50", "Linen cushion cover, 50 × 50 cm", 34, 24),
        ("LAMP-DESK-BRASS", "Desk lamp, brass", 149, 6),
        ("CLOCK-WALL-30", "Wall clock, 30 cm", 59, 10),
        ("VASE-SMOKE-20", "Glass vase, smoke, 20 cm", 36, 19),
        ("PLANTER-TERRA-15", "Terracotta planter, 15 cm", 17, 30),
        ("NOTEBOOK-A5-DOT", "Notebook A5, dotted", 12, 58),
        ("PEN-FOUNTAIN-F", "Fountain pen, fine", 45, 16),
        ("INK-BLUE-50", "Ink, night blue, 50 ml", 11, 27),
        ("BAG-TOTE-NAT", "Tote bag, natural", 19, 37),
        ("BAG-WEEKEND", "Weekend bag, waxed canvas", 169, 5),
        ("BOTTLE-STEEL-750", "Steel bottle, 750 ml", 32, 35),
        ("LUNCHBOX-STEEL", "Steel lunch box", 29, 22),
        ("SOAP-OLIVE-3", "Olive soap, 3 bars", 14, 44),
        ("BRUSH-DISH", "Dish brush, beech", 9, 46),
        ("CALENDAR-WALL", "Wall calendar", 21, 12),
        ("POSTER-MOON-50", "Poster “Moon”, 50 × 70 cm", 35, 15),
        ("TENT-2P-GREEN", "Two-person tent, green", 289, 2),
        ("LANTERN-USB", "Camping lantern, rechargeable", 44, 11),
        ("HAMMOCK-COTTON", "Cotton hammock", 69, 7),
        ("GIFTCARD-WRAP", "Gift wrapping", 4, 25),
    )
)
_WEIGHTS = tuple(accumulate(product.weight for product in PRODUCTS))
_LINES = (1, 2, 3, 4, 5, 6, 7, 8)
_LINE_WEIGHTS = (34, 60, 76, 86, 92, 96, 98, 100)

_LOOKS: dict[str, tuple[float, int, int]] = {
    "EUR": (1.0, 100, 10), "USD": (1.1, 100, 5), "GBP": (0.87, 100, 1), "CHF": (1.05, 100, 10),
    "CAD": (1.5, 100, 1), "AUD": (1.65, 100, 5), "SEK": (11.2, 1000, 100), "PLN": (4.3, 100, 1),
    "JPY": (162.0, 100, 20), "KWD": (0.34, 250, 0),
}  # fmt: skip
"""By currency: a euro's worth, the step between prices, and how far below it they stay (minor units)."""


@cache
def price(product: Product, currency: str) -> int:
    """Return a product's price in minor units of a currency."""
    rate, step, below = _LOOKS[currency]
    exact = product.euros * rate * float(10 ** currency_digits(currency))
    return max(round(exact / step), 1) * step - below


def basket(throws: Dice, currency: str) -> list[Line]:
    """Return one to eight different products, most often few, and of most of them one."""
    count = throws.choices(_LINES, cum_weights=_LINE_WEIGHTS)[0]
    chosen = dict.fromkeys(throws.choices(PRODUCTS, cum_weights=_WEIGHTS, k=count))
    return [Line(product, 1 + int(throws.random() ** 4 * 5), price(product, currency)) for product in chosen]
