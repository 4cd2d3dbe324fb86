"""What a value must be like, as conditions in SQL: one query finds everything wrong with a batch.

In the conditions `x` is a staged row: `x.given` the JSON object, `x."name"` the text of a field, null when it is
absent, null or empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from babel import Locale
from sqlalchemy import BigInteger, Column, Numeric

from app.exchange.kinds import LONGEST_INDEXED, TABLES, RecordType
from app.exchange.problems import Reason
from tenants.rules import LINKED


@dataclass(frozen=True)
class Shape:
    """Which fields the rows of a batch bring: each of them, or only some of the rows."""

    always: frozenset[str]
    sometimes: frozenset[str]

    def __contains__(self, name: str) -> bool:
        return name in self.always or name in self.sometimes

    def has(self, name: str) -> str:
        """Whether a row brings the field, in SQL."""
        if name in self.sometimes:
            return f"x.given ? {literal(name)}"
        return "true" if name in self.always else "false"


@dataclass(frozen=True)
class Check:
    """A condition under which a field is wrong, and the value to report."""

    field: str
    reason: Reason
    is_wrong: str
    value: str


def literal(text: str) -> str:
    """A text of ours in SQL; never one that came with a row."""
    return "'" + text.replace("'", "''") + "'"


def _array(texts: Any) -> str:
    return f"array[{', '.join(literal(text) for text in sorted(texts))}]::text[]"


@cache
def currencies() -> frozenset[str]:
    return frozenset(Locale("en").currencies)


@cache
def countries() -> frozenset[str]:
    return frozenset(code for code in map(str, Locale("en").territories) if len(code) == 2 and code.isalpha())


def by_key(kind_or_target: str, key: str, what: str = "id") -> str:
    """The query of one record by key. A scalar subquery: it stays a look-up in the key's index whatever the
    planner believes about a staging table it has no statistics of. A user is also known by email address."""
    table = TABLES[kind_or_target]
    if kind_or_target == "user":
        return f"""(select r.{what} from users r where r.tenant_id = %(tenant)s
                      and (r.key = {key} or r.email = lower({key})) order by r.key = {key} desc limit 1)"""
    staff = " and r.is_staff" if kind_or_target == "staff" else ""
    return f"(select r.{what} from {table} r where r.tenant_id = %(tenant)s and r.key = {key}{staff})"


def stored(kind: RecordType, what: str = "id") -> str:
    """The stored record with the row's key."""
    return f'(select s.{what} from {kind.table.name} s where s.tenant_id = %(tenant)s and s.key = x."key")'


def digits(column: Column[Any]) -> tuple[int, int]:
    """How many digits a number may have before and after the point."""
    assert isinstance(column.type, Numeric)
    precision, scale = column.type.precision, column.type.scale or 0
    return (precision or 131_072) - scale, scale


def _text(kind: RecordType, name: str) -> Iterator[Check]:
    yield Check(
        name,
        Reason.NOT_TEXT,
        f"jsonb_typeof(x.given -> {literal(name)}) not in ('string', 'null')",
        f"x.given ->> {literal(name)}",
    )
    yield Check(name, Reason.TOO_LONG, f'length(x."{name}") > {kind.longest(name)}', f'x."{name}"')


def _day(kind: RecordType, name: str) -> Iterator[Check]:
    value = f'x."{name}"'
    wrong = f"{value} !~ '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}$' or not pg_input_is_valid({value}, 'date')"
    yield Check(name, Reason.NOT_A_DAY, wrong, value)


MOMENT = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})$"


def _moment(kind: RecordType, name: str) -> Iterator[Check]:
    value = f'x."{name}"'
    wrong = f"{value} !~ '{MOMENT}' or not pg_input_is_valid({value}, 'timestamptz')"
    yield Check(name, Reason.NOT_A_MOMENT, wrong, value)


def _number(kind: RecordType, name: str) -> Iterator[Check]:
    before, after = digits(kind.table.c[kind.column(name)])
    value = f'x."{name}"'
    wrong = f"{value} !~ '^-?[0-9]{{1,{before}}}([.][0-9]{{1,{after}}}0*)?$'"
    yield Check(name, Reason.NOT_A_NUMBER, wrong, value)


def _whole(kind: RecordType, name: str) -> Iterator[Check]:
    most = 18 if isinstance(kind.table.c[name].type, BigInteger) else 9
    yield Check(name, Reason.NOT_WHOLE, f"x.\"{name}\" !~ '^-?[0-9]{{1,{most}}}$'", f'x."{name}"')


