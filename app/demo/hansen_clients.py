"""The people around the first broker: his staff, his clients' organizations and members, and whom to sign in as."""

from __future__ import annotations

from app.core.text import _l
from app.demo.broker import PASSWORD, Account, ago, member, user
from app.demo.stock import Row, Stock

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
REPORTERS = (f"f.aydin@{NW}", f"j.knaack@{NW}")
USUAL = ["quote", "application", "policy", "own", "third_party", "info"]


def users() -> list[Row]:
    """Clients, and of the staff what their import does not bring: profile and password."""
    return [
        *(
            {
                "email": f"{mailbox}@{DOMAIN}",
                "password": PASSWORD,
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
        user("s.rohde@alsterblick.example", "Stefan Rohde", "mr"),
        user("k.duewel@alsterblick.example", "Karsten Düwel", "mr"),
        user("e.nowicka@alsterblick.example", "Ewa Nowicka", "ms"),
        user("hans.georg@tiedemann.example", "Hans-Georg Tiedemann", "mr"),
        user("clara@tiedemann.example", "Clara Tiedemann", "ms"),
        user("p.quast@musterbestand.example", "Petra Quast", "ms"),
        user("i.paulsen@elbe-kontor.example", "Ingo Paulsen", "mr"),
    ]


def organizations(
    stock: Stock, group: list[str], estates: list[str], people: list[str], pension: str
) -> list[Row]:
    today = stock.today
    halls = [o["key"] for o in stock.rows["object"] if o.get("responsible") == "Thorsten Yıldız"]
    houses = {
        name: [o["key"] for o in stock.rows["object"] if o.get("responsible") == name]
        for name in ("Karsten Düwel", "Ewa Nowicka", "Eva Lorenz")
    }
    excluded = [
        c["key"]
        for c in stock.contracts.values()
        if c["policyholder"] == "P-1006" and c["line_of_business"] == "110"
    ]
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
            "document_profile": "standard",
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
            "document_profile": "standard",
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
            "document_profile": "standard",
            "home_view": "reporter",
            "members": [member(email, "claims-reporter", main=True) for email in REPORTERS],
        },
        {
            "key": "alsterblick",
            "name": "Alsterblick Hausverwaltung",
            "four_eyes_claims": True,
            "share_automatically": True,
            "states": ["application", "policy", "own"],
            "policyholders": estates,
            "include_claims": True,
            "document_profile": "standard",
            "profile_currency": "EUR",
            "case_sharing": True,
            "members": [
                member("i.wollenweber@alsterblick.example", "client-administrator", main=True),
                member("s.rohde@alsterblick.example", "insurance-manager", main=True),
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
                    ends_on=ago(today, -12),
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
            "document_profile": "standard",
            "members": [
                member("hans.georg@tiedemann.example", "insurance-manager", main=True),
                member("clara@tiedemann.example", "insurance-manager", main=True, ends_on=ago(today, -25)),
            ],
        },
        {
            "key": "musterbestand",
            "name": "Musterbestand",
            "share_automatically": True,
            "states": ["application", "policy", "own"],
            "whole_mandates": ["DIR"],
            "include_claims": True,
            "document_profile": "standard",
            "members": [member("p.quast@musterbestand.example", "insurance-manager", main=True)],
        },
        {
            "key": "eva-lorenz",
            "name": "Eva Lorenz",
            "share_automatically": True,
            "states": ["application", "policy", "own"],
            "policyholders": ["P-6201"],
            "include_claims": True,
            "document_profile": "standard",
            "home_view": "private",
            "private_for": f"e.lorenz@{NW}",
            "members": [member(f"e.lorenz@{NW}", "insurance-manager", starts_on=ago(today, 40))],
        },
        {
            "key": "elbe-kontor",
            "ends_on": ago(today, -25),
            "name": "Elbe Assekuranz-Kontor",
            "intermediaries": ["Elbe Assekuranz-Kontor"],
            "share_automatically": True,
            "states": ["application", "policy", "own"],
            "document_profile": "standard",
            "caretakers_shown": False,
            "members": [member("i.paulsen@elbe-kontor.example", "insurance-manager", main=True)],
        },
    ]


WAITING = (
    "k.duewel@alsterblick.example",
    "Wohngebäude",
    {
        "claim_type": "escape_of_water",
        "cause": "burst_pipe",
        "description": "Im Keller ist ein Heizungsrohr geplatzt. Zwei Kellerräume stehen unter Wasser, der Notdienst hat"
        " abgesperrt.",
        "loss_location": "Keller, Strang 2",
    },
)
"""What somebody has reported, on a contract found by this word, and nobody approved yet."""


ACCOUNTS = [
    Account(f"h.brandt@{DOMAIN}", "Henning Brandt", _l("the whole broker, as administrator")),
    Account(f"a.kaya@{DOMAIN}", "Aylin Kaya", _l("Hamburg only, as clerk")),
    Account(f"k.behrens@{NW}", "Dr. Katrin Behrens", _l("Nordwerk with Switzerland and the UK, in EUR")),
    Account(f"m.stueve@{NW}", "Maren Stüve", _l("the same, as the client’s administrator")),
    Account(f"c.meier@{NW}", "Chiara Meier", _l("the same, as accountant: no claims, no objects")),
    Account(f"t.yildiz@{NW}", "Thorsten Yıldız", _l("the Billwerder works, as facility manager")),
    Account(f"u.ammann@{NW}", "Urs Ammann", _l("Nordwerk Schweiz, in CHF")),
    Account(f"s.wyss@{NW}", "Sandra Wyss", _l("two organisations to switch between")),
    Account(f"s.perrin@{NW}", "Sylvain Perrin", _l("Nordwerk Schweiz, in French")),
    Account(f"j.thornbury@{NW}", "James Thornbury", _l("Nordwerk UK, in English and GBP")),
    Account(REPORTERS[0], "Fatma Aydın", _l("claims she and her colleague reported, no premiums")),
    Account("i.wollenweber@alsterblick.example", "Inge Wollenweber", _l("60 residential buildings")),
    Account("k.duewel@alsterblick.example", "Karsten Düwel", _l("20 of them, as facility manager")),
    Account(
        "hans.georg@tiedemann.example",
        "Hans-Georg Tiedemann",
        _l("a family, its firm, a shared pension contract"),
    ),
    Account("p.quast@musterbestand.example", "Petra Quast", _l("what came from the GDV sample file")),
    Account("i.paulsen@elbe-kontor.example", "Ingo Paulsen", _l("all clients of an intermediary")),
]
