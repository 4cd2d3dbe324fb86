"""What a profile can decide about the audit log."""

from app.core.text import _l
from permissions import Area, Function, Resource

AUDIT_LOG = Area("audit", _l("Audit log"), "history", group=_l("Portal"), staff_only=True)
READ_AUDIT = Function("audit.read", _l("Read the audit log"), staff_only=True)
EXPORT_AUDIT = Function("audit.export", _l("Export the audit log"), staff_only=True)

AUDIT = Resource(area=AUDIT_LOG, functions=(READ_AUDIT, EXPORT_AUDIT))
