"""Members of organizations: who belongs to one, with which profile, and how they come in."""

from app.administration.members.access import MEMBERS
from app.administration.members.inviting import JOBS
from app.administration.members.views import pages

__all__ = ["JOBS", "MEMBERS", "pages"]
