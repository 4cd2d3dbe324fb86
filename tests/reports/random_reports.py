"""Stock and reports made at random, for comparing what the portal says with what plain Python says."""

from __future__ import annotations

import datetime
import random
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

import orjson
from sqlalchemy import text

from app.core.text import speaking
from permissions.catalogue import catalogue
from tenants import visibility
from tests.factories import Make
from tests.reports.plain import NUMBERS, Field, Money, Row, Sort, holds, in_order, is_found
from tests.security.stock import Person, with_cookie
from tests.sources import SOURCES

TODAY = visibility.today()
ODD = [
    "Alpha", "ALPHA", "älpha", "Straße 7", "STRASSE 7", "100 %", "a_b", "a\\b", "O'Neil", '"quoted"', "line\nbreak",
    "ΟΔΟΣ", "हिन्दी", "🚗 fleet", "=1+1", "-5", " edge ", "x,y;z", "tab\there", "é", "e\u0301", "İstanbul", "<b>&amp;", "~",
]  # fmt: skip
CURRENCIES = ["EUR", "EUR", "XPF", "TND", "VUV", "MVR"]
RATES = {
    "XPF": [(1500, "119.331742"), (400, "118.02"), (20, "119.9")],
    "TND": [(1500, "3.3"), (10, "3.4567")],
    "VUV": [(90, "130.25")],
}
"""Units for a euro by how many days ago they were published; nobody quotes MVR, and VUV only lately."""
HIDDEN = {"contract": ["intermediary", "commission"], "object": ["street"], "document": ["file_name"], "case": ["category_2"]}  # fmt: skip
MASKED = {
    "contract": ["clerk", "commission_rate", "quote_on", "payment_frequency", "premium_gross"],
    "object": ["responsible", "postal_code"], "document": ["language"], "case": ["owner"],
}  # fmt: skip
ALWAYS_THERE = ("currency", "words", "flag", "moment", "size")


def upper(sign: str) -> str:
    """The server writes a letter for a letter, and so leaves ß."""
    return sign.upper() if len(sign.upper()) == 1 else sign


COMPUTED = {
    "contract": {
        "c1:Twice:premium_net * 2": ("money", lambda row: row["premium_net"] and row["premium_net"] * 2),
        "c2:Shouted:upper(product)": ("text", lambda row: row["product"] and "".join(map(upper, row["product"]))),
        "c3:Began:start_of_month(starts_on)": ("day", lambda row: row["starts_on"] and row["starts_on"].replace(day=1)),
        "c4:Rest:if_empty(notice_period_months, 0) - 3": ("number", lambda row: Decimal(row["notice_period_months"] or 0) - 3),
    }
}  # fmt: skip


@dataclass
class Reader:
    """Somebody who asks: the fields he has of each record type, and what his amounts are converted to."""

    person: Person
    user: uuid.UUID
    fields: dict[str, dict[str, Field]]
    money: Money


@dataclass
class World:
    readers: list[Reader]
    rows: dict[str, list[Row]]
    """What readers reach, by record type; `participants` of a case say who."""

    def seen_by(self, reader: Reader, record: str) -> list[Row]:
        rows = self.rows[record]
        return [row for row in rows if record != "case" or reader.user in row["participants"]]


def published(owner: Any) -> Mapping[str, list[tuple[datetime.date, Decimal]]]:
    rates = {
        currency: [(TODAY - datetime.timedelta(days=ago), Decimal(rate)) for ago, rate in some]
        for currency, some in RATES.items()
    }
    with owner.begin() as connection:
        for currency, some in rates.items():
            for day, rate in some:
                connection.execute(
                    text("insert into exchange_rates values (:c, :d, :r, 'at random')"),
                    {"c": currency, "d": day, "r": rate},
                )
    return rates


def withdrawn(owner: Any) -> None:
    with owner.begin() as connection:
        connection.execute(text("delete from exchange_rates where source = 'at random'"))


