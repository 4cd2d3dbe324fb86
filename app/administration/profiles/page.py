"""The editor's page: the index of parts, and the rows of the part that is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from app.administration.profiles.draft import INHERITS, NAME, Draft, can_grant
from app.administration.profiles.grants import Inherited, Profiles, granted, inherited, needs, seen
from app.administration.profiles.parts import (
    FUNCTIONS,
    GENERAL,
    HIDE,
    MENU,
    OF_FIELDS,
    RANKS,
    Part,
    Right,
    said,
)
from app.core.text import _


class Cell(NamedTuple):
    """One level of a right. Where it is not offered there is nothing to tick."""

    level: str
    words: str
    is_offered: bool
    is_open: bool
    is_chosen: bool


@dataclass(frozen=True)
class Row:
    subject: str
    label: str
    shown: str
    cells: list[Cell]
    own: bool
    """Whether an own rule goes further than what is inherited."""
    inherited: Inherited
    is_locked: bool
    was: str | None
    """What it was, in words, if the draft changes it."""
    needs: list[str]
    """Fields without which it is not seen."""
    problem: str | None


@dataclass(frozen=True)
class Section:
    number: int
    title: str
    rows: list[Row]


@dataclass(frozen=True)
class Table:
    """A part that is shown: its sections, and the levels over its columns."""

    key: str
    title: str
    columns: list[tuple[str, str]]
    sections: list[Section]

    @property
    def is_inherited(self) -> bool:
        return any(row.inherited.level for section in self.sections for row in section.rows)


class Entry(NamedTuple):
    """A line of the index."""

    key: str
    title: str
    count: int
    deviations: int
    is_changed: bool


class Shown(NamedTuple):
    index: list[tuple[str, list[Entry]]]
    tables: list[Table]
    granted: int
    rights: int
    deviations: int


def shown(
    draft: Draft, profiles: Profiles, all_parts: list[Part], on_page: Iterable[Part], only_deviations: bool
) -> Shown:
    """What the page shows of a draft: everything in the index, the rows of some parts."""
    wish = draft.wish
    from_others = inherited({**profiles, wish.key: wish}, wish.key)
    changed = draft.changed()
    grants = granted({**profiles, wish.key: wish}, wish.key)
    really = seen(grants)

    def own(right: Right) -> bool:
        least = from_others.get(right.subject, Inherited()).level
        return RANKS[wish.rules.get(right.subject, HIDE)] > RANKS[least]

    entries = {
        part.key: Entry(
            part.key,
            part.title,
            len(part.rights),
            sum(map(own, part.rights)),
            any(right.subject in changed for right in part.rights),
        )
        for part in all_parts
    }
    fields = [entry for key, entry in entries.items() if key not in (FUNCTIONS, MENU)]
    general = Entry(GENERAL, _("Name and inheritance"), 0, 0, NAME in changed or INHERITS in changed)
    tables, number = [], 0
    for part in on_page:
        sections: dict[str, list[Row]] = {}
        for right in part.rights:
            if only_deviations and not own(right) and right.subject not in changed:
                continue
            lacks = really.get(right.subject) != grants.get(right.subject)
            row = _row(
                draft,
                right,
                from_others.get(right.subject, Inherited()),
                own(right),
                changed.get(right.subject),
                needs(right.subject, grants) if lacks else [],
            )
            sections.setdefault(right.section, []).append(row)
        if sections:
            kinds = OF_FIELDS if part.key not in (FUNCTIONS, MENU) else part.rights[0].levels
            columns = [(level, said(level, part.rights[0].subject)) for level in kinds]
            numbered = [Section(number + n, title, rows) for n, (title, rows) in enumerate(sections.items())]
            number += len(numbered)
            tables.append(Table(part.key, part.title, columns, numbered))
    every = [right for part in all_parts for right in part.rights]
    return Shown(
        [
            (_("Profile"), [general]),
            (_("Fields"), fields),
            (_("Functions and menu"), [entries[FUNCTIONS], entries[MENU]]),
        ],
        tables,
        len(grants),
        len(every),
        sum(map(own, every)),
    )


def _row(
    draft: Draft, right: Right, least: Inherited, own: bool, changed: tuple[str, str] | None, needs: list[str]
) -> Row:
    level = draft.wish.rules.get(right.subject, HIDE) if own else least.level
    kinds = OF_FIELDS if right.subject.startswith("field:") else right.levels
    cells = [
        Cell(
            one,
            said(one, right.subject),
            one in right.levels or one == level,
            RANKS[one] >= RANKS[least.level] and can_grant(draft, right, least.level, one),
            one == level,
        )
        for one in kinds
    ]
    return Row(
        right.subject,
        right.label,
        level,
        cells,
        own,
        least,
        right.is_for_staff and not draft.was.is_staff,
        said(changed[0], right.subject) if changed else None,
        needs,
        draft.problems.get(right.subject),
    )
