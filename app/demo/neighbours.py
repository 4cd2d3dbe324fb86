"""The second and the third broker of the demonstration, whose records the first one's people must never meet."""

from __future__ import annotations

import datetime

from app.core.text import _l
from app.demo.broker import Account, Broker, member, staff, user
from app.demo.cargo import certificates
from app.demo.cases import cases
from app.demo.claims import claims
from app.demo.companies import companies, invoices
from app.demo.papers import papers
from app.demo.stock import Stock, Team

LIMMAT, SAENTIS, VALLON = "limmat-risk.example", "saentis-mechanik.example", "vallon.example"
ATELIER, ENCRES, FAROL = "atelier-courtage.example", "pontbleu.example", "teatrofarol.example"
IN_FORCE = ["application", "policy", "own"]


def limmat(today: datetime.date) -> Broker:
    """A broker in Zürich and Geneva: mechanics, a shipping agency, watches."""
    stock = Stock("limmat risk partner", today)
    stock.add("mandate", key="ZH", name="Alpin Risk Zürich", country="CH", currency="CHF")
    stock.add("mandate", key="GE", name="Alpin Risk Genève", country="CH", currency="CHF")
    staff(
        stock,
        LIMMAT,
        (
            ("AW", "a.wettstein", "Annina Wettstein", "+41 44 555 60 10", "Geschäftsleitung"),
            ("DK", "d.kuratli", "Dario Kuratli", "+41 44 555 60 22", "Betreuung Zürich"),
            ("MC", "m.crettaz", "Maëlle Crettaz", "+41 22 555 60 22", "Conseillère Genève"),
        ),
    )
    stock.rows["staff"][2]["mandates"] = ["GE"]
    stock.insurers()
    teams = {
        "zurich": Team("ZH", "CH", "CHF", "de", "DK", "AW", "DK"),
        "geneva": Team("GE", "CH", "CHF", "fr", "MC", "MC", "MC"),
    }
    group = companies(stock, "limmat", teams)
    _round_off(stock, claims_count=16, invoice_count=70, paper_count=40, certificate_count=8)
    cases(stock, ((f"h.nef@{SAENTIS}", ("DK",), "P-101"), (f"m.jacot@{VALLON}", ("MC",), "P-105")), 6)
    return Broker(
        "limmat",
        "Alpin Risk",
        "alpin",
        "de",
        stock,
        {
            "document_profiles": [{"key": "standard", "name": "Standard", "tags": ["Kundenportal"]}],
            "users": [
                user(f"a.wettstein@{LIMMAT}", "Annina Wettstein", "ms", profile="broker-administrator"),
                user(f"d.kuratli@{LIMMAT}", "Dario Kuratli", "mr", profile="broker-clerk"),
                user(f"m.crettaz@{LIMMAT}", "Maëlle Crettaz", "ms", profile="broker-clerk", language="fr"),
                user(f"h.nef@{SAENTIS}", "Hansueli Nef", "mr"),
                user(f"m.jacot@{VALLON}", "Mireille Jacot", "ms", language="fr"),
            ],
            "organizations": [
                {
                    "key": "saentis",
                    "name": "Säntis Gruppe",
                    "share_automatically": True,
                    "states": [*IN_FORCE, "quote"],
                    "corporate_groups": ["Säntis"],
                    "include_claims": True,
                    "document_profile": "standard",
                    "profile_currency": "CHF",
                    "members": [member(f"h.nef@{SAENTIS}", "insurance-manager", main=True)],
                },
                {
                    "key": "vallon",
                    "name": "Horlogerie du Vallon",
                    "share_automatically": True,
                    "states": IN_FORCE,
                    "policyholders": group[-1:],
                    "include_claims": True,
                    "document_profile": "standard",
                    "profile_currency": "EUR",
                    "members": [member(f"m.jacot@{VALLON}", "client-administrator", main=True)],
                },
            ],
        },
        [
            Account(f"a.wettstein@{LIMMAT}", "Annina Wettstein", _l("the whole broker, as administrator")),
            Account(f"m.crettaz@{LIMMAT}", "Maëlle Crettaz", _l("Geneva only, as clerk, in French")),
            Account(f"h.nef@{SAENTIS}", "Hansueli Nef", _l("the Säntis group, in CHF")),
            Account(f"m.jacot@{VALLON}", "Mireille Jacot", _l("a watchmaker, in French")),
        ],
        letterhead=("Quaiweg 4, 8008 Zürich", "+41 44 555 60 00"),
        colour="#9b1c1c",
        logos={"saentis": ("SÄNTIS", "#1f2937")},
    )


