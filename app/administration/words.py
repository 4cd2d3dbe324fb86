"""What codes of an organization’s settings are called."""

from __future__ import annotations

from app.contracts.codes import STATUSES
from app.core.text import _l, _lp
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
