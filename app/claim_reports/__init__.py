"""Claim reports: how a client tells of a loss, and the colleague who releases it where four eyes are wanted."""

from app.claim_reports.notices import JOBS
from app.claim_reports.reading import Waiting, waiting_for
from app.claim_reports.ways import way_to_report, ways_to_reports
from app.claim_reports.who import may_release, may_report, releasers_in

__all__ = [
    "JOBS",
    "Waiting",
    "may_release",
    "may_report",
    "releasers_in",
    "waiting_for",
    "way_to_report",
    "ways_to_reports",
]