class Author:
    """Makes up values, stock and reports."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def perhaps(self, value: Any, likely: float = 0.75) -> Any:
        return value if self.chance.random() < likely else None

    def odd(self) -> str:
        return self.chance.choice(ODD)

    def day(self, around: int = 900) -> datetime.date:
        return TODAY + datetime.timedelta(days=self.chance.randrange(-around, around))

    def amount(self) -> Decimal:
        return Decimal(self.chance.choice([0, 5, 125, self.chance.randrange(-90000, 900000)])) / 100

    def value(self, one: Any, others: Mapping[str, list[tuple[uuid.UUID, str]]]) -> Any:
        """A value for a field of a schema."""
        chance = self.chance
        kinds: dict[str, Callable[[], Any]] = {
            "text": self.odd,
            "long_text": lambda: "\n".join(self.odd() for _ in range(3)),
            "code": lambda: chance.choice(
                [*list(one.codes)[:5], *([] if one.is_closed else ["odd code", "Odd Code", "ödd"])]
            ),
            "currency": lambda: chance.choice(CURRENCIES),
            "country": lambda: chance.choice(["DE", "AT", "CH", "ZZ"]),
            "money": self.amount,
            "percent": lambda: Decimal(chance.randrange(0, 10000)) / 100,
            "number": lambda: Decimal(chance.randrange(-9000, 9000)) / 100,
            "whole": lambda: chance.choice([0, 1, 3, 12, 36]),
            "size": lambda: chance.choice([0, 1, 999, 1000, 2_500_000]),
            "day": lambda: chance.choice([TODAY, self.day(), self.day(40)]),
            "moment": lambda: datetime.datetime.combine(
                self.day(40), datetime.time(chance.choice([0, 12, 23]), chance.choice([0, 30])), datetime.UTC
            ),
            "flag": lambda: chance.choice([True, False]),
            "words": lambda: ["portal", *chance.sample(["own", "fleet", "a b", "ü"], chance.randrange(3))],
            "reference": lambda: chance.choice(others.get(one.to) or [(None, None)]),
        }
        return kinds[one.kind]()


def of_record(
    author: Author, record: str, others: Mapping[str, list[tuple[uuid.UUID, str]]], **fixed: Any
) -> Row:
    """A record's fields at random, but for those that are given."""
    row: Row = {}
    for key, one in SOURCES[record].schema.declared().items():
        if one.kind in ("references", "details") or one.derived_from or key == "key":
            continue
        value = author.value(one, others)
        needed = one.required or one.kind in ALWAYS_THERE or key in ("sha256", "media_type")
        value = fixed.get(key, value if needed else author.perhaps(value))
        if one.kind == "reference":
            row[f"{key}_id"], row[key] = value or (None, None)
        else:
            row[key] = value
    return row


def stored(row: Row) -> dict[str, Any]:
    """What is written of a record: references by their ids."""
    return {key: value for key, value in row.items() if f"{key}_id" not in row}


def world(portal: Any, owner: Any, make: Make) -> World:
    author, rates = Author(5), published(owner)
    nordwerk, oil = ((make.policyholder(name), name) for name in ("Nordwerk GmbH", "Öltank & Söhne"))
    theirs = (make.policyholder("Fremd AG"), "Fremd AG")
    staff = [(make.user(name, is_staff=True), name) for name in ("Jana Öz", "jana oz", "Ulf % Berg")]
    named = {
        "insurer": [(make.insurer(name), name) for name in ("Merkur", "MERKUR", "Ärzte-Kasse", "Zulu %")],
        "staff": staff, "user": staff, "policyholder": [nordwerk, oil],
    }  # fmt: skip
    profile = make.row("document_profiles", key="standard", name="Standard", tags=["portal"])
    readers = [
        reader(portal, make, (nordwerk[0], oil[0]), profile, rates, *ways)
        for ways in ((None, "today", False), ("EUR", "today", True), ("XPF", "year_end", False),
                     ("EUR", "contract_start", True))
    ]  # fmt: skip
    found = World(readers, {record: [] for record in HIDDEN})
    for number in range(90):
        is_theirs = number % 6 == 0
        row = of_record(
            author,
            "contract",
            named,
            **({"policyholder": theirs, "number": f"F-{number}"} if is_theirs else {}),
        )
        row["id"] = make.contract(row["policyholder_id"], **{k: v for k, v in stored(row).items() if k != "policyholder_id"})  # fmt: skip
        if not is_theirs:
            found.rows["contract"].append(row)
    contracts = [(row["id"], row["number"]) for row in found.rows["contract"]]
    hidden = make.contract(theirs[0], number="F-0")
    of_holder = {theirs[0]: hidden, **{row["policyholder_id"]: row["id"] for row in found.rows["contract"]}}
    for number in range(40):
        row = of_record(author, "object", named, **({"policyholder": theirs} if number % 7 == 0 else {}))
        row["id"] = make.object(row["policyholder_id"], (of_holder[row["policyholder_id"]],), **{k: v for k, v in stored(row).items() if k != "policyholder_id"})  # fmt: skip
        if row["policyholder"] != "Fremd AG":
            found.rows["object"].append(row)
    for number in range(40):
        row = of_record(author, "document", named)
        hangs = hidden if number % 7 == 0 else author.chance.choice(contracts)[0]
        row["id"] = make.document(tuple(row["tags"]), {"contract": hangs}, **{k: v for k, v in stored(row).items() if k != "tags"})  # fmt: skip
        if hangs != hidden:
            found.rows["document"].append(row)
    for _number in range(40):
        about = author.chance.choice([(hidden, None), None, *contracts[:5]])
        who = author.chance.choice([theirs, nordwerk, None])
        row = of_record(author, "case", named, contract=about, policyholder=who, claim=None)
        row["id"] = make.row("cases", key=str(uuid.uuid4()), **stored(row))
        row["participants"] = [one.user for one in readers if author.chance.random() < 0.8]
        for user in row["participants"]:
            make.row("case_participants", case_id=row["id"], user_id=user)
        # What lies out of sight is not there for whoever takes part.
        for key in [key for key in ("contract", "policyholder") if row[f"{key}_id"] in (hidden, theirs[0])]:
            row[key] = row[f"{key}_id"] = None
        found.rows["case"].append(row)
    return found


