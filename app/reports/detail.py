"""The page of one record: its facts under their headings, and what belongs to it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

from flask import render_template
from markupsafe import Markup, escape
from sqlalchemy import Connection

from app.core.db import transaction
from app.core.formats import formats_for
from app.core.text import language
from app.reports import contacts
from app.reports.access import PRINT_SHEETS
from app.reports.columns import Column, columns_of
from app.reports.details import Fact, details_of
from app.reports.history import history_of_record
from app.reports.record import linked, one_row, seen_ids, title_in
from app.reports.related import followed, related
from app.reports.source import SOURCES, Door, Note, Source
from app.reports.table import fact_value, words_of
from permissions import Viewer

SMALL = 3
"""Facts that fit into half the width of a page."""

Group = tuple[str, list[Fact]]
Part = tuple[str, Any]
"""A template, and what it tells."""
Action = tuple[str, str, str]
"""Words, address and icon."""
offered: list[Callable[[Viewer, Source, uuid.UUID], Action | None]] = []
"""What other slices offer with a record of any type; filled by the factory."""
parts: list[Callable[[Viewer, Source, uuid.UUID], Part | None]] = []
"""What other slices put before the facts of a record; filled by the factory."""
told_first: list[Callable[[Source], Note | None]] = []
"""What other slices say at the head of a page that somebody was led to by what he just did; filled by the factory."""


def detail(viewer: Viewer, source: Source, record_id: uuid.UUID) -> str:
    record = record_seen(viewer, source, record_id)
    record.groups = side_by_side(record.groups)
    record.tables = related(transaction(), viewer, source, record_id)
    record.actions = actions(viewer, source, record_id)
    record.parts = [part for tell in parts if (part := tell(viewer, source, record_id))]
    record.note = next((said for tell in told_first if (said := tell(source))), record.note)
    record.history = history_of_record(transaction(), viewer, source, record_id)
    crumbs = [(str(source.area.label), f"/{source.plural}"), (record.title, None)]
    return render_template("record/detail.html", record=record, crumbs=crumbs)


def record_seen(viewer: Viewer, source: Source, record_id: uuid.UUID) -> SimpleNamespace:
    """What a record's page and its data sheet say of it; NotFound if it is not there or not for this viewer."""
    connection = transaction()
    row = one_row(connection, viewer, source, record_id)
    columns = columns_of(source, viewer.rights)
    figures = figures_of(source, columns, row)
    team = contacts.of_record(connection, viewer, source, record_id)
    told = {"status", *(key for key, _figure in figures), *team, *_currencies_told(columns, row)}
    facts, foreign = groups(connection, viewer, source, record_id, row, told)
    return SimpleNamespace(
        title=title_in(viewer, source, row),
        badge=_badge(columns, row),
        note=_note(source, columns, row, viewer.today),
        bits=_bits(source, columns, row),
        figures=[figure for _key, figure in figures],
        groups=facts,
        foreign=foreign,
        team=list(dict.fromkeys(team.values())),
    )


Figure = tuple[str, str, str, None, None, None]


def figures_of(source: Source, columns: dict[str, Column], row: dict[str, Any]) -> list[tuple[str, Figure]]:
    """The record's main amounts by column; none where there is but one, which is a fact among others."""
    formats = formats_for(language())
    found: list[tuple[str, Figure]] = []
    for key in source.figures:
        column, currency = columns.get(key), row.get(f"currency:{key}")
        if column is None or column.is_masked or row[key] is None or not currency:
            continue
        digits = 0 if row[key] == row[key].to_integral_value() else None
        words = formats.amount(row[key], currency, digits)
        found.append((key, (str(column.label), words, currency, None, None, None)))
    return found if len(found) > 1 else []


def _currencies_told(columns: dict[str, Column], row: dict[str, Any]) -> set[str]:
    """Currencies that stand beside an amount and need no line of their own."""
    return {
        column.field.currency
        for key, column in columns.items()
        if column.kind == "money" and not column.is_masked and row[key] is not None
    }


