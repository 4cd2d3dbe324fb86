"""Access that ends, and whether those who have it still should."""

from app.administration.reviews.access import REVIEWING
from app.administration.reviews.notices import JOBS
from app.administration.reviews.views import pages

__all__ = ["JOBS", "REVIEWING", "pages"]
