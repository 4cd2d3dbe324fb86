"""Members of organizations: who belongs to one, with which profile, and how they come in."""

from app.administration.members.accepting import pages as accepting
from app.administration.members.access import DELEGATION, MEMBERS
from app.administration.members.colleagues import pages as colleagues
from app.administration.members.inviting import JOBS as INVITING
from app.administration.members.offers import JOBS as OFFERING
from app.administration.members.views import pages

PAGES = [pages, colleagues, accepting]
JOBS = [*INVITING, *OFFERING]

__all__ = ["DELEGATION", "JOBS", "MEMBERS", "PAGES"]
