"""How a policyholder looks from outside."""

from app.core.schema import KEY_HELP, Code, CountryCode, Day, LongText, RecordSchema, Reference, Text
from app.core.text import _l, _lp

KINDS = {
    "private": _lp("policyholder_kind", "Individual"),
    "company": _lp("policyholder_kind", "Company"),
}
SALUTATIONS = {
    "mr": _lp("salutation", "Mr"),
    "ms": _lp("salutation", "Ms"),
    "mr_and_ms": _lp("salutation", "Mr and Ms"),
    "company": _lp("salutation", "Company"),
    "association": _lp("salutation", "Association"),
    "none": _lp("salutation", "No title"),
}
ADDRESS, SERVICE, BANK = _l("Address and contact"), _l("Account servicing"), _l("Bank and tax")


class PolicyholderSchema(RecordSchema):
    record, plural = "policyholder", "policyholders"
    noun, nouns = _l("Policyholder"), _l("Policyholders")

    name = Text(_lp("policyholder", "Name"), required=True, listed=True, search=True)
    first_name = Text(_l("First name"), search=True)
    kind = Code(_l("Client type"), KINDS, required=True, listed=True)
    mandate = Reference(
        _l("Broker unit"),
        "mandate",
        required=True,
        listed=True,
        help=_l("The part of the broker’s house that looks after the client."),
    )
    corporate_group = Text(
        _l("Corporate group"),
        listed=True,
        search=True,
        help=_l("The companies that the client belongs together with."),
    )
    legal_form = Text(_l("Legal form"))
    salutation = Code(_lp("policyholder", "Title"), SALUTATIONS, is_closed=False)
    birth_on = Day(_l("Date of birth"))
    street = Text(_l("Street and number"), section=ADDRESS, search=True)
    postal_code = Text(_l("Postcode"), section=ADDRESS)
    city = Text(_l("Town or city"), section=ADDRESS, listed=True, search=True)
    country = CountryCode(_l("Country"), section=ADDRESS, listed=True)
    email = Text(_l("Email"), section=ADDRESS)
    phone = Text(_l("Phone"), section=ADDRESS)
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
    intermediary = Text(_l("Intermediary"), section=SERVICE)
    customer_since_on = Day(_l("Client since"), section=SERVICE)
    iban = Text(_l("IBAN"), section=BANK)
    vat_id = Text(_l("VAT number"), section=BANK)
    notes = LongText(_l("Internal notes"), section=SERVICE, broker_only=True)
    key = Text(_l("Broker system key"), help=KEY_HELP, section=SERVICE, required=True, broker_only=True)
