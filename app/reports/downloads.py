"""Answering a request for a file of an overview: at once, or through a job where it is large."""

from __future__ import annotations

from typing import Any

from flask import Response, g, redirect, stream_with_context
from werkzeug.wrappers import Response as BaseResponse

from app.core.db import db, transaction
from app.core.streams import body_of
from app.reports.making import MEDIA_TYPES, Asked, Large, pieces_of
from app.reports.source import Source
from app.reports.state import State
from permissions import Viewer
from permissions.noting import note


def download(viewer: Viewer, source: Source, state: State, of_name: str | None, ending: str) -> BaseResponse:
    """The file; the way to have it prepared where it has more rows than anybody waits for."""
    asked = Asked(viewer, g.house, source, state, of_name)
    try:
        pieces: Any = pieces_of(transaction(), db.engine, asked, ending)
    except Large:
        return redirect(state.address(f"/exports/{source.plural}.{ending}"), 303)
    note(transaction(), viewer, "file.download", source.record, after={"ending": ending})
    return Response(
        body_of(pieces if isinstance(pieces, list) else stream_with_context(pieces)),
        content_type=MEDIA_TYPES[ending],
        headers={"Content-Disposition": f'attachment; filename="{asked.name(ending)}"'},
    )
