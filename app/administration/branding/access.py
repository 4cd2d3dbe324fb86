"""What a profile can decide about the portal's look."""

from app.core.text import _l
from permissions import Area, Function, Resource

READ_BRANDING = Area("branding", _l("Branding"), "paint", group=_l("Portal"), staff_only=True)
MANAGE_BRANDING = Function("branding.manage", _l("Change the look, links and terms of use"), staff_only=True)

BRANDING = Resource(area=READ_BRANDING, functions=(MANAGE_BRANDING,))
