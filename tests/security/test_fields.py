"""Every field through every channel: what a profile hides leaves no trace, what it masks shows that it is there.

The catalogue is dealt into hands. For each there is a member who lacks the fields of one hand, sees those of another
masked, and everything else in full. Whatever he can ask is asked twice, with other values stored in between: no byte
of any answer may differ. A difference is followed up field by field. `make test-deep` deals each field alone.
"""

from __future__ import annotations

import dataclasses
import datetime
import io
import re
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from itertools import cycle
from typing import Any
from unittest import mock
from urllib.parse import quote

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import text

from app.accounts import feeds
from app.reports.columns import GROUPED, OPERATORS
from app.reports.expressions.meaning import KIND_OF_COLUMN
from app.reports.far import STEP
from app.reports.grouping import CHARTS, MOST_COLUMNS, MOST_FIGURES
from app.reports.layout import MOST_TOTALS
from app.reports.reading import MOST_SORTS
from app.reports.source import Source
from permissions.arrival import hashed
from permissions.catalogue import catalogue
from tests.conftest import make_tenant
from tests.pdf import Pdf
from tests.security.later import later, prepared, subscribed
from tests.security.stock import Person, document_profile, listed, one_of_everything, unpacked, with_cookie
from tests.security.values import SOON, Field, Stage, World, all_fields
from tests.sources import SOURCES

HANDS = 5
EVERY_OPERATOR = sorted({operator for known in OPERATORS.values() for operator in known})
UNKNOWN = "nobody_knows_it"
PAST_DAYS = ("2026-01-15", "2026-02-25")
ON_A_PAGE = 8
"""Columns that fit on a page of paper, whatever they are."""
FILES = ("csv", "xlsx")
ON_ITS_PAGE_ONLY = ("long_text", "details", "references")
"""Kinds of field that stand in no table."""


@dataclass
class Member:
    """Somebody whose profile hides and masks some fields, at the client's and at the broker's."""

    client: Person
    staff: Person
    hidden: list[Field]
    masked: list[Field]
    calendar: str
    """The address of the client's calendar."""

    saved: dict[str, list[Any]] = dataclasses.field(default_factory=dict)
    """By record type, reports that somebody else saved and shared: they ask for everything this person lacks."""

    membership: uuid.UUID | None = None

    turn: int | None = None
    """Which part of the ways to look one step further is his; all of them without it."""

    jobs: dict[str, Callable[[], tuple[int, bytes]]] = dataclasses.field(default_factory=dict)
    """What jobs make for the client: mails and prepared files."""

    @cached_property
    def forms(self) -> dict[str, tuple[list[str], list[str]]]:
        return {}

    def offered(self, source: Source, person: Person) -> tuple[list[str], list[str]]:
        """The columns to group by and the figures that the form of an overview's groups offers."""
        if source.record not in self.forms:
            first = re.search(r'href="([^"]*[?;]by=[^"]*)"', person.ask(f"/{source.plural}").text)
            page = person.ask(unescape(first[1])).text if first else ""
            form = page.partition('id="grouping"')[2].partition("</form>")[0]
            self.forms[source.record] = (
                list(dict.fromkeys(re.findall(r'<option value="([a-z_.]+)"', form))),
                re.findall(r'name="group_show" value="([a-z_.]+)"', form),
            )
        return self.forms[source.record]

    @cached_property
    def described(self) -> dict[str, Any]:
        """Every record type as the portal describes it for this profile."""
        return self.staff.ask("/api/openapi.json").json["components"]["schemas"]

    def columns(self, source: Source) -> list[str]:
        """What the portal itself says it could show in a table of these records."""
        known = self.described[source.record.capitalize()]["properties"]
        fields = source.schema.declared().items()
        return [name for name, field in fields if name in known and field.kind not in ON_ITS_PAGE_ONLY]

    def further(self, source: Source) -> list[str]:
        """The columns one step further, as the portal describes them."""
        return [name for name in self.described[source.record.capitalize()]["properties"] if STEP in name]


