"""Expressions against the same computed in plain Python: random texts of the language over random contracts."""

from __future__ import annotations

import calendar
import datetime
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from typing import Any

import pytest

from app.core.db import drop, transaction
from app.core.text import speaking
from app.reports import query
from app.reports.computed import columns_with
from app.reports.reading import Problems, read
from tenants import current
from tenants.visibility import BERLIN
from tests.conftest import make_tenant
from tests.factories import Make
from tests.reports.test_groups_by_hand import folded
from tests.reports.viewers import looking, rates_of
from tests.sources import SOURCES

Row = dict[str, Any]
RATES = {"EUR": Decimal(1), "TTD": Decimal(2), "BBD": Decimal(5)}
"""Units for a euro; nobody quotes BZD."""
TEXTS = ["Alpha", "ALPHA", "älpha", "Straße 7", "x", "%_", "O'Neil", '"', "", None]


@dataclass
class Said:
    """A text of the language, and what it comes to for a row."""

    text: str
    value: Callable[[Row], Any]
    currency: str | None = None


def strict(function: Callable[..., Any]) -> Callable[..., Any]:
    """Nothing comes of nothing."""
    return lambda *given: None if any(one is None for one in given) else function(*given)


def both(function: Callable[..., Any], *parts: Said) -> Callable[[Row], Any]:
    return lambda row: function(*(one.value(row) for one in parts))


