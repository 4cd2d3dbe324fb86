"""What a profile can decide about organizations."""

from app.administration.organizations.schemas import OrganizationSchema
from app.core.text import _l
from permissions import Area, Function, Resource

READ_ORGANIZATIONS = Area("organizations", _l("Organisations"), "flow", _l("Access"), staff_only=True)
MANAGE_ORGANIZATIONS = Function("organization.manage", _l("Manage access grants"), staff_only=True)

ORGANIZATIONS = Resource(OrganizationSchema, READ_ORGANIZATIONS, (MANAGE_ORGANIZATIONS,))
