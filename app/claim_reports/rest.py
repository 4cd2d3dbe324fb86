"""Reporting a claim over the API: the words of the form, in the format of the API, and the same rules."""

from __future__ import annotations

import uuid
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson
from flask import Blueprint, Response, current_app, request

from app.claim_reports.loss import FIELDS, asked_of, typed
from app.claim_reports.sending import Typed, own, send
from app.claims import CLAIM_SOURCE
from app.claims.access import READ_CLAIMS, REPORT_CLAIMS
from app.claims.codes import CAUSES, CLAIM_TYPES
from app.contracts import CONTRACT_SOURCE
from app.core.db import transaction
from app.core.errors import NotFound, Unacceptable
from app.core.text import _
from app.core.web import is_clean
from app.reports.openapi import refused
from app.reports.places import id_named
from app.reports.record import seen_ids
from app.reports.rest import answer
from permissions import Viewer
from permissions.door import allow, the_viewer, while_acting

api = Blueprint("claim_reports_api", __name__, url_prefix="/api/v1")

PATH = "/claims/reports"
WORDS = ("contract", "once", *FIELDS)
LARGEST = 1 << 16
"""Bytes."""


@api.post(PATH)
@allow(READ_CLAIMS, REPORT_CLAIMS)
@while_acting
def report() -> Response:
    """Without files: those are uploaded to the claim."""
    person = the_viewer()
    connection, said = transaction(), _body()
    contract_id = id_named(connection, person, CONTRACT_SOURCE, said.get("contract", ""))
    if contract_id is None:
        raise NotFound
    form = Typed(typed(said, person), mark=said.get("once", ""), number=_plain)
    made = own(
        connection, person, send(connection, current_app.extensions["storage"], person, contract_id, form)
    )
    claims = seen_ids(connection, person, CLAIM_SOURCE, {made.claim_id} if made.claim_id else set())
    return answer(told(made, made.claim_id if claims else None), 201)


def told(made: Any, claim_id: uuid.UUID | None) -> dict[str, Any]:
    return {"id": made.id, "number": made.number, "state": made.state, "claim": claim_id}


def _body() -> dict[str, str]:
    """The words of the body. Unacceptable names the first that cannot be taken."""
    text = request.stream.read(LARGEST + 1)
    try:
        said = orjson.loads(text) if len(text) <= LARGEST else None
    except orjson.JSONDecodeError:
        said = None
    if not isinstance(said, dict):
        raise Unacceptable({"document": _("Send a JSON object.")})
    for word, value in said.items():
        if word not in WORDS:
            raise Unacceptable({word[:60]: _("There is no such field. Check its spelling or leave it out.")})
        if not isinstance(value, str) or not is_clean(value):
            raise Unacceptable({word: _("This has to be a text.")})
    return said


def _plain(text: str) -> Decimal | None:
    """An amount as the API writes it."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def paths(person: Viewer) -> dict[str, Any]:
    """This in the description of the API."""
    if not (person.may(READ_CLAIMS) and person.may(REPORT_CLAIMS)):
        return {}
    known = asked_of(person)
    kinds: dict[str, dict[str, Any]] = {
        "object": {"format": "uuid"},
        "claim_type": {"enum": list(CLAIM_TYPES)},
        "occurred_on": {"format": "date"},
        "cause": {"enum": list(CAUSES)},
    }
    fields = {
        name: {"type": "string", "title": str(CLAIM_SOURCE.schema.field(name).label), **kinds.get(name, {})}
        for name in FIELDS
        if name in known
    }
    once = "Reports with the same words here and everywhere else are one report"
    body = {
        "type": "object",
        "properties": {
            "contract": {"type": "string", "format": "uuid"},
            "once": {"type": "string", "description": once},
            **fields,
        },
        "required": [
            "contract",
            *(name for name in ("claim_type", "occurred_on", "description") if name in known),
        ],
        "additionalProperties": False,
    }
    made = {
        "type": "object",
        "properties": {
            "id": {"type": "string", "format": "uuid"},
            "number": {"type": "string"},
            "state": {"enum": ["released", "waiting"]},
            "claim": {"type": ["string", "null"], "format": "uuid"},
        },
        "required": ["id", "number", "state", "claim"],
        "additionalProperties": False,
    }
    said = {"description": "The report", "content": {"application/json": {"schema": made}}}
    operation = {
        "operationId": "report_claim",
        "summary": str(REPORT_CLAIMS.label),
        "description": "Where a second person has to approve reports, it waits; else it is a claim at once.",
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {"201": said, **refused("401", "403", "404", "422", "503")},
    }
    return {f"/api/v1{PATH}": {"post": operation}}
