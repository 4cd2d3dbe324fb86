"""How the broker's portal looks, where its links lead, and the terms that clients accept."""

from app.administration.branding.acceptances import pages as acceptance_pages
from app.administration.branding.access import BRANDING
from app.administration.branding.views import pages

PAGES = [pages, acceptance_pages]

__all__ = ["BRANDING", "PAGES"]
