"""The catalogue of rights as people go through it: parts, sections, and each right in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.core.text import _, _l, folded
from app.reports.switches import PARTS as PARTS_OF_REPORTS
from permissions.catalogue import Function, Resource, catalogue

HIDE = ""
"""The level of what is not granted; all others are the actions of rules."""
RANKS = {HIDE: 0, "mask": 1, "read": 2, "edit": 3, "show": 1, "use": 1}
OF_FIELDS = (HIDE, "mask", "read", "edit")
_WORDS = {
    "mask": _l("Masked"),
    "read": _l("Can read"),
    "edit": _l("Can edit"),
    "show": _l("Shown"),
    "use": _l("On"),
}
GENERAL, FUNCTIONS, MENU = "general", "functions", "menu"


@dataclass(frozen=True)
class Right:
    """One right of the catalogue. `levels` begin with that of not having it."""

    subject: str
    label: str
    section: str
    levels: tuple[str, ...]
    is_for_staff: bool = False
    """Not to be granted to clients: refused by the rules, or commercially sensitive."""


@dataclass(frozen=True)
class Part:
    """What is shown at once: the fields of a record type, the functions, or the menu."""

    key: str
    title: str
    rights: tuple[Right, ...]


def said(level: str, subject: str) -> str:
    """A level in words."""
    if level:
        return str(_WORDS[level])
    return _("Off") if subject.startswith("function:") else _("Hidden")


def parts() -> list[Part]:
    """The whole catalogue in the reader's language."""
    fields = [
        Part(
            f"field.{schema.record}",
            str(schema.nouns),
            tuple(
                Right(
                    f"field:{schema.record}.{name}",
                    str(field.label),
                    str(field.section or schema.noun),
                    OF_FIELDS if field.given else OF_FIELDS[:-1],
                    field.broker_only,
                )
                for name, field in schema.declared().items()
            ),
        )
        for schema in catalogue.schemas()
    ]
    functions = tuple(
        Right(one.subject, str(one.label), _section(resource, one), (HIDE, "use"), one.staff_only)
        for resource in catalogue.resources
        for one in resource.functions
    )
    menu = tuple(
        Right(area.subject, str(area.label), str(area.group or _("Menu")), (HIDE, "show"), area.staff_only)
        for area in catalogue.areas()
    )
    return [*fields, Part(FUNCTIONS, _("Functions"), functions), Part(MENU, _("Menu areas"), menu)]


def _section(resource: Resource, function: Function) -> str:
    """What a function is about: its record, its area, its place among those of reports."""
    for words, of_reports in PARTS_OF_REPORTS.items():
        if function in of_reports:
            return " – ".join((_("Reports"), str(words)))
    if resource.schema:
        return str(resource.schema.nouns)
    if resource.area:
        return str(resource.area.label)
    return str(resource.label or _("Administration"))


def by_subject(all_parts: Iterable[Part]) -> dict[str, Right]:
    return {right.subject: right for part in all_parts for right in part.rights}


def found(all_parts: Iterable[Part], words: str) -> list[Part]:
    """The parts with only those rights in whose name, section or part all words stand."""
    wanted = folded(words).split()
    narrowed = []
    for part in all_parts:
        rights = tuple(
            right
            for right in part.rights
            if all(
                word in folded(f"{right.label} {right.section} {part.title} {right.subject}")
                for word in wanted
            )
        )
        if rights:
            narrowed.append(Part(part.key, part.title, rights))
    return narrowed