def reader(
    portal: Any, make: Make, holders: tuple[uuid.UUID, ...], document_profile: uuid.UUID,
    rates: Mapping[str, Any], currency: str | None, valuation: str, is_limited: bool,
) -> Reader:  # fmt: skip
    organization = make.organization(
        *holders, profile_currency=currency, valuation=valuation, document_profile_id=document_profile
    )
    hidden, masked = (
        {f"field:{record}.{key}" for record, keys in some.items() for key in keys} if is_limited else set()
        for some in (HIDDEN, MASKED)
    )
    subjects = [subject for subject, _actions in catalogue.subjects() if subject not in hidden]
    member = make.member(organization, make.profile(*subjects, **dict.fromkeys(masked, "mask")))
    fields = {record: dict(fields_of(record, hidden, masked)) for record in HIDDEN}
    return Reader(
        with_cookie(portal, make, membership=member, lasts=datetime.timedelta(days=1)),
        make.user_of(member), fields, Money(currency, valuation, rates, TODAY),
    )  # fmt: skip


def fields_of(record: str, hidden: set[str], masked: set[str]) -> Iterator[tuple[str, Field]]:
    with speaking("en"):
        for key, one in SOURCES[record].schema.declared().items():
            subject = f"field:{record}.{key}"
            if subject in hidden or one.kind in ("references", "details") or one.derived_from or key == "key":
                continue
            codes = {code: str(one.words(code)) for code in one.codes} if one.kind == "code" else {}
            is_searched = one.search or (one.kind in ("code", "reference") and one.listed)
            currency = one.currency if one.kind == "money" else ""
            is_masked = subject in masked
            yield (
                key,
                Field(
                    key, one.kind, str(one.label), codes, currency, is_searched and not is_masked, is_masked
                ),
            )


Condition = Callable[[Row], bool]
OF_TEXTS = ["contains", "not_contains", "matches"]
OPERATORS = {
    "text": [*OF_TEXTS, "is", "not", "in", "not_in", "starts"],
    "long_text": OF_TEXTS,
    "reference": ["contains", "not_contains", "is", "not", "starts"],
    "day": ["is", "not", "ge", "le", "gt", "lt", "last", "next"],
    "moment": ["ge", "le", "gt", "lt", "last", "next"],
    "flag": ["is"], "words": ["is"],
    **dict.fromkeys(("code", "currency", "country"), ("is", "not")),
    **dict.fromkeys(NUMBERS, ("is", "not", "ge", "le", "gt", "lt")),
}  # fmt: skip
FUNCTIONS = {
    **dict.fromkeys(("money", "number", "whole"), ("sum", "avg", "median", "min", "max", "distinct")),
    "percent": ["avg", "median", "min", "max", "distinct"],
    "day": ["min", "max", "distinct"],
    **dict.fromkeys(("code", "text", "reference", "currency", "country", "flag"), ("distinct",)),
}


