"""Policyholders as reports see them."""

from __future__ import annotations

from sqlalchemy import ColumnElement, any_, select

from app.core.text import _l
from app.policyholders.access import READ_POLICYHOLDERS
from app.policyholders.models import Policyholder
from app.policyholders.schemas import PolicyholderSchema
from app.reports.access import PRINT_SHEETS
from app.reports.source import MANDATES, TENANT, Door, Related, Source


def held_in_mandates(policyholder_id: ColumnElement) -> ColumnElement[bool]:
    """Whether a policyholder belongs to the mandates a staff member is limited to."""
    holders = Policyholder.__table__.alias("mandated")
    return policyholder_id.in_(
        select(holders.c.id).where(holders.c.tenant_id == TENANT, holders.c.mandate_id == any_(MANDATES))
    )


POLICYHOLDER_SOURCE = Source(
    PolicyholderSchema,
    Policyholder,
    READ_POLICYHOLDERS,
    title=("name", "first_name"),
    sort="name",
    icon="users",
    keys={"name": "name_key"},
    mandated=lambda t: t.c.mandate_id == any_(MANDATES),
    subtitle="mandate",
    doors=(Door(PRINT_SHEETS, _l("Insurance summary"), "summary.pdf", "print", "contract"),),
    related=(
        Related("contract", "policyholder"),
        Related("object", "policyholder"),
        Related("claim", "policyholder"),
        Related("invoice", "policyholder"),
        Related("document", "policyholder", "document_links"),
        Related("case", "policyholder"),
    ),
)
