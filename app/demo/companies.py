"""Companies with their sites, machines, fleets and contracts: the bulk of every broker's stock in the demonstration."""

from __future__ import annotations

import datetime

from app.demo.stock import INSTALMENTS, RARE, Holder, Row, Stock, Team, money, years_later
from app.demo.tables import table

WITH_SITES = {
    "property": None,
    "interruption": None,
    "storm": "building",
    "buildings": "building",
    "owners": "building",
    "machinery": "machine",
    "electronics": "machine",
    "glass": "building",
    "fine_art": "building",
}
"""Covers that insure objects of a site, and of which kind; None takes all."""
MAKES = (
    "Brachvogel 18", "Brachvogel 26", "Uferschnepfe Kasten", "Uferschnepfe Kombi", "Wendehals 7.5",
    "Wendehals Sattelzug", "Regenpfeifer E",
)  # fmt: skip
"""Invented makes, for fleets."""
PLATES = {"DE": "HH-NW {n}", "CH": "ZH {n} 417", "GB": "NW26 {n}", "FR": "NW-{n}-LY", "ES": "{n}4 NWK"}
DRIVERS = {
    "DE": ("Fatma Aydın", "Jörg Knaack", "Ole Brinkmann"),
    "CH": ("Silvan Ruckstuhl", "Beat Imfeld"),
    "GB": ("Callum Ferris", "Priya Nandha"),
    "FR": ("Thierry Vaudois", "Lucie Maréchal"),
    "ES": ("Iñaki Salvat", "Rosa Benet"),
}
USES = {
    "de": ("Werkverkehr", "Außendienst", "Montage", "Kurier", "Fuhrpark"),
    "en": ("Own goods", "Field service", "Erection", "Courier", "Pool"),
    "fr": ("Transport privé", "Service extérieur", "Montage", "Coursier", "Parc"),
}


def companies(stock: Stock, name: str, teams: dict[str, Team]) -> list[str]:
    """The policyholders of one stock with everything they insure; their keys."""
    keys = []
    for row in table("companies"):
        if row["stock"] == name:
            keys.append(row["key"])
            stock.holder(
                row["key"],
                row["name"],
                teams[row["team"]],
                legal_form=row["legal_form"],
                corporate_group=row["group"] or None,
                iban=iban(stock, row["country"]),
                **{
                    field: row[field]
                    for field in ("street", "postal_code", "city", "country", "email", "phone")
                },
            )
            _insure(stock, row, _sites(stock, row["key"]))
    return keys


def iban(stock: Stock, country: str) -> str:
    """An account of a bank that does not exist; its check digits are never right."""
    return f"{country}00{stock.random.randint(10**13, 10**14 - 1)}4711"


