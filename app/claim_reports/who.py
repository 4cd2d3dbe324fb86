"""Who may report claims, and which colleagues may release what one reported."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from sqlalchemy import Connection, text

from app.claims.access import READ_CLAIMS, RELEASE_CLAIMS, REPORT_CLAIMS
from app.contracts import CONTRACT_SOURCE
from app.objects import OBJECT_SOURCE
from app.reports.record import seen_ids
from permissions import Viewer
from permissions.arrival import everybody, viewer_of
from tenants import current

MEMBERSHIP = """
    select id from memberships where tenant_id = :tenant and organization_id = :organization and user_id = :user"""
SEEING = """
    select s.id from unnest(cast(:scopes as uuid[])) s(id)
     where exists (select 1 from visible_contracts v
                    where v.tenant_id = :tenant and v.scope_id = s.id and v.contract_id = :contract)
       and (cast(:object as uuid) is null
            or exists (select 1 from visible_objects v
                        where v.tenant_id = :tenant and v.scope_id = s.id and v.object_id = :object))"""


def may_report(viewer: Viewer) -> bool:
    return viewer.may(READ_CLAIMS) and viewer.may(REPORT_CLAIMS)


def may_release(viewer: Viewer) -> bool:
    """Whether he releases what others report, in a client's own house; which reports, `sees` says. Whoever looks through
    his eyes finds them as he does, and releases nothing: that would be two eyes."""
    return (
        viewer.organization_id is not None
        and viewer.may(READ_CLAIMS)
        and viewer.may(RELEASE_CLAIMS)
        and viewer.may(CONTRACT_SOURCE.area)
    )


def sees(connection: Connection, viewer: Viewer, contract_id: uuid.UUID, object_id: uuid.UUID | None) -> bool:
    """Whether he can open what a report is about."""
    return bool(seen_ids(connection, viewer, CONTRACT_SOURCE, {contract_id})) and (
        object_id is None or bool(seen_ids(connection, viewer, OBJECT_SOURCE, {object_id}))
    )


def member_now(connection: Connection, organization_id: uuid.UUID, user_id: uuid.UUID) -> Viewer | None:
    """Somebody as the portal would see him now in an organization; None if it would not let him in there."""
    values = {"tenant": current.tenant_id(), "organization": organization_id, "user": user_id}
    membership_id = connection.execute(text(MEMBERSHIP), values).scalar_one_or_none()
    return viewer_of(connection, user_id, membership_id) if membership_id else None


def releasers_in(connection: Connection, organization_id: uuid.UUID) -> list[Viewer]:
    """Members of an organization whose rights let them release reports, whatever of it they see."""
    return [one for one in everybody(connection, organization_id) if may_release(one)]


def releasers_of(
    connection: Connection,
    organization_id: uuid.UUID,
    author_id: uuid.UUID,
    contract_id: uuid.UUID,
    object_id: uuid.UUID | None,
) -> list[Viewer]:
    """Who may release this report now: not its author, and only who sees what it is about."""
    able = [
        one
        for one in releasers_in(connection, organization_id)
        if one.user_id != author_id and (object_id is None or one.may(OBJECT_SOURCE.area))
    ]
    seeing = _scopes_seeing(
        connection, {one.scope_id for one in able if one.scope_id}, contract_id, object_id
    )
    return [one for one in able if one.scope_id in seeing]


def _scopes_seeing(
    connection: Connection, scopes: Iterable[uuid.UUID], contract_id: uuid.UUID, object_id: uuid.UUID | None
) -> set[uuid.UUID]:
    values = {
        "tenant": current.tenant_id(),
        "scopes": list(scopes),
        "contract": contract_id,
        "object": object_id,
    }
    return set(connection.execute(text(SEEING), values).scalars())
