"""Two clients of the Hamburg broker that are no industry: a property company, and a family with its firm."""

from __future__ import annotations

from app.demo.companies import iban
from app.demo.stock import RARE_PRIVATE, Row, Stock, Team, money

STREETS = (
    ("Fliederstieg", "22085", 53.5790, 10.0190), ("Kastanienkehre", "22303", 53.5930, 10.0110),
    ("Am Ziegelteich", "22047", 53.5850, 10.0840), ("Holunderweg", "22391", 53.6430, 10.0930),
    ("Treidelpfad", "22299", 53.5960, 9.9990), ("Brombeertwiete", "22339", 53.6390, 10.0310),
    ("Alte Seilerbahn", "20359", 53.5500, 9.9640), ("Schleusengang", "20457", 53.5440, 9.9860),
    ("Mühlenredder", "21031", 53.4890, 10.1890), ("Birkenhain", "22589", 53.5690, 9.8170),
    ("Sonnenplatz", "22763", 53.5510, 9.9170), ("Windfang", "22609", 53.5590, 9.8560),
)  # fmt: skip
MANAGERS = ("Karsten Düwel", "Ewa Nowicka", "Sabine Holtz")
ADMINISTRATOR = "P-4000"


def property_company(stock: Stock, team: Team) -> list[str]:
    """A company that manages twelve estates of five houses each: its policyholders, itself first."""
    own = stock.holder(
        ADMINISTRATOR,
        "Alsterblick Hausverwaltung GmbH",
        team,
        legal_form="GmbH",
        street="Fliederstieg 2",
        postal_code="22085",
        city="Hamburg",
        email="verwaltung@alsterblick.example",
        phone="+49 40 5552 100",
        iban=iban(stock, "DE"),
        corporate_group="Alsterblick",
    )
    for cover in ("professional", "cyber", "crime", "legal"):
        stock.contract(own, cover)
    keys = [own.key]
    for n, (street, postal_code, latitude, longitude) in enumerate(STREETS):
        estate = stock.holder(
            f"P-{4001 + n}",
            f"Eigentümergemeinschaft {street} {2 * n + 3}",
            team,
            salutation="association",
            legal_form="WEG",
            street=f"{street} {2 * n + 3}",
            postal_code=postal_code,
            city="Hamburg",
            corporate_group="Alsterblick",
        )
        keys.append(estate.key)
        houses = [
            _house(stock, estate.key, f"{street} {2 * n + 3 + 2 * k}", postal_code, latitude, longitude, n)
            for k in range(5)
        ]
        total = sum(int(float(house["sum_insured"])) for house in houses)
        for cover in ("buildings", "owners", "glass")[: 3 if n % 3 == 0 else 2]:
            contract = stock.contract(estate, cover, sum_insured=total if cover == "buildings" else None)
            for house in houses:
                house["contracts"].append(contract["key"])
        if n % 4 == 0:
            stock.contract(estate, "buildings", situation="cancelled")
    return keys


def _house(
    stock: Stock, holder: str, street: str, postal_code: str, latitude: float, longitude: float, n: int
) -> Row:
    return stock.add(
        "object",
        key=f"O-{stock.number('object', 20_001)}",
        policyholder=holder,
        contracts=[],
        kind="building",
        label=f"Wohnhaus {street}",
        street=street,
        postal_code=postal_code,
        city="Hamburg",
        country="DE",
        latitude=f"{latitude + stock.random.uniform(-0.001, 0.001):.6f}",
        longitude=f"{longitude + stock.random.uniform(-0.001, 0.001):.6f}",
        sum_insured=money(stock.random.randrange(900, 5400, 10) * 1000),
        currency="EUR",
        year_built=stock.random.randint(1898, 2019),
        attributes={
            "dwellings": stock.random.randint(4, 32),
            "living_area_sqm": stock.random.randrange(240, 2400, 10),
            "roof": stock.random.choice(("Ziegel", "Bitumen", "Schiefer", "Gründach")),
        },
        responsible=MANAGERS[n % len(MANAGERS)],
    )


