"""What was done, in words: a phrase for each act that is noted anywhere, and a name for what it was done to."""

from __future__ import annotations

from app.core.text import LazyText, _, _l, _lp
from app.reports.source import SOURCES

ACTS: dict[str, LazyText] = {
    "session.start": _l("Signed in"),
    "session.end": _l("Signed out"),
    "session.switch": _l("Went on in another organisation"),
    "token.create": _l("Created an API token"),
    "token.revoke": _l("Revoked an API token"),
    "calendar.renew": _l("Created the address of a private calendar"),
    "calendar.revoke": _l("Revoked the address of a private calendar"),
    "reminder.set": _l("Chose reminders by email"),
    "reminder.end": _l("Ended reminders by email"),
    "claim.reported": _l("Opened a claim in the portal"),
    "claim_report.sent": _l("Reported a claim"),
    "claim_report.changed": _l("Changed a claim report and sent it again"),
    "claim_report.withdrawn": _l("Withdrew a claim report"),
    "claim_report.released": _l("Approved a colleague’s claim report"),
    "claim_report.returned": _l("Handed back a colleague’s claim report"),
    "document.open": _l("Downloaded a document"),
    "document.upload": _l("Uploaded a document"),
    "file.download": _l("Downloaded a file"),
    "export.request": _l("Had a file prepared"),
    "export.cancel": _l("Cancelled a file in preparation"),
    "export.open": _l("Downloaded a prepared file"),
    "report.create": _l("Saved a report"),
    "report.save": _l("Changed a saved report"),
    "report.rename": _l("Renamed a report"),
    "report.switch": _l("Switched functions of a report"),
    "report.share": _l("Changed whom a report is shared with"),
    "report.hand_over": _l("Handed over a report"),
    "report.default": _l("Changed which report an overview opens with"),
    "report.delete": _l("Deleted a report"),
    "subscription.create": _l("Subscribed to a report"),
    "subscription.sent": _l("Sent a report by email"),
    "subscription.end": _l("Ended a subscription"),
    "tenant.created": _l("Set up the broker"),
    "tenant.changed": _l("Changed the broker’s settings"),
    "organization.created": _l("Created an organisation"),
    "organization.changed": _l("Changed an organisation"),
    "organization.removed": _l("Deleted an organisation"),
    "organization.reviewed": _l("Reviewed who has access"),
    "membership.created": _l("Added a member"),
    "membership.changed": _l("Changed a membership"),
    "membership.removed": _l("Removed a member"),
    "user.created": _l("Created a user"),
    "user.changed": _l("Changed a user"),
    "user.removed": _l("Deleted a user"),
    "user.private_unlocked": _l("Unlocked a private portal"),
    "user.private_locked": _l("Locked a private portal"),
    "look.start": _l("Began to look through a user’s eyes"),
    "look.end": _l("Stopped looking through a user’s eyes"),
    "user.invited": _l("Sent an invitation"),
    "offer.made": _l("Invited a colleague"),
    "offer.sent_again": _l("Sent a colleague’s invitation again"),
    "offer.withdrawn": _l("Withdrew a colleague’s invitation"),
    "offer.accepted": _l("Accepted an invitation"),
    "user.activated": _l("Activated the access"),
    "user.password_set": _l("Set a user’s password"),
    "user.password_changed": _l("Changed the own password"),
    "user.reset_sent": _l("Sent a link to set a new password"),
    "user.password_reset": _l("Set a new password by a link from a mail"),
    "profile.created": _l("Created a permission profile"),
    "profile.changed": _l("Changed a permission profile"),
    "profile.removed": _l("Deleted a permission profile"),
    "document_profile.created": _l("Created a document profile"),
    "document_profile.changed": _l("Changed a document profile"),
    "document_profile.removed": _l("Deleted a document profile"),
    "announcement.created": _l("Wrote a general message"),
    "announcement.changed": _l("Changed a general message"),
    "announcement.removed": _l("Deleted a general message"),
    "announcement.read": _l("Marked a general message as read"),
    "case.started": _l("Started a conversation"),
    "message.sent": _l("Wrote a message"),
    "message.marked": _l("Marked answered messages as read"),
    "case.muted": _l("Ended emails about a case"),
    "case.unmuted": _l("Turned emails about a case on again"),
    "import": _l("Imported records"),
    "demo.loaded": _l("Loaded the demonstration"),
    "terms.accepted": _l("Accepted the terms of use"),
    "terms.export": _l("Exported who accepted the terms of use"),
    "audit.export": _l("Exported the audit log"),
    "audit.sealed": _l("Took rows into the chain"),
    "storage.cleaned": _l("Removed files that nothing needs"),
    "audit.erased": _l("Erased a person’s data from the log"),
}

RECORDS: dict[str, LazyText] = {
    "organization": _l("Organisation"),
    "membership": _l("Membership"),
    "user": _l("User"),
    "profile": _l("Permission profile"),
    "document_profile": _l("Document profile"),
    "tenant": _l("Broker"),
    "report": _l("Saved report"),
    "subscription": _l("Subscription"),
    "token": _l("API token"),
    "calendar": _l("Private calendar feed"),
    "reminder": _l("Reminder of deadlines"),
    "announcement": _l("General message"),
    "claim_report": _l("Claim report"),
    "export": _lp("audit", "Prepared file"),
}
"""Besides the record types that have an overview: those say themselves how they are called."""

PAGES = {
    "announcement": "announcements",
    "organization": "organizations",
    "user": "users",
    "profile": "profiles",
}
"""Where the pages of these stand, if there are any."""


def act_in_words(act: str) -> str:
    return str(ACTS[act]) if act in ACTS else act


def record_in_words(record: str) -> str:
    if record in RECORDS:
        return str(RECORDS[record])
    return str(SOURCES[record].area.label) if record in SOURCES else record


def nobody() -> str:
    """Who acts where nobody signed in: the command line, a job, a link in a mail."""
    return _("The portal itself")
