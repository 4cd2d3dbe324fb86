"""The first broker of the demonstration, Hansen & Brandt: three countries, and clients of every kind."""

from __future__ import annotations

import datetime

from app.demo.broker import Account, Broker, ago, member, staff, user
from app.demo.cargo import certificates
from app.demo.cases import cases
from app.demo.claims import claim, claims
from app.demo.clients import family, property_company
from app.demo.companies import companies, invoices
from app.demo.papers import papers
from app.demo.stock import Row, Stock, Team

DOMAIN = "hansen-brandt.example"
NW = "nordwerk.example"
PEOPLE = (
    ("HB", "h.brandt", "Henning Brandt", "+49 40 5550 010", "Geschäftsführung"),
    ("AK", "a.kaya", "Aylin Kaya", "+49 40 5550 021", "Sachbearbeitung Hamburg"),
    ("JP", "j.petersen", "Jonas Petersen", "+49 40 5550 022", "Betreuer Hamburg"),
    ("MT", "m.tams", "Meike Tams", "+49 40 5550 031", "Schaden Hamburg"),
    ("GH", "g.hansen", "Greta Hansen", "+49 40 5550 024", "Betreuerin Privatkunden"),
    ("LB", "l.bernasconi", "Luca Bernasconi", "+41 44 555 40 22", "Betreuer Zürich"),
    ("NF", "n.favre", "Noémie Favre", "+41 44 555 40 25", "Sachbearbeitung Zürich"),
    ("RZ", "r.zgraggen", "Reto Zgraggen", "+41 44 555 40 31", "Schaden Zürich"),
    ("SO", "s.oneill", "Sarah O’Neill", "+44 20 5550 4022", "Account manager London"),
    ("TA", "t.ashcombe", "Tom Ashcombe", "+44 20 5550 4031", "Claims London"),
)
TEAMS = {
    "hamburg": Team("HAM", "DE", "EUR", "de", "JP", "AK", "MT"),
    "zurich": Team("ZRH", "CH", "CHF", "de", "LB", "NF", "RZ"),
    "lausanne": Team("ZRH", "CH", "CHF", "fr", "LB", "NF", "RZ"),
    "london": Team("LON", "GB", "GBP", "en", "SO", "TA", "TA"),
    "private": Team("HAM", "DE", "EUR", "de", "GH", "AK", "MT"),
}
REPORTERS = (f"f.aydin@{NW}", f"j.knaack@{NW}")
USUAL = ["quote", "application", "policy", "own", "third_party", "info"]


def hansen(today: datetime.date) -> Broker:
    """The broker as he stands on a day."""
    stock = Stock("hansen & brandt", today)
    for key, name, country, currency in (
        ("HAM", "Hansen & Brandt Hamburg", "DE", "EUR"),
        ("ZRH", "Hansen & Brandt Zürich", "CH", "CHF"),
        ("LON", "Hansen & Brandt London", "GB", "GBP"),
        ("DIR", "Hansen & Brandt Direkt", "DE", "EUR"),
    ):
        stock.add("mandate", key=key, name=name, country=country, currency=currency)
    staff(stock, DOMAIN, PEOPLE)
    stock.rows["staff"][1]["mandates"] = ["HAM", "DIR"]
    stock.rows["staff"][6]["mandates"] = ["ZRH"]
    stock.insurers()
    group = companies(stock, "nordwerk", TEAMS)
    _specials(stock)
    group_contracts = list(stock.contracts.values())
    claims(stock, group_contracts, 56, REPORTERS)
    invoices(stock, group_contracts, 300)
    _cargo(stock)
    estates = property_company(stock, TEAMS["hamburg"])
    people, pension = family(stock, TEAMS["private"])
    companies(stock, "others", TEAMS)
    later = list(stock.contracts.values())[len(group_contracts) :]
    claims(stock, later, 18)
    invoices(stock, later, 110)
    cases(stock, CASE_PEOPLE, 16)
    papers(stock, 120)
    return Broker(
        "hansen",
        "Hansen & Brandt",
        "hanse",
        "de",
        stock,
        {
            "tenant": {"links": {"website": "https://hansen-brandt.example"}},
            "document_profiles": [
                {"key": "portal", "name": "Kundenportal", "tags": ["Kundenportal"]},
                {
                    "key": "portal-claims",
                    "name": "Kundenportal mit Schadenakten",
                    "tags": ["Kundenportal", "Schadenakte"],
                },
            ],
            "users": _users(),
            "organizations": _organizations(stock, group, estates, people, pension),
        },
        ACCOUNTS,
        gdv=(("musterdatei_041222.txt", "DIR"),),
        letterhead=("Kranhöft 2, 20457 Hamburg", "+49 40 5550 00"),
        logos={
            "nordwerk": ("NORDWERK", "#0b3c5d"),
            "nordwerk-ch": ("NORDWERK CH", "#8c1c13"),
            "nordwerk-uk": ("NORDWERK UK", "#14213d"),
            "alsterblick": ("Alsterblick", "#2f6f4f"),
            "tiedemann": ("Tiedemann", "#6b4e16"),
        },
    )


