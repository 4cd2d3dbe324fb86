"""Why what hangs on a contract belongs to what an organization sees by its own rules: objects, claims, papers."""

from __future__ import annotations

import uuid

from tenants.reasons.contracts import of_contract, of_policyholder
from tenants.reasons.reason import Asked, Reason, holds
from tenants.rules import LINKED, RUNS

STANDS_IN = """
    select i.contract_id, o.objects,
           exists (select 1 from organization_objects chosen
                    where chosen.tenant_id = o.tenant_id and chosen.organization_id = o.id
                      and chosen.object_id = x.id) as is_chosen
      from objects x
      join organizations o on o.tenant_id = x.tenant_id and o.id = %(organization)s
      left join contract_objects i on i.tenant_id = x.tenant_id and i.object_id = x.id
      left join visible_contracts v
        on v.tenant_id = i.tenant_id and v.scope_id = o.id and v.contract_id = i.contract_id
     where x.tenant_id = %(tenant)s and x.id = %(record)s
     order by v.contract_id is null, i.contract_id limit 1"""
"""The contract by which an object is in, or could be: one that is seen, if any is."""

CLAIM = f"""
    select c.contract_id, c.object_id, c.claim_type,
           o.include_claims, o.claim_types, o.claims,
           exists (select 1 from memberships m
                    where m.tenant_id = c.tenant_id and m.organization_id = o.id and m.user_id = c.reported_by_id
                      and {RUNS.format("m")}) as is_members
      from claims c
      join organizations o on o.tenant_id = c.tenant_id and o.id = %(organization)s
     where c.tenant_id = %(tenant)s and c.id = %(record)s"""

BELONGS = """
    select r.contract_id{policyholder} from {kind}s r where r.tenant_id = %(tenant)s and r.id = %(record)s"""

TAGS = """
    select d.tags, f.id as profile_id, array(select unnest(d.tags) intersect select unnest(f.tags)) as shared
      from documents d
      join organizations o on o.tenant_id = d.tenant_id and o.id = %(organization)s
      left join document_profiles f on f.tenant_id = d.tenant_id and f.id = o.document_profile_id
     where d.tenant_id = %(tenant)s and d.id = %(record)s"""

LINK = (
    "select kind, record_id, is_seen from ("
    + " union all ".join(
        f"""
    select '{kind}' as kind, l.{kind}_id as record_id,
           exists (select 1 from visible_{kind}s v
                    where v.tenant_id = l.tenant_id and v.scope_id = %(scope)s and v.{kind}_id = l.{kind}_id) as is_seen
      from document_links l
     where l.tenant_id = %(tenant)s and l.document_id = %(record)s and l.{kind}_id is not null"""
        for kind in LINKED
    )
    + ") x order by is_seen desc, kind = 'contract' desc, record_id limit 1"
)
"""What a document hangs on: a record that a scope sees, if there is any."""


def of_object(asked: Asked, record_id: uuid.UUID) -> list[Reason]:
    found = asked.row(STANDS_IN, record=record_id)
    reasons = _through_contract(asked, found.contract_id, "stands_in")
    if found.objects == "selected":
        reasons.append(Reason("selected_object", found.is_chosen))
    return reasons


def of_claim(asked: Asked, record_id: uuid.UUID) -> list[Reason]:
    found = asked.row(CLAIM, record=record_id)
    reasons = _through_contract(asked, found.contract_id, "of_contract")
    reasons.append(Reason("include_claims", found.include_claims))
    if found.claim_types:
        value = found.claim_type
        reasons.append(Reason("only_claim_types", value in found.claim_types, {"value": value}))
    if found.object_id is not None:
        of_it = of_object(asked, found.object_id)
        named = Reason("names_object", holds(of_it), {"object": found.object_id})
        reasons += [named] if named.is_met else [named, *of_it]
    if found.claims == "members":
        reasons.append(Reason("reported_by_member", found.is_members))
    return reasons


def of_invoice(asked: Asked, record_id: uuid.UUID) -> list[Reason]:
    belongs = BELONGS.format(kind="invoice", policyholder=", r.policyholder_id")
    found = asked.row(belongs, record=record_id)
    if found.contract_id is None:
        return [Reason("without_contract", True), *of_policyholder(asked, found.policyholder_id)]
    return _through_contract(asked, found.contract_id, "of_contract")


def of_certificate(asked: Asked, record_id: uuid.UUID) -> list[Reason]:
    found = asked.row(BELONGS.format(kind="certificate", policyholder=""), record=record_id)
    return _through_contract(asked, found.contract_id, "of_contract")


def of_document(asked: Asked, record_id: uuid.UUID) -> list[Reason]:
    found = asked.row(TAGS, record=record_id)
    tags = {
        "tags": found.shared or found.tags,
        "has_profile": found.profile_id is not None,
    }
    reasons = [Reason("shares_tag", bool(found.shared), tags)]
    link = asked.row(LINK, record=record_id, scope=asked.organization_id)
    if link is None:
        return [*reasons, Reason("hangs_on", False)]
    hangs_on = Reason("hangs_on", True, {link.kind: link.record_id})
    return [*reasons, hangs_on, *OWN[link.kind](asked, link.record_id)]


def _through_contract(asked: Asked, contract_id: uuid.UUID | None, rule: str) -> list[Reason]:
    """That there is a contract it hangs on, and why the organization sees that one."""
    if contract_id is None:
        return [Reason(rule, False)]
    return [Reason(rule, True, {"contract": contract_id}), *of_contract(asked, contract_id)]


OWN = {
    "policyholder": of_policyholder,
    "contract": of_contract,
    "object": of_object,
    "claim": of_claim,
    "invoice": of_invoice,
    "certificate": of_certificate,
    "document": of_document,
}
"""Of each kind of record that rules speak of, why an organization sees it by its own rules."""
