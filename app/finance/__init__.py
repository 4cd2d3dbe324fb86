"""Finance: the invoices policyholders pay."""

from app.finance.access import INVOICES
from app.finance.source import INVOICE_SOURCE

__all__ = ["INVOICES", "INVOICE_SOURCE"]
