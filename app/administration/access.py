"""What a profile can decide about the broker's desk."""

from app.core.text import _l
from permissions import Function, Resource

APPLY_CONFIG = Function("config.apply", _l("Declare organisations, profiles and users"), staff_only=True)

ADMINISTRATION = Resource(functions=(APPLY_CONFIG,))
