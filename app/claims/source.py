"""Claims as reports see them."""

from sqlalchemy import or_

from app.claims.access import READ_CLAIMS, REPORT_CLAIMS
from app.claims.models import Claim
from app.claims.schemas import ClaimSchema
from app.contracts import of_mandates
from app.core.text import _l
from app.policyholders import held_in_mandates
from app.reports.source import Door, Related, Source

CLAIM_SOURCE = Source(
    ClaimSchema,
    Claim,
    READ_CLAIMS,
    title=("broker_number",),
    sort="-occurred_on",
    icon="claim",
    money="reserve",
    mine="reported_by_id",
    mandated=lambda t: or_(held_in_mandates(t.c.policyholder_id), of_mandates(t.c.contract_id)),
    subtitle="claim_type",
    figures=("claimed_amount", "reserve", "paid_amount"),
    related=(Related("document", "claim", "document_links"), Related("case", "claim")),
    entrance=Door(REPORT_CLAIMS, _l("Report a claim"), "report", "claim"),
)
