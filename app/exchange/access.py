"""What a profile can decide about taking records in."""

from app.core.text import _l
from permissions import Function, Resource

IMPORT_RECORDS = Function("import", _l("Import records"), staff_only=True)

IMPORTS = Resource(functions=(IMPORT_RECORDS,))
