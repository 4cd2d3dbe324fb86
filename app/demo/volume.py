"""A stock of any size for measuring: plain contracts by the hundred thousand, through the same importer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import orjson
from sqlalchemy import Engine

from app.administration.config import apply
from app.core.text import _l
from app.demo import loading
from app.demo.broker import Account, member, user
from app.demo.insurers import HOUSES
from app.demo.stock import Row

SMALL = 69
"""Contracts of the first policyholder, whose organization sees nothing else."""
PER_HOLDER = 20
ONE_IN = 8
"""Every eighth of the other policyholders belongs to the large group; nine in ten of its contracts are in force,
so that its organization sees about 11 % of all."""
GROUP = "Konzern Elbtor"
LINES = ("040", "050", "080", "130", "140", "171", "192", "230")
PROGRESS = 100_000
MANDATES = (("NORD", "DE", "EUR"), ("ALP", "CH", "CHF"), ("INSEL", "GB", "GBP"))


@dataclass(frozen=True)
class Volume:
    """A broker with so many contracts."""

    slug: str
    name: str
    contracts: int

    @property
    def accounts(self) -> list[Account]:
        domain = f"{self.slug}.example"
        return [
            Account(f"verwaltung@{domain}", "Verwaltung", _l("all {n} contracts", n=f"{self.contracts:,}")),
            Account(f"konzern@{domain}", "Konzern", _l("about 11% of them")),
            Account(f"kunde@{domain}", "Kunde", _l("{n} of them", n=min(SMALL, self.contracts))),
        ]


def volumes(contracts: int) -> list[Volume]:
    """The stock asked for, and a small one beside it to compare with."""
    return [
        Volume("grossbestand", "Großbestand Assekuranz", contracts),
        Volume("kleinbestand", "Kleinbestand Assekuranz", 4_000),
    ]


def load_volume(web: Engine, volume: Volume, say: Callable[[str], None]) -> None:
    """Bring the broker acted for to so many contracts; what an earlier start loaded is not read again."""
    before = (loading.loaded(web) or {}).get("contracts", 0)
    if before >= volume.contracts:
        return
    for key, country, currency in MANDATES:
        loading.take_all(
            web,
            "mandate",
            [{"key": key, "name": f"{volume.name} {key}", "country": country, "currency": currency}],
        )
    loading.take_all(web, "insurer", ({"key": house.key, "name": house.name} for house in HOUSES))
    loading.take_all(web, "policyholder", map(orjson.dumps, _holders(volume.contracts)))
    loading.take_all(
        web, "contract", map(orjson.dumps, _told(_contracts(before, volume.contracts), before, say))
    )
    with web.begin() as connection:
        apply(connection, _config(volume), None)
        loading.mark_loaded(connection, contracts=volume.contracts)


def _told(rows: Iterator[Row], before: int, say: Callable[[str], None]) -> Iterator[Row]:
    for number, row in enumerate(rows, before + 1):
        yield row
        if number % PROGRESS == 0:
            say(f"{number:,}")


def _holder(contract: int) -> int:
    return 0 if contract < SMALL else 1 + (contract - SMALL) // PER_HOLDER


def _holders(contracts: int) -> Iterator[Row]:
    for n in range(_holder(contracts - 1) + 1):
        mandate, country, _currency = MANDATES[n % len(MANDATES)]
        yield {
            "key": f"P-{n:06}",
            "mandate": mandate,
            "kind": "company",
            "name": f"Betrieb {n:06} {('Nord', 'Süd', 'West', 'Ost')[n % 4]} GmbH",
            "city": ("Hamburg", "Zürich", "London", "Bremen", "Kiel")[n % 5],
            "country": country,
            "corporate_group": GROUP if n % ONE_IN == 1 else None,
        }


def _contracts(first: int, count: int) -> Iterator[Row]:
    """By arithmetic alone: contract n is the same in a stock of any size."""
    for n in range(first, count):
        holder = _holder(n)
        net = 150 + n * 7919 % 90_000
        year = 2015 + n % 11
        # The small client's contracts are all in force.
        is_cancelled = n >= SMALL and n % 10 == 9
        yield {
            "key": f"C-{n:08}",
            "policyholder": f"P-{holder:06}",
            "number": f"{n * 104729 % 10**8:08}-{n % 97:02}",
            "insurer": HOUSES[n % len(HOUSES)].key,
            "insurer_share": "100",
            "co_insurance": "alone",
            "line_of_business": LINES[n * 31 % len(LINES)],
            "contract_type": "single",
            "status": "cancelled" if is_cancelled else "own",
            "product": "Betriebsschutz",
            "application_on": f"{year - 1}-11-02",
            "document_on": f"{year - 1}-12-01",
            "starts_on": f"{year}-01-01",
            "ends_on": f"{2025 if is_cancelled else 2027 + n % 4}-{1 + n % 12:02}-01",
            "annual_due_on": "2027-01-01",
            "notice_period_months": 1 + n % 3,
            "payment_frequency": "yearly",
            "currency": MANDATES[holder % len(MANDATES)][2],
            "premium_net": f"{net}.50",
            "insurance_tax": f"{net * 19 // 100}.00",
            "premium_gross": f"{net + net * 19 // 100}.50",
            "sum_insured": f"{net * 800}.00",
            "deductible": "500.00",
        }


def _config(volume: Volume) -> Row:
    domain = f"{volume.slug}.example"
    shared = {"share_automatically": True, "states": ["application", "policy", "own"], "include_claims": True}
    return {
        "users": [
            user(f"verwaltung@{domain}", "Verwaltung", "none", staff=True, profile="broker-administrator"),
            user(f"konzern@{domain}", "Konzern", "none"),
            user(f"kunde@{domain}", "Kunde", "none"),
        ],
        "organizations": [
            {
                "key": "konzern",
                "name": GROUP,
                **shared,
                "corporate_groups": [GROUP],
                "profile_currency": "EUR",
                "members": [member(f"konzern@{domain}", "insurance-manager", main=True)],
            },
            {
                "key": "kunde",
                "name": "Betrieb 000000",
                **shared,
                "policyholders": ["P-000000"],
                "members": [member(f"kunde@{domain}", "insurance-manager", main=True)],
            },
        ],
    }
