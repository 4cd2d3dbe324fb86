"""What an organization can see: the rules, once, as the query that defines each visible table.

One definition per kind of record and kind of scope. `tenants.visibility` runs them for some scopes or for some
records and makes the stored rows equal; nothing else decides visibility. Each reads from the record outwards, the
order in which a few records are best looked up. An own scope applies an organization's rules to the stock, a tree
scope unites own scopes, a narrowed scope filters the scope it is based on.
"""

from __future__ import annotations

KINDS = ("policyholder", "contract", "object", "claim", "invoice", "certificate", "document")

BY_STATUS = ("inquiry", "quote", "third_party", "third_party_part", "blocked", "info", "dormant", "cancelled")
"""State boxes that mean the status of the same name; `application`, `policy` and `own` read dates as well."""

RUNS = "({0}.starts_on is null or {0}.starts_on <= %(today)s) and ({0}.ends_on is null or {0}.ends_on >= %(today)s)"
"""Whether access runs today: `starts_on` is its first day, `ends_on` its last."""

STATE_BOXES_MATCH = f"""(
        (c.status in {BY_STATUS} and c.status = any(o.states))
     or (c.status = 'own' and c.application_on is not null and c.document_on is null
         and 'application' = any(o.states))
     or (c.status = 'own' and c.document_on is not null and 'policy' = any(o.states))
     or ('own' = any(o.states)
         and (   (c.status = 'own' and c.application_on is null and c.document_on is null)
              or (c.status = 'quote' and c.quote_on is not null))))"""

OWN_POLICYHOLDER = """
    select s.id as scope_id, op.policyholder_id as id
      from organization_policyholders op
      join scopes s on s.tenant_id = op.tenant_id and s.organization_id = op.organization_id
     where s.tenant_id = %(tenant)s and s.kind = 'own' {scopes} {ids:op.policyholder_id}
    union all
    select s.id, p.id
      from policyholders p
      join organization_mandates om
        on om.tenant_id = p.tenant_id and om.mandate_id = p.mandate_id and om.part = 'whole'
      join scopes s on s.tenant_id = om.tenant_id and s.organization_id = om.organization_id
     where s.tenant_id = %(tenant)s and s.kind = 'own' {scopes} {ids:p.id}
    union all
    select s.id, p.id
      from policyholders p
      join organizations o on o.tenant_id = p.tenant_id and p.corporate_group = any(o.corporate_groups)
      join scopes s on s.tenant_id = o.tenant_id and s.organization_id = o.id
     where s.tenant_id = %(tenant)s and s.kind = 'own' {scopes} {ids:p.id}
    union all
    select s.id, p.id
      from policyholders p
      join organizations o on o.tenant_id = p.tenant_id and p.intermediary = any(o.intermediaries)
      join scopes s on s.tenant_id = o.tenant_id and s.organization_id = o.id
     where s.tenant_id = %(tenant)s and s.kind = 'own' {scopes} {ids:p.id}"""

