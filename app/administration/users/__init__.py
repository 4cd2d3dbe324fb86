"""The people of a broker's portal: their overview, the page of each, and how much they use it."""

from app.administration.users.access import PORTAL_USERS
from app.administration.users.source import USER_SOURCE
from app.administration.users.views import pages

__all__ = ["PORTAL_USERS", "USER_SOURCE", "pages"]
