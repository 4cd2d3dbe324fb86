"""Making a stock: rows in the import row format, the same ones for the same seed and day."""

from __future__ import annotations

import datetime
import random
from collections import Counter
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from app.demo.covers import COVERS, TAX, UNTAXED, Cover
from app.demo.insurers import HOUSES, House, houses_for

Row = dict[str, Any]
ORDER = (
    "mandate", "staff", "insurer", "policyholder", "contract", "object", "claim", "invoice", "certificate",
    "document", "case", "message",
)  # fmt: skip
"""Record types in the order in which one may name the other."""
RENEWALS = ((1, 1), (1, 1), (1, 1), (1, 1), (4, 1), (7, 1), (10, 1))
FREQUENCIES = ("yearly", "yearly", "yearly", "half_yearly", "quarterly", "monthly")
INSTALMENTS = {"yearly": 1, "half_yearly": 2, "quarterly": 4, "monthly": 12, "single": 1}


@dataclass(frozen=True)
class Team:
    """Who looks after a policyholder: keys of staff, and the language letters to him are written in."""

    mandate: str
    country: str
    currency: str
    language: str
    account_manager: str
    clerk: str
    claims_handler: str


@dataclass(frozen=True)
class Holder:
    """A policyholder and those who look after him."""

    key: str
    name: str
    team: Team


def money(amount: Decimal | float) -> str:
    """An amount as imports take it."""
    return str(Decimal(str(amount)).quantize(Decimal("0.01"), ROUND_HALF_EVEN))


def years_later(day: datetime.date, years: int) -> datetime.date:
    """The same day some years on; none of ours is a 29 February."""
    return day.replace(year=day.year + years)


