"""What somebody may see, in a few letters: two that differ say that rights or rules have changed."""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection

from permissions import Viewer

RULES_CHANGED = """
    select max(changed_at)::text
           || (select t.case_sharing_allowed::text from tenants t where t.tenant_id = %(tenant)s) from (
        select o.changed_at from organizations o
         where o.tenant_id = %(tenant)s
           and (o.id = %(organization)s
                or o.id in (select p.part_id from scope_parts p
                             where p.tenant_id = %(tenant)s and p.scope_id = %(scope)s))
        union all
        select m.changed_at from memberships m where m.tenant_id = %(tenant)s and m.id = %(membership)s) rules"""
"""When the rules last changed by which an organization, its children and a member see what they see; and whether the
broker lets them share cases."""


def seal(connection: Connection, viewer: Viewer) -> str:
    values = {
        "tenant": viewer.tenant_id,
        "organization": viewer.organization_id,
        "scope": viewer.scope_id,
        "membership": viewer.membership_id,
    }
    rights = viewer.rights
    said = (
        sorted(rights.areas),
        sorted(rights.functions),
        sorted((record, name, level.value) for (record, name), level in rights.fields.items()),
        str(viewer.scope_id),
        sorted(map(str, viewer.mandate_ids)),
        sorted(viewer.document_tags),
        connection.exec_driver_sql(RULES_CHANGED, values).scalar(),
    )
    return hashlib.sha256(repr(said).encode()).hexdigest()
