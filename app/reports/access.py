"""What a profile can decide about records on paper."""

from app.core.text import _l
from permissions import Function

PRINT_SHEETS = Function("print_sheets", _l("Print data sheets"))
