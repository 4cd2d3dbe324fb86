"""Answering a request for an Excel file: at once, or through a job where it is large."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, redirect, stream_with_context
from werkzeug.wrappers import Response as BaseResponse

from app.core.db import db, transaction
from app.reports.excel.book import MEDIA_TYPE
from app.reports.excel.groups import groups_workbook
from app.reports.excel.overview import workbook
from app.reports.excel.pivot import pivot_workbook
from app.reports.source import Source
from app.reports.state import State
from permissions import Viewer


def excel_answer(viewer: Viewer, source: Source, state: State, of_name: str | None) -> BaseResponse:
    """The file of an overview or its groups; the way to have it prepared where it has very many rows."""
    pieces: Any
    if state.grouping and state.grouping.across:
        pieces = pivot_workbook(transaction(), viewer, source, state, of_name)
    elif state.grouping:
        pieces = groups_workbook(transaction(), viewer, source, state, of_name)
    else:
        made = workbook(transaction(), viewer, source, state, of_name)
        if made.rows > current_app.extensions["settings"].rows_at_once:
            return redirect(state.address(f"/exports/{source.plural}"), 303)
        pieces = stream_with_context(made.pieces(db.engine))
    return Response(
        pieces,
        content_type=MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{source.plural}-{viewer.today}.xlsx"'},
    )
