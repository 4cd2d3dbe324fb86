"""What a profile can decide about the broker's desk."""

from app.core.text import _l
from permissions import Function, Resource, Viewer

APPLY_CONFIG = Function("config.apply", _l("Declare organisations, profiles and users"), staff_only=True)

ADMINISTRATION = Resource(functions=(APPLY_CONFIG,))


def reads_of_people(viewer: Viewer, field: str) -> bool:
    """Whether somebody reads this of users wherever the desk names them: `email`, `signed_in_at`. Of the staff his profile
    says so; a client's administrator knows his colleagues by their addresses, he invites them."""
    return not viewer.is_staff or viewer.may_read("portal_user", field)