def _specials(stock: Stock) -> None:
    """Contracts that stand for one thing each: co-policyholders, odd currencies, no amounts at all."""
    holding, works = stock.holders["P-1001"], stock.holders["P-1003"]
    stock.contract(
        holding,
        "liability",
        contract_type="international_master",
        number="MI-77-120334",
        co_policyholders=["P-1002", "P-1003", "P-2001", "P-3001"],
        remarks="Rahmenvertrag der Gruppe; die lokalen Policen gehen vor.",
    )
    stock.contract(
        holding,
        "property",
        sum_insured=412_000_000,
        contract_type="international_master",
        co_policyholders=["P-1002", "P-1005", "P-2002"],
        insurer_share="35",
        co_insurance="follow",
    )
    # The ECB publishes no rate for dirhams: the amount stays as it is, and the page says so.
    stock.contract(works, "construction", currency="AED", remarks="Projekt Umspannwerk, örtliche Police")
    bare = stock.contract(stock.holders["P-1007"], "surety", situation="own")
    for field in (
        "currency",
        "premium_net",
        "insurance_tax",
        "premium_gross",
        "sum_insured",
        "deductible",
        "commission",
    ):
        del bare[field]
    for key in stock.holders:
        if key.startswith(("P-2", "P-3")):
            stock.contract(
                stock.holders[key], "liability", contract_type="local", co_policyholders=["P-1001"]
            )
    fire = next(
        c
        for c in stock.contracts.values()
        if c["policyholder"] == "P-1002" and c["line_of_business"] == "081"
    )
    fire["number"] = "HAF-2019-004417"
    hall = next(
        o for o in stock.rows["object"] if o["policyholder"] == "P-1002" and "Trafostation" in o["label"]
    )
    claim(
        stock,
        fire,
        "fire",
        "fire",
        "in_clarification",
        hall,
        claimed_amount="1400000.00",
        reserve="1250000.00",
        paid_amount="150000.00",
        reported_by=f"t.yildiz@{NW}",
    )


def _cargo(stock: Stock) -> None:
    cover = stock.contract(
        stock.holders["P-1004"],
        "cargo",
        currency="USD",
        number="BM-0091-26",
        co_policyholders=["P-1003"],
        remarks="Generalpolice; Zertifikate stellt die Logistik selbst aus.",
    )
    certificates(stock, cover, 40, (f"f.aydin@{NW}", f"k.behrens@{NW}"))


