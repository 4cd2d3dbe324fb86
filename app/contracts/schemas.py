"""How a contract and an insurer look from outside."""

from app.contracts import codes
from app.core.schema import (
    KEY_HELP,
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

    number = Text(
        _l("Policy number"),
        required=True,
        listed=True,
        search=True,
        help=_l("The number under which the insurer keeps the contract."),
    )
    line_of_business = Code(
        _l("Line of business"),
        codes.LINES,
        search=True,
        is_closed=False,
        help=_l("What kind of insurance it is, as the market divides it."),
    )
    policyholder = Reference(
        _l("Policyholder"),
        "policyholder",
        required=True,
        listed=True,
        help=_l("Who concluded the contract with the insurer and owes the premium."),
    )
    co_policyholders = References(_l("Co-policyholders"), "policyholder")
    insurer = Reference(_l("Insurer"), "insurer", listed=True)
    status = Code(
        _l("Status"),
        codes.STATUSES,
        tones=codes.STATUS_TONES,
        required=True,
        listed=True,
        help=_l("Whether we manage the contract, somebody else does, or it is still an enquiry or a quote."),
    )
    contract_type = Code(_l("Contract type"), codes.CONTRACT_TYPES, is_closed=False)
    product = Text(_l("Product"), search=True)
    insurer_share = Percent(
        _l("Insurer’s share"), help=_l("The part of the risk that this insurer bears when several share it.")
    )
    co_insurance = Code(
        _l("Co-insurance"),
        codes.CO_INSURANCE,
        help=_l("Whether the insurer bears the risk alone, leads others, or follows a leading one."),
    )
    starts_on = Day(_l("Inception date"), section=TERM, help=_l("The day the contract begins."))
    ends_on = Day(
        _l("Expiry date"),
        section=TERM,
        listed=True,
        help=_l("The day the contract ends unless it is extended."),
    )
    annual_due_on = Day(
        _l("Annual renewal date"),
        section=TERM,
        help=_l("The day on which a new year of insurance begins, every year."),
    )
    notice_period_months = Whole(
        _l("Notice period (months)"),
        section=TERM,
        help=_l("How many months before the contract ends or renews the insurer must have the notice."),
    )
    last_day_to_cancel = Day(
        _l("Last day to give notice"),
        section=TERM,
        derived_from=("status", "ends_on", "annual_due_on", "notice_period_months"),
        help=_l(
            "The last day on which notice still reaches the insurer in time, by the dates and the notice period."
        ),
    )
    inquiry_on = Day(_l("Enquiry date"), section=TERM)
    quote_on = Day(_l("Quote date"), section=TERM)
    application_on = Day(_l("Application date"), section=TERM)
    document_on = Day(_l("Policy issue date"), section=TERM)
    premium_net = Money(
        _l("Premium excl. tax"),
        section=PREMIUM,
        listed=True,
        help=_l("The premium without insurance premium tax."),
    )
    insurance_tax = Money(
        _l("Insurance premium tax"),
        section=PREMIUM,
        help=_l("The tax on the premium, which the insurer passes on to the state."),
    )
    premium_gross = Money(
        _l("Premium incl. tax"),
        section=PREMIUM,
        help=_l("What is to be paid: the premium with insurance premium tax."),
    )
    currency = CurrencyCode(_l("Currency"), section=PREMIUM)
    payment_frequency = Code(
        _l("Payment frequency"),
        codes.FREQUENCIES,
        section=PREMIUM,
        help=_l("In how many parts the premium of a year is paid."),
    )
    commission_rate = Percent(
        _l("Commission rate"),
        section=PREMIUM,
        broker_only=True,
        help=_l("What the insurer pays the broker, as a part of the premium."),
    )
    commission = Money(
        _l("Commission"),
        section=PREMIUM,
        broker_only=True,
        help=_l("What the insurer pays the broker for this contract."),
    )
    sum_insured = Money(
        _l("Sum insured"),
        section=COVER,
        help=_l("The amount on which the insurance is based, and usually the most that is paid."),
    )
    deductible = Money(
        _l("Deductible"), section=COVER, help=_l("The part of each loss that the insured bears.")
    )
    attributes = Details(_l("Further details"), section=COVER)
    account_manager = Reference(
        _l("Account manager"),
        "staff",
        section=SERVICE,
        help=_l("Who at the broker’s is responsible for the client."),
    )
    clerk = Reference(
        _l("Account handler"),
        "staff",
        section=SERVICE,
        help=_l("Who at the broker’s does the day-to-day work."),
    )
    claims_handler = Reference(
        _l("Claims handler"), "staff", section=SERVICE, help=_l("Who at the broker’s deals with the claims.")
    )
    intermediary = Text(_l("Intermediary"), section=SERVICE)
    remarks = LongText(_l("Remarks"), section=SERVICE)
    key = Text(_l("Broker system key"), help=KEY_HELP, section=SERVICE, required=True, broker_only=True)


class InsurerSchema(RecordSchema):
    record, plural = "insurer", "insurers"
    noun, nouns = _l("Insurer"), _l("Insurers")

    name = Text(_lp("insurer", "Name"), required=True, listed=True, search=True)
    key = Text(
        _l("Insurer number (GDV)"),
        help=_l("The number under which German insurers are known in the trade’s data exchange."),
        required=True,
        listed=True,
        search=True,
    )
