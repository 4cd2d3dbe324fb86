"""What settings of an organization are called."""

from __future__ import annotations

from typing import Any

from app.claims.codes import CLAIM_TYPES
from app.contracts.codes import CONTRACT_TYPES, LINES, STATUSES
from app.core.text import _, _l, _lp, _n
from tenants.models import STATE_BOXES

BOXES = {
    box: STATUSES[box] if box in STATUSES and box != "own" else words
    for box, words in {
        **dict.fromkeys(STATE_BOXES, _l("Managed by us, without dates")),
        "application": _lp("state_box", "Application"),
        "policy": _lp("state_box", "Policy issued"),
    }.items()
}
VALUATIONS = {
    "today": _lp("valuation", "Today"),
    "contract_start": _lp("valuation", "Contract inception"),
    "year_end": _lp("valuation", "Year end"),
}
SETTINGS = {
    "name": _l("Organisation name"),
    "parent": _l("Parent organisation"),
    "starts_on": _l("First day of access"),
    "ends_on": _l("Last day of access"),
    "policyholders": _l("Policyholders in this organisation"),
    "whole_mandates": _l("Whole broker units, future clients included"),
    "corporate_groups": _l("Whole corporate groups, future members included"),
    "share_automatically": _l("Share contracts automatically"),
    "states": _l("Contract states to share"),
    "mandates": _l("Limit to broker units"),
    "lines_of_business": _l("Limit to lines of business"),
    "contract_types": _l("Limit to contract types"),
    "shared_contracts": _l("Contracts shared individually"),
    "excluded_contracts": _l("Contracts not shared"),
    "objects": _l("Selected objects"),
    "include_claims": _l("Include claims"),
    "claims": _l("Whose claims"),
    "claim_types": _l("Limit to claim types"),
    "reference_addresses": _l("Show reference addresses"),
    "document_profile": _l("Documents by profile"),
    "case_sharing": _l("Share cases"),
    "profile_currency": _l("Profile currency"),
    "valuation": _l("Valuation date"),
    "logo": _l("Logo"),
    "links": _l("Own links"),
    "report_functions_off": _l("Report functions switched off"),
}
"""Every setting, by its word in the configuration document."""


CODES = {
    "states": BOXES,
    "lines_of_business": LINES,
    "contract_types": CONTRACT_TYPES,
    "claim_types": CLAIM_TYPES,
    "valuation": VALUATIONS,
}
MOST_NAMED = 6


def value_told(word: str, value: Any) -> str:
    """A setting's value as people read it."""
    codes = CODES.get(word, {})
    if value is None or value in ([], "", {}):
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        if len(value) > MOST_NAMED:
            return _n("{n} entry", "{n} entries", len(value))
        return ", ".join(str(codes.get(one, one)) for one in value)
    if isinstance(value, dict):
        return ", ".join(map(str, value.values()))
    return str(codes.get(value, value))
