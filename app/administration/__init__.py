"""The broker's desk: tenants, organizations, profiles and users, their pages and the document that declares them."""

from app.administration.access import ADMINISTRATION
from app.administration.commands import COMMANDS
from app.administration.config import Plan, apply, export, plan
from app.administration.config.rest import api
from app.administration.eyes.access import EYES
from app.administration.eyes.telling import JOBS
from app.administration.eyes.views import pages as eyes
from app.administration.report_functions import pages as report_functions
from app.administration.tenants import FirstUser, create_tenant

RESOURCES = [ADMINISTRATION, EYES]
"""What profiles decide about the desk, in the order of its menu."""
PAGES = [api, report_functions, eyes]

__all__ = [
    "COMMANDS",
    "JOBS",
    "PAGES",
    "RESOURCES",
    "FirstUser",
    "Plan",
    "apply",
    "create_tenant",
    "export",
    "plan",
]
