"""How an invoice looks from outside."""

from app.core.schema import KEY_HELP, Code, CurrencyCode, Day, Money, RecordSchema, Reference, Text
from app.core.text import _l, _lp

KINDS = {
    "premium": _lp("invoice_kind", "Premium"),
    "credit": _lp("invoice_kind", "Credit note"),
    "fee": _lp("invoice_kind", "Fee"),
}
STATUSES = {
    "open": _lp("invoice_status", "Outstanding"),
    "paid": _lp("invoice_status", "Paid"),
    "overdue": _lp("invoice_status", "Overdue"),
    "cancelled": _lp("invoice_status", "Cancelled"),
}
TONES = {"open": "info", "paid": "positive", "overdue": "critical", "cancelled": "off"}
DATES, AMOUNTS = _l("Dates"), _l("Amounts")


class InvoiceSchema(RecordSchema):
    record, plural = "invoice", "invoices"
    noun, nouns = _l("Invoice"), _l("Invoices")

    number = Text(_l("Invoice number"), required=True, listed=True, search=True)
    kind = Code(_l("Invoice type"), KINDS, required=True, listed=True)
    contract = Reference(_l("Contract"), "contract", listed=True)
    policyholder = Reference(_l("Policyholder"), "policyholder", required=True, listed=True)
    status = Code(_l("Status"), STATUSES, tones=TONES, required=True, listed=True)
    booked_on = Day(
        _l("Posting date"), section=DATES, help=_l("The day the amount was entered in the books.")
    )
    due_on = Day(_l("Payment due"), section=DATES, listed=True, help=_l("The day by which it is to be paid."))
    period_from_on = Day(_l("Period from"), section=DATES, help=_l("The first day that the invoice is for."))
    period_to_on = Day(_l("Period to"), section=DATES, help=_l("The last day that the invoice is for."))
    paid_on = Day(_l("Date paid"), section=DATES)
    net = Money(_l("Amount excl. tax"), section=AMOUNTS)
    tax = Money(_l("Tax"), section=AMOUNTS)
    gross = Money(_l("Amount incl. tax"), section=AMOUNTS, listed=True)
    currency = CurrencyCode(_l("Currency"), section=AMOUNTS)
    key = Text(_l("Broker system key"), help=KEY_HELP, required=True, broker_only=True)
