"""What a change of an organization's rules would do, in words and numbers."""

from __future__ import annotations

import datetime
import uuid
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, text

from app.administration.effects import RUNNING, Effect, Moved
from app.administration.words import BOXES
from app.core.formats import formats_for
from app.core.text import _, _n, labelled, language
from tenants import current, visibility
from tenants.models import STATE_BOXES
from tenants.rules import STATE_BOXES_MATCH

COUNTED: dict[str, Callable[[int], str]] = {
    "policyholder": lambda n: _n("{n} policyholder", "{n} policyholders", n, n=_figure(n)),
    "contract": lambda n: _n("{n} contract", "{n} contracts", n, n=_figure(n)),
    "object": lambda n: _n("{n} object", "{n} objects", n, n=_figure(n)),
    "claim": lambda n: _n("{n} claim", "{n} claims", n, n=_figure(n)),
    "invoice": lambda n: _n("{n} invoice", "{n} invoices", n, n=_figure(n)),
    "certificate": lambda n: _n("{n} certificate", "{n} certificates", n, n=_figure(n)),
    "document": lambda n: _n("{n} document", "{n} documents", n, n=_figure(n)),
}

BY_BOX = f"""
    select c.boxes, c.mandate, count(*) as number
      from (select m.name as mandate,
                   array(select o.states[1] from (select array[b] as states from unnest(cast(:boxes as text[])) b) o
                          where {STATE_BOXES_MATCH}) as boxes
              from contracts c
              join policyholders p on p.tenant_id = :tenant and p.id = c.policyholder_id
              join mandates m on m.tenant_id = :tenant and m.id = p.mandate_id
             where c.tenant_id = :tenant and c.id = any(:ids)) c
     group by 1, 2"""
PEOPLE = f"""
    select a.id, o.name, n.name as member, array_remove(array_agg(distinct u.id), null) as people
      from unnest(cast(:audiences as uuid[])) a (id)
      left join memberships own on own.tenant_id = :tenant and own.id = a.id
      left join users n on n.tenant_id = :tenant and n.id = own.user_id
      join organizations o on o.tenant_id = :tenant and o.id = coalesce(own.organization_id, a.id)
      left join memberships m
        on m.tenant_id = :tenant and m.organization_id = o.id and {RUNNING.format("m")}
       and (m.id = own.id or own.id is null and (m.objects = 'all' or o.id = :organization))
      left join users u on u.tenant_id = :tenant and u.id = m.user_id and u.is_active
     group by a.id, o.name, n.name order by n.name is not null, folded(o.name), folded(n.name), a.id"""
"""Those who can sign in: of another organization the members whom nothing narrows, the others are told by their names."""
MOST_OTHERS = 5


@dataclass(frozen=True)
class Line:
    """What comes or goes: the words, and where."""

    is_gain: bool
    words: str
    where: str = ""


@dataclass(frozen=True)
class Told:
    """An effect as its panel shows it."""

    before: str
    after: str
    access: list[str]
    """What becomes of access itself: who gets it, who loses it, and when."""
    summary: str
    lines: list[Line]
    others: list[Line]
    """Who else sees more or less."""
    more: int
    """How many of those are not told."""
    people: int
    """For how many it holds."""
    is_change: bool
    """Whether anything would be changed at all, seen or not."""

    @property
    def is_seen(self) -> bool:
        """Whether anybody sees more or less, now or from a day on."""
        return bool(self.access or self.lines or self.others)


def told(connection: Connection, effect: Effect) -> Told:
    contracts = effect.of("contract")
    moved = {
        one: found
        for one in effect.audiences - {effect.audience}
        if (found := {kind: effect.moved(one, kind) for kind in COUNTED}) and any(found.values())
    }
    values = {
        "tenant": current.tenant_id(),
        "today": visibility.today(),
        "organization": effect.organization_id,
        "audiences": [effect.audience, *moved],
    }
    found = connection.execute(text(PEOPLE), values).all()
    own = next(row.people for row in found if row.id == effect.audience) if effect.is_running else []
    others = [row for row in found if row.id != effect.audience]
    return Told(
        _figure(contracts.before),
        _figure(contracts.after),
        _access(effect, len(own)),
        _summary(effect, bool(others)),
        [
            *_contracts(connection, effect, contracts.come, True),
            *_contracts(connection, effect, contracts.gone, False),
            *(
                Line(is_gain, words)
                for kind in COUNTED
                if kind != "contract"
                for is_gain, words in _counted(kind, effect.of(kind))
            ),
        ],
        [line for row in others[:MOST_OTHERS] for line in _of_other(row, moved[row.id])],
        len(others[MOST_OTHERS:]),
        len({*own, *(person for row in others for person in row.people)}),
        bool(effect.plan),
    )


