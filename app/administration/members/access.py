"""What a profile can decide about members."""

from app.core.text import _l
from permissions import Area, Function, Resource

MANAGE_MEMBERS = Function("member.manage", _l("Manage users"), staff_only=True)

COLLEAGUES = Area("colleagues", _l("Colleagues’ access"), "users", _l("Access"), clients_only=True)
DELEGATE = Function("member.delegate", _l("Invite and look after colleagues"))

MEMBERS = Resource(functions=(MANAGE_MEMBERS,))
DELEGATION = Resource(area=COLLEAGUES, functions=(DELEGATE,))
"""A client's own administrator looks after the members of the organization he works in, never beyond his own rights."""
