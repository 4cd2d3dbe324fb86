"""The broker's desk: tenants, organizations, profiles and users, declared as a document."""

from app.administration.access import ADMINISTRATION
from app.administration.commands import COMMANDS
from app.administration.config import Plan, apply, export, plan
from app.administration.rest import api
from app.administration.tenants import FirstUser, create_tenant

__all__ = [
    "ADMINISTRATION",
    "COMMANDS",
    "FirstUser",
    "Plan",
    "api",
    "apply",
    "create_tenant",
    "export",
    "plan",
]