def _flag(kind: RecordType, name: str) -> Iterator[Check]:
    yield Check(name, Reason.NOT_A_FLAG, f"x.\"{name}\" not in ('true', 'false')", f'x."{name}"')


def _code(kind: RecordType, name: str) -> Iterator[Check]:
    seen = kind.fields[name]
    if seen.is_closed:
        yield Check(name, Reason.UNKNOWN_CODE, f'x."{name}" <> all({_array(seen.codes)})', f'x."{name}"')
    else:
        yield from _text(kind, name)


def _currency(kind: RecordType, name: str) -> Iterator[Check]:
    yield Check(name, Reason.UNKNOWN_CURRENCY, f'x."{name}" <> all({_array(currencies())})', f'x."{name}"')


def _country(kind: RecordType, name: str) -> Iterator[Check]:
    yield Check(name, Reason.UNKNOWN_COUNTRY, f'x."{name}" <> all({_array(countries())})', f'x."{name}"')


def _reference(kind: RecordType, name: str) -> Iterator[Check]:
    value = f'x."{name}"'
    wrong = f"{value} is not null and {by_key(kind.fields[name].to, value)} is null"
    yield Check(name, Reason.UNKNOWN_KEY, wrong, value)


def elements(name: str, row: str = "x") -> str:
    """The elements `e` of a list; none when it is no list."""
    value = f"{row}.given -> {literal(name)}"
    return f"jsonb_array_elements(case jsonb_typeof({value}) when 'array' then {value} else '[]' end) e"


def _list(name: str) -> Check:
    kind_of_json = f"jsonb_typeof(x.given -> {literal(name)})"
    return Check(
        name, Reason.NOT_A_LIST, f"{kind_of_json} not in ('array', 'null')", f"x.given ->> {literal(name)}"
    )


def _first(name: str, wrong: str) -> tuple[str, str]:
    """A condition on the elements of a list: whether one is wrong, and which."""
    return f"exists (select from {elements(name)} where {wrong})", (
        f"(select e #>> '{{}}' from {elements(name)} where {wrong} limit 1)"
    )


def _words(kind: RecordType, name: str) -> Iterator[Check]:
    yield _list(name)
    yield Check(name, Reason.NOT_TEXT, *_first(name, "jsonb_typeof(e) <> 'string' or e #>> '{}' = ''"))
    yield Check(name, Reason.TOO_LONG, *_first(name, f"length(e #>> '{{}}') > {LONGEST_INDEXED}"))


def _references(kind: RecordType, name: str) -> Iterator[Check]:
    yield _list(name)
    yield Check(name, Reason.NOT_TEXT, *_first(name, "jsonb_typeof(e) <> 'string'"))
    unknown = by_key(kind.fields[name].to, "e #>> '{}'") + " is null"
    yield Check(name, Reason.UNKNOWN_KEY, *_first(name, f"jsonb_typeof(e) = 'string' and {unknown}"))


def _links(kind: RecordType, name: str) -> Iterator[Check]:
    yield _list(name)
    shapeless = (
        "jsonb_typeof(e) <> 'object' or jsonb_typeof(e -> 'key') is distinct from 'string'"
        f" or coalesce(e ->> 'type', '') <> all({_array(LINKED)})"
        " or e - array['type', 'key'] <> '{}'"
    )
    yield Check(name, Reason.NOT_A_LINK, *_first(name, shapeless))
    yield Check(name, Reason.UNKNOWN_KEY, *_first(name, f"not ({shapeless}) and {linked_id()} is null"))


def linked_id() -> str:
    """The record a link `e` names."""
    key = "e ->> 'key'"
    branches = " ".join(f"when {literal(kind)} then {by_key(kind, key)}" for kind in LINKED)
    return f"case e ->> 'type' {branches} end"


def _details(kind: RecordType, name: str) -> Iterator[Check]:
    value = f"x.given -> {literal(name)}"
    yield Check(
        name, Reason.NOT_DETAILS, f"jsonb_typeof({value}) not in ('object', 'null')", f"({value})::text"
    )


CHECKS: dict[str, Callable[[RecordType, str], Iterator[Check]]] = {
    "text": _text,
    "long_text": _text,
    "day": _day,
    "moment": _moment,
    "number": _number,
    "percent": _number,
    "money": _number,
    "whole": _whole,
    "size": _whole,
    "flag": _flag,
    "code": _code,
    "currency": _currency,
    "country": _country,
    "reference": _reference,
    "references": _references,
    "words": _words,
    "links": _links,
    "details": _details,
}


def _is_empty_after(kind: RecordType, shape: Shape, name: str) -> str:
    """Whether a field will be empty when the row is taken: given empty, or left out and empty before."""
    before = f"{stored(kind, kind.column(name))} is null"
    if name not in shape:
        return before
    return f'x."{name}" is null and ({shape.has(name)} or {before})'