@dataclass
class Report:
    """A report by the words of its address, and the same in plain Python."""

    reader: Reader
    record: str
    words: list[tuple[str, str]]
    rows: list[Row]
    """Those found, in order."""
    columns: list[Field]
    sorts: list[Sort]
    breaks: list[Field]
    totals: list[tuple[str, Field]]
    of_values: Field | None

    @cached_property
    def money(self) -> Money:
        """As this report converts: not at all where its reader lacks the amount."""
        main = self.reader.fields[self.record].get(SOURCES[self.record].money or "")
        is_known = main is not None and not main.is_masked
        return self.reader.money if is_known else replace(self.reader.money, currency=None)


class Writer(Author):
    """Writes one report of a world."""

    def __init__(self, seed: int, world: World) -> None:
        super().__init__(seed)
        chance = self.chance
        self.reader = chance.choice(world.readers)
        self.record = chance.choice(["contract"] * 4 + ["object", "document", "case"])
        self.fields = dict(self.reader.fields[self.record])
        self.stock = [dict(row) for row in world.seen_by(self.reader, self.record)]
        self.words: list[tuple[str, str]] = []
        for said, (kind, compute) in COMPUTED.get(self.record, {}).items():
            if chance.random() < 0.3:
                key, label, _text = said.split(":")
                self.words.append(("compute", said))
                self.fields[key] = Field(key, kind, label, currency="currency" if kind == "money" else "")
                for row in self.stock:
                    row[key] = compute(row)
        self.usable = [one for one in self.fields.values() if not one.is_masked]

    def report(self) -> Report:
        chance, rows, conditions = self.chance, self.stock, []
        for _ in range(chance.choice([0, 1, 1, 2, 3])):
            name, value, condition = self.condition()
            if chance.random() < 0.15:
                self.words.append(("off", f"{name}={value}"))
            else:
                self.words.append((name, value))
                conditions.append(condition)
        if chance.random() < 0.3:
            nest, condition = self.nest(1)
            is_off = chance.random() < 0.1
            said = orjson.dumps(nest).decode()
            self.words.append(("off", f"match={said}") if is_off else ("match", said))
            conditions += [] if is_off else [condition]
        if chance.random() < 0.25:
            wanted = self.piece(chance.choice([*ODD, "own", "enquiry", "Merkur", "odd code", "policy"]))
            if wanted.strip():
                self.words.append(("q", wanted))
                conditions.append(lambda row: is_found(wanted, list(self.fields.values()), row))
        rows = [row for row in rows if all(one(row) for one in conditions)]
        breaks = self.breaks()
        broken = {sort.field.key for sort in breaks}
        sorts = [*breaks, *self.sorts(broken)]
        columns, totals = self.columns(broken)
        self.words.append(("rows", str(chance.choice([4, 13, 200, 200]))))
        listed = [one for one in self.usable if one.kind in ("code", "flag", "currency", "country", "reference", "text", "day", "whole")]  # fmt: skip
        return Report(
            self.reader, self.record, self.words, in_order(rows, sorts), columns, sorts,
            [sort.field for sort in breaks], totals,
            chance.choice(listed) if chance.random() < 0.3 else None,
        )  # fmt: skip

    def nest(self, depth: int) -> tuple[dict[str, Any], Condition]:
        join = self.chance.choice(["any", "all"])
        told: list[Any] = []
        parts: list[Condition] = []
        for _ in range(self.chance.choice([1, 2, 3])):
            if depth < 3 and self.chance.random() < 0.3:
                inner, condition = self.nest(depth + 1)
                told.append(inner)
            else:
                name, value, condition = self.condition()
                told.append([name, value])
            parts.append(condition)
        return {join: told}, lambda row: (any if join == "any" else all)(one(row) for one in parts)

    def condition(self) -> tuple[str, str, Condition]:
        """A filter as its address says it, and what it means."""
        one = self.chance.choice([one for one in self.usable if one.kind in OPERATORS])
        operator = self.chance.choice(OPERATORS[one.kind])
        if one.kind != "words" and self.chance.random() < 0.12:
            operator = self.chance.choice(["is_empty", "is_not_empty"])
        said, given = self.values(one, operator)
        name = one.key if operator == "is" else f"{one.key}.{operator}"
        if one.kind == "flag" and operator != "is":
            name, said, given, operator = one.key, "true", [True], "is"
        return name, said, lambda row: holds(one, operator, given, row, TODAY)

    def values(self, one: Field, operator: str) -> tuple[str, list[Any]]:
        """What a filter compares with, as its address says it and as values."""
        chance = self.chance
        if operator in ("is_empty", "is_not_empty"):
            return "1", []
        if operator in ("last", "next"):
            count, unit = chance.choice([1, 2, 7, 30]), chance.choice("dwmy")
            return f"{count}{unit}", [count, unit]
        known = [row[one.key] for row in self.stock if row[one.key] is not None]
        if one.kind == "reference" and operator in ("is", "not"):
            ids = [row[f"{one.key}_id"] for row in self.stock if row[f"{one.key}_id"]] or [uuid.uuid4()]
            some = self.some(ids)
            return ",".join(map(str, some)), some
        if one.kind in ("text", "long_text", "reference"):
            some = [
                self.piece(text, is_whole=operator in ("is", "not", "in", "not_in"))
                for text in self.some(known or ["x"])
            ]
            if operator == "matches":
                some = ["".join(chance.choice([sign] * 8 + ["*", "?"]) for sign in some[0])]
            if operator in ("in", "not_in"):
                return orjson.dumps(some).decode(), some
            return some[0], some[:1]
        if one.kind == "words":
            some = self.some(["own", "fleet", "a b", "ü", "portal"])
            return ",".join(some), some
        if one.kind == "flag":
            value = chance.choice([True, False])
            return str(value).lower(), [value]
        some = self.some(known or [self.fallback(one)])
        if operator not in ("is", "not"):
            some = some[:1]
        if one.kind == "code":
            is_closed = SOURCES[self.record].schema.field(one.key).is_closed
            some = some if is_closed else [*some, "nobody"]
        said = [value.isoformat() if one.kind in ("day", "moment") else str(value) for value in some]
        return ",".join(said), some

    def fallback(self, one: Field) -> Any:
        return TODAY if one.kind == "day" else 1 if one.kind in NUMBERS else next(iter(one.codes), "EUR")

    def some(self, values: list[Any]) -> list[Any]:
        return list(
            dict.fromkeys(self.chance.choice(values) for _ in range(self.chance.choice([1, 1, 2, 3])))
        )

    def piece(self, text: str, *, is_whole: bool = False) -> str:
        """A text, or part of it, written a little otherwise."""
        chance = self.chance
        text = text[:150]
        if not is_whole and len(text) > 1:
            start = chance.randrange(len(text) - 1)
            text = text[start : start + chance.choice([1, 2, 3, 9, 100])]
        return chance.choice([text, text, text.upper(), text.lower()])

    def breaks(self) -> list[Sort]:
        fit = [one for one in self.usable if one.kind in ("code", "flag", "currency", "country", "reference", "text", "day", "whole")]  # fmt: skip
        if self.chance.random() < 0.6:
            return []
        some = self.chance.sample(fit, self.chance.choice([1, 1, 2]))
        found = [Sort(one, self.chance.random() < 0.4, is_heading=True) for one in some]
        self.words.append(
            ("break", ",".join(f"{'-' * sort.is_descending}{sort.field.key}" for sort in found))
        )
        return found

    def sorts(self, besides: set[str]) -> list[Sort]:
        fit = [
            one for one in self.usable if one.kind not in ("words", "long_text") and one.key not in besides
        ]
        found = [
            Sort(one, self.chance.random() < 0.5, self.chance.random() < 0.3)
            for one in self.chance.sample(fit, self.chance.choice([1, 1, 2, 3]))
        ]
        said = [f"{'-' * one.is_descending}{one.field.key}{'.first' * one.are_empty_first}" for one in found]
        self.words.append(("sort", ",".join(said)))
        return found

    def columns(self, besides: set[str]) -> tuple[list[Field], list[tuple[str, Field]]]:
        """The columns shown, and totals of some, none of them the first, which is the record's name."""
        title = SOURCES[self.record].title[0]
        fit = [
            one
            for one in self.fields.values()
            if one.key not in besides and one.key != title and one.kind != "long_text"
        ]
        some = self.chance.sample(fit, self.chance.choice([2, 4, 6]))
        totals = [
            (function, one) for one in some for function in FUNCTIONS.get(one.kind, ())
            if not one.is_masked and self.chance.random() < 0.3
        ][:8] if self.chance.random() < 0.6 else []  # fmt: skip
        if totals:
            self.words.append(("total", ",".join(f"{function}.{one.key}" for function, one in totals)))
        columns = [*([self.fields[title]] if title not in besides else []), *some]
        self.words.append(("columns", ",".join(one.key for one in columns)))
        return columns, totals
