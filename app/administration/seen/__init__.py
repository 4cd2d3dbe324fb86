"""Who sees what, and why: on a page, over the API and on the command line, by one explanation."""

from app.administration.seen.access import SEEN
from app.administration.seen.openapi import paths
from app.administration.seen.records import way_here
from app.administration.seen.rest import api
from app.administration.seen.views import pages

__all__ = ["SEEN", "api", "pages", "paths", "way_here"]