@pytest.fixture(scope="module", autouse=True)
def patient_calendars() -> Iterator[None]:
    """They are asked for as often as everything else here."""
    with mock.patch.object(feeds, "MOST_FETCHES", 10**6):
        yield


@pytest.fixture(scope="module")
def rated(owner: Any) -> Iterator[None]:
    """Rates that differ from day to day, of currencies nobody trades in."""
    with owner.begin() as connection:
        for currency, factor in (("XTS", 2), ("CHF", 3)):
            for year in range(SOON.year - 4, SOON.year + 1):
                for month in (1, 4, 7, 10):
                    connection.execute(
                        text("insert into exchange_rates values (:c, :d, :r, 'test') on conflict do nothing"),
                        {
                            "c": currency,
                            "d": datetime.date(year, month, 1),
                            "r": factor + year % 10 + month / 100,
                        },
                    )
    yield
    with owner.begin() as connection:
        connection.execute(text("delete from exchange_rates where source = 'test'"))


@pytest.fixture(scope="module")
def world(portal: Flask, owner: Any, web: Any, rated: None) -> World:
    make = Stage(web, make_tenant(owner))
    people = [make.user("Anna alpha 0001"), make.user("Zita zulu 0001")]
    stocks = []
    for number, word in enumerate(("Alpha", "Zulu")):
        stock = one_of_everything(make, word, make.mandate(f"{word} unit 0001"), [])
        make.change("insurers", stock["insurer"], name=f"{word} insurer 0001")
        stocks.append({**stock, "user": people[number]})
    organization = make.organization(
        *(stock["policyholder"] for stock in stocks), document_profile_id=document_profile(make),
        profile_currency="XTS", valuation="contract_start",
    )  # fmt: skip
    world = World(make, organization, *stocks)
    world.exchange(all_fields(), 2, world.second)
    world.exchange(all_fields(), 0, world.first)
    world.give_past()
    return world


def member_without(portal: Flask, world: World, hidden: list[Field], masked: list[Field]) -> Member:
    make = world.make
    gone, veiled = {field.subject for field in hidden}, {field.subject for field in masked}
    subjects = [subject for subject, _actions in catalogue.subjects() if subject not in gone]
    levels = dict.fromkeys(veiled, "mask")
    membership = make.member(world.organization, make.profile(*subjects, **levels))
    # He takes part in both cases, whoever they belong to.
    for stock in (world.first, world.second):
        make.row("case_participants", case_id=stock["case"], user_id=make.user_of(membership))
        # Else the first of many looks at it would be another than the others.
        make.row("message_readings", message_id=stock["message"], user_id=make.user_of(membership))
    staff = make.user(is_staff=True, profile_id=make.profile(*subjects, is_staff=True, **levels))
    secret = uuid.uuid4().hex
    make.row(
        "calendar_feeds", token_hash=hashed(secret), user_id=make.user_of(membership), membership_id=membership
    )  # fmt: skip
    return Member(
        with_cookie(portal, make, membership=membership),
        with_cookie(portal, make, user=staff),
        hidden,
        masked,
        f"/calendar/{secret}.ics",
        {record: saved_by_another(world, record, [*hidden, *masked]) for record in SOURCES},
        membership,
    )


def saved_by_another(world: World, record: str, lacked: list[Field]) -> list[Any]:
    """Reports of somebody who has every right, shared with all. They ask for everything another lacks: as columns and
    order, as filters, and as groups with their figures."""
    names = [field.name for field in lacked if field.record == record]
    documents: list[dict[str, list[str]]] = [
        {
            "columns": [",".join(SOURCES[record].schema.declared())],
            "sort": [",".join(f"-{name}" for name in names)],
        },
        {field.name: [asked_value(world, field)] for field in lacked if field.record == record},
        {"by": [",".join(names)], "show": [",".join(["count", *(f"max.{name}" for name in names)])]},
    ]
    return [
        world.make.row(
            "saved_reports", owner_id=world.first["user"], source=record, name=f"{record} {uuid.uuid4()}",
            sharing="all", document=document,
        )
        for document in documents
        if names
    ]  # fmt: skip


