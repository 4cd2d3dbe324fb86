"""What a profile can decide about lists of access grants. Each is a right of its own; the way to them is from others."""

from app.administration.grants.schemas import (
    ClientWithoutAccessSchema,
    OrganizationClientSchema,
    OrganizationContractSchema,
    UsageSchema,
)
from app.core.text import _l
from permissions import Area, Resource

BY_CLIENT = Area(
    "organization-clients",
    _l("Organisations by client"),
    "flow",
    _l("Access"),
    staff_only=True,
    is_in_menu=False,
)
BY_CONTRACT = Area(
    "organization-contracts",
    _l("Organisations by contract"),
    "flow",
    _l("Access"),
    staff_only=True,
    is_in_menu=False,
)
WITHOUT_ACCESS = Area(
    "clients-without-access",
    _l("Clients without access"),
    "users",
    _l("Access"),
    staff_only=True,
    is_in_menu=False,
)
USAGE = Area("usage", _l("Usage"), "chart", _l("Access"), staff_only=True, is_in_menu=False)

RESOURCES = [
    Resource(OrganizationClientSchema, BY_CLIENT),
    Resource(OrganizationContractSchema, BY_CONTRACT),
    Resource(ClientWithoutAccessSchema, WITHOUT_ACCESS),
    Resource(UsageSchema, USAGE),
]
