"""What a profile can decide about cases."""

from app.cases.schemas import CaseSchema
from app.core.text import _l
from permissions import Area, Resource

READ_CASES = Area("cases", _l("Cases"), "case", _l("Correspondence"))

CASES = Resource(CaseSchema, READ_CASES)
