"""Transport certificates: evidence of cover for single shipments."""

from app.certificates.access import CERTIFICATES
from app.certificates.source import CERTIFICATE_SOURCE

__all__ = ["CERTIFICATES", "CERTIFICATE_SOURCE"]
