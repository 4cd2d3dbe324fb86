"""Imports over the API: records streamed in as NDJSON or CSV."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Blueprint, Response, abort, request

from app.core.db import db, keep
from app.core.text import _, _n
from app.exchange.access import IMPORT_RECORDS
from app.exchange.kinds import RECORD_TYPES
from app.exchange.lines import csv_rows, lines_of
from app.exchange.problems import Problems
from app.exchange.records import take
from permissions import Forbidden
from permissions.door import allow, viewer

NDJSON, CSV = ("application/x-ndjson", "application/ndjson"), ("text/csv",)

api = Blueprint("import_api", __name__, url_prefix="/api/v1")


@api.post("/import/<record_type>")
@allow(IMPORT_RECORDS)
def import_records(record_type: str) -> Response:
    kind = RECORD_TYPES.get(record_type)
    if kind is None:
        abort(404)
    # An import reaches every broker unit; staff limited to some may not.
    if viewer.mandate_ids:
        raise Forbidden(IMPORT_RECORDS.subject)
    if request.mimetype not in NDJSON + CSV:
        return _answer(415, {"title": _("Send the records as {types}.", types=", ".join((NDJSON[0], *CSV)))})
    dry_run = request.args.get("dry_run", "0")
    unknown = sorted(set(request.args) - {"dry_run"})
    if unknown or dry_run not in ("0", "1"):
        return _answer(
            422, {"title": _("Unknown parameter: {name}", name=unknown[0] if unknown else "dry_run")}
        )
    # The records may arrive slowly; nobody's transaction waits for them.
    actor_id = viewer.user_id
    keep()
    problems = Problems()
    is_csv = request.mimetype in CSV
    report = take(
        db.engine,
        record_type,
        csv_rows(request.stream, kind, problems) if is_csv else lines_of(request.stream),
        dry_run=dry_run == "1",
        actor_id=actor_id,
        source="csv" if is_csv else "json",
        problems=problems,
    )
    if report.is_good:
        return _answer(200, report.as_dict())
    count = report.problems.count
    title = _n("The import has {n} error.", "The import has {n} errors.", count)
    return _answer(422, {"title": title, **report.as_dict()})


def _answer(status: int, body: dict[str, Any]) -> Response:
    if status == 200:
        return Response(orjson.dumps(body), status, mimetype="application/json")
    problem = {"type": "about:blank", "status": status, **body}
    return Response(orjson.dumps(problem), status, mimetype="application/problem+json")
