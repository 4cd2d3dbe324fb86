"""The ways between overviews that belong together: organizations, their clients and contracts, users and usage."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from app.administration.features.access import SWITCHES
from app.administration.grants.access import BY_CLIENT, BY_CONTRACT, USAGE, WITHOUT_ACCESS
from app.administration.organizations.access import READ_ORGANIZATIONS
from app.administration.users.access import USERS
from app.core.text import _
from app.reports.source import Source
from app.reports.state import State
from app.reports.tools import Way
from permissions import Area, Rights

BESIDE: dict[str, tuple[Area, ...]] = {
    "organization": (BY_CLIENT, BY_CONTRACT, WITHOUT_ACCESS, USAGE),
    "organization_client": (READ_ORGANIZATIONS, BY_CONTRACT, WITHOUT_ACCESS, USAGE),
    "organization_contract": (READ_ORGANIZATIONS, BY_CLIENT, WITHOUT_ACCESS, USAGE),
    "client_without_access": (READ_ORGANIZATIONS, BY_CLIENT),
    "policyholder": (BY_CLIENT, WITHOUT_ACCESS),
    "portal_user": (USAGE,),
    "usage": (READ_ORGANIZATIONS, USERS),
}
"""Which overviews lead to which."""
PER_MONTH = {
    "by": "month_on.month",
    "show": "sum.sign_ins,distinct.user,sum.claims,sum.documents",
    "chart": "line",
    "month_on.last": "12m",
}
"""The last twelve months, as an address of the overview of usage says it."""


def ways_beside(source: Source, rights: Rights, state: State) -> Iterator[Way]:
    """From one overview to those that go with it, as far as a profile has them."""
    for area in BESIDE.get(source.record, ()):
        if area.key in rights.areas:
            yield str(area.label), f"/{area.key}", area.icon
        if area is USAGE and area.key in rights.areas:
            yield _("Usage per month"), f"/usage?{urlencode(PER_MONTH, safe=',')}", "chart"
    if source.record == "usage":
        yield _("Usage per month"), f"/usage?{urlencode(PER_MONTH, safe=',')}", "chart"
    if source.record == "portal_user" and SWITCHES.key in rights.areas:
        yield _("Rules for viewing"), "/features#eyes", "eye"
