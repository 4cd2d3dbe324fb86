"""Organizations at the broker's desk: what each sees, who belongs to it, and what a change of its rules does."""

from app.administration.organizations.access import ORGANIZATIONS
from app.administration.organizations.lifecycle import pages as lifecycle_pages
from app.administration.organizations.lifecycle import way_to_grants
from app.administration.organizations.lists import pages as list_pages
from app.administration.organizations.source import ORGANIZATION_SOURCE
from app.administration.organizations.views import pages
from app.administration.organizations.widgets import pages as widget_pages

PAGES = [pages, list_pages, lifecycle_pages, widget_pages]

__all__ = ["ORGANIZATIONS", "ORGANIZATION_SOURCE", "PAGES", "way_to_grants"]
