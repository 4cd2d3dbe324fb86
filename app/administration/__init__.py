"""The broker's desk: tenants, organizations, profiles and users, their pages and the document that declares them."""

from app.administration.access import ADMINISTRATION
from app.administration.commands import COMMANDS
from app.administration.config import Plan, apply, export, plan
from app.administration.config.rest import api
from app.administration.profiles.access import PERMISSION_PROFILES
from app.administration.profiles.editor import pages as profile_editor
from app.administration.profiles.views import pages as profiles
from app.administration.report_functions import pages as report_functions
from app.administration.tenants import FirstUser, create_tenant

RESOURCES = [PERMISSION_PROFILES, ADMINISTRATION]
"""What profiles decide about the desk, in the order of its menu."""
PAGES = [api, report_functions, profiles, profile_editor]

__all__ = [
    "COMMANDS",
    "PAGES",
    "RESOURCES",
    "FirstUser",
    "Plan",
    "apply",
    "create_tenant",
    "export",
    "plan",
]
