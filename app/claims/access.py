"""What a profile can decide about claims."""

from app.claims.schemas import ClaimSchema
from app.core.text import _l
from permissions import Area, Resource

READ_CLAIMS = Area("claims", _l("Claims"), "claim", _l("Portfolio"))

CLAIMS = Resource(ClaimSchema, READ_CLAIMS)