def employees(stock: Stock, team: Team) -> list[str]:
    """Two of the group's people who are insured privately, too; the first one's portal is unlocked."""
    keys = []
    for key, first_name, name, street in (
        ("P-6201", "Eva", "Lorenz", "Süderfeld 14"),
        ("P-6202", "Chiara", "Meier", "Am Kanal 3"),
    ):
        address = f"{first_name[0].lower()}.{name.lower()}@nordwerk.example"
        holder = stock.holder(
            key, name, team, kind="private", first_name=first_name, street=street, postal_code="21035",
            city="Hamburg", email=address,
        )  # fmt: skip
        for cover in ("private_liability", "household", "motor"):
            stock.contract(holder, cover)
        keys.append(key)
    return keys


def family(stock: Stock, team: Team) -> tuple[list[str], str]:
    """Four people and their firm; and the key of a group contract of somebody else that insures them too."""
    people = (
        ("P-6001", "Tiedemann", "Hans-Georg", "mr", "1961-04-18"),
        ("P-6002", "Tiedemann", "Clara", "ms", "1964-09-02"),
        ("P-6003", "Tiedemann", "Mats", "mr", "1993-12-11"),
        ("P-6004", "Tiedemann-Roy", "Anouk", "ms", "1996-06-27"),
    )
    keys = []
    for key, name, first_name, salutation, birth_on in people:
        holder = stock.holder(
            key,
            name,
            team,
            kind="private",
            first_name=first_name,
            salutation=salutation,
            birth_on=birth_on,
            street="Birkenhain 6",
            postal_code="22589",
            city="Hamburg",
            email=f"{first_name.lower().replace('-', '.')}@tiedemann.example",
            iban=iban(stock, "DE"),
        )
        keys.append(key)
        for cover in ("private_liability", "accident", "life", "motor"):
            others = ["P-6002"] if key == "P-6001" and cover == "private_liability" else None
            stock.contract(holder, cover, co_policyholders=others or [])
        if key == "P-6001":
            _home(stock, key)
        stock.contract(holder, "household", situation=RARE_PRIVATE[len(keys) % len(RARE_PRIVATE)])
    firm = stock.holder(
        "P-6010",
        "Tiedemann Feinmechanik GmbH",
        team,
        legal_form="GmbH",
        street="Schleusengang 12",
        postal_code="20457",
        city="Hamburg",
        email="buero@tiedemann-feinmechanik.example",
        phone="+49 40 5553 200",
        vat_id="DE000000417",
        iban=iban(stock, "DE"),
        notes="Nachfolge ist Thema: Mats steigt 2027 in die Geschäftsführung ein.",
    )
    for cover in ("package", "liability", "machinery", "legal", "cyber"):
        stock.contract(firm, cover)
    fund = stock.holder(
        "P-6090",
        "Versorgungswerk Elbbogen e. V.",
        team,
        legal_form="e. V.",
        salutation="association",
        street="Kranhöft 21",
        postal_code="20457",
        city="Hamburg",
    )
    pension = stock.contract(
        fund, "pension", remarks="Gruppenvertrag; die Firma Tiedemann ist Trägerunternehmen."
    )
    stock.contract(fund, "health")
    return [*keys, firm.key], pension["key"]


def _home(stock: Stock, holder: str) -> None:
    home = stock.add(
        "object",
        key=f"O-{stock.number('object', 20_001)}",
        policyholder=holder,
        contracts=[],
        kind="building",
        label="Wohnhaus Birkenhain 6",
        street="Birkenhain 6",
        postal_code="22589",
        city="Hamburg",
        country="DE",
        latitude="53.569000",
        longitude="9.817000",
        sum_insured="1480000.00",
        currency="EUR",
        year_built=1928,
        attributes={"living_area_sqm": 284, "heating": "Erdwärme"},
        responsible="Clara Tiedemann",
    )
    for cover in ("buildings", "household"):
        contract = stock.contract(
            stock.holders[holder], cover, sum_insured=1_480_000 if cover == "buildings" else 180_000
        )
        home["contracts"].append(contract["key"])
