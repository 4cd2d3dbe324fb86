"""What a profile can decide about files and paper."""

from app.core.text import _l
from permissions import Function

EXPORT = Function("export", _l("Export"))
PRINT_SHEETS = Function("print_sheets", _l("Print data sheets"))
