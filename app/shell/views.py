"""Static files, logos and the health check."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, Response, abort, current_app, g, request
from sqlalchemy import text

from app.core.db import transaction
from app.core.errors import NotFound
from app.shell.assets import served
from permissions.door import public, signed_in, viewer

pages = Blueprint("shell", __name__)

FOR_EVER = "public, max-age=31536000, immutable"


@pages.get("/static/<path:name>")
@public
def static(name: str) -> Response:
    asset = served(f"/static/{name}")
    if asset is None:
        abort(404)
    packed = asset.packed if request.accept_encodings.quality("gzip") > 0 else None
    response = Response(packed or asset.content, mimetype=None, content_type=asset.media_type)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = FOR_EVER
    return response


@pages.get("/logo/<name>")
@signed_in
def logo(name: str) -> Response:
    """The logo of the organization the viewer works in, and of no other."""
    if name != viewer.organization_logo or not re.fullmatch(r"[0-9a-f]{64}", name):
        raise NotFound
    storage = current_app.extensions["storage"]
    response = Response(b"".join(storage.read(g.house.tenant_id, name)), content_type="image/png")
    response.headers["Cache-Control"] = "private, max-age=86400"
    return response


@pages.get("/health")
@public
def health() -> Any:
    """Whether this process can answer: it reaches the database."""
    transaction().execute(text("select 1"))
    return Response("ok\n", content_type="text/plain") if request.method == "GET" else ""
