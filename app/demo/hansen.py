"""The first broker of the demonstration, Hansen & Brandt: three countries, and clients of every kind."""

from __future__ import annotations

import datetime

from app.demo.broker import Broker, staff
from app.demo.cargo import certificates
from app.demo.cases import cases
from app.demo.claims import claim, claims
from app.demo.clients import employees, family, property_company
from app.demo.companies import companies, invoices
from app.demo.hansen_clients import (
    ACCOUNTS,
    DOMAIN,
    NW,
    PEOPLE,
    REPORTERS,
    WAITING,
    organizations,
    users,
)
from app.demo.papers import papers
from app.demo.stock import Stock, Team

OF_INTERMEDIARY = ("P-5002", "P-6001", "P-6003", "P-6010")
"""Clients whom an intermediary brought."""
TEAMS = {
    "hamburg": Team("HAM", "DE", "EUR", "de", "JP", "AK", "MT"),
    "zurich": Team("ZRH", "CH", "CHF", "de", "LB", "NF", "RZ"),
    "lausanne": Team("ZRH", "CH", "CHF", "fr", "LB", "NF", "RZ"),
    "london": Team("LON", "GB", "GBP", "en", "SO", "TA", "TA"),
    "private": Team("HAM", "DE", "EUR", "de", "GH", "AK", "MT"),
}


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
    stock.rows["staff"][1]["mandates"] = ["HAM"]
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
    for one in stock.rows["policyholder"]:
        if one["key"] in OF_INTERMEDIARY:
            one["intermediary"] = "Elbe Assekuranz-Kontor"
    later = list(stock.contracts.values())[len(group_contracts) :]
    claims(stock, later, 18)
    invoices(stock, later, 110)
    cases(stock, CASE_PEOPLE, 16)
    papers(stock, 120)
    employees(stock, TEAMS["private"])
    return Broker(
        "hansen",
        "Hansen & Brandt",
        "hanse",
        "de",
        stock,
        {
            "tenant": {"links": {"website": "https://hansen-brandt.example"}},
            "document_profiles": [
                {"key": "standard", "name": "Standard", "tags": ["Kundenportal"]},
                {
                    "key": "portal-claims",
                    "name": "Kundenportal mit Schadenakten",
                    "tags": ["Kundenportal", "Schadenakte"],
                },
            ],
            "users": users(),
            "organizations": organizations(stock, group, estates, people, pension),
        },
        ACCOUNTS,
        waiting=WAITING,
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


CASE_PEOPLE = (
    (f"k.behrens@{NW}", ("JP", "MT"), "P-1002"),
    (f"u.ammann@{NW}", ("LB", "RZ"), "P-2001"),
    ("i.wollenweber@alsterblick.example", ("JP", "AK"), "P-4001"),
    (f"m.stueve@{NW}", ("JP",), "P-1006"),
)
"""Who opens cases, with whom, about whom."""
