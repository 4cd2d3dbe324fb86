"""What a profile can decide about claims."""

from app.claims.schemas import ClaimSchema
from app.core.text import _l
from permissions import Area, Function, Resource

READ_CLAIMS = Area("claims", _l("Claims"), "claim", _l("Portfolio"))
REPORT_CLAIMS = Function("claim.report", _l("Report claims"))
RELEASE_CLAIMS = Function("claim.release", _l("Approve colleagues’ claim reports"))

CLAIMS = Resource(ClaimSchema, READ_CLAIMS, (REPORT_CLAIMS, RELEASE_CLAIMS))
