"""Mails about claim reports: that there is one, and where. What happened stands in the portal."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import Connection, text

from app.claim_reports.who import may_release, member_now, sees
from app.core.outbox import Job
from app.core.text import LazyText, _, _l, labelled
from app.reports.letters import write_to
from permissions import Viewer
from permissions.arrival import viewer_of
from tenants import current

HANDLER = """
    select u.id from claims c
      join contracts k on k.tenant_id = :tenant and k.id = c.contract_id
     cross join lateral (values (1, c.claims_handler_id), (2, k.clerk_id), (3, k.account_manager_id)) x (place, user_id)
      join users u on u.tenant_id = :tenant and u.id = x.user_id and u.is_active and u.is_staff
     where c.tenant_id = :tenant and c.id = :claim
     order by x.place limit 1"""
"""Who deals with its claims; else who looks after the contract."""
REPORT = """
    select id, state, organization_id, author_id, contract_id, object_id, changed_at
      from claim_reports where tenant_id = :tenant and id = :report"""
OUTCOMES: dict[str, LazyText] = {
    "released": _l("A colleague has approved your claim report."),
    "returned": _l("A colleague has handed your claim report back to you."),
}
REPORTED = _l("A claim has been reported.")
WAITS = _l("A colleague has reported a claim. The report waits for your approval.")


def tell_handler(connection: Connection, claim_id: uuid.UUID) -> None:
    """Tell the broker's person who deals with it that a claim was reported."""
    user_id = connection.execute(text(HANDLER), _asked(claim=claim_id)).scalar_one_or_none()
    handler = viewer_of(connection, user_id, None) if user_id else None
    if handler is not None:
        _write(connection, handler, f"claim-{claim_id}", REPORTED, f"/claims/{claim_id}")


def tell_releaser(
    connection: Connection, report_id: uuid.UUID, user_id: uuid.UUID, membership_id: uuid.UUID
) -> None:
    """Tell a colleague that a report waits for him, if it still does."""
    report, colleague = _report(connection, report_id), viewer_of(connection, user_id, membership_id)
    if (
        report is not None
        and report.state == "waiting"
        and colleague is not None
        and colleague.organization_id == report.organization_id
        and may_release(colleague)
        and sees(connection, colleague, report.contract_id, report.object_id)
    ):
        reference = f"claim-report-{report_id}-{user_id}.{report.changed_at.timestamp():.0f}"
        _write(connection, colleague, reference, WAITS, f"/claims/reports/{report_id}")


def tell_author(connection: Connection, report_id: uuid.UUID) -> None:
    """Tell the author what a colleague has done with his report."""
    report = _report(connection, report_id)
    if report is None or report.state not in OUTCOMES:
        return
    author = member_now(connection, report.organization_id, report.author_id)
    if author is not None:
        reference = f"claim-report-{report_id}.{report.changed_at.timestamp():.0f}"
        _write(connection, author, reference, OUTCOMES[report.state], f"/claims/reports/{report_id}")


def _asked(**ids: uuid.UUID) -> dict[str, uuid.UUID]:
    return {"tenant": current.tenant_id(), **ids}


def _report(connection: Connection, report_id: uuid.UUID) -> Any:
    return connection.execute(text(REPORT), _asked(report=report_id)).one_or_none()


def _write(connection: Connection, viewer: Viewer, reference: str, said: LazyText, way: str) -> None:
    def composed(home: str) -> tuple[str, list[str]]:
        return _("Claim report"), [str(said), labelled(_("See it in the portal"), f"{home}{way}")]

    write_to(connection, viewer, reference, composed)


JOBS = [Job(tell_handler, lease=5 * 60), Job(tell_releaser, lease=5 * 60), Job(tell_author, lease=5 * 60)]
