"""Who sees what, over the API."""

from __future__ import annotations

from flask import Blueprint, Response, request

from app.administration.seen.access import EXPLAIN, WHO_SEES
from app.administration.seen.question import read
from app.administration.seen.told import told
from app.core.db import transaction
from app.core.errors import Unacceptable
from app.core.text import _
from app.reports.rest import answer
from permissions.door import allow, the_viewer

api = Blueprint("visibility_api", __name__, url_prefix="/api/v1")


@api.get("/visibility")
@allow(WHO_SEES, EXPLAIN)
def show() -> Response:
    question = read(transaction(), the_viewer(), request.args)
    if not question.places and question.record is None:
        raise Unacceptable({"person": _("Name a person, a record, or both.")})
    return answer(told(question))
