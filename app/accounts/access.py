"""What a profile can decide about a person's own account."""

from app.core.text import _l
from permissions import Function, Resource, arrival

MANAGE_TOKENS = Function(arrival.API_TOKENS, _l("Manage API tokens"))
SUBSCRIBE_CALENDAR = Function("calendar", _l("Private calendar feed"))

ACCOUNTS = Resource(functions=(MANAGE_TOKENS, SUBSCRIBE_CALENDAR), label=_l("My account"))