def _summary(effect: Effect, are_others: bool) -> str:
    """What becomes of the contracts; and, where access does not run, why nobody notices."""
    contracts, access, said = effect.of("contract"), effect.after.access, []
    come, gone = len(contracts.come), len(contracts.gone)
    if come:
        said.append(_n("{n} contract is added.", "{n} contracts are added.", come, n=_figure(come)))
    if gone:
        said.append(_n("{n} contract is removed.", "{n} contracts are removed.", gone, n=_figure(gone)))
    if not said:
        said.append(
            _("Its own visible contracts stay the same.")
            if are_others
            else _("The visible contracts stay the same.")
        )
    if not effect.is_running and access:
        said.append(
            _("Without effect now: access ended on {day}.", day=_day(access.ends_on))
            if _has_ended(access)
            else _("Without effect yet: access begins on {day}.", day=_day(access.starts_on))
        )
    return " ".join(said)


def _access(effect: Effect, people: int) -> list[str]:
    """What becomes of access by its first and its last day."""
    was, now = effect.before.access, effect.after.access
    ran, runs = (effect.audience in sight.running for sight in (effect.before, effect.after))
    if was is None or now is None:
        return []
    if ran and not runs and _has_ended(now):
        return [_n("{n} person loses access at once.", "{n} people lose access at once.", people)]
    if ran and not runs:
        return [
            _n(
                "{n} person loses access at once, until it begins on {day}.",
                "{n} people lose access at once, until it begins on {day}.",
                people,
                day=_day(now.starts_on),
            )
        ]
    said = []
    if runs and not ran:
        said.append(_n("{n} person gets access at once.", "{n} people get access at once.", people))
    if runs and now.ends_on and (now.ends_on != was.ends_on or not ran):
        day = _day(now.ends_on + datetime.timedelta(days=1))
        said.append(
            _n(
                "From {day} on, {n} person sees nothing any more.",
                "From {day} on, {n} people see nothing any more.",
                people,
                day=day,
            )
        )
        if now.parent_id:
            said.append(_("From then on, the organisations above it do without its contracts, too."))
    elif runs and was.ends_on and ran and not now.ends_on:
        said.append(_("Access no longer ends on {day}.", day=_day(was.ends_on)))
    return said


def _has_ended(access: Row[Any]) -> bool:
    return access.ends_on is not None and access.ends_on < visibility.today()


def _contracts(
    connection: Connection, effect: Effect, ids: Collection[uuid.UUID], is_gain: bool
) -> list[Line]:
    """By the state boxes by which they come or go; of several that fit, by one that is ticked."""
    access = (effect.after if is_gain else effect.before).access
    if not ids or access is None:
        return []
    values = {"tenant": current.tenant_id(), "ids": list(ids), "boxes": list(STATE_BOXES)}
    number: Counter[str] = Counter()
    mandates: dict[str, set[str]] = {}
    for row in connection.execute(text(BY_BOX), values):
        box = next((box for box in row.boxes if box in access.states), row.boxes[0])
        number[box] += row.number
        mandates.setdefault(box, set()).add(row.mandate)
    return [
        Line(
            is_gain,
            labelled(BOXES[box], COUNTED["contract"](count)),
            *mandates[box]
            if len(mandates[box]) == 1
            else [_n("{n} broker unit", "{n} broker units", len(mandates[box]))],
        )
        for box, count in number.most_common()
    ]


def _counted(kind: str, moved: Moved) -> list[tuple[bool, str]]:
    return [
        (is_gain, COUNTED[kind](len(ids)))
        for is_gain, ids in ((True, moved.come), (False, moved.gone))
        if ids
    ]


def _of_other(row: Row[Any], moved: dict[str, Moved]) -> list[Line]:
    """What somebody else sees more or fewer of: contracts, or if it is none of those, the rest."""
    kinds = ["contract"] if moved["contract"] else list(moved)
    where = row.name if row.member else _n("{n} member", "{n} members", len(row.people))
    return [
        Line(is_gain, labelled(row.member or row.name, words), where)
        for kind in kinds
        for is_gain, words in _counted(kind, moved[kind])
    ]


def _day(day: datetime.date | None) -> str:
    return formats_for(language()).day(day)


def _figure(number: int) -> str:
    return formats_for(language()).number(number, 0)
