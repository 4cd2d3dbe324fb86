"""The broker's desk: tenants, organizations, profiles and users, their pages and the document that declares them."""

from app.administration.access import ADMINISTRATION
from app.administration.commands import COMMANDS
from app.administration.config import Plan, apply, export, plan
from app.administration.config.rest import api
from app.administration.report_functions import pages as report_functions
from app.administration.seen import SEEN, way_here
from app.administration.seen import api as seen_api
from app.administration.seen import pages as seen_pages
from app.administration.seen import paths as visibility_paths
from app.administration.tenants import FirstUser, create_tenant

RESOURCES = [ADMINISTRATION, SEEN]
"""What profiles decide about the desk, in the order of its menu."""
PAGES = [api, report_functions, seen_pages, seen_api]

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
    "visibility_paths",
    "way_here",
]