def atelier(today: datetime.date) -> Broker:
    """A small broker in Lyon and Barcelona: a gallery, a printing works, architects, a theatre."""
    stock = Stock("atelier courtage", today)
    stock.add("mandate", key="LY", name="Lindenhof Lyon", country="FR", currency="EUR")
    stock.add("mandate", key="BC", name="Lindenhof Barcelona", country="ES", currency="EUR")
    staff(
        stock,
        ATELIER,
        (
            ("CL", "c.lambrecht", "Céleste Lambrecht", "+33 4 55 55 70 10", "Direction"),
            ("IO", "i.ortuno", "Iker Ortuño", "+34 93 555 70 22", "Gestor Barcelona"),
        ),
    )
    stock.insurers()
    teams = {
        "lyon": Team("LY", "FR", "EUR", "fr", "CL", "CL", "CL"),
        "barcelona": Team("BC", "ES", "EUR", "fr", "IO", "IO", "IO"),
    }
    companies(stock, "atelier", teams)
    _round_off(stock, claims_count=12, invoice_count=40, paper_count=30, certificate_count=6)
    cases(stock, ((f"b.roumier@{ENCRES}", ("CL",), "P-12"),), 3)
    return Broker(
        "atelier",
        "Lindenhof",
        "atelier",
        "fr",
        stock,
        {
            "document_profiles": [{"key": "standard", "name": "Standard", "tags": ["Kundenportal"]}],
            "users": [
                user(f"c.lambrecht@{ATELIER}", "Céleste Lambrecht", "ms", profile="broker-administrator"),
                user(f"i.ortuno@{ATELIER}", "Iker Ortuño", "mr", profile="broker-clerk", language="es"),
                user(f"b.roumier@{ENCRES}", "Basile Roumier", "mr"),
                user(f"n.casals@{FAROL}", "Nuria Casals", "ms", language="es"),
            ],
            "organizations": [
                {
                    "key": "pont-bleu",
                    "name": "Imprimerie du Pont Bleu",
                    "share_automatically": True,
                    "states": IN_FORCE,
                    "policyholders": ["P-12"],
                    "include_claims": True,
                    "document_profile": "standard",
                    "profile_currency": "EUR",
                    "members": [member(f"b.roumier@{ENCRES}", "insurance-manager", main=True)],
                },
                {
                    "key": "farol",
                    "name": "Teatro del Farol",
                    "share_automatically": True,
                    "states": IN_FORCE,
                    "whole_mandates": ["BC"],
                    "include_claims": True,
                    "document_profile": "standard",
                    "members": [member(f"n.casals@{FAROL}", "insurance-manager", main=True)],
                },
            ],
        },
        [
            Account(f"c.lambrecht@{ATELIER}", "Céleste Lambrecht", _l("the whole broker, as administrator")),
            Account(f"b.roumier@{ENCRES}", "Basile Roumier", _l("a printing works, in French")),
            Account(f"n.casals@{FAROL}", "Nuria Casals", _l("a theatre, in Spanish")),
        ],
        letterhead=("Quai des Encres 2, 69002 Lyon", "+33 4 55 55 70 00"),
        colour="#6d3b8f",
        logos={"pont-bleu": ("Pont Bleu", "#1d4ed8")},
    )


def _round_off(
    stock: Stock, *, claims_count: int, invoice_count: int, paper_count: int, certificate_count: int
) -> None:
    """What hangs on the contracts made so far, in the order in which one needs the other."""
    contracts = list(stock.contracts.values())
    claims(stock, contracts, claims_count)
    invoices(stock, contracts, invoice_count)
    cargo = [c for c in contracts if c["line_of_business"] == "192"]
    certificates(stock, cargo[0], certificate_count)
    papers(stock, paper_count)
