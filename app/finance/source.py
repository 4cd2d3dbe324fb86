"""Invoices as reports see them."""

from app.finance.access import READ_INVOICES
from app.finance.models import Invoice
from app.finance.schemas import InvoiceSchema
from app.policyholders import held_in_mandates
from app.reports.source import Related, Source

INVOICE_SOURCE = Source(
    InvoiceSchema,
    Invoice,
    READ_INVOICES,
    title=("number",),
    sort="-due_on",
    icon="invoice",
    money="gross",
    mandated=lambda t: held_in_mandates(t.c.policyholder_id),
    subtitle="kind",
    related=(Related("document", "invoice", "document_links"),),
)
