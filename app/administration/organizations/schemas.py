"""How an organization looks from outside."""

from app.core.schema import (
    KEY_HELP,
    Code,
    CurrencyCode,
    Day,
    Flag,
    Moment,
    RecordSchema,
    Reference,
    Text,
    Whole,
)
from app.core.text import _l, _lp

STATES = {
    "active": _lp("organization_state", "Active"),
    "planned": _lp("organization_state", "Planned"),
    "ended": _lp("organization_state", "Ended"),
}
STATE_TONES = {"active": "positive", "planned": "info", "ended": "off"}


class OrganizationSchema(RecordSchema):
    record, plural = "organization", "organizations"
    noun, nouns = _l("Organisation"), _l("Organisations")

    name = Text(_l("Organisation name"), listed=True, search=True, broker_only=True)
    state = Code(_l("Status"), STATES, tones=STATE_TONES, listed=True, given=False, broker_only=True)
    policyholders = Whole(_l("Policyholders"), listed=True, given=False, broker_only=True)
    members = Whole(_l("Members"), listed=True, given=False, broker_only=True)
    contracts = Whole(_l("Contracts"), listed=True, given=False, broker_only=True)
    parent = Reference(_l("Parent organisation"), "organization", listed=True, broker_only=True)
    starts_on = Day(_l("First day of access"), broker_only=True)
    ends_on = Day(_l("Last day of access"), listed=True, broker_only=True)
    include_claims = Flag(_l("Include claims"), broker_only=True)
    profile_currency = CurrencyCode(_l("Profile currency"), broker_only=True)
    changed_at = Moment(_l("Last changed"), given=False, broker_only=True)
    key = Text(_l("Key"), help=KEY_HELP, broker_only=True)
