"""What a profile can decide about invoices."""

from app.core.text import _l
from app.finance.schemas import InvoiceSchema
from permissions import Area, Resource

READ_INVOICES = Area("invoices", _l("Invoices"), "invoice", _l("Finance"))

INVOICES = Resource(InvoiceSchema, READ_INVOICES)
