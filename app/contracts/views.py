"""The calendar of a person's deadlines, reached by its secret address."""

from __future__ import annotations

from flask import Blueprint, g, request
from werkzeug.wrappers import Response

from app.accounts.access import SUBSCRIBE_CALENDAR
from app.accounts.feeds import WAIT_SECONDS, is_asked_too_often
from app.contracts.calendar import calendar_of
from app.core.db import transaction
from app.core.text import _, speaking
from app.core.web import base_address
from permissions.door import allow, the_viewer

pages = Blueprint("calendar", __name__)


@pages.get("/calendar/<secret>.ics")
@allow(SUBSCRIBE_CALENDAR, known_by="secret")
def feed(secret: str) -> Response:
    person, connection = the_viewer(), transaction()
    with speaking(person.language or g.house.language):
        if is_asked_too_often(connection, person):
            sentence = _("This calendar is asked for too often. It is there again in a few minutes.")
            return Response(sentence, 429, {"Retry-After": str(WAIT_SECONDS)}, mimetype="text/plain")
        body = calendar_of(connection, person, g.house.name, base_address())
    response = Response(body, mimetype="text/calendar")
    # Asked again each time, since rights may have changed; sent again only when something has.
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    return response.make_conditional(request)
