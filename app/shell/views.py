"""Static files, logos and the health check."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, Response, abort, current_app, g, request
from sqlalchemy import text

from app.core.db import transaction
from app.core.errors import NotFound
from app.shell import faces
from app.shell.assets import is_open_to, served
from permissions.door import before_terms, public, signed_in, viewer

pages = Blueprint("shell", __name__)

FOR_EVER = "public, max-age=31536000, immutable"


@pages.get("/static/<path:name>")
@public
def static(name: str) -> Response:
    asset = served(f"/static/{name}")
    if asset is None or not is_open_to(asset, g.house.slug):
        abort(404)
    packed = asset.packed if request.accept_encodings.quality("gzip") > 0 else None
    response = Response(packed or asset.content, mimetype=None, content_type=asset.media_type)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = FOR_EVER
    return response


@pages.get("/theme/<name>.css")
@public
def theme(name: str) -> Response:
    """The style sheet of this broker's own theme, at the addresses that were given out for him."""
    sheet = faces.sheet_at(g.house.tenant_id, name)
    if sheet is None:
        abort(404)
    response = Response(sheet, content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = FOR_EVER
    return response


@pages.get("/brand/<name>.png")
@public
def brand(name: str) -> Response:
    """This broker's logo, which stands on the page of signing in, too; at the addresses that were given out for him."""
    stored = faces.logo_at(g.house.tenant_id, name)
    if stored is None:
        abort(404)
    return picture(stored, FOR_EVER)


@pages.get("/logo/<name>")
@signed_in
@before_terms
def logo(name: str) -> Response:
    """The logo of the organization the viewer works in, and of no other."""
    if name != viewer.organization_logo or not re.fullmatch(r"[0-9a-f]{64}", name):
        raise NotFound
    return picture(name, "private, max-age=86400")


def picture(name: str, kept: str) -> Response:
    """A logo of this broker or of one of his organizations; whoever calls has looked who may see it."""
    storage = current_app.extensions["storage"]
    response = Response(b"".join(storage.read(g.house.tenant_id, name)), content_type="image/png")
    response.headers["Cache-Control"] = kept
    return response


@pages.get("/health")
@public
def health() -> Any:
    """Whether this process can answer: it reaches the database."""
    transaction().execute(text("select 1"))
    return Response("ok\n", content_type="text/plain") if request.method == "GET" else ""
