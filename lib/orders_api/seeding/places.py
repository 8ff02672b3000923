"""Cities with their postal codes, and street names, by country; patterns as in `randomness.fill`."""

from __future__ import annotations

CITIES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "US": (("New York", "NY", "100##"), ("Brooklyn", "NY", "112##"), ("Chicago", "IL", "606##"),
           ("San Francisco", "CA", "941##"), ("Los Angeles", "CA", "900##"), ("Austin", "TX", "787##"),
           ("Seattle", "WA", "981##"), ("Boston", "MA", "021##"), ("Denver", "CO", "802##"),
           ("Madison", "WI", "537##")),
    "DE": (("Berlin", "", "101##"), ("Hamburg", "", "203##"), ("München", "", "803##"),
           ("Köln", "", "506##"), ("Leipzig", "", "041##"), ("Freiburg im Breisgau", "", "791##"),
           ("Görlitz", "", "028##")),
    "GB": (("London", "", "SE1 #@@"), ("Manchester", "", "M14 #@@"), ("Bristol", "", "BS6 #@@"),
           ("Edinburgh", "", "EH3 #@@"), ("Leeds", "", "LS6 #@@"), ("Cardiff", "", "CF11 #@@")),
    "FR": (("Paris", "", "750##"), ("Lyon", "", "6900#"), ("Bordeaux", "", "33000"), ("Nantes", "", "44000"),
           ("Strasbourg", "", "67000"), ("Besançon", "", "25000")),
    "NL": (("Amsterdam", "", "10## @@"), ("Utrecht", "", "35## @@"), ("Rotterdam", "", "30## @@"),
           ("'s-Hertogenbosch", "", "52## @@")),
    "AT": (("Wien", "", "10#0"), ("Graz", "", "801#"), ("Linz", "", "40#0"), ("Salzburg", "", "5020")),
    "CH": (("Zürich", "ZH", "80##"), ("Bern", "BE", "30##"), ("Basel", "BS", "40##"),
           ("Luzern", "LU", "600#")),
    "IT": (("Milano", "MI", "201##"), ("Roma", "RM", "001##"), ("Torino", "TO", "101##"),
           ("Bologna", "BO", "401##")),
    "ES": (("Madrid", "Madrid", "280##"), ("Barcelona", "Barcelona", "080##"),
           ("València", "Valencia", "460##"), ("A Coruña", "A Coruña", "150##")),
    "CA": (("Toronto", "ON", "M5V #@#"), ("Ottawa", "ON", "K1N #@#"), ("Hamilton", "ON", "L8P #@#"),
           ("London", "ON", "N6A #@#")),
    "SE": (("Stockholm", "", "11# ##"), ("Göteborg", "", "41# ##"), ("Malmö", "", "21# ##"),
           ("Umeå", "", "90# ##")),
    "PL": (("Warszawa", "", "00-###"), ("Kraków", "", "31-###"), ("Wrocław", "", "50-###"),
           ("Łódź", "", "90-###")),
    "AU": (("Sydney", "NSW", "2000"), ("Melbourne", "VIC", "3000"), ("Brisbane", "QLD", "4000"),
           ("Fremantle", "WA", "6160")),
    "IE": (("Dublin", "", "D08 @#@#"), ("Cork", "", "T12 @#@#"), ("Galway", "", "H91 @#@#")),
    "JP": (("渋谷区", "東京都", "150-00##"), ("横浜市西区", "神奈川県", "220-00##"),
           ("大阪市北区", "大阪府", "530-00##"), ("札幌市中央区", "北海道", "060-00##")),
    "KW": (("Kuwait City", "Al Asimah", "1####"), ("Salmiya", "Hawalli", "2####"),
           ("Hawalli", "Hawalli", "3####")),
}  # fmt: skip

STREETS: dict[str, tuple[str, ...]] = {
    "US": ("Maple Street", "Oak Avenue", "Lakeview Drive", "Washington Street", "2nd Avenue", "Cedar Lane",
           "Mission Street", "Elm Court"),
    "DE": ("Lindenstraße", "Hauptstraße", "Goethestraße", "Am Stadtpark", "Bahnhofstraße", "Gartenweg",
           "Schillerplatz", "Mühlgasse"),
    "GB": ("High Street", "Station Road", "Church Lane", "Victoria Terrace", "Mill Road", "Albion Street",
           "Queen's Crescent"),
    "FR": ("rue de la Paix", "rue Victor Hugo", "avenue Jean Jaurès", "place du Marché", "rue des Écoles",
           "chemin du Moulin", "boulevard Gambetta"),
    "NL": ("Prinsengracht", "Kerkstraat", "Dorpsstraat", "Molenweg", "Julianalaan", "Oudegracht"),
    "AT": ("Mariahilfer Straße", "Kirchengasse", "Schubertstraße", "Hauptplatz", "Feldgasse"),
    "CH": ("Bahnhofstrasse", "Seestrasse", "Kirchgasse", "Dorfstrasse", "Lindenweg"),
    "IT": ("Via Roma", "Via Garibaldi", "Corso Italia", "Via Dante", "Piazza Cavour", "Via Verdi"),
    "ES": ("Calle Mayor", "Calle de Alcalá", "Avenida de la Constitución", "Calle del Carmen", "Ronda Sur"),
    "CA": ("King Street West", "Queen Street", "Maple Avenue", "Bloor Street", "Elgin Street"),
    "SE": ("Storgatan", "Drottninggatan", "Kungsgatan", "Skolgatan", "Björkvägen"),
    "PL": ("ul. Długa", "ul. Polna", "ul. Lipowa", "ul. Mickiewicza", "al. Niepodległości"),
    "AU": ("George Street", "Collins Street", "Beach Road", "Wattle Street", "Park Avenue"),
    "IE": ("Main Street", "O'Connell Street", "Chapel Lane", "Harbour Road"),
    "JP": ("神南一丁目", "中央二丁目", "本町三丁目", "北四条西", "梅田一丁目"),
    "KW": ("Block 4, Street 21", "Block 7, Street 3", "Block 10, Gulf Road", "Block 2, Street 14"),
}  # fmt: skip

SECOND_LINES: dict[str, tuple[str, ...]] = {
    "US": ("Apt 2B", "Apt 14", "Suite 300", "Unit 5"),
    "CA": ("Apt 3", "Unit 12"),
    "GB": ("Flat 2", "Flat 7B", "Top floor"),
    "AU": ("Unit 4", "Level 2"),
    "DE": ("Hinterhaus", "c/o Sommer", "3. Stock"),
    "AT": ("Stiege 2, Tür 11",),
    "FR": ("Bâtiment B", "2e étage"),
    "JP": ("メゾン青葉 203", "コーポ桜 101"),
}

ARABIC_NAMES = (
    ("Fatima", "Noura", "Mariam", "Dalal", "Ahmad", "Yousef", "Khaled", "Abdullah", "Sara", "Hamad"),
    ("Al-Sabah", "Al-Mutairi", "Al-Rashidi", "Al-Enezi", "Behbehani", "Al-Kandari", "Al-Ajmi", "Marafi"),
)
