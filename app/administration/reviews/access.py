"""What a profile can decide about end dates and reviews of access."""

from app.core.text import _l
from permissions import Area, Resource

REVIEWS = Area("reviews", _l("End dates and reviews"), "calendar", _l("Access"), staff_only=True)

REVIEWING = Resource(area=REVIEWS)
"""What is changed there needs the function for it: of organizations, or of members."""
