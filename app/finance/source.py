"""Invoices as reports see them."""

from sqlalchemy import or_

from app.contracts import of_mandates
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
    mandated=lambda t: or_(held_in_mandates(t.c.policyholder_id), of_mandates(t.c.contract_id)),
    subtitle="kind",
    figures=("gross", "net", "tax"),
    related=(Related("document", "invoice", "document_links"),),
)
