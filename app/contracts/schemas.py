"""How a contract and an insurer look from outside."""

from app.contracts import codes
from app.core.schema import (
    Code,
    CurrencyCode,
    Day,
    Details,
    LongText,
    Money,
    Percent,
    RecordSchema,
    Reference,
    References,
    Text,
    Whole,
)
from app.core.text import _l, _lp

TERM, PREMIUM, COVER, SERVICE = _l("Term"), _l("Premium"), _l("Cover"), _l("Account servicing")


class ContractSchema(RecordSchema):
    record, plural = "contract", "contracts"
    noun, nouns = _l("Contract"), _l("Contracts")

    number = Text(_l("Policy number"), required=True, listed=True, search=True)
    line_of_business = Code(_l("Line of business"), codes.LINES, search=True, is_closed=False)
    policyholder = Reference(
        _l("Policyholder"),
        "policyholder",
        help=_l("Who has concluded the contract and owes the premium."),
        required=True,
        listed=True,
    )
    co_policyholders = References(_l("Co-policyholders"), "policyholder")
    insurer = Reference(_l("Insurer"), "insurer", listed=True)
    status = Code(_l("Status"), codes.STATUSES, tones=codes.STATUS_TONES, required=True, listed=True)
    contract_type = Code(_l("Contract type"), codes.CONTRACT_TYPES, is_closed=False)
    product = Text(_l("Product"), search=True)
    insurer_share = Percent(_l("Insurer’s share"), help=_l("The part of the risk that this insurer bears."))
    co_insurance = Code(_l("Co-insurance"), codes.CO_INSURANCE)
    starts_on = Day(_l("Inception date"), section=TERM)
    ends_on = Day(_l("Expiry date"), section=TERM, listed=True)
    annual_due_on = Day(
        _l("Annual renewal date"),
        help=_l("The day of the year on which the next insurance year begins and notice periods count."),
        section=TERM,
    )
    notice_period_months = Whole(_l("Notice period (months)"), section=TERM)
    last_day_to_cancel = Day(
        _l("Last day to give notice"),
        help=_l(
            "Notice must have reached the insurer by this day to end the contract at the next possible date."
        ),
        section=TERM,
        derived_from=("status", "ends_on", "annual_due_on", "notice_period_months"),
    )
    inquiry_on = Day(_l("Enquiry date"), section=TERM)
    quote_on = Day(_l("Quote date"), section=TERM)
    application_on = Day(_l("Application date"), section=TERM)
    document_on = Day(_l("Policy issue date"), section=TERM)
    premium_net = Money(
        _l("Premium excl. tax"),
        help=_l("What the contract costs before insurance premium tax."),
        section=PREMIUM,
        listed=True,
    )
    insurance_tax = Money(_l("Insurance premium tax"), section=PREMIUM)
    premium_gross = Money(
        _l("Premium incl. tax"),
        help=_l("What is to be paid, insurance premium tax included."),
        section=PREMIUM,
    )
    currency = CurrencyCode(_l("Currency"), section=PREMIUM)
    payment_frequency = Code(_l("Payment frequency"), codes.FREQUENCIES, section=PREMIUM)
    commission_rate = Percent(_l("Commission rate"), section=PREMIUM, broker_only=True)
    commission = Money(_l("Commission"), section=PREMIUM, broker_only=True)
    sum_insured = Money(
        _l("Sum insured"),
        help=_l("The amount agreed as the upper limit. What is covered is told by the policy."),
        section=COVER,
    )
    deductible = Money(
        _l("Deductible"), help=_l("The part of each loss that the insured bears."), section=COVER
    )
    attributes = Details(_l("Further details"), section=COVER)
    account_manager = Reference(_l("Account manager"), "staff", section=SERVICE)
    clerk = Reference(_l("Account handler"), "staff", section=SERVICE)
    claims_handler = Reference(_l("Claims handler"), "staff", section=SERVICE)
    intermediary = Text(_l("Intermediary"), section=SERVICE)
    remarks = LongText(_l("Remarks"), section=SERVICE)
    key = Text(_l("Broker system key"), section=SERVICE, required=True, broker_only=True)


class InsurerSchema(RecordSchema):
    record, plural = "insurer", "insurers"
    noun, nouns = _l("Insurer"), _l("Insurers")

    name = Text(_lp("insurer", "Name"), required=True, listed=True, search=True)
    key = Text(_l("Insurer number (GDV)"), required=True, listed=True, search=True)
