"""Why a membership that is narrowed to objects keeps a record of what its organization sees."""

from __future__ import annotations

import uuid

from tenants.reasons.hanging import LINK
from tenants.reasons.reason import Asked, Reason

INSURES = """
    select 'object' as kind, i.object_id as id from contract_objects i
      join visible_objects n on n.tenant_id = i.tenant_id and n.object_id = i.object_id and n.scope_id = %(scope)s
     where i.tenant_id = %(tenant)s and i.contract_id = %(record)s"""
OF_CONTRACT = """
    select 'contract' as kind, r.contract_id as id from {kind}s r
      join visible_contracts n
        on n.tenant_id = r.tenant_id and n.contract_id = r.contract_id and n.scope_id = %(scope)s
     where r.tenant_id = %(tenant)s and r.id = %(record)s"""

KEPT_BY = {
    "object": """
    select 'object' as kind, m.object_id as id from membership_objects m
     where m.tenant_id = %(tenant)s and m.membership_id = %(scope)s and m.object_id = %(record)s""",
    "contract": INSURES,
    "policyholder": """
    select 'contract' as kind, n.contract_id as id from visible_contracts n
      join contracts c on c.tenant_id = n.tenant_id and c.id = n.contract_id
     where n.tenant_id = %(tenant)s and n.scope_id = %(scope)s
       and (c.policyholder_id = %(record)s
            or exists (select 1 from contract_policyholders co
                        where co.tenant_id = c.tenant_id and co.contract_id = c.id
                          and co.policyholder_id = %(record)s))""",
    "claim": f"""{OF_CONTRACT.format(kind="claim")} and r.object_id is null
    union all
    select 'object', r.object_id from claims r
      join visible_objects n on n.tenant_id = r.tenant_id and n.object_id = r.object_id and n.scope_id = %(scope)s
     where r.tenant_id = %(tenant)s and r.id = %(record)s""",
    "invoice": OF_CONTRACT.format(kind="invoice"),
    "certificate": OF_CONTRACT.format(kind="certificate"),
    "document": f"select kind, record_id as id from ({LINK}) link where is_seen",
}
"""What of the membership's own a record of each kind is kept by: an object of his, or something that has to do with one."""

SELECTED = """
    select count(*) as n, (array_agg(m.object_id order by m.object_id))[1:3] as objects from membership_objects m
     where m.tenant_id = %(tenant)s and m.membership_id = %(scope)s"""


def narrowed(asked: Asked, membership_id: uuid.UUID, kind: str, record_id: uuid.UUID) -> Reason:
    kept_by = asked.row(f"{KEPT_BY[kind]} limit 1", record=record_id, scope=membership_id)
    selected = asked.row(SELECTED, scope=membership_id)
    facts = {"count": selected.n, "objects": selected.objects or [], "kind": kind}
    return Reason("narrowed", kept_by is not None, facts | ({kept_by.kind: kept_by.id} if kept_by else {}))
