"""Which rows a viewer can reach at all: where every query begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Uuid,
    and_,
    bindparam,
    exists,
    false,
    literal_column,
    or_,
    select,
    true,
)

from app.reports.past import standing
from app.reports.source import TENANT, USER, Source
from permissions import Viewer

SCOPE = bindparam("scope", type_=Uuid())


def manner(viewer: Viewer) -> str:
    """How a viewer's rows are found: by `scope`, `all` of the tenant, or those of some `mandates`."""
    if not viewer.is_staff:
        return "scope"
    return "mandates" if viewer.mandate_ids else "all"


def bound(viewer: Viewer) -> dict[str, Any]:
    """The parameters that say who looks."""
    return {
        "tenant": viewer.tenant_id,
        "user": viewer.user_id,
        "scope": viewer.scope_id,
        "mandates": list(viewer.mandate_ids),
        "tags": list(viewer.document_tags),
        "today": viewer.today,
    }


@dataclass
class Reach:
    """The rows of a source that can be reached: a table `t`, and before it `v`, the stored answer, if that suffices."""

    source: Source
    t: Any
    v: Any
    conditions: list[ColumnElement[bool]]
    is_past: bool = False
    """Whether the rows are past ones. Rights are of today all the same: see `past_reach`."""
    moment: str = ""
    """Of rows that stood at one moment, the name under which it is bound."""

    @property
    def id(self) -> Any:
        return self.v.c[f"{self.source.record}_id"] if self.v is not None else self.t.c.id

    @property
    def start(self) -> FromClause:
        return self.v if self.v is not None else self.t

    def with_table(self) -> FromClause:
        if self.v is None:
            return self.t
        if self.is_past:
            return self.v.join(self.t, true())
        return self.v.join(self.t, and_(self.t.c.tenant_id == self.v.c.tenant_id, self.t.c.id == self.id))


def reach(source: Source, how: str, name: str = "t") -> Reach:
    """What a viewer of this manner reaches. Nothing unless something says otherwise."""
    t = source.table.alias(name)
    tenant = t.c.tenant_id == TENANT
    if how == "all":
        return Reach(source, t, None, [tenant])
    mine = [] if source.mine is None else [t.c[source.mine] == USER]
    if how == "mandates":
        return Reach(source, t, None, [tenant, or_(source.mandated(t), *mine)])
    if source.seen is not None:
        return Reach(source, t, None, [tenant, source.seen(t)])
    if source.visible is None:
        return Reach(source, t, None, [tenant, false()])
    v = source.visible.alias(f"{name}v")
    stored = [v.c.tenant_id == TENANT, v.c.scope_id == SCOPE]
    if not mine:
        return Reach(source, t, v, stored)
    extra = [] if source.extra is None else [source.extra(t)]
    in_scope = exists(select(v.c.scope_id).where(*stored, v.c[f"{source.record}_id"] == t.c.id))
    return Reach(source, t, None, [tenant, or_(in_scope, *mine, *extra)])


def past_reach(source: Source, how: str, moment: str) -> Reach:
    """What a viewer of this manner reaches today, as it stood: only the values are of then. A record that was deleted
    since is not among them, for nobody can say who would see it.

    A client's records are looked up one by one, so that a viewer of few does not wait for the past of all; the desk's
    are taken together.
    """
    if how != "scope":
        t = standing(source, "t", moment)
        return Reach(source, t, None, [t.c.id.in_(reachable_ids(source, how, "now"))], True, moment)
    now = reach(source, how, "now")
    ids = select(now.id.label(f"{source.record}_id")).select_from(now.start).where(*now.conditions)
    v = ids.subquery("v")
    stood = standing(source, "stood", moment)
    own = select(stood).where(stood.c.id == v.c[f"{source.record}_id"]).correlate(v)
    return Reach(source, own.limit(literal_column("1")).lateral("t"), v, [], True, moment)


def reachable_ids(source: Source, how: str, name: str) -> Select[Any]:
    found = reach(source, how, name)
    return select(found.id).select_from(found.start).where(*found.conditions)
