"""The broker's mandates as profiles and reports see them."""

from sqlalchemy import any_

from app.core.text import _l
from app.reports.source import MANDATES as LIMITED_TO
from app.reports.source import Related, Source
from permissions import Area, Resource
from tenants.models import Mandate
from tenants.schemas import MandateSchema

READ_MANDATES = Area("mandates", _l("Broker units"), "group", _l("Master data"))

MANDATES = Resource(MandateSchema, READ_MANDATES)

MANDATE_SOURCE = Source(
    MandateSchema,
    Mandate,
    READ_MANDATES,
    title=("name",),
    sort="name",
    icon="group",
    mandated=lambda t: t.c.id == any_(LIMITED_TO),
    related=(Related("policyholder", "mandate"),),
)
