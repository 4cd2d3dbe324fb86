"""What a profile can decide about asking who sees what."""

from app.core.text import _l
from permissions import Area, Function, Resource

PATH = "/visibility"
WHO_SEES = Area("visibility", _l("Who sees what?"), "eye", _l("Access"), undivided=True)
EXPLAIN = Function("member.explain", _l("Explain who sees what"))

SEEN = Resource(area=WHO_SEES, functions=(EXPLAIN,))
"""A client's administrator asks about the members of his organization and about what he sees himself; the broker's
staff about everybody, unless they are limited to some broker units themselves."""
