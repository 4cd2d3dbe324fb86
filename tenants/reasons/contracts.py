"""Why a policyholder or a contract belongs to what an organization sees by its own rules."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from tenants.models import STATE_BOXES
from tenants.reasons.reason import Asked, Reason
from tenants.rules import STATE_BOXES_MATCH

IN_ORGANIZATION = """
    select p.id as policyholder, p.mandate_id as mandate, p.corporate_group as corporate_group,
           p.intermediary as intermediary,
           case when exists (select 1 from organization_policyholders n
                              where n.tenant_id = p.tenant_id and n.organization_id = o.id
                                and n.policyholder_id = p.id) then 'named'
                when exists (select 1 from organization_mandates m
                              where m.tenant_id = p.tenant_id and m.organization_id = o.id
                                and m.mandate_id = p.mandate_id and m.part = 'whole') then 'mandate'
                when p.corporate_group = any(o.corporate_groups) then 'group'
                when p.intermediary = any(o.intermediaries) then 'intermediary' end as way
      from policyholders p
      join organizations o on o.tenant_id = p.tenant_id and o.id = %(organization)s
     where p.tenant_id = %(tenant)s"""

HOLDER = f"""
    select x.*, x.policyholder <> c.policyholder_id as is_co
      from contracts c
      join ({IN_ORGANIZATION}) x
        on x.policyholder = c.policyholder_id
        or exists (select 1 from contract_policyholders co
                    where co.tenant_id = c.tenant_id and co.contract_id = c.id and co.policyholder_id = x.policyholder)
     where c.tenant_id = %(tenant)s and c.id = %(record)s
     order by x.way is null, is_co limit 1"""
"""The policyholder or co-policyholder by whom a contract is in; the policyholder where none is."""

CONTRACT = f"""
    select part.part, o.share_automatically, o.states, o.lines_of_business, o.contract_types, o.objects,
           c.line_of_business, c.contract_type, p.mandate_id,
           array(select b.box from unnest(%(boxes)s::text[]) b (box),
                        lateral (select array[b.box] as states) o where {STATE_BOXES_MATCH}) as boxes,
           array(select n.mandate_id from organization_mandates n
                  where n.tenant_id = c.tenant_id and n.organization_id = o.id and n.part = 'narrowing') as mandates,
           (select i.object_id from contract_objects i
              join organization_objects chosen
                on chosen.tenant_id = i.tenant_id and chosen.object_id = i.object_id
               and chosen.organization_id = o.id
             where i.tenant_id = c.tenant_id and i.contract_id = c.id limit 1) as chosen
      from contracts c
      join policyholders p on p.tenant_id = c.tenant_id and p.id = c.policyholder_id
      join organizations o on o.tenant_id = c.tenant_id and o.id = %(organization)s
      left join organization_contracts part
        on part.tenant_id = c.tenant_id and part.organization_id = o.id and part.contract_id = c.id
     where c.tenant_id = %(tenant)s and c.id = %(record)s"""


def of_policyholder(asked: Asked, record_id: uuid.UUID) -> list[Reason]:
    return [_in_organization(asked.row(f"{IN_ORGANIZATION} and p.id = %(record)s", record=record_id))]


def of_contract(asked: Asked, record_id: uuid.UUID) -> list[Reason]:
    found = asked.row(CONTRACT, record=record_id, boxes=list(STATE_BOXES))
    if found.part == "shared":
        return [Reason("by_hand", True, {"contract": record_id})]
    return [*_automatically(asked, record_id, found)]


def _automatically(asked: Asked, record_id: uuid.UUID, found: Any) -> Iterator[Reason]:
    if found.part == "excluded":
        yield Reason("excluded", False, {"contract": record_id})
    holder = asked.row(HOLDER, record=record_id)
    yield _in_organization(holder, is_co=holder.is_co)
    yield Reason("share_automatically", found.share_automatically)
    boxes = [box for box in found.boxes if box in found.states]
    yield Reason("state_box", bool(boxes), {"boxes": boxes or found.boxes})
    if found.mandates:
        yield Reason("only_mandates", found.mandate_id in found.mandates, {"mandate": found.mandate_id})
    for rule, only, value in (
        ("only_lines", found.lines_of_business, found.line_of_business),
        ("only_types", found.contract_types, found.contract_type),
    ):
        if only:
            yield Reason(rule, value in only, {"value": value})
    if found.objects == "selected":
        yield Reason("insures_selected", found.chosen is not None, {"object": found.chosen})


def _in_organization(found: Any, is_co: bool = False) -> Reason:
    return Reason(
        "in_organization",
        found.way is not None,
        {
            "way": found.way,
            "is_co": is_co,
            "policyholder": found.policyholder,
            "mandate": found.mandate,
            "group": found.corporate_group,
            "intermediary": found.intermediary,
        },
    )
