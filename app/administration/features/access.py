"""What a profile can decide about the portal's switches."""

from app.core.text import _l, _lp
from permissions import Area, Function, Resource

SWITCHES = Area("features", _lp("portal", "Functions"), "gear", group=_l("Portal"), staff_only=True)
MANAGE_PORTAL = Function("tenant.manage", _l("Switch functions of the portal"), staff_only=True)

FEATURES = Resource(area=SWITCHES, functions=(MANAGE_PORTAL,))