def _users() -> list[Row]:
    """Clients, and of the staff what their import does not bring: profile and password."""
    return [
        *(
            {
                "email": f"{mailbox}@{DOMAIN}",
                "password": user("", "", "")["password"],
                "profile": "broker-administrator" if key == "HB" else "broker-clerk",
            }
            for key, mailbox, *_rest in PEOPLE
        ),
        user(f"k.behrens@{NW}", "Dr. Katrin Behrens", "ms", language="de"),
        user(f"m.stueve@{NW}", "Maren Stüve", "ms"),
        user(f"c.meier@{NW}", "Chiara Meier", "ms"),
        user(f"t.yildiz@{NW}", "Thorsten Yıldız", "mr"),
        user(f"e.lorenz@{NW}", "Eva Lorenz", "ms"),
        user(f"r.stoever@{NW}", "Ralf Stöver", "mr", active=False),
        user(f"a.reimers@{NW}", "Anja Reimers", "ms"),
        user(f"u.ammann@{NW}", "Urs Ammann", "mr"),
        user(f"s.perrin@{NW}", "Sylvain Perrin", "mr", language="fr"),
        user(f"s.wyss@{NW}", "Sandra Wyss", "ms"),
        user(f"j.thornbury@{NW}", "James Thornbury", "mr", language="en"),
        user(REPORTERS[0], "Fatma Aydın", "ms"),
        user(REPORTERS[1], "Jörg Knaack", "mr"),
        user("i.wollenweber@alsterblick.example", "Inge Wollenweber", "ms"),
        user("k.duewel@alsterblick.example", "Karsten Düwel", "mr"),
        user("e.nowicka@alsterblick.example", "Ewa Nowicka", "ms"),
        user("hans.georg@tiedemann.example", "Hans-Georg Tiedemann", "mr"),
        user("clara@tiedemann.example", "Clara Tiedemann", "ms"),
        user("p.quast@musterbestand.example", "Petra Quast", "ms"),
    ]


def _organizations(
    stock: Stock, group: list[str], estates: list[str], people: list[str], pension: str
) -> list[Row]:
    today = stock.today
    halls = [o["key"] for o in stock.rows["object"] if o.get("responsible") == "Thorsten Yıldız"]
    houses = {
        name: [o["key"] for o in stock.rows["object"] if o.get("responsible") == name]
        for name in ("Karsten Düwel", "Ewa Nowicka", "Eva Lorenz")
    }
    excluded = [c["key"] for c in stock.contracts.values() if c["policyholder"] == "P-1006"][-1:]
    return [
        {
            "key": "nordwerk",
            "name": "Nordwerk Gruppe",
            "share_automatically": True,
            "states": USUAL,
            "policyholders": [key for key in group if key.startswith("P-1")],
            "excluded_contracts": excluded,
            "include_claims": True,
            "document_profile": "portal-claims",
            "case_sharing": True,
            "profile_currency": "EUR",
            "reference_addresses": True,
            "members": [
                member(f"k.behrens@{NW}", "insurance-manager", main=True),
                member(f"m.stueve@{NW}", "client-administrator", main=True),
                member(f"c.meier@{NW}", "accounting", main=True),
                member(f"s.wyss@{NW}", "accounting"),
                member(f"t.yildiz@{NW}", "facility-manager", objects=halls, main=True),
                member(f"e.lorenz@{NW}", "facility-manager", objects=houses["Eva Lorenz"], main=True),
                member(f"r.stoever@{NW}", "claims-reporter", main=True),
                member(
                    f"a.reimers@{NW}",
                    "insurance-manager",
                    main=True,
                    starts_on=ago(today, 1400),
                    ends_on=ago(today, 65),
                ),
            ],
        },
        {
            "key": "nordwerk-ch",
            "name": "Nordwerk Schweiz",
            "parent": "nordwerk",
            "share_automatically": True,
            "states": ["application", "policy", "own", "dormant"],
            "mandates": ["ZRH"],
            "policyholders": [key for key in group if key.startswith("P-2")],
            "include_claims": True,
            "document_profile": "portal",
            "profile_currency": "CHF",
            "members": [
                member(f"u.ammann@{NW}", "insurance-manager", main=True),
                member(f"s.wyss@{NW}", "insurance-manager", main=True),
                member(f"s.perrin@{NW}", "insurance-manager", main=True),
            ],
        },
        {
            "key": "nordwerk-uk",
            "name": "Nordwerk UK",
            "parent": "nordwerk",
            "share_automatically": True,
            "states": ["policy", "quote"],
            "lines_of_business": ["040", "050", "081", "171", "181", "230"],
            "policyholders": [key for key in group if key.startswith("P-3")],
            "include_claims": True,
            "document_profile": "portal",
            "profile_currency": "GBP",
            "valuation": "year_end",
            "members": [member(f"j.thornbury@{NW}", "insurance-manager", main=True)],
        },
        {
            "key": "nordwerk-report",
            "name": "Nordwerk Schadenmeldung",
            "share_automatically": True,
            "states": ["policy"],
            "corporate_groups": ["Nordwerk"],
            "lines_of_business": ["050", "081", "171", "192"],
            "include_claims": True,
            "claims": "members",
            "document_profile": "portal",
            "members": [member(email, "claims-reporter", main=True) for email in REPORTERS],
        },
        {
            "key": "alsterblick",
            "name": "Alsterblick Hausverwaltung",
            "share_automatically": True,
            "states": ["application", "policy", "own"],
            "policyholders": estates,
            "include_claims": True,
            "document_profile": "portal",
            "profile_currency": "EUR",
            "case_sharing": True,
            "members": [
                member("i.wollenweber@alsterblick.example", "client-administrator", main=True),
                member(
                    "k.duewel@alsterblick.example",
                    "facility-manager",
                    objects=houses["Karsten Düwel"],
                    main=True,
                ),
                member(
                    "e.nowicka@alsterblick.example",
                    "facility-manager",
                    objects=houses["Ewa Nowicka"],
                    main=True,
                ),
            ],
        },
        {
            "key": "tiedemann",
            "name": "Familie Tiedemann",
            "share_automatically": True,
            "states": USUAL,
            "policyholders": people,
            "shared_contracts": [pension],
            "include_claims": True,
            "document_profile": "portal",
            "members": [
                member("hans.georg@tiedemann.example", "insurance-manager", main=True),
                member("clara@tiedemann.example", "insurance-manager", main=True),
            ],
        },
        {
            "key": "musterbestand",
            "name": "Musterbestand",
            "share_automatically": True,
            "states": ["application", "policy", "own"],
            "whole_mandates": ["DIR"],
            "include_claims": True,
            "document_profile": "portal",
            "members": [member("p.quast@musterbestand.example", "insurance-manager", main=True)],
        },
    ]


