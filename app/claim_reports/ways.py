"""The ways to a report: from what it can be about, and from the overview of claims."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from app.claim_reports.who import may_report
from app.claims.access import RELEASE_CLAIMS, REPORT_CLAIMS
from app.contracts import CONTRACT_SOURCE
from app.core.text import _
from app.reports.detail import Action
from app.reports.source import Source
from app.reports.state import State
from app.reports.tools import Way
from permissions import Rights, Viewer

REPORT = "/claims/report"
REPORTS = "/claims/reports"


def way_to_report(person: Viewer, source: Source, record_id: uuid.UUID) -> Action | None:
    """From the page of a contract, or of an object that contracts insure."""
    if source.record not in ("contract", "object"):
        return None
    if not (may_report(person) and person.may(CONTRACT_SOURCE.area)):
        return None
    return _("Report a claim"), f"{REPORT}?{source.record}={record_id}", "claim"


def ways_to_reports(source: Source, rights: Rights, state: State) -> Iterator[Way]:
    """From the overview of claims to what is not one yet."""
    if source.record == "claim" and {REPORT_CLAIMS.key, RELEASE_CLAIMS.key} & rights.functions:
        yield _("Claim reports"), REPORTS, "send"