def asked_value(world: World, field: Field) -> str:
    """The first record's value as an address says it."""
    value = world.values(field)[0]
    return str(next(iter(value), "")) if isinstance(value, list | set | dict) else str(value).lower()


def channels(world: World, member: Member) -> Iterator[tuple[Person, str]]:
    """Everything there is to ask that could show a record, and who asks it."""
    client, staff = member.client, member.staff
    for source in SOURCES.values():
        # Insurers and broker units have pages for the broker's people only.
        person = staff if source.record in ("insurer", "mandate") else client
        listed = ",".join(member.columns(source))
        if listed:
            yield person, f"/{source.plural}?columns={listed}"
            yield from ((person, f"/{source.plural}.{ending}?columns={listed}") for ending in FILES)
            yield from (
                (person, f"/{source.plural}.pdf?columns={','.join(some)}")
                for some in batched(listed.split(","), ON_A_PAGE)
            )
            yield from ((person, path) for path in in_groups(source, member, person))
            yield from ((person, path) for path in in_formulas(source, member, person))
            yield from ((person, path) for path in in_other_views(source, member, person))
        yield from ((person, path) for path in one_step_further(source, member))
        if source.past is not None:
            yield from ((person, path) for path in in_the_past(source, member, person))
        for report in member.saved[source.record]:
            yield person, f"/{source.plural}?report={report}"
            yield person, f"/{source.plural}.csv?report={report}"
        yield person, f"/{source.plural}"
        yield person, f"/api/v1/{source.plural}"
        yield person, f"/api/v1/{source.plural}?limit=1"
        yield person, f"/{source.plural}/{world.first[source.record]}"
        yield person, f"/{source.plural}/{world.second[source.record]}"
        yield person, f"/{source.plural}/{world.first[source.record]}/sheet.pdf"
        yield person, f"/api/v1/{source.plural}/{world.first[source.record]}"
        for relation in source.related:
            other = SOURCES[relation.record]
            yield person, f"/api/v1/{other.plural}?of={source.record}:{world.first[source.record]}"
    for field in [*member.hidden, *member.masked]:
        for value in world.values(field)[:2]:
            if isinstance(value, str):
                yield client, f"/api/v1/{field.source.plural}?q={quote(searched(field, value))}"
    yield client, f"/policyholders/{world.first['policyholder']}/summary.pdf"
    yield client, "/"
    for part in ("", "/outbox", "/history"):
        yield client, f"/mailbox{part}"
    yield staff, "/"
    yield client, "/api/openapi.json"
    yield client, member.calendar


def in_groups(source: Source, member: Member, person: Person) -> Iterator[str]:
    """Every column to group by and every figure that the portal itself offers: in groups, charts and pivot tables by
    turns."""
    columns, figures = member.offered(source, person)
    kinds = cycle(CHARTS)
    for number, some in enumerate(batched(columns, MOST_COLUMNS)):
        *down, last = some
        if number % 2 and down:
            yield f"/{source.plural}?by={','.join(down)}&across={last}"
        else:
            yield f"/{source.plural}?by={','.join(some)}&chart={next(kinds)}"
    for number, some in enumerate(batched(figures if columns else [], MOST_FIGURES)):
        across = f"&across={columns[1]}" if number % 2 and len(columns) > 1 else ""
        for ending in FILES:
            yield f"/{source.plural}.{ending}?by={columns[0]}{across}&show={','.join(some)}"
        yield f"/{source.plural}?by={columns[0]}&show={','.join(some)}&chart={next(kinds)}"
        yield f"/{source.plural}.pdf?by={columns[0]}{across}&show={','.join(some)}&chart={next(kinds)}"
        yield f"/api/v1/{source.plural}?by={columns[0]}{across}&show={','.join(some)}"


