"""What a change of an organization's rules would do, in words and numbers."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from app.administration.effects import Effect
from app.contracts.codes import STATUSES
from app.core.formats import formats_for
from app.core.text import _, _n, labelled, language
from tenants import current

COUNTED: dict[str, Callable[[int], str]] = {
    "policyholder": lambda n: _n("{n} policyholder", "{n} policyholders", n, n=_figure(n)),
    "contract": lambda n: _n("{n} contract", "{n} contracts", n, n=_figure(n)),
    "object": lambda n: _n("{n} object", "{n} objects", n, n=_figure(n)),
    "claim": lambda n: _n("{n} claim", "{n} claims", n, n=_figure(n)),
    "invoice": lambda n: _n("{n} invoice", "{n} invoices", n, n=_figure(n)),
    "certificate": lambda n: _n("{n} certificate", "{n} certificates", n, n=_figure(n)),
    "document": lambda n: _n("{n} document", "{n} documents", n, n=_figure(n)),
}

BY_STATUS = """
    select c.status, count(*), count(distinct p.mandate_id) as mandates, min(m.name) as mandate
      from contracts c
      join policyholders p on p.tenant_id = :tenant and p.id = c.policyholder_id
      join mandates m on m.tenant_id = :tenant and m.id = p.mandate_id
     where c.tenant_id = :tenant and c.id = any(:ids) group by c.status order by 2 desc, 1"""
OTHERS = """
    select s.id, s.kind, o.name, u.name as member
      from scopes s
      join organizations o on o.tenant_id = :tenant and o.id = s.organization_id
      left join memberships m on m.tenant_id = :tenant and m.id = s.membership_id
      left join users u on u.tenant_id = :tenant and u.id = m.user_id
     where s.tenant_id = :tenant and s.id = any(:scopes) order by o.name, u.name, s.id"""
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
    summary: str
    lines: list[Line]
    is_change: bool
    """Whether anything would be changed at all, seen or not."""


def told(connection: Connection, effect: Effect) -> Told:
    contracts = effect.of("contract")
    lines = [
        *_contracts(connection, contracts.come, True),
        *_contracts(connection, contracts.gone, False),
        *(
            Line(is_gain, words(len(ids)))
            for kind, words in COUNTED.items()
            if kind != "contract"
            for is_gain, ids in ((True, effect.of(kind).come), (False, effect.of(kind).gone))
            if ids
        ),
        *_others(connection, effect),
    ]
    come, gone = (_figure(len(ids)) for ids in (contracts.come, contracts.gone))
    return Told(
        _figure(contracts.before),
        _figure(contracts.after),
        _("Contracts visible. {come} are added, {gone} are removed.", come=come, gone=gone)
        if contracts.come or contracts.gone
        else _("The visible contracts stay the same."),
        lines,
        bool(effect.plan),
    )


def _contracts(connection: Connection, ids: Collection[uuid.UUID], is_gain: bool) -> list[Line]:
    if not ids:
        return []
    found = connection.execute(text(BY_STATUS), {"tenant": current.tenant_id(), "ids": list(ids)})
    return [
        Line(
            is_gain,
            labelled(STATUSES.get(row.status, row.status), COUNTED["contract"](row.count)),
            row.mandate if row.mandates == 1 else _n("{n} broker unit", "{n} broker units", row.mandates),
        )
        for row in found
    ]


def _others(connection: Connection, effect: Effect) -> list[Line]:
    """Who else sees more or fewer contracts: organizations above, and members narrowed to objects."""
    moved: dict[Any, Any] = {
        scope: moved
        for (scope, kind), moved in effect.moved.items()
        if kind == "contract" and scope != effect.organization_id and (moved.come or moved.gone)
    }
    if not moved:
        return []
    found = connection.execute(text(OTHERS), {"tenant": current.tenant_id(), "scopes": list(moved)}).all()
    return [
        Line(
            is_gain,
            labelled(row.member or row.name, COUNTED["contract"](len(ids))),
            row.name if row.member else "",
        )
        for row in found[:MOST_OTHERS]
        for is_gain, ids in ((True, moved[row.id].come), (False, moved[row.id].gone))
        if ids
    ]


def _figure(number: int) -> str:
    return formats_for(language()).number(number, 0)
