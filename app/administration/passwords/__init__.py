"""One's own password: changed, forgotten and set anew, and the mails about it."""

from app.administration.passwords.forgotten import JOBS as WAYS_BACK
from app.administration.passwords.telling import JOBS as TELLING
from app.administration.passwords.views import pages

JOBS = [*WAYS_BACK, *TELLING]

__all__ = ["JOBS", "pages"]
