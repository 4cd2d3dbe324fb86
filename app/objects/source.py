"""Insured objects as reports see them."""

from app.objects.access import READ_OBJECTS
from app.objects.models import InsuredObject
from app.objects.schemas import ObjectSchema
from app.policyholders import held_in_mandates
from app.reports.source import Related, Source

OBJECT_SOURCE = Source(
    ObjectSchema,
    InsuredObject,
    READ_OBJECTS,
    title=("label",),
    sort="label",
    icon="object",
    keys={"label": "label_key"},
    money="sum_insured",
    mandated=lambda t: held_in_mandates(t.c.policyholder_id),
    subtitle="kind",
    related=(
        Related("contract", "object", "contract_objects"),
        Related("claim", "object"),
        Related("document", "object", "document_links"),
    ),
)
