"""General messages at the desk: written in four languages, for all clients or some, and who has read them."""

from app.administration.announcements.access import ANNOUNCEMENTS
from app.administration.announcements.views import pages

__all__ = ["ANNOUNCEMENTS", "pages"]
