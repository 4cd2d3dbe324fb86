"""What a profile can decide about general messages."""

from app.core.text import _l
from permissions import Area, Function, Resource

READ_ANNOUNCEMENTS = Area("announcements", _l("General messages"), "bell", _l("Access"), staff_only=True)
MANAGE_ANNOUNCEMENTS = Function("announcement.manage", _l("Write general messages"), staff_only=True)

ANNOUNCEMENTS = Resource(area=READ_ANNOUNCEMENTS, functions=(MANAGE_ANNOUNCEMENTS,))