def one_step_further(source: Source, member: Member) -> Iterator[str]:
    """What the records that these refer to tell here: in tables, files and past ones, in order, groups and formulas."""
    known = member.further(source)

    def turns(names: list[str], size: int) -> Iterator[list[str]]:
        """All columns are shown to everybody; in which other ways is dealt, for there are some hundred of them."""
        for number, some in enumerate(batched(names, size)):
            if member.turn is None or number % HANDS == member.turn:
                yield some

    described = member.described[source.record.capitalize()]["properties"]
    for some in batched(known, 12):
        listed = ",".join(some)
        yield f"/{source.plural}?columns={listed}"
        yield f"/{source.plural}.csv?columns={listed}"
        yield f"/api/v1/{source.plural}?fields={listed}"
        if source.past is not None:
            kept = [name for name in some if SOURCES[to_of(source, name)].past is not None]
            for day in PAST_DAYS if kept else ():
                yield f"/{source.plural}.csv?as_of={day}&columns={','.join(kept)}"
            yield f"/{source.plural}/changes.csv?from={PAST_DAYS[0]}&to=2026-04-01&columns={listed}"
    read = [name for name in known if not described[name].get("description", "").startswith("Masked")]
    kinds = {name: SOURCES[to_of(source, name)].schema.field(name.partition(STEP)[2]).kind for name in read}
    ordered = [name for name in read if kinds[name] not in ("words", "references", "details")]
    for some in turns(ordered, MOST_SORTS):
        yield f"/api/v1/{source.plural}?fields={some[0]}&sort=-{',-'.join(some)}"
    grouped = [name for name in read if kinds[name] in GROUPED]
    for some in turns(grouped, 2):
        yield f"/api/v1/{source.plural}?by={','.join(some)}"
        yield f"/{source.plural}?columns={some[0]}&break={','.join(some)}"
    amounts = [name for name in read if kinds[name] == "money"]
    for some in turns(amounts if grouped else [], MOST_FIGURES):
        yield f"/{source.plural}.csv?by={grouped[0]}&show={','.join(f'sum.{name}' for name in some)}"
    for some in turns([name for name in read if kinds[name] in KIND_OF_COLUMN], 6):
        words = "&".join(f"compute=c{n}:C{n}:if_empty({name}, empty)" for n, name in enumerate(some, 1))
        rule = " or ".join(f"{name} is empty" for name in some)
        yield f"/{source.plural}.csv?{words}&columns={','.join(f'c{n}' for n in range(1, len(some) + 1))}"
        yield f"/{source.plural}?where={rule}"


def to_of(source: Source, name: str) -> str:
    """The record type behind a column one step further."""
    return source.schema.field(name.partition(STEP)[0]).to


def in_formulas(source: Source, member: Member, person: Person) -> Iterator[str]:
    """Every column one can compute with in computed ones, as a rule, a highlight and a condition among others; every
    column that makes groups as headings over rows with totals, and as a list of values."""
    properties = member.described[source.record.capitalize()]["properties"]
    usable = [
        name for name in member.columns(source)
        if source.schema.field(name).kind in KIND_OF_COLUMN and source.schema.field(name).filter
        and not properties[name].get("description", "").startswith("Masked")
    ]  # fmt: skip
    for some in batched(usable, 6):
        words = "&".join(f"compute=c{n}:C{n}:if_empty({name}, empty)" for n, name in enumerate(some, 1))
        words += f"&columns={','.join(f'c{n}' for n in range(1, len(some) + 1))}&sort=-c1"
        words += "".join(f"&mark=info::M:{name} is not empty" for name in some)
        yield f"/{source.plural}?{words}"
        yield f"/{source.plural}.csv?{words}"
        rule = " or ".join(f"{name} is empty" for name in some)
        nest = f'{{"any":[["{some[0]}.is_empty","1"],["{some[-1]}.is_not_empty","1"]]}}'
        yield f"/{source.plural}?where={rule}&match={nest}"
    columns, figures = member.offered(source, person)
    plain = [name for name in columns if "." not in name]
    totals = ",".join([one for one in figures if not one.startswith("share")][:MOST_TOTALS])
    for some in batched([name for name in plain if source.schema.field(name).sort], 2):
        yield f"/{source.plural}?break={','.join(some)}&total={totals}"
        yield f"/{source.plural}.pdf?columns={some[0]}&break={','.join(some)}&total={totals}"
    for name in plain:
        yield f"/{source.plural}/values?of_column={name}"