OWN_CONTRACT = f"""
    select k.scope_id, c.id, c.number_key
      from (
            select s.id as scope_id, s.organization_id, oc.contract_id, true as is_by_hand
              from organization_contracts oc
              join scopes s on s.tenant_id = oc.tenant_id and s.organization_id = oc.organization_id
             where oc.tenant_id = %(tenant)s and oc.part = 'shared' and s.kind = 'own' {{scopes}} {{ids:oc.contract_id}}
            union all
            select s.id, s.organization_id, held.id, false
              from contracts held
              join visible_policyholders v
                on v.tenant_id = held.tenant_id and v.policyholder_id = held.policyholder_id
              join scopes s on s.tenant_id = v.tenant_id and s.id = v.scope_id
             where held.tenant_id = %(tenant)s and s.kind = 'own' {{scopes}} {{ids:held.id}}
            union all
            select s.id, s.organization_id, co.contract_id, false
              from contract_policyholders co
              join visible_policyholders v
                on v.tenant_id = co.tenant_id and v.policyholder_id = co.policyholder_id
              join scopes s on s.tenant_id = v.tenant_id and s.id = v.scope_id
             where co.tenant_id = %(tenant)s and s.kind = 'own' {{scopes}} {{ids:co.contract_id}}
           ) k
      join contracts c on c.tenant_id = %(tenant)s and c.id = k.contract_id
      join policyholders p on p.tenant_id = %(tenant)s and p.id = c.policyholder_id
      join organizations o on o.tenant_id = %(tenant)s and o.id = k.organization_id
     where not exists (
               select 1 from organization_contracts x
                where x.tenant_id = %(tenant)s and x.organization_id = o.id and x.contract_id = c.id
                  and x.part = 'excluded')
       and (k.is_by_hand or (
               o.share_automatically
           and {STATE_BOXES_MATCH}
           and (o.lines_of_business = '{{{{}}}}' or c.line_of_business = any(o.lines_of_business))
           and (o.contract_types = '{{{{}}}}' or c.contract_type = any(o.contract_types))
           and (not exists (select 1 from organization_mandates n
                             where n.tenant_id = %(tenant)s and n.organization_id = o.id and n.part = 'narrowing')
                or exists (select 1 from organization_mandates n
                            where n.tenant_id = %(tenant)s and n.organization_id = o.id and n.part = 'narrowing'
                              and n.mandate_id = p.mandate_id))
           and (o.objects = 'all'
                or exists (select 1 from contract_objects i
                             join organization_objects chosen
                               on chosen.tenant_id = i.tenant_id and chosen.object_id = i.object_id
                            where i.tenant_id = %(tenant)s and i.contract_id = c.id
                              and chosen.organization_id = o.id))))"""

OWN_OBJECT = """
    select s.id as scope_id, i.object_id as id
      from contract_objects i
      join visible_contracts v on v.tenant_id = i.tenant_id and v.contract_id = i.contract_id
      join scopes s on s.tenant_id = v.tenant_id and s.id = v.scope_id
      join organizations o on o.tenant_id = s.tenant_id and o.id = s.organization_id
     where s.tenant_id = %(tenant)s and s.kind = 'own' {scopes} {ids:i.object_id}
       and (o.objects = 'all'
            or exists (select 1 from organization_objects chosen
                        where chosen.tenant_id = s.tenant_id and chosen.organization_id = o.id
                          and chosen.object_id = i.object_id))"""

OWN_CLAIM = f"""
    select s.id as scope_id, c.id
      from claims c
      join visible_contracts v on v.tenant_id = c.tenant_id and v.contract_id = c.contract_id
      join scopes s on s.tenant_id = v.tenant_id and s.id = v.scope_id
      join organizations o on o.tenant_id = s.tenant_id and o.id = s.organization_id
     where s.tenant_id = %(tenant)s and s.kind = 'own' {{scopes}} {{ids:c.id}}
       and o.include_claims
       and (o.claim_types = '{{{{}}}}' or c.claim_type = any(o.claim_types))
       and (c.object_id is null
            or exists (select 1 from visible_objects b
                        where b.tenant_id = s.tenant_id and b.scope_id = s.id and b.object_id = c.object_id))
       and (o.claims = 'all'
            or exists (select 1 from memberships m
                        where m.tenant_id = s.tenant_id and m.organization_id = o.id and m.user_id = c.reported_by_id
                          and {RUNS.format("m")}))"""

OWN_INVOICE = """
    select s.id as scope_id, n.id
      from invoices n
      join visible_contracts v on v.tenant_id = n.tenant_id and v.contract_id = n.contract_id
      join scopes s on s.tenant_id = v.tenant_id and s.id = v.scope_id
     where s.tenant_id = %(tenant)s and s.kind = 'own' {scopes} {ids:n.id}
    union all
    select s.id, n.id
      from invoices n
      join visible_policyholders v on v.tenant_id = n.tenant_id and v.policyholder_id = n.policyholder_id
      join scopes s on s.tenant_id = v.tenant_id and s.id = v.scope_id
     where s.tenant_id = %(tenant)s and n.contract_id is null and s.kind = 'own' {scopes} {ids:n.id}"""

