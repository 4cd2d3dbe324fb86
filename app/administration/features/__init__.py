"""What the broker switches on and off for his whole portal."""

from app.administration.features.access import FEATURES
from app.administration.features.views import pages

__all__ = ["FEATURES", "pages"]