def in_other_views(source: Source, member: Member, person: Person) -> Iterator[str]:
    """Everything there is as tiles and a row at a time, under headings, highlighted, with every share that the portal
    offers, in the table too; and the way from a row of the table to it alone."""
    listed, (columns, figures) = ",".join(member.columns(source)), member.offered(source, person)
    shares = [one for one in figures if one.startswith("share.")][:MOST_TOTALS]
    words = f"columns={listed}&total={','.join(shares)}"
    sortable = [name for name in columns if "." not in name and source.schema.field(name).sort]
    broken = f"&break={sortable[-1]}" if sortable else ""
    for view in ("tiles", "row"):
        yield f"/{source.plural}?view={view}"
        yield f"/{source.plural}?view={view}&{words}{broken}"
    if shares:
        yield f"/{source.plural}?{words}{broken}&density=compact"
        few = ",".join(one.partition(".")[2] for one in shares[:3])
        yield f"/{source.plural}.pdf?columns={few}&total={','.join(shares[:3])}{broken}"
    yield f"/{source.plural}?{words}{broken}&row=2"
    yield f"/{source.plural}?columns={listed}&row=1"


def in_the_past(source: Source, member: Member, person: Person) -> Iterator[str]:
    """An overview as it stood: before, and while what he may not read was otherwise once more; and what changed."""
    since, until = PAST_DAYS
    for words in (f"from={since}&to={until}", f"from={until}&to=2026-04-01"):
        yield f"/{source.plural}/changes?{words}"
        yield f"/{source.plural}/changes.csv?{words}"
    for day in PAST_DAYS:
        listed = ",".join(member.columns(source))
        if listed:
            yield f"/{source.plural}?as_of={day}&columns={listed}"
            yield f"/{source.plural}.csv?as_of={day}&columns={listed}"
        yield f"/api/v1/{source.plural}?as_of={day}"
        columns, figures = member.offered(source, person)
        for some in batched(columns, MOST_COLUMNS):
            yield f"/{source.plural}?as_of={day}&by={','.join(some)}&chart=bars"
        for some in batched(figures if columns else [], MOST_FIGURES):
            yield f"/{source.plural}.csv?as_of={day}&by={columns[0]}&show={','.join(some)}"


def batched(names: list[str], size: int) -> Iterator[list[str]]:
    return (names[start : start + size] for start in range(0, len(names), size))


def searched(field: Field, value: str) -> str:
    return field.declared.words(value) if field.declared.kind == "code" else value


TILES = "tiles"
"""The home page's other view, chosen by a cookie."""


def answers(world: World, member: Member, only: set[str] | None = None) -> dict[str, tuple[int, bytes]]:
    """What everything says now, or only these addresses."""
    found = {}
    # Asked for first: the reports that are kept for it stand in menus.
    later_ones = made_later(world, member)
    for person, path in channels(world, member):
        name = f"{'staff' if person is member.staff else 'client'} {path}"
        if only is None or name in only:
            answer = person.ask(path)
            found[name] = (answer.status_code, unpacked(answer.data))
    for name, ask in later_ones.items():
        if only is None or name in only:
            found[name] = ask()
    if only is None or TILES in only:
        browser, domain = member.client.browser, member.client.browser.base.removeprefix("http://")
        browser.client.set_cookie("home", "icons", domain=domain)
        tiles = member.client.ask("/")
        browser.client.delete_cookie("home", domain=domain)
        found[TILES] = (tiles.status_code, tiles.data)
    return found


