"""The second pair of eyes: a colleague releases a report, or hands it back."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import Connection, Row, text

from app.claim_reports import notices
from app.claim_reports.sending import Settled, become, set_report, told
from app.claim_reports.who import may_release, may_report, member_now, sees
from app.claims.access import RELEASE_CLAIMS
from app.core.errors import NotFound, Refusal, Unacceptable
from app.core.text import _, _l
from permissions import Forbidden, Viewer
from permissions.noting import note
from tenants import visibility
from tenants.jobs import later

LONGEST_REASON = 1000
OF_COLLEAGUE = """
    select * from claim_reports
     where tenant_id = :tenant and id = :report and organization_id = :organization and author_id <> :user
       for update"""


class AuthorGone(Refusal):
    """The author could not report this any more, so nobody can release it in his name."""

    status = 409
    heading = _l("This report cannot be approved")

    def __str__(self) -> str:
        return _(
            "Its author no longer has access to this contract, or may no longer report claims. Hand the report back, or"
            " report the claim yourself."
        )


def release(connection: Connection, viewer: Viewer, report_id: uuid.UUID) -> None:
    """Make a claim of a colleague's report. All that it takes is asked anew, one at a time: whoever is second finds it
    released. NotFound, Forbidden, Settled, AuthorGone."""
    # Rights, memberships and what an organization sees are changed under this lock only.
    visibility.lock(connection)
    report = _of_colleague(connection, viewer, report_id)
    if report.state == "released":
        return
    if report.state != "waiting":
        raise Settled
    author = member_now(connection, report.organization_id, report.author_id)
    if author is None or not may_report(author):
        raise AuthorGone
    if not sees(connection, author, report.contract_id, report.object_id):
        raise AuthorGone
    note(connection, viewer, "claim_report.released", "claim_report", report.id, after=told(report))
    become(connection, report, author, viewer)
    later(connection, notices.tell_author, report_id=report.id)


def hand_back(connection: Connection, viewer: Viewer, report_id: uuid.UUID, reason: str) -> None:
    """Give a colleague's report back to him, and say why. Unacceptable, NotFound, Forbidden, Settled."""
    reason = reason.strip().replace("\r\n", "\n")
    if not reason:
        raise Unacceptable(
            {"reason": _("Say what is missing or wrong, so that your colleague can change it.")}
        )
    if len(reason) > LONGEST_REASON:
        raise Unacceptable({"reason": _("At most {limit} characters.", limit=LONGEST_REASON)})
    visibility.lock(connection)
    report = _of_colleague(connection, viewer, report_id)
    if report.state != "waiting":
        raise Settled
    set_report(connection, report, state="returned", reason=reason, checked_by_id=viewer.user_id)
    after = {**told(report), "reason": reason}
    note(connection, viewer, "claim_report.returned", "claim_report", report.id, after=after)
    later(connection, notices.tell_author, report_id=report.id)


def _of_colleague(connection: Connection, viewer: Viewer, report_id: uuid.UUID) -> Row[Any]:
    """A report that this person may release as things stand now. NotFound where it is another organization's, his own,
    or about what he does not see; Forbidden where the right was taken from him a moment ago."""
    if viewer.organization_id is None or viewer.look is not None:
        raise Forbidden(RELEASE_CLAIMS.subject)
    now = member_now(connection, viewer.organization_id, viewer.user_id)
    if now is None or not may_release(now):
        raise Forbidden(RELEASE_CLAIMS.subject)
    values = {
        "tenant": viewer.tenant_id,
        "report": report_id,
        "organization": viewer.organization_id,
        "user": viewer.user_id,
    }
    report = connection.execute(text(OF_COLLEAGUE), values).one_or_none()
    if report is None or not sees(connection, now, report.contract_id, report.object_id):
        raise NotFound
    return report
