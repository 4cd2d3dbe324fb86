"""What a profile can decide about cases and their messages."""

from app.cases.schemas import CaseSchema, MessageSchema
from app.core.text import _l
from permissions import Area, Function, Resource

READ_CASES = Area("cases", _l("Cases"), "case", _l("Correspondence"))
READ_MESSAGES = Area("messages", _l("Messages"), "mail", _l("Correspondence"), is_in_menu=False)
WRITE_MESSAGES = Function("case.message", _l("Write messages"))

CASES = Resource(CaseSchema, READ_CASES)
MESSAGES = Resource(MessageSchema, READ_MESSAGES, (WRITE_MESSAGES,))
