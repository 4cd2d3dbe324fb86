"""How lists of access grants look from outside: one row for each pair of an organization and what it shows."""

from app.contracts.codes import LINES, STATUS_TONES, STATUSES
from app.core.schema import Code, CountryCode, Day, Moment, RecordSchema, Reference, Text, Whole
from app.core.text import _l
from app.policyholders.schemas import KINDS

OF_ORGANIZATION = _l("Of all members of the organisation; each sign-in counts once, where it begins.")
REPORTED = _l("By a member, on a contract that the organisation shows.")


def _organization() -> Reference:
    return Reference(_l("Organisation"), "organization", listed=True, given=False, broker_only=True)


def _mandate() -> Reference:
    return Reference(_l("Broker unit"), "mandate", listed=True, given=False, broker_only=True)


def _policyholder() -> Reference:
    return Reference(_l("Policyholder"), "policyholder", listed=True, given=False, broker_only=True)


def _sign_ins(label: object) -> Whole:
    return Whole(label, listed=True, given=False, broker_only=True, help=OF_ORGANIZATION)  # type: ignore[arg-type]


FIGURES = {
    "members": Whole(_l("Members"), listed=True, given=False, broker_only=True),
    "signed_in_at": Moment(_l("Last sign-in"), listed=True, given=False, broker_only=True),
    "claimed_on": Day(_l("Last claim report"), listed=True, given=False, broker_only=True, help=REPORTED),
    "sign_ins_this_month": _sign_ins(_l("Sign-ins this month")),
    "sign_ins_last_month": _sign_ins(_l("Sign-ins last month")),
    "sign_ins": _sign_ins(_l("Sign-ins in total")),
}
"""How the members of an organization use what it shows; the last columns of whatever lists organizations."""


class OrganizationClientSchema(RecordSchema):
    record, plural = "organization_client", "organization-clients"
    noun, nouns = _l("Organisation by client"), _l("Organisations by client")

    organization = _organization()
    mandate = _mandate()
    policyholder = _policyholder()

    class Meta:
        include = FIGURES


class OrganizationContractSchema(RecordSchema):
    record, plural = "organization_contract", "organization-contracts"
    noun, nouns = _l("Organisation by contract"), _l("Organisations by contract")

    organization = _organization()
    mandate = _mandate()
    contract = Reference(_l("Contract"), "contract", listed=True, given=False, broker_only=True)
    policyholder = _policyholder()
    line_of_business = Code(_l("Line of business"), LINES, is_closed=False, given=False, broker_only=True)
    status = Code(_l("Status"), STATUSES, tones=STATUS_TONES, given=False, broker_only=True)

    class Meta:
        include = FIGURES


class ClientWithoutAccessSchema(RecordSchema):
    record, plural = "client_without_access", "clients-without-access"
    noun, nouns = _l("Client without access"), _l("Clients without access")

    name = Text(_l("Name"), listed=True, search=True, given=False, broker_only=True)
    first_name = Text(_l("First name"), search=True, given=False, broker_only=True)
    kind = Code(_l("Client type"), KINDS, listed=True, given=False, broker_only=True)
    mandate = _mandate()
    corporate_group = Text(_l("Corporate group"), listed=True, search=True, given=False, broker_only=True)
    email = Text(_l("Email"), listed=True, search=True, given=False, broker_only=True)
    phone = Text(_l("Phone"), given=False, broker_only=True)
    city = Text(_l("Town or city"), listed=True, search=True, given=False, broker_only=True)
    country = CountryCode(_l("Country"), given=False, broker_only=True)
    contracts = Whole(_l("Contracts"), listed=True, given=False, broker_only=True)
    account_manager = Reference(_l("Account manager"), "staff", given=False, broker_only=True)
    clerk = Reference(_l("Account handler"), "staff", given=False, broker_only=True)
    customer_since_on = Day(_l("Client since"), given=False, broker_only=True)


class UsageSchema(RecordSchema):
    record, plural = "usage", "usage"
    noun, nouns = _l("Usage"), _l("Usage")

    organization = _organization()
    user = Reference(_l("User"), "user", listed=True, given=False, broker_only=True)
    profile = Text(_l("Permission profile"), listed=True, given=False, broker_only=True)
    month_on = Day(
        _l("Period"), listed=True, given=False, broker_only=True, help=_l("The first day of the month.")
    )
    sign_ins = Whole(_l("Sign-ins"), listed=True, given=False, broker_only=True)
    claims = Whole(_l("Claim reports"), listed=True, given=False, broker_only=True, help=REPORTED)
    documents = Whole(_l("Documents opened"), listed=True, given=False, broker_only=True)
    signed_in_at = Moment(_l("Last sign-in"), listed=True, given=False, broker_only=True)
