"""Organizations as reports see them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Table, case, false, func, or_, select

from app.administration.organizations.access import MANAGE_ORGANIZATIONS, READ_ORGANIZATIONS
from app.administration.organizations.schemas import OrganizationSchema
from app.core.text import _l
from app.reports.source import TENANT, TODAY, Door, Source
from tenants.models import Membership, Organization
from tenants.scopes import VisibleContract, VisiblePolicyholder

Column = Callable[[str], Any]


def _number(table: Table, key: str, column: Column, *conditions: ColumnElement[bool]) -> ColumnElement[Any]:
    """How many rows of a table belong to the organization."""
    mine = table.c[key] == column("id")
    return select(func.count()).where(table.c.tenant_id == TENANT, mine, *conditions).scalar_subquery()


def _seen(model: Any) -> Callable[[Column], ColumnElement[Any]]:
    # An organization's own scope has its id.
    return lambda column: _number(model.__table__, "scope_id", column)


def _members(column: Column) -> ColumnElement[Any]:
    members = Membership.__table__
    runs = or_(members.c.ends_on.is_(None), members.c.ends_on >= TODAY)
    return _number(members, "organization_id", column, runs)  # type: ignore[arg-type]


def _state(column: Column) -> ColumnElement[Any]:
    return case(
        (column("ends_on") < TODAY, "ended"),
        (column("starts_on") > TODAY, "planned"),
        else_="active",
    )


ORGANIZATION_SOURCE = Source(
    OrganizationSchema,
    Organization,
    READ_ORGANIZATIONS,
    title=("name",),
    sort="name",
    icon="flow",
    computed={
        "state": _state,
        "policyholders": _seen(VisiblePolicyholder),
        "members": _members,
        "contracts": _seen(VisibleContract),
    },
    # Whoever is limited to some mandates has no desk.
    mandated=lambda t: false(),
    entrance=Door(MANAGE_ORGANIZATIONS, _l("New access grant"), "new", "plus"),
    has_page=False,
)
