"""Cases and their messages as reports see them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, ColumnElement, Select, and_, exists, literal_column, or_, select

from app.cases.access import READ_CASES, READ_MESSAGES
from app.cases.models import Case, CaseParticipant, Message
from app.cases.schemas import CaseSchema, MessageSchema
from app.contracts import of_mandates
from app.policyholders import held_in_mandates
from app.reports.source import SOURCES, TENANT, TODAY, USER, Condition, Source
from tenants.models import Membership, Organization, Tenant

PRIVATE = """exists (
    select 1 from organizations private
      left join claims private_claim
        on private_claim.tenant_id = {case}.tenant_id and private_claim.id = {case}.claim_id
     where private.tenant_id = {case}.tenant_id and private.private_user_id = {case}.owner_id
       and (exists (select 1 from organization_contracts by_hand
                     where by_hand.tenant_id = private.tenant_id and by_hand.organization_id = private.id
                       and by_hand.part = 'shared'
                       and by_hand.contract_id in ({case}.contract_id, private_claim.contract_id))
         or exists (select 1 from organization_policyholders private_holder
                     where private_holder.tenant_id = private.tenant_id
                       and private_holder.organization_id = private.id
                       and (private_holder.policyholder_id in ({case}.policyholder_id, private_claim.policyholder_id)
                         or exists (select 1 from contracts private_contract
                                     where private_contract.tenant_id = {case}.tenant_id
                                       and private_contract.id in ({case}.contract_id, private_claim.contract_id)
                                       and (private_contract.policyholder_id = private_holder.policyholder_id
                                         or exists (
                                             select 1 from contract_policyholders private_other
                                              where private_other.tenant_id = private_contract.tenant_id
                                                and private_other.contract_id = private_contract.id
                                                and private_other.policyholder_id = private_holder.policyholder_id)))))))"""
"""Whether a `case` is about its owner's private insurance."""


def _runs(row: Any) -> ColumnElement[bool]:
    return and_(
        or_(row.c.starts_on.is_(None), row.c.starts_on <= TODAY),
        or_(row.c.ends_on.is_(None), row.c.ends_on >= TODAY),
    )


def takes_part(t: Any) -> ColumnElement[bool]:
    """The viewer takes part, as whoever owns a case does."""
    part = CaseParticipant.__table__.alias("part")
    among = select(part.c.case_id).where(
        part.c.tenant_id == TENANT, part.c.case_id == t.c.id, part.c.user_id == USER
    )
    return or_(exists(among), t.c.owner_id == USER)


def sharing_owners() -> Select[Any]:
    """The members of an organization of the viewer's that shares cases. Any membership of both counts, main or not;
    only running ones do."""
    mine, theirs = Membership.__table__.alias("mine"), Membership.__table__.alias("theirs")
    organization = Organization.__table__.alias("sharing")
    return (
        select(theirs.c.user_id)
        .join(mine, and_(mine.c.tenant_id == TENANT, mine.c.organization_id == theirs.c.organization_id))
        .join(
            organization,
            and_(organization.c.tenant_id == TENANT, organization.c.id == mine.c.organization_id),
        )
        .where(theirs.c.tenant_id == TENANT, mine.c.user_id == USER, organization.c.case_sharing)
        .where(_runs(mine), _runs(theirs), _runs(organization))
    )


def takes_part_or_shares(t: Any) -> ColumnElement[bool]:
    """The viewer takes part; or the case, unless confidential, belongs to a member of an organization of his
    that shares cases, if the broker lets any. What is about his private insurance is never shared."""
    house = Tenant.__table__.alias("house")
    is_switched_off = exists(
        select(house.c.tenant_id).where(house.c.tenant_id == TENANT, ~house.c.case_sharing_allowed)
    )
    shared = t.c.owner_id.in_(sharing_owners())
    return or_(takes_part(t), and_(~t.c.is_confidential, shared, ~is_switched_off, ~is_private(t)))


def is_private(t: Any) -> ColumnElement[bool]:
    """The case is about a client for whom its owner has a private portal, locked or not, about a contract or claim of
    that client, or about a contract shared there by hand."""
    return literal_column(PRIVATE.format(case=f'"{t.name}"'), Boolean())


def is_of_mandates(t: Any) -> ColumnElement[bool]:
    """A case about anything of the mandates a staff member is limited to, or one he takes part in."""
    claims = SOURCES["claim"]
    about = claims.table.alias("mandated_claim")
    claim = select(about.c.id).where(about.c.tenant_id == TENANT, claims.mandated(about))
    return or_(
        held_in_mandates(t.c.policyholder_id),
        of_mandates(t.c.contract_id),
        t.c.claim_id.in_(claim),
        takes_part(t),
    )


CASE_SOURCE = Source(
    CaseSchema,
    Case,
    READ_CASES,
    title=("subject",),
    sort="-changed_at",
    icon="case",
    seen=takes_part_or_shares,
    mandated=is_of_mandates,
    subtitle="status",
)


def _of_case(condition: Condition) -> Condition:
    """What holds for a message where this holds for its case."""

    def holds(t: Any) -> ColumnElement[bool]:
        of = Case.__table__.alias("its_case")
        return exists(
            select(of.c.id).where(of.c.tenant_id == TENANT, of.c.id == t.c.of_case_id, condition(of))
        )

    return holds


MESSAGE_SOURCE = Source(
    MessageSchema,
    Message,
    READ_MESSAGES,
    title=("subject",),
    sort="-sent_at",
    icon="mail",
    seen=_of_case(takes_part_or_shares),
    mandated=_of_case(is_of_mandates),
    subtitle="sender",
)