class Stock:
    """Rows by record type. Everything drawn comes from one seeded source, so the order of calls matters."""

    def __init__(self, seed: str, today: datetime.date) -> None:
        self.random = random.Random(seed)  # noqa: S311 - repeatable is the point
        self.today = today
        self.rows: dict[str, list[Row]] = {kind: [] for kind in ORDER}
        self.holders: dict[str, Holder] = {}
        self.contracts: dict[str, Row] = {}
        self.covers: dict[str, Cover] = {}
        self.letters: dict[str, Row] = {}
        self.last_words: dict[str, datetime.datetime] = {}
        """When somebody last wrote something in a case, by its key."""
        self._numbers: Counter[str] = Counter()

    def add(self, record_type: str, **fields: Any) -> Row:
        """A row without the fields that have nothing to say."""
        row = {name: value for name, value in fields.items() if value is not None}
        self.rows[record_type].append(row)
        return row

    def number(self, name: str, first: int = 1) -> int:
        """The next number of a range of its own."""
        self._numbers[name] += 1
        return first + self._numbers[name] - 1

    def day(self, first: int, last: int) -> datetime.date:
        """A day between so many days from today; negative ones lie behind."""
        return self.today + datetime.timedelta(days=self.random.randint(first, last))

    def insurers(self) -> None:
        for house in HOUSES:
            self.add("insurer", key=house.key, name=house.name)

    def holder(self, key: str, name: str, team: Team, *, kind: str = "company", **fields: Any) -> Holder:
        """A policyholder; his e-mail and telephone follow from the fields given."""
        self.add(
            "policyholder",
            key=key,
            name=name,
            kind=kind,
            mandate=team.mandate,
            account_manager=team.account_manager,
            clerk=team.clerk,
            country=fields.pop("country", team.country),
            salutation=fields.pop("salutation", "company" if kind == "company" else None),
            intermediary=fields.pop("intermediary", None),
            customer_since_on=str(self.day(-9000, -700)),
            **fields,
        )
        self.holders[key] = Holder(key, name, team)
        return self.holders[key]

    def contract(
        self,
        holder: Holder,
        cover: str,
        *,
        situation: str = "policy",
        sum_insured: int | None = None,
        currency: str | None = None,
        house: House | None = None,
        **given: Any,
    ) -> Row:
        """A contract with dates, premium and numbers that fit together; `given` overrides any field."""
        what, team = COVERS[cover], holder.team
        house = house or self.random.choice(houses_for(team.country, cover))
        total = sum_insured or self.random.randint(*what.sums) * 1000
        dates = self._dates(situation)
        year = int((dates.get("starts_on") or str(self.today))[:4])
        number = house.pattern.format(year=year, n=self.random.randint(1000, 99999))
        net = max(Decimal(str(round(total * self.random.uniform(*what.rate) / 1000, 2))), Decimal(180))
        tax = net * (0 if cover in UNTAXED else TAX[team.country]) / 100
        lead = cover in {"property", "interruption"} and total > 20_000_000
        serial = self.number("contract", 100_001)
        row = self.add(
            "contract",
            **{
                "key": f"V-{serial}",
                "number": number,
                "policyholder": holder.key,
                "insurer": house.key,
                "line_of_business": what.line,
                "contract_type": what.contract_type,
                "product": what.names.get(team.language, what.names["de"]),
                "co_insurance": "lead" if lead else "alone",
                "insurer_share": "60" if lead else "100",
                "notice_period_months": self.random.choice((1, 1, 3, 3)),
                "payment_frequency": self.random.choice(FREQUENCIES) if net < 40000 else "yearly",
                "currency": currency or team.currency,
                "premium_net": money(net),
                "insurance_tax": money(tax),
                "premium_gross": money(Decimal(money(net)) + Decimal(money(tax))),
                "sum_insured": money(total),
                "deductible": money(self.random.choice(what.deductibles)),
                "commission_rate": str(what.commission),
                "commission": money(net * Decimal(str(what.commission)) / 100),
                "account_manager": team.account_manager,
                "clerk": team.clerk,
                "claims_handler": team.claims_handler,
                **dates,
                **given,
            },
        )
        self.contracts[row["key"]], self.covers[row["key"]] = row, what
        return row

    def _dates(self, situation: str) -> dict[str, str]:
        """Status and days of a contract in one of the situations the rules of visibility tell apart."""
        status, has = SITUATIONS[situation]
        month, day = self.random.choice(RENEWALS)
        renewal = datetime.date(self.today.year, month, day)
        if renewal <= self.today:
            renewal = years_later(renewal, 1)
        starts = years_later(renewal, -self.random.randint(1, 7))
        ends = renewal
        if status in {"inquiry", "quote"} or situation in {"application", "own"}:
            # Not in force yet: everything so far happened in the last weeks.
            starts, ends = renewal, years_later(renewal, 1)
        elif status == "cancelled":
            starts, ends = years_later(renewal, -self.random.randint(4, 8)), years_later(renewal, -2)
        before = min(starts, self.today)
        days = {
            "inquiry_on": before - datetime.timedelta(days=self.random.randint(80, 110)),
            "quote_on": before - datetime.timedelta(days=self.random.randint(50, 75)),
            "application_on": before - datetime.timedelta(days=self.random.randint(15, 45)),
            "document_on": before - datetime.timedelta(days=self.random.randint(1, 12)),
        }
        return {
            "status": status,
            "starts_on": str(starts),
            "ends_on": str(ends),
            "annual_due_on": str(renewal),
            **{name: str(value) for name, value in days.items() if name in has},
        }


SITUATIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "policy": ("own", ("inquiry_on", "quote_on", "application_on", "document_on")),
    "policy without application": ("own", ("document_on",)),
    "application": ("own", ("quote_on", "application_on")),
    "own": ("own", ()),
    "own after quote": ("own", ("quote_on",)),
    "quote": ("quote", ("inquiry_on", "quote_on")),
    "quote without day": ("quote", ("inquiry_on",)),
    "quote after application": ("quote", ("quote_on", "application_on")),
    "inquiry": ("inquiry", ("inquiry_on",)),
    "third party": ("third_party", ("document_on",)),
    "third party part": ("third_party_part", ()),
    "blocked": ("blocked", ("application_on", "document_on")),
    "info": ("info", ()),
    "dormant": ("dormant", ("document_on",)),
    "cancelled": ("cancelled", ("application_on", "document_on")),
    "cancelled before issue": ("cancelled", ("application_on",)),
}
"""Every combination of status and days that a state box can or cannot match: the status, and which days are set."""
RARE = tuple(name for name in SITUATIONS if name not in {"policy", "policy without application"})
RARE_PRIVATE = ("quote", "cancelled", "third party", "own")
