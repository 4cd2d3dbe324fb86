"""The audit log: who did what, as whom and when, and whether anybody changed that by hand."""

from app.administration.audit.access import AUDIT
from app.administration.audit.entries import of_record
from app.administration.audit.own import pages as own_pages
from app.administration.audit.views import pages

__all__ = ["AUDIT", "of_record", "own_pages", "pages"]
