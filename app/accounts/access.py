"""What a profile can decide about a person's own account."""

from app.core.text import _l
from permissions import Function, Resource

MANAGE_TOKENS = Function("api_tokens", _l("Manage API tokens"))

ACCOUNTS = Resource(functions=(MANAGE_TOKENS,))
