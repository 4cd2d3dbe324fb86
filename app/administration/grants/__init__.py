"""Access grants as lists: organizations by client and by contract, clients in none of them, and how they are used."""

from app.administration.grants.access import RESOURCES
from app.administration.grants.sources import SOURCES
from app.administration.grants.views import pages
from app.administration.grants.ways import ways_beside

__all__ = ["RESOURCES", "SOURCES", "pages", "ways_beside"]
