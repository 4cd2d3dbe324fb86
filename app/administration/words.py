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
HOME_VIEWS = {
    "overview": _l("Commercial client view"),
    "private": _l("Private client view"),
    "reporter": _l("Claim reporter view"),
    "cards": _l("Card view"),
    "tiles": _l("Tile view"),
}
MAILBOX_PLACES = {
    "sidebar": _l("In the side column of the home page"),
    "menu_bar": _l("In the menu bar of every page"),
}
WELCOME_MODES = {
    "broker": _l("The welcome message for all"),
    "own": _l("A welcome message of its own"),
    "hidden": _l("No welcome message"),
}