def made_later(world: World, member: Member) -> dict[str, Callable[[], tuple[int, bytes]]]:
    """The mails and files that jobs make for the client, asked for once."""
    if not member.jobs:
        make, membership = world.make, member.membership
        assert membership is not None
        everything = {
            record: make.row(
                "saved_reports", owner_id=world.first["user"], source=record, name=f"{record} {uuid.uuid4()}", sharing="all",
                document={"columns": [",".join(source.schema.declared())]},
            )
            for record, source in SOURCES.items()
        }  # fmt: skip
        mails = subscribed(
            make, membership, {key: [one, *member.saved[key]] for key, one in everything.items()}
        )
        files = prepared(make, membership, {one.record: member.columns(one) for one in SOURCES.values()})
        member.jobs |= later(member.client.browser.client.application, make, mails, files)
    return member.jobs


def changed_by(world: World, member: Member, fields: list[Field], only: set[str] | None = None) -> set[str]:
    """The answers that differ when the first records hold other values in these fields."""
    before = answers(world, member, only)
    # Where what ties two records is hidden, there is no way from one to the other; a row's number leads to the row.
    broken = {
        path: status
        for path, (status, _) in before.items()
        if status
        not in ((200, 404, 422) if "?of=" in path else (303, 404) if "&row=" in path else (200, 404))
    }
    assert broken == {}, f"without {names(member.hidden)}, masked {names(member.masked)}"
    world.exchange(fields, 1)
    try:
        after = answers(world, member, only)
    finally:
        world.exchange(fields, 0)
    return {path for path in before if before[path] != after[path]}


def names(fields: list[Field]) -> str:
    return ", ".join(map(str, fields))


def leaks(world: World, member: Member) -> dict[str, set[str]]:
    """For each field that leaves a trace, the addresses where it does."""
    fields = [*member.hidden, *member.masked]
    told = changed_by(world, member, fields)
    found = {
        f"{'hidden' if field in member.hidden else 'masked'} {field}": paths
        for field in (fields if told else [])
        if (paths := changed_by(world, member, [field], told))
    }
    if told and not found:
        # His pages tell of the files that jobs made for him the first time they were asked. They are there now.
        told = changed_by(world, member, fields, told)
    return found or ({"several together": told} if told else {})


