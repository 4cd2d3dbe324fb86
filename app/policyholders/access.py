"""What a profile can decide about policyholders."""

from app.core.text import _l
from app.policyholders.schemas import PolicyholderSchema
from permissions import Area, Resource

READ_POLICYHOLDERS = Area("policyholders", _l("Clients"), "users", _l("Portfolio"))

POLICYHOLDERS = Resource(PolicyholderSchema, READ_POLICYHOLDERS)
