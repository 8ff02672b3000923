"""What an order looks like in each country that the samples come from; plain facts, no chance."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Country:
    """A country's money, habits and carriers. Amounts are in minor units of its currency.

    `phones` are ranges set aside for fiction where there are such, otherwise numbers that nobody can have;
    in patterns `#` is a digit. `carriers` are (name, pattern of its tracking numbers). `tax` is in
    thousandths, and inside the prices or not.
    """

    code: str
    currency: str
    weight: int
    locale: str
    phones: tuple[str, ...]
    street_form: str
    tax: int
    tax_included: bool
    shipping: int
    free_from: int
    carriers: tuple[tuple[str, str], ...]
    email_domains: tuple[str, ...]


_UPS = ("UPS", "1Z@#@##@##########")
_DHL = ("DHL", "00340434############")
_DPD = ("DPD", "0#0#############")
_PLAIN = ("example.com", "example.org", "example.net")
_OWN_LINE = "{number} {street}"
_STREET_FIRST = "{street} {number}"

COUNTRIES: tuple[Country, ...] = (
    Country("US", "USD", 22, "en_US", ("+1 212 555 01##", "+1 312 555 01##", "+1 415 555 01##"), _OWN_LINE,
            80, False, 695, 7500,
            (_UPS, ("USPS", "9400 1### #### #### #### ##"), ("FedEx", "7### #### ####")), _PLAIN),
    Country("DE", "EUR", 20, "de_DE", ("+49 30 23125 ###", "+49 69 90009 ###", "+49 89 99998 ###"),
            _STREET_FIRST, 190, True, 490, 5000, (_DHL, _DPD, ("Hermes", "H100##############")),
            ("example.com", "example.org", "post.example")),
    Country("GB", "GBP", 14, "en_GB", ("+44 20 7946 0###", "+44 161 496 0###", "+44 7700 900###"), _OWN_LINE,
            200, True, 399, 4500, (("Royal Mail", "@@#########GB"), ("Evri", "H00##############"), _DPD),
            ("example.com", "example.net", "mail.example")),
    Country("FR", "EUR", 9, "fr_FR", ("+33 1 99 00 ## ##", "+33 6 39 98 ## ##"), _OWN_LINE,
            200, True, 590, 6000, (("Colissimo", "6@###########"), ("Chronopost", "@@#########FR")),
            ("example.com", "example.org", "courriel.example")),
    Country("NL", "EUR", 6, "nl_NL", ("+31 20 000 ####", "+31 6 0000 ####"), _STREET_FIRST,
            210, True, 495, 5000, (("PostNL", "3S@@@@#########"), _DHL), ("example.com", "post.example")),
    Country("AT", "EUR", 5, "de_AT", ("+43 1 000 ####", "+43 316 000 ###"), _STREET_FIRST,
            200, True, 590, 6000, (("Österreichische Post", "10################"), _DPD),
            ("example.com", "post.example")),
    Country("CH", "CHF", 4, "de_CH", ("+41 44 000 ## ##", "+41 31 000 ## ##"), _STREET_FIRST,
            81, True, 790, 9000, (("Die Post", "99.##.######.########"),), ("example.com", "post.example")),
    Country("IT", "EUR", 4, "it_IT", ("+39 02 0000 ####", "+39 06 0000 ####"), _STREET_FIRST,
            220, True, 690, 7000, (("Poste Italiane", "@@#########IT"), ("BRT", "0#############")),
            ("example.com", "posta.example")),
    Country("ES", "EUR", 4, "es_ES", ("+34 910 00 0# ##", "+34 930 00 0# ##"), _STREET_FIRST,
            210, True, 590, 6000, (("Correos", "PQ################"), ("SEUR", "############")),
            ("example.com", "correo.example")),
    Country("CA", "CAD", 4, "en_CA", ("+1 416 555 01##", "+1 604 555 01##"), _OWN_LINE,
            130, False, 995, 9900, (("Canada Post", "#### #### #### ####"), _UPS), _PLAIN),
    Country("SE", "SEK", 3, "sv_SE", ("+46 8 465 004 ##", "+46 31 390 06 ##"), _STREET_FIRST,
            250, True, 5900, 59900, (("PostNord", "@@#########SE"),), ("example.com", "post.example")),
    Country("PL", "PLN", 3, "pl_PL", ("+48 22 000 ## ##", "+48 12 000 ## ##"), _STREET_FIRST,
            230, True, 1499, 19900, (("InPost", "6#######################"), _DPD),
            ("example.com", "poczta.example")),
    Country("AU", "AUD", 3, "en_AU", ("+61 2 5550 ####", "+61 3 7010 ####"), _OWN_LINE,
            100, True, 995, 9900, (("Australia Post", "@@#########AU"),), _PLAIN),
    Country("IE", "EUR", 2, "en_IE", ("+353 20 911 ####",), _OWN_LINE,
            230, True, 690, 7000, (("An Post", "@@#########IE"), _DPD), ("example.com", "mail.example")),
    Country("JP", "JPY", 3, "ja_JP", ("+81 3 0000 ####", "+81 6 0000 ####"), "{street}{number}",
            100, True, 800, 9000, (("ヤマト運輸", "####-####-####"), ("日本郵便", "####-####-####")),
            ("example.com", "example.net", "mail.example")),
    Country("KW", "KWD", 2, "ar", ("+965 0200 ####",), "{street}, House {number}",
            0, True, 2500, 30000, (("Aramex", "3##########"),), ("example.com", "example.org")),
)  # fmt: skip
