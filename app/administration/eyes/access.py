"""What a profile can decide about looking through a user's eyes."""

from app.core.text import _l
from permissions import Function, Resource, arrival

VIEW_AS = Function(arrival.VIEW_AS, _l("View the portal as a user"), staff_only=True)
ACT_AS = Function(arrival.ACT_AS, _l("Make changes while viewing as user"), staff_only=True)

EYES = Resource(functions=(VIEW_AS, ACT_AS), label=_l("Users"))
