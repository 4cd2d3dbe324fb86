"""What a profile can decide about members."""

from app.core.text import _l
from permissions import Function, Resource

MANAGE_MEMBERS = Function("member.manage", _l("Manage users"), staff_only=True)

MEMBERS = Resource(functions=(MANAGE_MEMBERS,))