def _sites(stock: Stock, holder: str) -> list[Row]:
    team = stock.holders[holder].team
    found = []
    for site in table("sites"):
        if site["holder"] != holder:
            continue
        for what in ("building", "machine"):
            kinds = [t for t in table("things") if t["kind"] == site["kind"] and t["what"] == what]
            for n in range(int(site[f"{what}s"])):
                found.append(_thing(stock, holder, team, site, kinds[n % len(kinds)], n // len(kinds) + 1))
    return found


def _thing(
    stock: Stock, holder: str, team: Team, site: dict[str, str], kind: dict[str, str], number: int
) -> Row:
    is_building = kind["what"] == "building"
    language = team.language if team.language in kind else "de"
    label = kind[language].format(n=number)
    attributes: dict[str, object] = {"site": site["name"]}
    if is_building:
        attributes |= {
            "floor_area_sqm": stock.random.randrange(300, 9000, 50),
            "construction_class": stock.random.choice(("BAK I", "BAK II", "BAK III")),
            "sprinklers": stock.random.random() < 0.45,
        }
    else:
        attributes |= {"serial_number": f"NW-{stock.random.randint(10000, 99999)}"}
    return stock.add(
        "object",
        key=f"O-{stock.number('object', 20_001)}",
        policyholder=holder,
        contracts=[],
        kind=kind["what"],
        label=f"{label}, {site['name']}",
        street=site["street"],
        postal_code=site["postal_code"],
        city=site["city"],
        country=site["country"],
        latitude=f"{float(site['latitude']) + stock.random.uniform(-0.002, 0.002):.6f}",
        longitude=f"{float(site['longitude']) + stock.random.uniform(-0.002, 0.002):.6f}",
        sum_insured=money(stock.random.randrange(int(kind["least"]), int(kind["most"]), 10) * 1000),
        currency=team.currency,
        year_built=stock.random.randint(1958, 2022) if is_building else stock.random.randint(2004, 2025),
        attributes=attributes,
        responsible=site["responsible"],
    )


def _insure(stock: Stock, company: dict[str, str], things: list[Row]) -> None:
    holder = stock.holders[company["key"]]
    covers = company["covers"].split()
    for cover in covers:
        if cover == "fleet":
            fit = _vehicles(stock, holder, 14 if holder.key.startswith("P-100") else 6)
        else:
            fit = [thing for thing in things if WITH_SITES.get(cover, "-") in (None, thing["kind"])]
        total = sum(int(float(thing["sum_insured"])) for thing in fit)
        contract = stock.contract(
            holder,
            cover,
            sum_insured=total or None,
            situation=_usual(stock),
            remarks=_remark(stock, holder.team.language),
        )
        for thing in fit:
            thing["contracts"].append(contract["key"])
    for situation in ("policy", "policy", *stock.random.sample(RARE, 5)):
        cover = stock.random.choice([cover for cover in covers if cover not in WITH_SITES] or covers)
        stock.contract(holder, cover, situation=situation)


REMARKS = {
    "de": ("Nachtrag folgt", "Summen zum Jahresende prüfen"),
    "en": ("Endorsement to follow", "Review sums insured at year end"),
    "fr": ("Avenant à suivre", "Capitaux à revoir en fin d’année"),
}


def _usual(stock: Stock) -> str:
    return "policy" if stock.random.random() < 0.8 else "policy without application"


def _remark(stock: Stock, language: str) -> str | None:
    return stock.random.choice((None, None, None, *REMARKS[language]))


def _vehicles(stock: Stock, holder: Holder, size: int) -> list[Row]:
    found = []
    for _vehicle in range(size):
        make = stock.random.choice(MAKES)
        plate = PLATES[holder.team.country].format(n=stock.random.randint(100, 999))
        found.append(
            stock.add(
                "object",
                key=f"O-{stock.number('object', 20_001)}",
                policyholder=holder.key,
                contracts=[],
                kind="vehicle",
                label=f"{make}, {plate}",
                country=holder.team.country,
                sum_insured=money(stock.random.randrange(18_000, 148_000, 500)),
                currency=holder.team.currency,
                year_built=stock.random.randint(2016, 2026),
                attributes={
                    "plate_number": plate,
                    "vin": f"WPX{stock.random.randint(10**13, 10**14 - 1)}",
                    "manufacturer": make,
                    "use": stock.random.choice(USES[holder.team.language]),
                },
                responsible=stock.random.choice(DRIVERS[holder.team.country]),
            )
        )
    return found


def invoices(stock: Stock, contracts: list[Row], most: int) -> None:
    """Premium invoices of contracts in force, the latest years first, with a credit or a fee now and then."""
    made = 0
    for contract in contracts:
        if contract["status"] not in {"own", "cancelled"} or "document_on" not in contract or made >= most:
            continue
        parts = min(INSTALMENTS.get(contract["payment_frequency"], 1), 4)
        due = datetime.date.fromisoformat(contract["annual_due_on"])
        for back in (1, 2) if parts == 1 else (1,):
            for part in range(parts):
                made += _invoice(stock, contract, years_later(due, -back), part, parts)


def _invoice(stock: Stock, contract: Row, year_from: datetime.date, part: int, parts: int) -> int:
    starts = year_from + datetime.timedelta(days=part * 365 // parts)
    ends = year_from + datetime.timedelta(days=(part + 1) * 365 // parts - 1)
    if starts > stock.today + datetime.timedelta(days=45) or str(starts) < contract["starts_on"]:
        return 0
    chance = stock.random.random()
    kind = "credit" if chance < 0.06 else "fee" if chance < 0.09 else "premium"
    share = {"premium": 1.0, "credit": -0.15, "fee": 0.01}[kind] / parts
    net, tax = (float(contract[field]) * share for field in ("premium_net", "insurance_tax"))
    due = starts + datetime.timedelta(days=14)
    if stock.today < due or (due > stock.today - datetime.timedelta(days=20) and chance < 0.7):
        status, paid = ("open" if due >= stock.today else "overdue"), None
    elif chance > 0.97:
        status, paid = "overdue", None
    elif chance > 0.94:
        status, paid = "cancelled", None
    else:
        status, paid = "paid", min(due + datetime.timedelta(days=stock.random.randint(-9, 12)), stock.today)
    number = stock.number("invoice", 10_001)
    stock.add(
        "invoice",
        key=f"R-{number}",
        number=f"R-{starts:%y}-{number}",
        contract=None if kind == "fee" and chance < 0.075 else contract["key"],
        policyholder=contract["policyholder"],
        kind=kind,
        booked_on=str(starts - datetime.timedelta(days=20)),
        due_on=str(due),
        period_from_on=str(starts),
        period_to_on=str(ends),
        net=money(net),
        tax=money(tax),
        gross=money(float(money(net)) + float(money(tax))),
        currency=contract["currency"],
        status=status,
        paid_on=str(paid) if paid else None,
    )
    return 1
