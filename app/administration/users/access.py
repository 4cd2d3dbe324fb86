"""What a profile can decide about the users of the portal."""

from app.administration.users.schemas import PortalUserSchema
from app.core.text import _l
from permissions import Area, Resource

USERS = Area("users", _l("Users"), "user", _l("Access"), staff_only=True)

PORTAL_USERS = Resource(PortalUserSchema, USERS)
