"""What a profile can decide about transport certificates."""

from app.certificates.schemas import CertificateSchema
from app.core.text import _l
from permissions import Area, Resource

READ_CERTIFICATES = Area("certificates", _l("Transport certificates"), "ship", _l("Finance"))

CERTIFICATES = Resource(CertificateSchema, READ_CERTIFICATES)