def actions(viewer: Viewer, source: Source, record_id: uuid.UUID) -> list[Action]:
    """What the viewer can do with a record, read off the functions its source offers; its data sheet first of these."""
    found = [action for offer in offered if (action := offer(viewer, source, record_id))]
    doors = (Door(PRINT_SHEETS, source.sheet, "sheet.pdf", "print"), *source.doors)
    return found + [
        (str(door.label), f"/{source.plural}/{record_id}/{door.path}", door.icon)
        for door in doors
        if viewer.may(door.function) and (door.of is None or door.of in followed(viewer, source))
    ]


def _badge(columns: dict[str, Column], row: dict[str, Any]) -> tuple[str, str] | None:
    column = columns.get("status")
    if column is None or column.is_masked or row["status"] is None:
        return None
    return column.field.words(row["status"]), (column.field.tones or {}).get(row["status"], "off")


def _note(source: Source, columns: dict[str, Column], row: dict[str, Any], today: date) -> Note | None:
    if source.opening is None:
        return None
    return source.opening(
        {key: row[key] for key in columns if key in row and not columns[key].is_masked}, today
    )


def _bits(source: Source, columns: dict[str, Column], row: dict[str, Any]) -> list[str]:
    formats = formats_for(language())
    bits = []
    for name in (source.subtitle, "policyholder", "insurer", "mandate"):
        if name == "status":
            continue  # It is the badge beside the title.
        if name in columns and name not in source.title and row.get(name) is not None:
            bits.append(words_of(columns[name], row[name], None, formats))
    return list(dict.fromkeys(bits))


def groups(
    connection: Connection,
    viewer: Viewer,
    source: Source,
    record_id: uuid.UUID,
    row: dict[str, Any],
    told: set[str],
) -> tuple[list[Group], list[Fact]]:
    """The facts under their headings, in the schema's order, and those that have only a German name. What is empty
    or `told` elsewhere is left out."""
    columns = columns_of(source, viewer.rights)
    by_target: dict[str, set[uuid.UUID]] = {}
    for key, column in columns.items():
        if row.get(f"id:{key}"):
            by_target.setdefault(column.field.to, set()).add(row[f"id:{key}"])
    reachable = {to: seen_ids(connection, viewer, SOURCES[to], ids) for to, ids in by_target.items()}
    found: dict[str, list[Fact]] = {}
    parts: list[tuple[str, list[Fact]]] = []
    foreign: list[Fact] = []
    for column in columns.values():
        if column.key in told:
            continue
        heading = str(column.field.section) if column.field.section else str(source.schema.noun)
        if column.kind == "details" and not column.is_masked:
            known = details_of(row[column.key] or {})
            found.setdefault(str(column.label), []).extend(known.own)
            parts += known.parts
            foreign += known.foreign
            continue
        if column.kind == "references":
            value = _linked(connection, viewer, source, record_id, column)
        else:
            value = fact_value(column, row, reachable)
        if value:
            found.setdefault(heading, []).append((str(column.label), value))
    return [(title, facts) for title, facts in [*found.items(), *parts] if facts], foreign


def side_by_side(groups: list[Group]) -> list[tuple[str, list[Fact], bool]]:
    """The groups, each with whether it takes half the width: two small ones in a row share a line."""
    placed: list[tuple[str, list[Fact], bool]] = []
    is_open = False
    for number, (title, facts) in enumerate(groups):
        follows = number + 1 < len(groups) and len(groups[number + 1][1]) <= SMALL
        is_half = len(facts) <= SMALL and (is_open or follows)
        placed.append((title, facts, is_half))
        is_open = is_half and not is_open
    return placed


def _linked(
    connection: Connection, viewer: Viewer, source: Source, record_id: uuid.UUID, column: Column
) -> Markup:
    """Records tied to this one by a table of links: those the viewer can open, by name."""
    target = SOURCES.get(column.field.to)
    link_name = source.links.get(column.key)
    if link_name is None or target is None or target.record == "object" or column.is_masked:
        return Markup("")
    found = linked(connection, viewer, target, link_name, source, record_id)
    names = [Markup('<a href="/{}/{}">{}</a>').format(target.plural, row[0], row[1]) for row in found]
    if not viewer.may(target.area):
        names = [escape(row[1]) for row in found]
    return Markup(", ").join(names)
