"""Private portals: an employee of a client sees his own insurance, and nobody of his company learns of it."""

from app.administration.private.views import pages

__all__ = ["pages"]
