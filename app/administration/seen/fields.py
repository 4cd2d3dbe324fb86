"""What somebody's profile lets him read of a record type, and what it lets him do, each with the profile that says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, select

from app.administration.seen.answers import Answer
from app.core.schema import Label
from app.reports.columns import Column, columns_of
from app.reports.source import SOURCES, Source
from permissions import Function, Level, Viewer
from permissions.catalogue import catalogue
from permissions.grants import Grant
from tenants.models import Tenant

ACTIONS = {"mask": Level.MASKED, "read": Level.READ, "edit": Level.EDIT}


@dataclass(frozen=True)
class FieldSeen:
    key: str
    label: Label
    level: Level
    why: str
    """granted, not_granted, broker_only, off_here: hidden by the broker for the organization, or needs: another field
    that he does not read."""
    grant: Grant | None = None
    needs: Label | None = None


@dataclass(frozen=True)
class FunctionHeld:
    function: Function
    is_on: bool
    why: str
    """granted, not_granted, staff_only, off_for_all or off_here: switched off by the broker, for the organization."""
    grant: Grant | None = None


def askable(asker: Viewer, source: Source) -> dict[str, Column]:
    """The fields of a record type that somebody may ask about: those he has himself, where its area is his."""
    return columns_of(source, asker.rights) if asker.may(source.area) else {}


def fields_of(asker: Viewer, source: Source, answer: Answer) -> list[FieldSeen]:
    """The fields of a record type, of those that the asker may ask about."""
    return [_field(source, name, answer) for name in askable(asker, source)]


def _field(source: Source, name: str, answer: Answer) -> FieldSeen:
    field = source.schema.field(name)
    column = columns_of(source, answer.person.rights).get(name) if answer.person else None
    level = column.level if column else Level.HIDDEN
    grant = answer.grants.get(f"field:{source.record}.{name}")
    if grant is None:
        is_closed = field.broker_only and not answer.place.is_staff
        return FieldSeen(name, field.label, level, "broker_only" if is_closed else "not_granted")
    if answer.person and answer.person.level(source.record, name) is Level.HIDDEN:
        return FieldSeen(name, field.label, level, "off_here", grant)
    if level < ACTIONS[grant.action] and answer.person:
        return FieldSeen(name, field.label, level, "needs", grant, _needed(source, name, answer.person))
    return FieldSeen(name, field.label, level, "granted", grant)


def _needed(source: Source, name: str, person: Viewer) -> Label:
    """The first field without which this one is not shown in full."""
    field = source.schema.field(name)
    others = [(source, other) for other in field.derived_from]
    if field.kind == "money":
        others.append((source, field.currency))
    if field.kind in ("reference", "references") and field.to in SOURCES:
        others.append((SOURCES[field.to], SOURCES[field.to].title[0]))
    weakest = min(others, key=lambda one: person.level(one[0].record, one[1]))
    return weakest[0].schema.field(weakest[1]).label


def functions_of(connection: Connection, asker: Viewer, answer: Answer) -> Iterator[FunctionHeld]:
    """The functions, of those that the asker has himself."""
    if (person := answer.person) is None:
        return
    off_for_all = set(
        connection.execute(
            select(Tenant.report_functions_off).where(Tenant.tenant_id == asker.tenant_id)
        ).scalar_one()
    )
    for function in catalogue.functions():
        if not asker.may(function):
            continue
        grant = answer.grants.get(function.subject)
        if grant is None:
            why = "not_granted"
        elif function.staff_only and not person.is_staff:
            why = "staff_only"
        elif person.may(function):
            why = "granted"
        else:
            why = "off_for_all" if function.key in off_for_all else "off_here"
        yield FunctionHeld(function, person.may(function), why, grant)