OWN_CERTIFICATE = """
    select s.id as scope_id, c.id
      from certificates c
      join visible_contracts v on v.tenant_id = c.tenant_id and v.contract_id = c.contract_id
      join scopes s on s.tenant_id = v.tenant_id and s.id = v.scope_id
     where s.tenant_id = %(tenant)s and s.kind = 'own' {scopes} {ids:c.id}"""

LINKED = ("policyholder", "contract", "object", "claim", "invoice", "certificate")
"""The kinds a document can hang on."""

HANGS_ON_VISIBLE = "\n            union all ".join(
    f"""select v.scope_id, l.document_id from document_links l
              join visible_{kind}s v on v.tenant_id = l.tenant_id and v.{kind}_id = l.{kind}_id
             where v.tenant_id = %(tenant)s {{scopes:v.scope_id}} {{ids:l.document_id}}"""
    for kind in LINKED
)

OWN_DOCUMENT = f"""
    select s.id as scope_id, d.id
      from ({HANGS_ON_VISIBLE}) h
      join scopes s on s.tenant_id = %(tenant)s and s.id = h.scope_id and s.kind = 'own'
      join organizations o on o.tenant_id = s.tenant_id and o.id = s.organization_id
      join document_profiles f on f.tenant_id = s.tenant_id and f.id = o.document_profile_id
      join documents d on d.tenant_id = s.tenant_id and d.id = h.document_id and d.tags && f.tags"""

TREE = """
    select s.id as scope_id, v.{kind}_id as id {keys}
      from visible_{kind}s v
      join scope_parts p on p.tenant_id = v.tenant_id and p.part_id = v.scope_id
      join scopes s on s.tenant_id = p.tenant_id and s.id = p.scope_id
     where s.tenant_id = %(tenant)s and s.kind = 'tree' {{scopes}} {{ids:v.{kind}_id}}"""

NARROWED = """
    select s.id as scope_id, v.{kind}_id as id {keys}
      from visible_{kind}s v
      join scopes s on s.tenant_id = v.tenant_id and s.base_id = v.scope_id
     where s.tenant_id = %(tenant)s and s.kind = 'narrowed' {{scopes}} {{ids:v.{kind}_id}}
       and {where}"""

OF_NARROWED_CONTRACT = """exists (select 1 from {kind}s r
                      join visible_contracts n on n.tenant_id = r.tenant_id and n.contract_id = r.contract_id
                     where r.tenant_id = s.tenant_id and r.id = v.{kind}_id and n.scope_id = s.id)"""

NARROWED_TO = {
    "object": """exists (select 1 from membership_objects m
                     where m.tenant_id = s.tenant_id and m.membership_id = s.membership_id
                       and m.object_id = v.object_id)""",
    "contract": """exists (select 1 from contract_objects i
                      join visible_objects n on n.tenant_id = i.tenant_id and n.object_id = i.object_id
                     where i.tenant_id = s.tenant_id and i.contract_id = v.contract_id and n.scope_id = s.id)""",
    "claim": """exists (select 1 from claims r
                     where r.tenant_id = s.tenant_id and r.id = v.claim_id
                       and case when r.object_id is null
                           then exists (select 1 from visible_contracts n
                                         where n.tenant_id = s.tenant_id and n.scope_id = s.id
                                           and n.contract_id = r.contract_id)
                           else exists (select 1 from visible_objects n
                                         where n.tenant_id = s.tenant_id and n.scope_id = s.id
                                           and n.object_id = r.object_id)
                           end)""",
    "invoice": OF_NARROWED_CONTRACT.format(kind="invoice"),
    "certificate": OF_NARROWED_CONTRACT.format(kind="certificate"),
}
"""What a narrowed scope keeps of the scope it is based on."""

