"""The table of errors: what becomes of each, and what is said of it."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, Response, g, render_template, request
from marshmallow import ValidationError
from psycopg.errors import QueryCanceled
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from app import edge
from app.core import text
from app.core.db import drop
from app.core.errors import Away, NotFound, Refusal, TooLong, Unacceptable
from app.reports.rest import answer
from permissions import Forbidden

log = logging.getLogger(__name__)

TITLES = {
    403: text._l("Not part of your profile"),
    404: text._l("There is nothing at this address, or you do not have access to it."),
    405: text._l("This address does not take such a request."),
    413: text._l("The request is too large."),
    415: text._l("The content type is not one of those accepted here."),
    422: text._l("This cannot be read"),
    500: text._l("Something went wrong"),
    503: text._l("The portal is away for a moment"),
}
"""What the API says of a refusal that nobody worded; the pages have their own words, see error.html."""


def wants_json() -> bool:
    return request.path.startswith("/api/")


def problem(status: int, title: str, errors: Any) -> Response:
    """A refusal as the API says it: RFC 9457."""
    body = {"type": "about:blank", "title": title, "status": status}
    if errors:
        body["errors"] = errors
    response = answer(body, status)
    response.mimetype = "application/problem+json"
    return response


def _say(status: int, message: str | None = None, errors: Any = None, heading: Any = None) -> Response:
    if wants_json():
        return problem(
            status, message or str(TITLES.get(status, TITLES[500 if status > 499 else 422])), errors
        )
    page = render_template("error.html", status=status, heading=heading, message=message, reference=None)
    return Response(page, status)


def word(portal: Flask) -> None:
    """Say what each error is, as a page or as JSON."""

    @portal.errorhandler(NotFound)
    @portal.errorhandler(404)
    def not_found(error: Exception) -> Response:
        return _say(404)

    @portal.errorhandler(Forbidden)
    def forbidden(error: Forbidden) -> Response:
        return _say(403)

    @portal.errorhandler(Refusal)
    def refusal(error: Refusal) -> Response:
        return _say(error.status, str(error), heading=error.heading)

    @portal.errorhandler(Unacceptable)
    def unacceptable(error: Unacceptable) -> Response:
        words = {control: str(sentence) for control, sentence in error.problems.items()}
        return _say(422, next(iter(words.values()), None), words)

    @portal.errorhandler(ValidationError)
    def invalid(error: ValidationError) -> Response:
        return _say(422, None, error.messages)

    @portal.errorhandler(HTTPException)
    def http(error: HTTPException) -> Any:
        if error.code is None or error.code < 400:
            return error
        return _say(error.code)

    @portal.errorhandler(Away)
    @portal.errorhandler(PoolTimeout)
    @portal.errorhandler(OperationalError)
    def away(error: Exception) -> Response:
        if isinstance(getattr(error, "orig", None), QueryCanceled):
            return too_long(TooLong())
        log.warning("away: %s", error)
        g.is_away = True
        response = _say(503)
        response.headers["Retry-After"] = "5"
        return response

    @portal.errorhandler(TooLong)
    def too_long(error: TooLong) -> Response:
        drop()
        return _say(
            422,
            text._(
                "This report takes longer than {n} seconds and was stopped. Add a filter, or compute fewer columns.",
                n=edge.LOOKING,
            ),
        )

    @portal.errorhandler(Exception)
    def broken(error: Exception) -> Response:
        log.exception("unexpected")
        g.is_away = True
        return _say(500)
