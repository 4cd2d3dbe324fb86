"""What a profile decides about saved reports."""

from __future__ import annotations

from app.core.text import _l
from permissions import Function, Viewer

SAVE_REPORTS = Function("save_reports", _l("Save reports"))
SHARE_REPORTS = Function("share_reports", _l("Share reports"))
SUBSCRIBE = Function("subscribe", _l("Subscribe to reports"))
# Whom the broker's people share with crosses organizations, and a report's name is read there, too.
MANAGE_REPORTS = Function("manage_reports", _l("Manage reports"), staff_only=True)

FUNCTIONS = (SAVE_REPORTS, SHARE_REPORTS, SUBSCRIBE, MANAGE_REPORTS)


def is_manager(viewer: Viewer) -> bool:
    """Whether somebody looks after all the broker's reports: nobody does who knows only some mandates' clients."""
    return viewer.may(MANAGE_REPORTS) and not viewer.mandate_ids
