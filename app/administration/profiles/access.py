"""What a profile can decide about permission profiles."""

from app.core.text import _l
from permissions import Area, Function, Resource

PROFILES = Area("profiles", _l("Permission profiles"), "key", _l("Access"), staff_only=True)
MANAGE_PROFILES = Function("profile.manage", _l("Manage permission profiles"), staff_only=True)

PERMISSION_PROFILES = Resource(area=PROFILES, functions=(MANAGE_PROFILES,))