def _across(kind: RecordType, shape: Shape) -> Iterator[Check]:
    """Rules that read more than one field, or the stored record."""
    for name, seen in kind.fields.items():
        if seen.required:
            empty = f"{stored(kind)} is null"
            if name in shape:
                empty = f'x."{name}" is null and ({shape.has(name)} or {empty})'
            yield Check(name, Reason.REQUIRED, empty, "''")
        if seen.kind == "money" and (name in shape or seen.currency in shape):
            no_currency = _is_empty_after(kind, shape, seen.currency)
            wrong = f"({no_currency}) and not ({_is_empty_after(kind, shape, name)})"
            yield Check(name, Reason.NO_CURRENCY, wrong, f'x."{name}"' if name in shape else "''")
    if kind.name == "staff":
        if "email" in shape:
            yield Check(
                "email", Reason.NOT_AN_EMAIL, "x.\"email\" !~ '^[^@[:space:]]+@[^@[:space:]]+$'", 'x."email"'
            )
            yield Check("email", Reason.EMAIL_TAKEN, EMAIL_TAKEN, 'x."email"')
        yield Check("key", Reason.NOT_STAFF, f"not {stored(kind, 'is_staff')}", 'x."key"')
    if kind.kept and not kind.kept & shape.always:
        missing = f"{stored(kind)} is null"
        brought = " and ".join(f"{shape.has(name)}" for name in sorted(kind.kept))
        yield Check("file", Reason.NO_FILE, f"not ({brought}) and {missing}", "''")


EMAIL_TAKEN = """(exists (select from users u where u.tenant_id = %(tenant)s and u.email = lower(x."email")
                             and u.key is distinct from x."key")
                  or exists (select from incoming_rows o
                              where o.tenant_id = %(tenant)s and o.batch_id = %(batch)s and o.line < x.line
                                and lower(o.given ->> 'email') = lower(x."email")))"""


def staged(kind: RecordType, shape: Shape) -> str:
    """The rows of a batch with the text of every field. `offset 0` keeps each field from being dug out of the
    JSON once per condition that reads it."""
    names = {
        "key": None,
        **{name: None for name, seen in kind.fields.items() if name in shape and seen.kind not in STRUCTURED},
    }
    texts = ",\n".join(f"nullif(r.given ->> {literal(name)}, '') as \"{name}\"" for name in names)
    return f"""(select r.line, r.given, {texts} from incoming_rows r
                 where r.tenant_id = %(tenant)s and r.batch_id = %(batch)s offset 0) x"""


STRUCTURED = frozenset({"references", "words", "links", "details"})


@lru_cache(maxsize=64)
def check_sql(kind: RecordType, shape: Shape, of_references: bool = False) -> str:
    """The query of what is wrong: line, field, reason, value and how much there is in all.

    Whether references name a record is a query of its own, for batches that are refused anyway: a good batch has
    its references looked up once, when it is merged.
    """
    checks = [
        check
        for name, seen in kind.fields.items()
        if name in shape and of_references == (seen.kind == "reference")
        for check in CHECKS[seen.kind](kind, name)
    ]
    if not of_references:
        checks += _across(kind, shape)
    if not checks:
        return ""
    rows = ",\n".join(f"({literal(c.field)}, {literal(c.reason)}, {c.value}, {c.is_wrong})" for c in checks)
    anything = "\n or ".join(f"({c.is_wrong})" for c in checks)
    return f"""
        select x.line, e.field, e.reason, left(e.value, 100), count(*) over ()
          from {staged(kind, shape)}
         cross join lateral (values {rows}) e(field, reason, value, is_wrong)
         where ({anything}) and e.is_wrong
         order by x.line limit %(room)s"""


def params_of(kind: RecordType, field: str, reason: Reason) -> dict[str, Any]:
    """What the sentence of a reason names besides line, field and value."""
    if reason == Reason.UNKNOWN_CODE:
        return {"expected": ", ".join(kind.fields[field].codes)}
    if reason == Reason.TOO_LONG:
        return {"expected": LONGEST_INDEXED if kind.fields[field].kind == "words" else kind.longest(field)}
    if reason == Reason.NOT_A_NUMBER:
        before, after = digits(kind.table.c[kind.column(field)])
        return {"before": before, "after": after}
    if reason == Reason.NO_CURRENCY:
        return {"expected": kind.fields[field].currency}
    if reason == Reason.NOT_A_LINK:
        return {"expected": ", ".join(LINKED)}
    return {}