def hands() -> list[tuple[list[Field], list[Field]]]:
    """The fields of the catalogue, dealt so that neighbours never share a hand; masked is what another hand hides."""
    fields = all_fields()
    dealt = [fields[number::HANDS] for number in range(HANDS)]
    return [(dealt[number], dealt[(number + HANDS // 2) % HANDS]) for number in range(HANDS)]


@pytest.fixture(scope="module")
def members(portal: Flask, world: World) -> dict[int, Member]:
    found = {number: member_without(portal, world, *hand) for number, hand in enumerate(hands())}
    for number, member in found.items():
        member.turn = number
    return found


@pytest.mark.parametrize("number", range(HANDS))
def test_other_values_in_hidden_and_masked_fields_change_no_byte_of_any_answer(number, world, members):
    found = leaks(world, members[number])
    assert not found, listed(found.items())


def test_the_watch_is_awake(portal, world):
    """What those members must not notice reaches whoever sees every field, through every channel of its record."""
    watcher = member_without(portal, world, [], [])
    seen = changed_by(world, watcher, all_fields())
    plurals = [source.plural for source in SOURCES.values()]
    wanted = [f"/api/v1/{plural}" for plural in plurals]
    wanted += [f"/{plural}.{ending}" for plural in plurals for ending in FILES]
    remembered = [source for source in SOURCES.values() if source.past is not None]
    assert len(remembered) == 3
    for source in remembered:
        wanted += [f"/api/v1/{source.plural}?as_of={day}" for day in PAST_DAYS]
        wanted += [
            f"/{source.plural}.csv?as_of={PAST_DAYS[1]}",
            f"/{source.plural}/{world.first[source.record]}",
        ]
    wanted += [f"/{plural}.pdf" for plural in plurals] + ["/sheet.pdf", "/summary.pdf"]
    of_clients = [record for record in SOURCES if record not in ("insurer", "mandate")]
    wanted += [f"{what} {record}" for what in ("file", "mail") for record in of_clients]
    silent = [path for path in wanted if not any(path in one for one in seen)]
    assert silent == []
    assert {"client /", "staff /", f"client {watcher.calendar}"} <= seen


def words_of(body: bytes) -> str:
    return Pdf(body).text if body.startswith(b"%PDF") else body.decode()


def refused(person: Person, field: Field, templates: Iterable[str]) -> list[str]:
    """The ways of asking by which a field is told apart from one that does not exist."""
    found = []
    for template in templates:
        if f"by={field.name}&" in template:
            continue  # Grouped by the field itself, which is asked for already.
        base = f"/{field.source.plural}" if template in ON_PAGES else f"/api/v1/{field.source.plural}"
        own, other = (
            person.ask(f"{base}?{template.replace('NAME', name)}") for name in (field.name, UNKNOWN)
        )
        if own.status_code != 422 or told(own.text, field.name) != told(other.text, UNKNOWN):
            found.append(f"{field} {base}?{template} {own.status_code}")
    return found


@pytest.mark.parametrize("number", range(HANDS))
def test_a_hidden_field_is_refused_like_one_that_does_not_exist(number, world, members):
    member, wrong = members[number], []
    for field in member.hidden:
        operators = OPERATORS.get(field.declared.kind, ("is",))[-2:]
        wrong += refused(asking(member, field), field, [*BY_NAME, *(f"NAME.{one}=1" for one in operators)])
    assert not wrong, listed(wrong)


@pytest.mark.parametrize("number", range(HANDS))
def test_a_field_hidden_at_either_end_is_refused_one_step_further_like_one_that_does_not_exist(
    number, world, members
):
    member, wrong = members[number], []
    gone = {(field.record, field.name) for field in member.hidden}
    for source in SOURCES.values():
        for near, field in source.schema.declared().items():
            if field.kind != "reference" or field.to not in SOURCES:
                continue
            there = SOURCES[field.to].schema.declared()
            lost = [name for name in there if (field.to, name) in gone]
            for name in list(there)[:2] if (source.record, near) in gone else lost:
                asked = Field(source.record, f"{near}{STEP}{name}")
                wrong += refused(asking(member, asked), asked, FURTHER)
    assert not wrong, listed(wrong)


@pytest.mark.deep
@pytest.mark.parametrize("number", range(HANDS))
def test_a_hidden_field_is_refused_by_every_operator(number, world, members):
    member, wrong = members[number], []
    for field in member.hidden:
        wrong += refused(asking(member, field), field, [f"NAME.{one}=1" for one in EVERY_OPERATOR])
    assert not wrong, listed(wrong)


ON_PAGES = (
    "sort=NAME&columns=NAME&NAME=1", "filter_field=NAME&filter_operator=is&filter_value=1", "by=NAME",
    "by=NAME.year", "by=status&show=count,sum.NAME", "by=status&show=max.NAME", "by=status&order=-NAME",
    "group_by=NAME&group_show=min.NAME", "by=status&across=NAME", "by=NAME&across=NAME.month",
    "by=status&show=median.NAME,share.NAME,distinct.NAME&chart=scatter", "group_by=status&group_across=NAME",
    "compute=c1:C:NAME", "where=NAME is empty", "mark=info:NAME:M:true", "mark=info::M:NAME = 1", "off=NAME=1",
    'match={"any":[["NAME","1"]]}', "break=NAME", "total=sum.NAME", "titled=NAME:T", "wide=NAME:l",
)  # fmt: skip
FURTHER = (
    "sort=NAME&columns=NAME&NAME=1",
    "by=NAME",
    "where=NAME is empty",
    "fields=NAME",
    "NAME.is_empty=1",
)
BY_NAME = (*ON_PAGES, "sort=-NAME", "fields=NAME", "NAME=1")
"""Ways to ask for a field by its name, on pages and over the API."""


def asking(member: Member, field: Field) -> Person:
    """Insurers and broker units have pages for the broker's people only."""
    return member.staff if field.record in ("insurer", "mandate") else member.client


def told(text: str, name: str) -> str:
    """An answer without the name that was asked for, wherever it repeats the address or the name in words."""
    before = "|".join(
        map(
            re.escape,
            (
                "“",
                "‘",
                "=",
                "=-",
                "%3D",
                "%3D-",
                "?",
                "&amp;",
                ".",
                "%2C",
                ":",
                "%3A",
                "&#34;",
                "%22",
                ",",
                "%2C-",
            ),
        )
    )
    return re.sub(rf"({before}){name}(?![a-z_-])", r"\1NAME", text)


@pytest.mark.parametrize("number", range(HANDS))
def test_a_hidden_field_is_described_nowhere(number, world, members):
    member, wrong = members[number], []
    documents = {
        True: member.staff.ask("/api/openapi.json").json, False: member.client.ask("/api/openapi.json").json
    }  # fmt: skip
    for field in member.hidden:
        person = asking(member, field)
        described = documents[person is member.staff]
        record = described["components"]["schemas"][field.record.capitalize()]["properties"]
        parameters = described["paths"][f"/api/v1/{field.source.plural}"]["get"]["parameters"]
        asked = [one["name"].split(".")[0] for one in parameters]
        one = person.ask(f"/api/v1/{field.source.plural}/{world.first[field.record]}").json
        if any(name in place for place in (record, asked, one) for name in (field.name, f"{field.name}_id")):
            wrong.append(str(field))
    assert not wrong, listed(wrong)


@pytest.mark.parametrize("number", range(HANDS))
def test_a_masked_field_shows_its_mask_and_serves_for_nothing_else(number, world, members):
    member, wrong = members[number], []
    for field in member.masked:
        person = asking(member, field)
        base, name = f"/api/v1/{field.source.plural}", field.name
        if field.declared.kind == "references":
            continue
        shown = person.ask(f"{base}/{world.first[field.record]}").json
        if name in shown and not str(shown[name]).startswith("•••"):
            wrong.append((str(field), shown[name]))
        for words in (
            f"sort={name}",
            f"sort=-{name}",
            *(f"{name}.{operator}=1" for operator in EVERY_OPERATOR),
        ):
            if person.ask(f"{base}?{words}").status_code != 422:
                wrong.append((str(field), words))
        file = person.ask(f"/{field.source.plural}.csv?columns={name}")
        if file.status_code == 200:
            lines = file.get_data(as_text=True).splitlines()[1:]
            cells = [line.replace(";", ",").split(",")[0].strip('"') for line in lines]
            book = load_workbook(io.BytesIO(person.ask(f"/{field.source.plural}.xlsx?columns={name}").data))
            cells += [cell.value for cell in book.worksheets[0]["A"] if cell.value and not cell.font.bold]
            if not all(cell.startswith("•••") for cell in cells):
                wrong.append((str(field), cells))
    assert not wrong, listed(wrong)


def test_a_hidden_title_stands_on_no_page_that_refers_to_it(portal, world):
    """Without contract numbers no claim, invoice, case or document says which contract it belongs to."""
    field = Field("contract", "number")
    member = member_without(portal, world, [field], [])
    number = world.values(field)[0]
    shown = [path for path, (_, body) in answers(world, member).items() if number in words_of(body)]
    # The search that was asked for stands in the search box, and finds nothing.
    assert [path for path in shown if "?q=" not in path] == []


@pytest.mark.deep
@pytest.mark.parametrize("way", ["hidden", "masked"])
@pytest.mark.parametrize("number", range(150))
def test_each_field_alone(way, number, portal, world):
    fields = all_fields()
    if number >= len(fields):
        pytest.skip("there are fewer fields")
    alone = [fields[number]]
    member = member_without(portal, world, *((alone, []) if way == "hidden" else ([], alone)))
    assert leaks(world, member) == {}
