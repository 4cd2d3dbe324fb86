"""Contracts and insurers as reports see them."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select, true

from app.contracts.access import READ_CONTRACTS, READ_INSURERS
from app.contracts.deadlines import last_day_to_cancel, notice_sentence
from app.contracts.models import Contract, Insurer
from app.contracts.schemas import ContractSchema, InsurerSchema
from app.core.text import _l
from app.policyholders import held_in_mandates
from app.reports.source import TENANT, Related, Source


def of_mandates(contract_id: ColumnElement) -> ColumnElement[bool]:
    """Whether a contract is held in the mandates a staff member is limited to."""
    contracts = Contract.__table__.alias("mandated_contract")
    return contract_id.in_(
        select(contracts.c.id).where(
            contracts.c.tenant_id == TENANT, held_in_mandates(contracts.c.policyholder_id)
        )
    )


CONTRACT_SOURCE = Source(
    ContractSchema,
    Contract,
    READ_CONTRACTS,
    title=("number",),
    sort="number",
    icon="contract",
    keys={"number": "number_key"},
    computed={"last_day_to_cancel": last_day_to_cancel},
    money="premium_net",
    valued_on="starts_on",
    mandated=lambda t: held_in_mandates(t.c.policyholder_id),
    subtitle="line_of_business",
    sheet=_l("Contract data sheet"),
    figures=("sum_insured", "premium_net", "deductible"),
    opening=notice_sentence,
    links={"co_policyholders": "contract_policyholders"},
    related=(
        Related("object", "contract", "contract_objects"),
        Related("claim", "contract"),
        Related("invoice", "contract"),
        Related("certificate", "contract"),
        Related("document", "contract", "document_links"),
        Related("case", "contract"),
    ),
)

INSURER_SOURCE = Source(
    InsurerSchema,
    Insurer,
    READ_INSURERS,
    title=("name",),
    sort="name",
    icon="group",
    keys={"name": "name_key"},
    mandated=lambda t: true(),
    related=(Related("contract", "insurer"),),
)
