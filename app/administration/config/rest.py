"""The configuration over the API: the same document as on the command line, given and taken."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import orjson
from flask import Blueprint, Response, request

from app.administration.access import APPLY_CONFIG
from app.administration.config import applying
from app.administration.config.document import read_text, write_text
from app.core.db import transaction
from app.core.errors import Unacceptable
from app.core.text import _
from permissions import Forbidden, Viewer
from permissions.door import allow, viewer

JSON, YAML = "application/json", "application/yaml"
LARGEST = 16 << 20
"""Bytes of a document; one that shares 100,000 contracts by hand has two million."""

api = Blueprint("config_api", __name__, url_prefix="/api/v1")


@api.get("/config")
@allow(APPLY_CONFIG)
def show() -> Response:
    whole_tenant_only(viewer)
    document = applying.export(transaction())
    if request.accept_mimetypes.best_match([JSON, YAML]) == YAML:
        return Response(write_text(document), mimetype=YAML)
    return _answer(document)


@api.post("/config/plan")
@allow(APPLY_CONFIG)
def plan() -> Response:
    whole_tenant_only(viewer)
    return _changes(applying.plan(transaction(), _document()))


@api.put("/config")
@allow(APPLY_CONFIG)
def apply() -> Response:
    whole_tenant_only(viewer)
    return _changes(applying.apply(transaction(), _document(), viewer.user_id))


def whole_tenant_only(person: Viewer) -> None:
    """Staff limited to some broker units could grant themselves the others."""
    if person.mandate_ids:
        raise Forbidden(APPLY_CONFIG.subject)


def _document() -> Any:
    text = request.stream.read(LARGEST + 1)
    if len(text) > LARGEST:
        raise Unacceptable({"document": _("The document is larger than {limit} MB.", limit=LARGEST >> 20)})
    return read_text(text, JSON if request.mimetype == JSON else YAML)


def _changes(planned: applying.Plan) -> Response:
    return _answer({"changes": [asdict(change) for change in planned.changes]})


def _answer(body: Any) -> Response:
    return Response(orjson.dumps(body), mimetype=JSON)
