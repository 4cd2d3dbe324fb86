"""Transport certificates as reports see them."""

from app.certificates.access import READ_CERTIFICATES
from app.certificates.models import Certificate
from app.certificates.schemas import CertificateSchema
from app.contracts import of_mandates
from app.reports.source import Related, Source

CERTIFICATE_SOURCE = Source(
    CertificateSchema,
    Certificate,
    READ_CERTIFICATES,
    title=("number",),
    sort="-departs_on",
    icon="ship",
    money="sum_insured",
    mandated=lambda t: of_mandates(t.c.contract_id),
    subtitle="goods",
    related=(Related("document", "certificate", "document_links"),),
)