CASE_PEOPLE = (
    (f"k.behrens@{NW}", ("JP", "MT"), "P-1002"),
    (f"u.ammann@{NW}", ("LB", "RZ"), "P-2001"),
    ("i.wollenweber@alsterblick.example", ("JP", "AK"), "P-4001"),
    (f"m.stueve@{NW}", ("JP",), "P-1006"),
)
"""Who opens cases, with whom, about whom."""

ACCOUNTS = [
    Account(f"h.brandt@{DOMAIN}", "Henning Brandt", "the whole broker, as administrator"),
    Account(f"a.kaya@{DOMAIN}", "Aylin Kaya", "Hamburg only, as clerk"),
    Account(f"k.behrens@{NW}", "Dr. Katrin Behrens", "Nordwerk with Switzerland and the UK, in EUR"),
    Account(f"m.stueve@{NW}", "Maren Stüve", "the same, as the client’s administrator"),
    Account(f"c.meier@{NW}", "Chiara Meier", "the same, as accountant: no claims, no objects"),
    Account(f"t.yildiz@{NW}", "Thorsten Yıldız", "the Billwerder works, as facility manager"),
    Account(f"u.ammann@{NW}", "Urs Ammann", "Nordwerk Schweiz, in CHF"),
    Account(f"s.wyss@{NW}", "Sandra Wyss", "two organisations to switch between"),
    Account(f"s.perrin@{NW}", "Sylvain Perrin", "Nordwerk Schweiz, in French"),
    Account(f"j.thornbury@{NW}", "James Thornbury", "Nordwerk UK, in English and GBP"),
    Account(REPORTERS[0], "Fatma Aydın", "claims she and her colleague reported, no premiums"),
    Account("i.wollenweber@alsterblick.example", "Inge Wollenweber", "60 residential buildings"),
    Account("k.duewel@alsterblick.example", "Karsten Düwel", "20 of them, as facility manager"),
    Account(
        "hans.georg@tiedemann.example",
        "Hans-Georg Tiedemann",
        "a family, its firm, a shared pension contract",
    ),
    Account("p.quast@musterbestand.example", "Petra Quast", "what came from the GDV sample file"),
]