NARROWED_POLICYHOLDER = "\n    union all".join(
    f"""
    select s.id as scope_id, v.policyholder_id as id
      from visible_policyholders v
      join scopes s on s.tenant_id = v.tenant_id and s.base_id = v.scope_id
     where s.tenant_id = %(tenant)s and s.kind = 'narrowed' {{scopes}} {{ids:v.policyholder_id}}
       and exists (select 1 from {held} h
                     join visible_contracts n on n.tenant_id = h.tenant_id and n.contract_id = h.{contract_id}
                    where h.tenant_id = s.tenant_id and h.policyholder_id = v.policyholder_id
                      and n.scope_id = s.id)"""
    for held, contract_id in (("contracts", "id"), ("contract_policyholders", "contract_id"))
)

NARROWED_DOCUMENT = f"""
    select s.id as scope_id, h.document_id as id
      from ({HANGS_ON_VISIBLE}) h
      join scopes s on s.tenant_id = %(tenant)s and s.id = h.scope_id and s.kind = 'narrowed'
      join visible_documents v
        on v.tenant_id = s.tenant_id and v.scope_id = s.base_id and v.document_id = h.document_id"""

NARROWED_BY_OTHERS = {"policyholder": NARROWED_POLICYHOLDER, "document": NARROWED_DOCUMENT}

OWN = {
    "policyholder": OWN_POLICYHOLDER,
    "contract": OWN_CONTRACT,
    "object": OWN_OBJECT,
    "claim": OWN_CLAIM,
    "invoice": OWN_INVOICE,
    "certificate": OWN_CERTIFICATE,
    "document": OWN_DOCUMENT,
}

KEYS = {"contract": ("number_key",)}
"""Columns of a visible table beyond scope and record: what its overview sorts by."""

STAGES = (
    *(("own", kind) for kind in ("policyholder", "contract", "object", "claim", "invoice", "certificate", "document")),
    *(("tree", kind) for kind in KINDS),
    *(("narrowed", kind) for kind in ("object", "contract", "policyholder", "claim", "invoice", "certificate", "document")),
)  # fmt: skip
"""The order in which the tables are made: every definition reads only what stands before it."""
OWN_STAGES = sum(scope_kind == "own" for scope_kind, _kind in STAGES)
"""They come first: after so many, all that an organization sees by its own rules is there."""


def definition(scope_kind: str, kind: str, *, by: str | None = None) -> str:
    """The query of (scope_id, id, keys …) that a kind of scope sees of a kind of record; a row may come twice.

    `by` limits it to the scopes in `%(scopes)s` ("scopes") or the records in `%(ids)s` ("ids"). Also needs
    `%(tenant)s` and `%(today)s`.
    """
    keys = "".join(f", v.{key}" for key in KEYS.get(kind, ()))
    if scope_kind == "own":
        query = OWN[kind]
    elif scope_kind == "tree":
        query = TREE.format(kind=kind, keys=keys)
    elif kind in NARROWED_BY_OTHERS:
        query = NARROWED_BY_OTHERS[kind]
    else:
        query = NARROWED.format(kind=kind, keys=keys, where=NARROWED_TO[kind])
    return query.format(scopes=_Limit("s.id", "scopes", by), ids=_Limit("", "ids", by))


class _Limit:
    """Renders `{scopes}`, `{scopes:v.scope_id}` or `{ids:c.id}` as a condition, or as nothing."""

    def __init__(self, column: str, name: str, by: str | None) -> None:
        self.column, self.name, self.is_on = column, name, name == by

    def __format__(self, column: str) -> str:
        return f"and {column or self.column} = any(%({self.name})s)" if self.is_on else ""