def half_up(number: Decimal, places: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def quotient(left: Decimal, right: Decimal) -> Decimal | None:
    return None if right == 0 else half_up(half_up(left, 20) / right, 12)


def months_later(day: datetime.date, months: Decimal) -> datetime.date | None:
    total = day.year * 12 + day.month - 1 + int(half_up(months, 0))
    year, month = divmod(total, 12)
    if not 1 <= year <= 9999:
        return None
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def days_later(day: datetime.date, days: Decimal) -> datetime.date | None:
    try:
        return day + datetime.timedelta(days=int(half_up(days, 0)))
    except OverflowError:
        return None


def months_between(start: datetime.date, end: datetime.date) -> Decimal:
    months = (end.year - start.year) * 12 + end.month - start.month
    return Decimal(months - (end.day < start.day))


def least(*given: Any) -> Any:
    return min((one for one in given if one is not None), default=None)


def largest(*given: Any) -> Any:
    return max((one for one in given if one is not None), default=None)


def convert(amount: Decimal | None, own: str | None, wanted: str) -> Decimal | None:
    if amount is None or own is None:
        return None
    if own == wanted:
        return amount
    if own not in RATES:
        return None
    return (amount / RATES[own] * RATES[wanted]).quantize(Decimal("0.01"), ROUND_HALF_EVEN)


class Author:
    """Writes expressions at random, each of a kind."""

    def __init__(self, chance: random.Random, today: datetime.date, prefix: str) -> None:
        """With a prefix, of cases and of what their contracts tell."""
        self.chance, self.today, self.prefix = chance, today, prefix

    def write(self, kind: str, depth: int = 3) -> Said:
        return getattr(self, kind)(depth)

    def pick(self, *ways: Callable[[], Said]) -> Said:
        return self.chance.choice(ways)()

    def column(self, *names: str) -> Said:
        name = self.chance.choice(names)
        return Said(self.prefix + name, lambda row: row[name])

    def number(self, depth: int) -> Said:
        chance = self.chance
        value = Decimal(chance.randrange(0, 5000)) / chance.choice([1, 10, 100])
        plain = Said(str(value), lambda row: value)
        whole = Said(f"{self.prefix}notice_period_months", lambda row: None if row["notice_period_months"] is None
                     else Decimal(row["notice_period_months"]))  # fmt: skip
        if depth == 0:
            return chance.choice([plain, whole])
        sub, day, text = (
            (lambda: self.number(depth - 1)),
            (lambda: self.day(depth - 1)),
            (lambda: self.text(depth - 1)),
        )
        if self.prefix and chance.random() < 0.2:
            part = chance.choice(["hour", "minute"])
            return self.called(part, [self.moment(depth - 1)], strict(lambda a: Decimal(getattr(a, part))))
        return self.pick(
            lambda: plain,
            lambda: self.joined("+", sub(), sub(), strict(lambda a, b: a + b)),
            lambda: self.joined("-", sub(), sub(), strict(lambda a, b: a - b)),
            lambda: self.joined("*", sub(), sub(), strict(lambda a, b: a * b)),
            lambda: self.joined("/", sub(), sub(), strict(quotient)),
            lambda: self.joined("-", day(), day(), strict(lambda a, b: Decimal((a - b).days))),
            lambda: self.ratio(depth),
            lambda: self.called("negative", [sub()], strict(lambda a: -a), form="(-{})"),
            lambda: self.called("abs", [sub()], strict(abs)),
            lambda: self.rounded(sub()),
            lambda: self.called("floor", [sub()], strict(lambda a: a.to_integral_value("ROUND_FLOOR"))),
            lambda: self.called("ceil", [sub()], strict(lambda a: a.to_integral_value("ROUND_CEILING"))),
            lambda: self.called("min", [sub(), sub()], least),
            lambda: self.called("max", [sub(), sub(), sub()], largest),
            lambda: self.called("year", [day()], strict(lambda a: Decimal(a.year))),
            lambda: self.called("quarter", [day()], strict(lambda a: Decimal((a.month + 2) // 3))),
            lambda: self.called("weekday", [day()], strict(lambda a: Decimal(a.isoweekday()))),
            lambda: self.called("days_between", [day(), day()], strict(lambda a, b: Decimal((b - a).days))),
            lambda: self.called("months_between", [day(), day()], strict(months_between)),
            lambda: self.called("length", [text()], strict(lambda a: Decimal(len(a)))),
            lambda: self.chosen(self.flag(depth - 1), sub(), sub()),
            lambda: self.called("if_empty", [sub(), sub()], lambda a, b: b if a is None else a),
        )  # fmt: skip

    def joined(self, sign: str, left: Said, right: Said, function: Callable[..., Any]) -> Said:
        return Said(f"({left.text} {sign} {right.text})", both(function, left, right), left.currency)

    def called(self, name: str, parts: list[Said], function: Callable[..., Any], form: str = "") -> Said:
        given = ", ".join(one.text for one in parts)
        text = form.format(given) if form else f"{name}({given})"
        return Said(text, both(function, *parts), parts[0].currency)

    def rounded(self, one: Said) -> Said:
        places = self.chance.randrange(0, 5)
        value = both(strict(lambda a: half_up(a, places)), one)
        return Said(f"round({one.text}, {places})", value, one.currency)

    def chosen(self, condition: Said, then: Said, otherwise: Said) -> Said:
        def value(row: Row) -> Any:
            return (then if condition.value(row) else otherwise).value(row)

        if self.chance.random() < 0.5:
            return Said(f"if({condition.text}, {then.text}, {otherwise.text})", value, then.currency)
        text = f"case when {condition.text} then {then.text} else {otherwise.text} end"
        return Said(text, value, then.currency)

    def ratio(self, depth: int) -> Said:
        left = self.money(depth - 1)
        right = self.money(depth - 1)
        if left.currency != right.currency:
            left, right = (self.converted(one, "EUR") for one in (left, right))
        return Said(f"({left.text} / {right.text})", both(strict(quotient), left, right))

    def converted(self, one: Said, wanted: str) -> Said:
        def value(row: Row) -> Any:
            own = row["currency"] if one.currency == "@" else one.currency
            return convert(one.value(row), own, wanted)

        return Said(f'convert({one.text}, "{wanted}")', value, wanted)

    def money(self, depth: int) -> Said:
        chance = self.chance
        cents = Decimal(chance.randrange(0, 100_000)) / 100
        column = self.column("premium_net", "deductible")
        column.currency = "@"
        if depth <= 0:
            return chance.choice([column, Said(f"{cents} EUR", lambda row: cents, "EUR")])
        one, number = self.money(depth - 1), lambda: self.number(depth - 1)
        other = self.money(depth - 1)
        if other.currency != one.currency:
            one, other = self.converted(one, "TTD"), self.converted(other, "TTD")
        return self.pick(
            lambda: column,
            lambda: self.joined("+", one, other, strict(lambda a, b: a + b)),
            lambda: self.joined("-", one, other, strict(lambda a, b: a - b)),
            lambda: self.joined("*", one, number(), strict(lambda a, b: a * b)),
            lambda: self.joined("/", one, number(), strict(quotient)),
            lambda: self.converted(one, chance.choice(["EUR", "BBD", "TTD"])),
            lambda: self.rounded(one),
            lambda: self.called("max", [one, other], largest),
            lambda: self.chosen(self.flag(depth - 1), one, other),
            lambda: self.called("if_empty", [one, other], lambda a, b: b if a is None else a),
        )

    def text(self, depth: int) -> Said:
        chance = self.chance
        word = chance.choice([one for one in TEXTS if one is not None])
        plain = Said('"' + word.replace('"', '""') + '"', lambda row: word)
        column = self.column("product", "currency")
        if depth <= 0:
            return chance.choice([plain, column])
        sub, count = (lambda: self.text(depth - 1)), chance.randrange(0, 6)
        return self.pick(
            lambda: column,
            lambda: self.joined("&", sub(), sub(), lambda a, b: (a or "") + (b or "")),
            lambda: self.called("concat", [sub(), sub()], lambda a, b: (a or "") + (b or "")),
            lambda: self.called("trim", [sub()], strict(lambda a: a.strip(" "))),
            lambda: self.called("left", [sub()], strict(lambda a: a[:count]), form=f"left({{}}, {count})"),
            lambda: self.called("right", [sub()], strict(lambda a: a[-count:] if count else ""), form=f"right({{}}, {count})"),
            lambda: self.called("middle", [sub()], strict(lambda a: a[1 : 1 + count]), form=f"middle({{}}, 2, {count})"),
            lambda: self.called("replace", [sub()], strict(lambda a: a.replace("a", "bc")), form='replace({}, "a", "bc")'),
            lambda: self.called("if_empty", [sub(), sub()], lambda a, b: b if a is None else a),
            lambda: self.chosen(self.flag(depth - 1), sub(), sub()),
        )  # fmt: skip

    def day(self, depth: int) -> Said:
        chance = self.chance
        day = datetime.date(2020, 1, 1) + datetime.timedelta(days=chance.randrange(4000))
        column = self.column("starts_on", "ends_on")
        if depth <= 0:
            return chance.choice(
                [column, Said(day.isoformat(), lambda row: day), Said("today()", lambda row: self.today)]
            )
        sub, number = self.day(depth - 1), self.number(depth - 1)
        if self.prefix and chance.random() < 0.3:
            start = strict(lambda a: a.date().replace(day=1))
            return self.pick(
                lambda: self.called("date", [self.moment(depth - 1)], strict(lambda a: a.date())),
                lambda: self.called("start_of_month", [self.moment(depth - 1)], start),
                lambda: self.joined("+", self.moment(depth - 1), number, strict(lambda a, n: days_later(a.date(), n))),
            )  # fmt: skip
        return self.pick(
            lambda: column,
            lambda: self.joined("+", sub, number, strict(days_later)),
            lambda: self.called("add_days", [sub, number], strict(days_later)),
            lambda: self.called("add_months", [sub, number], strict(months_later)),
            lambda: self.called("start_of_month", [sub], strict(lambda a: a.replace(day=1))),
            lambda: self.called("start_of_year", [sub], strict(lambda a: a.replace(month=1, day=1))),
            lambda: self.called("end_of_month", [sub], strict(lambda a: a.replace(day=calendar.monthrange(a.year, a.month)[1]))),
            lambda: self.called("min", [sub, column], least),
            lambda: self.chosen(self.flag(depth - 1), sub, column),
        )  # fmt: skip

    def moment(self, depth: int) -> Said:
        column = Said("changed_at", lambda row: row["changed_at"].astimezone(BERLIN))
        if depth <= 0:
            return column
        sub = lambda: self.moment(depth - 1)  # noqa: E731
        return self.pick(
            lambda: column,
            lambda: self.called("max", [sub(), sub()], largest),
            lambda: self.called("if_empty", [sub(), sub()], lambda a, b: b if a is None else a),
            lambda: self.chosen(self.flag(depth - 1), sub(), Said("empty", lambda row: None)),
        )

    def flag(self, depth: int) -> Said:
        chance = self.chance
        if self.prefix and chance.random() < 0.2:
            one, other = self.moment(max(0, depth - 1)), self.write(chance.choice(["moment", "day"]), 0)
            sign = chance.choice(["=", "<>", "<", "<=", ">", ">="])

            def beside(a: Any, b: Any) -> bool:
                is_of_days = isinstance(b, datetime.date) and not isinstance(b, datetime.datetime)
                return self.compare(sign, a.date() if a is not None and (is_of_days or b is None) else a, b)

            return Said(f"({one.text} {sign} {other.text})", both(beside, one, other))
        kind = chance.choice(["number", "text", "day", "money"])
        one, other = self.write(kind, max(0, depth - 1)), self.write(kind, max(0, depth - 1))
        if kind == "money" and one.currency != other.currency:
            one, other = self.converted(one, "EUR"), self.converted(other, "EUR")
        sign = (
            chance.choice(["=", "<>", "<", "<=", ">", ">="]) if kind != "text" else chance.choice(["=", "<>"])
        )
        compared = Said(
            f"{one.text} {sign} {other.text}", both(lambda a, b: self.compare(sign, a, b), one, other)
        )
        if depth <= 0:
            return chance.choice(
                [compared, Said(f'{self.prefix}status = "own"', lambda row: row["status"] == "own")]
            )
        sub, text, third = (lambda: self.flag(depth - 1)), self.text(depth - 1), self.text(0)
        return self.pick(
            lambda: Said(f"({compared.text})", compared.value),
            lambda: self.joined("and", sub(), sub(), lambda a, b: a and b),
            lambda: self.joined("or", sub(), sub(), lambda a, b: a or b),
            lambda: self.called("not", [sub()], lambda a: not a, form="(not {})"),
            lambda: self.called("empty", [one], lambda a: a is None, form="({} is empty)"),
            lambda: self.called("empty", [one], lambda a: a is not None, form="({} is not empty)"),
            lambda: self.joined("contains", text, third, lambda a, b: a is not None and b is not None and folded(b) in folded(a)),
            lambda: self.joined("starts with", text, third, lambda a, b: a is not None and b is not None and folded(a).startswith(folded(b))),
            lambda: Said(f'({self.prefix}status in ("own", "quote"))', lambda row: row["status"] in ("own", "quote")),
            lambda: Said(f"({one.text} in ({other.text}, empty))", both(lambda a, b: self.compare("=", a, b), one, other)),
        )  # fmt: skip

    def compare(self, sign: str, a: Any, b: Any) -> bool:
        if a is None or b is None:
            return sign == "<>"
        if isinstance(a, str):
            a, b = folded(a), folded(b)
        return {"=": a == b, "<>": a != b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[sign] if not isinstance(a, str) else (a == b) == (sign == "=")  # fmt: skip


@pytest.fixture(scope="module")
def stage(portal: Any, owner: Any, web: Any) -> Iterator[tuple[Any, Any, dict[str, Row]]]:
    with rates_of(owner, RATES):
        make, chance = Make(web, make_tenant(owner)), random.Random(11)
        holder, rows = make.policyholder(), {}
        for number in range(60):
            row = {
                "number": f"E-{number}",
                "status": chance.choice(["own", "quote", "blocked"]),
                "currency": chance.choice(["EUR", "TTD", "BBD", "BZD"]),
                "premium_net": chance.choice([None, Decimal(chance.randrange(-500, 9000)) / 100]),
                "deductible": chance.choice([None, Decimal(chance.randrange(100))]),
                "product": chance.choice(TEXTS),
                "notice_period_months": chance.choice([None, 0, 1, 3, 12]),
                "starts_on": chance.choice([None, datetime.date(2023, 1, 31) + datetime.timedelta(days=chance.randrange(800))]),
                "ends_on": chance.choice([None, datetime.date(2026, 1, 1) + datetime.timedelta(days=chance.randrange(800))]),
            }  # fmt: skip
            make.contract(holder, **row)
            rows[row["number"]] = row
        member = make.member(make.organization(holder))
        make.contract(make.policyholder("Somebody else"), number="E-60", product="Alpha", premium_net=1)
        told = {}
        for number, contract in enumerate(numbered(make)):
            # What somebody else's contract is, nobody may compute with.
            row = rows.get(f"E-{number}") or dict.fromkeys(rows["E-0"])
            moment = datetime.datetime(2026, 1, 1, tzinfo=BERLIN) + datetime.timedelta(
                minutes=chance.randrange(600_000)
            )
            make.row(
                "cases", key=f"k-{number}", subject=f"E-{number}", status="open", contract_id=contract,
                owner_id=make.user_of(member), changed_at=moment,
            )  # fmt: skip
            told[f"E-{number}"] = {**row, "changed_at": moment}
        yield looking(portal, make, member), {"": rows, "contract__": told}


def numbered(make: Make) -> list[Any]:
    """The contracts' ids in the order of their numbers."""
    with current.acting_for(make.tenant_id), make.engine.begin() as connection:
        return list(
            connection.exec_driver_sql("select id from contracts order by substr(number, 3)::int").scalars()
        )


def alike(found: Any, expected: Any) -> bool:
    return found == expected if not isinstance(found, bool) else found is bool(expected)


def compared(portal: Any, stage: Any, number: int, prefix: str = "") -> int:
    """The differences of seven expressions written at random: six columns, and a rule that finds the rows."""
    viewer, rows = stage[0], stage[1][prefix]
    source, name = (SOURCES["case"], "subject") if prefix else (SOURCES["contract"], "number")
    author = Author(random.Random(number), viewer.today, prefix)
    with localcontext() as context:
        context.prec = 400
        written = [
            author.write(kind)
            for kind in ("number", "money", "text", "day", "flag", "moment" if prefix else "number")
        ]
        rule = author.write("flag", 2)
        words = [("compute", f"c{n}:Column {n}:{one.text}") for n, one in enumerate(written, 1)]
        words += [("where", rule.text), ("rows", "200"), ("sort", name)]
        words.append(("columns", ",".join([name, *(f"c{n}" for n in range(1, 7))])))
        problems = Problems()
        state = read(words, columns_with(source, viewer.rights), source.sort, (), problems)
        if "too large" in " ".join(map(str, problems.by_control.values())):
            return 0
        assert not problems, [str(one) for one in problems.by_control.values()]
        with portal.app_context(), current.acting_for(viewer.tenant_id), speaking("en"):
            page = query.page(transaction(), viewer, source, state)
            drop()
        found = {page.values(row)[0]: page.values(row) for row in page.rows}
        wrong = []
        expected = {key for key, row in rows.items() if rule.value(row)}
        if set(found) != expected:
            wrong.append((rule.text, set(found) ^ expected))
        for key, values in found.items():
            number_, money, currency, text, day, flag, other = values[1:8]
            row = rows.get(key)
            for one, value in zip(written, (number_, money, text, day, flag, other), strict=True):
                if row is not None and not alike(value, one.value(row)):
                    wrong.append((one.text, key, value, one.value(row)))
            own = written[1].currency
            if currency is not None and currency != (row["currency"] if own == "@" else own):
                wrong.append((written[1].text, key, currency, own))
        assert not wrong, wrong[:3]
    return len(found)


def test_expressions_come_to_what_one_would_compute_by_hand(portal, stage):
    assert sum(compared(portal, stage, number) for number in range(40)) > 100


def test_so_do_those_over_moments_and_over_the_contracts_of_cases(portal, stage):
    assert sum(compared(portal, stage, number, "contract__") for number in range(40)) > 100


@pytest.mark.deep
@pytest.mark.parametrize("part", range(20))
def test_expressions_come_to_what_one_would_compute_by_hand_two_thousand_times(part, portal, stage):
    assert sum(compared(portal, stage, 1000 + part * 100 + number) for number in range(100)) > 100
