"""Cases as reports see them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, ColumnElement, and_, exists, literal_column, or_, select

from app.cases.access import READ_CASES
from app.cases.models import Case, CaseParticipant
from app.cases.schemas import CaseSchema
from app.contracts import of_mandates
from app.policyholders import held_in_mandates
from app.reports.source import SOURCES, TENANT, TODAY, USER, Source
from tenants.models import Membership, Organization, Tenant

PRIVATE = """exists (
    select 1 from organizations portal
      join organization_policyholders held
        on held.tenant_id = portal.tenant_id and held.organization_id = portal.id
     where portal.tenant_id = {case}.tenant_id and portal.private_user_id = {case}.owner_id
       and (held.policyholder_id = {case}.policyholder_id
         or exists (select 1 from claims l where l.tenant_id = {case}.tenant_id and l.id = {case}.claim_id
                       and l.policyholder_id = held.policyholder_id)
         or exists (select 1 from contracts c
                     where c.tenant_id = {case}.tenant_id
                       and c.id in ({case}.contract_id,
                                    (select l.contract_id from claims l
                                      where l.tenant_id = {case}.tenant_id and l.id = {case}.claim_id))
                       and (c.policyholder_id = held.policyholder_id
                         or exists (select 1 from contract_policyholders co
                                     where co.tenant_id = c.tenant_id and co.contract_id = c.id
                                       and co.policyholder_id = held.policyholder_id)))))"""
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


def takes_part_or_shares(t: Any) -> ColumnElement[bool]:
    """The viewer takes part; or the case, unless confidential, belongs to a member of an organization of his
    that shares cases, if the broker lets any. Any membership of both counts, main or not; only running ones do. What
    is about his private insurance is never shared."""
    mine, theirs = Membership.__table__.alias("mine"), Membership.__table__.alias("theirs")
    organization = Organization.__table__.alias("sharing")
    shared = t.c.owner_id.in_(
        select(theirs.c.user_id)
        .join(mine, and_(mine.c.tenant_id == TENANT, mine.c.organization_id == theirs.c.organization_id))
        .join(
            organization,
            and_(organization.c.tenant_id == TENANT, organization.c.id == mine.c.organization_id),
        )
        .where(theirs.c.tenant_id == TENANT, mine.c.user_id == USER, organization.c.case_sharing)
        .where(_runs(mine), _runs(theirs), _runs(organization))
    )
    house = Tenant.__table__.alias("house")
    is_switched_off = exists(
        select(house.c.tenant_id).where(house.c.tenant_id == TENANT, ~house.c.case_sharing_allowed)
    )
    return or_(takes_part(t), and_(~t.c.is_confidential, shared, ~is_switched_off, ~is_private(t)))


def is_private(t: Any) -> ColumnElement[bool]:
    """The case is about a client for whom its owner has a private portal, locked or not, or about a contract or claim
    of that client."""
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
