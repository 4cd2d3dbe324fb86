"""Changing one's own password."""

from __future__ import annotations

from sqlalchemy import Connection

from app.accounts.actions import is_himself, open_session
from app.accounts.passwords import LONGEST, minimum_length, problem_of, set_password
from app.core.errors import Unacceptable
from app.core.text import _
from permissions.noting import note
from permissions.viewer import Forbidden, Viewer


def change_password(connection: Connection, viewer: Viewer, present: str, new: str, address: str) -> str:
    """The cookie with which the viewer goes on; whatever else he is signed in to ends, and looks with it. Unacceptable,
    with what is wrong beside `new` or `present`; a wrong present one counts as signing in wrongly does."""
    if viewer.session_hash is None:
        # A program that came with a token has no session to go on with, and no business with its owner's password.
        raise Forbidden("password")
    problem = problem_of(new, minimum_length(connection))
    if problem is None and new == present:
        problem = _("This is the password you have now. Choose another one.")
    if problem:
        raise Unacceptable({"new": problem})
    # Asked last: whoever mistypes the new one has not tried a password.
    if not (0 < len(present) <= LONGEST and is_himself(connection, viewer, present, address)):
        raise Unacceptable({"present": _("This is not your password.")})
    set_password(connection, viewer.user_id, new)
    note(connection, viewer, "user.password_changed", "user", viewer.user_id)
    return open_session(connection, viewer.user_id, viewer.membership_id)
