"""The edge: at which broker a request arrives, in which language, and the one transaction it has."""

from __future__ import annotations

from contextlib import ExitStack
from functools import lru_cache
from typing import Any

from flask import Flask, Request, Response, g, render_template, request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from app.accounts.views import LANGUAGE_COOKIE
from app.core import text, web
from app.core.db import db, drop, keep
from app.core.packing import packed
from app.core.settings import Settings
from permissions.door import admit, the_viewer
from tenants import current
from tenants.directory import house_at

LOOKING = 8
"""Seconds a statement of a page may take. Nobody waits longer for a page, and the others should not wait for it."""
FILES = (".csv", ".xlsx")
"""Whoever asks for a file with all rows waits for it."""
LONGEST_WISH = 200
"""Characters of the languages a browser asks for that are read."""


class Portal(Flask):
    """One request, one transaction: kept when the view answers, dropped when it raises."""

    def dispatch_request(self) -> Any:
        answer = super().dispatch_request()
        keep()
        return answer

    def handle_user_exception(self, error: Exception) -> Any:
        drop()
        return super().handle_user_exception(error)

    def ensure_sync(self, func: Any) -> Any:
        """As it is: no view is a coroutine, and finding that out anew takes longer than calling one."""
        return func


def guard(portal: Flask, settings: Settings) -> None:
    """Let a request in by the host it asks for, as far as the sign of its route lets it, and forget it afterwards."""

    @portal.before_request
    def enter() -> Any:
        text.set_language(text.DEFAULT)
        asked = request._get_current_object()  # type: ignore[attr-defined]
        house = house_at(db.engine, asked.host.lower())
        if house is None:
            return Response(render_template("wrong_host.html"), 404)
        g.acting = ExitStack()
        g.acting.enter_context(current.acting_for(house.tenant_id))
        is_page = asked.method == "GET" and not asked.path.endswith(FILES)
        g.acting.enter_context(current.patient_for(LOOKING if is_page else None))
        g.house = house
        text.set_language(_language(asked, house.language))
        web.check_address(asked)
        web.check_origin(asked)
        answer = admit()
        if answer is None:
            web.check_form(asked, lambda: the_viewer().is_authenticated)
        return answer

    portal.after_request(packed)
    portal.wsgi_app = web.protected(portal.wsgi_app, settings.is_secure)  # type: ignore[method-assign]

    @portal.teardown_request
    def forget(error: BaseException | None) -> None:
        if acting := g.pop("acting", None):
            drop()
            acting.close()


def _language(asked: Request, of_house: str) -> str:
    """What the person chose; else what his browser asks for; else the broker's."""
    chosen = asked.cookies.get(LANGUAGE_COOKIE)
    if chosen in text.LANGUAGES:
        return chosen
    return _asked_for(asked.headers.get("Accept-Language", "")[:LONGEST_WISH]) or of_house


@lru_cache(maxsize=1024)
def _asked_for(wish: str) -> str | None:
    return parse_accept_header(wish, LanguageAccept).best_match(list(text.LANGUAGES))
