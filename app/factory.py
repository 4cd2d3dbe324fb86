"""Putting the application together: settings, extensions, the list of slices, the table of errors."""

from __future__ import annotations

import gc
import logging
import secrets
from contextlib import ExitStack
from functools import lru_cache
from typing import Any

from flask import Flask, Request, Response, g, redirect, render_template, request
from flask.sessions import NullSession, SessionInterface
from flask_login import LoginManager
from jinja2 import StrictUndefined
from marshmallow import ValidationError
from psycopg.errors import QueryCanceled
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.datastructures import LanguageAccept
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_accept_header

import app.models  # noqa: F401 - every table
from app import (
    administration,
    cases,
    certificates,
    claim_reports,
    claims,
    contracts,
    documents,
    finance,
    objects,
    policyholders,
)
from app.accounts.access import ACCOUNTS
from app.accounts.activation import pages as activation_pages
from app.accounts.terms import pages as terms_pages
from app.accounts.views import LANGUAGE_COOKIE, cookie_name, drop_cookie, look_cookie_name
from app.accounts.views import pages as account_pages
from app.cases.conversation import conversation
from app.cases.starting_views import pages as new_case_pages
from app.cases.starting_views import way_to_write
from app.cases.telling import JOBS as MESSAGE_JOBS
from app.cases.views import pages as message_pages
from app.claim_reports.desk import pages as claim_report_pages
from app.claim_reports.rest import api as claim_report_api
from app.claim_reports.rest import paths as claim_report_paths
from app.claim_reports.views import pages as claim_reporting_pages
from app.contracts.reminders.sending import JOBS as REMINDER_JOBS
from app.contracts.reminders.views import pages as reminder_pages
from app.contracts.summary import pages as summary_pages
from app.contracts.views import pages as contract_pages
from app.core import outbox, text, web
from app.core.db import db, drop, keep, transaction
from app.core.errors import Away, NotFound, Refusal, TooLong, Unacceptable
from app.core.packing import packed
from app.core.queue import Hints
from app.core.settings import Settings
from app.core.storage import Storage
from app.documents.upload_views import pages as upload_pages
from app.documents.upload_views import told_after_upload, way_to_upload
from app.documents.views import pages as document_pages
from app.exchange.access import IMPORTS
from app.exchange.gdv.names import LABELS as GDV_DETAILS
from app.exchange.rest import api as import_api
from app.home.mailbox.placing import bar_item, way_to_mailbox
from app.home.mailbox.views import pages as mailbox_pages
from app.home.views import pages as home_pages
from app.reports import detail, details, tools
from app.reports import openapi as description
from app.reports import source as sources
from app.reports.changes import changes_of
from app.reports.exports import notice as export_notice
from app.reports.exports.job import JOBS as EXPORT_JOBS
from app.reports.exports.views import pages as export_pages
from app.reports.openapi import api as openapi
from app.reports.pages import REPORTS, pages_of
from app.reports.rest import api_of
from app.reports.saved import menu as saved_menu
from app.reports.saved.views import pages as saved_pages
from app.reports.subscriptions.sending import JOBS as REPORT_JOBS
from app.reports.subscriptions.views import pages as subscription_pages
from app.shell import frame
from app.shell.assets import TEMPLATE_GLOBALS
from app.shell.views import pages as shell_pages
from permissions import Forbidden
from permissions.arrival import Key, arrive
from permissions.catalogue import catalogue
from permissions.door import admit, secret_of_address
from permissions.viewer import Viewer
from tenants import current, rebuilding, upkeep
from tenants.directory import house_at
from tenants.isolation import announce_tenant

log = logging.getLogger(__name__)

RESOURCES = [
    contracts.CONTRACTS,
    objects.OBJECTS,
    claims.CLAIMS,
    documents.DOCUMENTS,
    policyholders.POLICYHOLDERS,
    finance.INVOICES,
    certificates.CERTIFICATES,
    cases.CASES,
    cases.MESSAGES,
    contracts.INSURERS,
    policyholders.MANDATES,
    REPORTS,
    ACCOUNTS,
    IMPORTS,
    *administration.RESOURCES,
]
"""What profiles decide about, in the order of the menu."""

SOURCES = [
    policyholders.MANDATE_SOURCE,
    policyholders.POLICYHOLDER_SOURCE,
    contracts.INSURER_SOURCE,
    contracts.CONTRACT_SOURCE,
    objects.OBJECT_SOURCE,
    claims.CLAIM_SOURCE,
    finance.INVOICE_SOURCE,
    certificates.CERTIFICATE_SOURCE,
    documents.DOCUMENT_SOURCE,
    cases.CASE_SOURCE,
    cases.MESSAGE_SOURCE,
    *administration.SOURCES,
]
"""The record types that have an overview, a page and an API."""

JOBS = [
    *upkeep.DAILY,
    *rebuilding.JOBS,
    *REPORT_JOBS,
    *EXPORT_JOBS,
    *REMINDER_JOBS,
    *claim_reports.JOBS,
    *MESSAGE_JOBS,
    *administration.JOBS,
]
"""What may be done later, by a worker."""


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


class Arrivals(LoginManager):
    """Who is signed in stands in our sessions table; what Flask-Login keeps in Flask's session is never asked."""

    def _load_user(self) -> None:
        self._update_request_context_with_user(self._load_user_from_request(request._get_current_object()))  # type: ignore[attr-defined]

    def _update_remember_cookie(self, response: Response) -> Response:
        return response


class NoCookie(SessionInterface):
    """Flask's own session is not used: nothing to open, nothing to sign, nothing to save."""

    def open_session(self, portal: Flask, request: Any) -> NullSession:
        return NullSession()

    def save_session(self, portal: Flask, session: Any, response: Response) -> None:
        pass


def declare() -> None:
    """Fill the catalogue of rights, the sources, the names of details and the jobs; needed before one is looked up."""
    catalogue.fill(RESOURCES)
    sources.fill(SOURCES)
    details.fill(objects.DETAILS, GDV_DETAILS)
    outbox.fill(JOBS)


def create_app(settings: Settings | None = None) -> Flask:
    settings = settings or Settings.from_environment()
    portal = Portal(__name__, static_folder=None, template_folder="shell/templates")
    portal.config.update(
        SECRET_KEY=settings.secret_key or secrets.token_hex(32),
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={"pool_size": 5, "max_overflow": 15, "pool_timeout": 5},
        IS_SECURE=settings.is_secure,
        MAX_FORM_MEMORY_SIZE=web.LARGEST_FORM,
    )
    portal.jinja_env.undefined = StrictUndefined if settings.is_strict else portal.jinja_env.undefined
    portal.jinja_env.trim_blocks = portal.jinja_env.lstrip_blocks = True
    portal.jinja_env.globals.update(
        TEMPLATE_GLOBALS,
        _=text._,
        _n=text._n,
        _p=text._p,
        labelled=text.labelled,
        saved_menu=saved_menu.drawn,
    )
    portal.extensions["storage"] = Storage(settings)
    portal.extensions["settings"] = settings
    db.init_app(portal)
    declare()
    with portal.app_context():
        announce_tenant(db.engine)
        if settings.redis_url:
            outbox.carry_hints(db.engine, Hints(settings.redis_url).send)
    _sign_in(portal)
    _edge(portal, settings)
    _errors(portal)
    portal.context_processor(frame.context)
    portal.context_processor(export_notice.context)
    frame.bar_items[:] = [bar_item]
    frame.own_items[:] = [saved_menu.navigation]
    detail.offered[:] = [
        administration.way_here,
        administration.way_to_grants,
        way_to_upload,
        way_to_write,
        claim_reports.way_to_report,
    ]
    detail.parts[:] = [conversation]
    detail.told_first[:] = [told_after_upload]
    tools.offered[:] = [administration.ways_beside, claim_reports.ways_to_reports, way_to_mailbox]
    description.further[:] = [administration.visibility_paths, claim_report_paths]
    for pages in (
        shell_pages,
        account_pages,
        activation_pages,
        terms_pages,
        home_pages,
        mailbox_pages,
        contract_pages,
        reminder_pages,
        document_pages,
        upload_pages,
        claim_reporting_pages,
        claim_report_pages,
        claim_report_api,
        message_pages,
        new_case_pages,
        openapi,
        summary_pages,
        export_pages,
        import_api,
        saved_pages,
        subscription_pages,
        *administration.PAGES,
    ):
        portal.register_blueprint(pages)
    for source in SOURCES:
        portal.register_blueprint(pages_of(source))
        portal.register_blueprint(api_of(source))
        if source.past is not None:
            portal.register_blueprint(changes_of(source))
    return portal


def settle_memory() -> None:
    """Spare the collector what stays for ever, and let it look less often: a page makes thousands of tuples and no
    circles, and looking through them takes a fifth of its time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _sign_in(portal: Flask) -> None:
    portal.session_interface = NoCookie()
    login = Arrivals(portal)

    @login.request_loader
    def who(request: Any) -> Viewer | None:
        # The page that tells so is drawn without the database that is away.
        if g.get("is_away"):
            return None
        if (secret := secret_of_address()) is not None:
            return arrive(transaction(), secret, Key.ADDRESS)
        header = request.headers.get("Authorization", "")
        if header:
            scheme, _space, token = header.partition(" ")
            return arrive(transaction(), token.strip(), Key.TOKEN) if scheme.lower() == "bearer" else None
        token, look = request.cookies.get(cookie_name()), request.cookies.get(look_cookie_name())
        if not (token and look):
            return arrive(transaction(), token) if token else None
        g.looking = arrive(transaction(), token, Key.LOOK, look)
        return g.looking

    @login.unauthorized_handler
    def unknown() -> Any:
        response = _unknown()
        # Whose look is over does nothing more in that request: it was meant for another's portal.
        if look_cookie_name() in request.cookies:
            drop_cookie(response, look_cookie_name())
            if not _wants_json():
                response.location = "/viewing/ended"
        return response

    def _unknown() -> Any:
        if _wants_json():
            response = _problem(401, text._("Sign in"), None)
            response.headers["WWW-Authenticate"] = "Bearer"
            return response
        path = request.full_path.rstrip("?")
        return redirect("/sign-in" if path == "/" or request.method != "GET" else f"/sign-in?next={path}")


def _edge(portal: Flask, settings: Settings) -> None:
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
        web.check_words(asked)
        web.check_origin(asked)
        return admit()

    portal.after_request(packed)
    portal.wsgi_app = web.protected(portal.wsgi_app, settings.is_secure)  # type: ignore[method-assign]

    @portal.teardown_request
    def forget(error: BaseException | None) -> None:
        if acting := g.pop("acting", None):
            drop()
            acting.close()


LOOKING = 8
"""Seconds a statement of a page may take. Nobody waits longer for a page, and the others should not wait for it."""
FILES = (".csv", ".xlsx")
"""Whoever asks for a file with all rows waits for it."""


def _language(asked: Request, of_house: str) -> str:
    """What the person chose; else what his browser asks for; else the broker's."""
    chosen = asked.cookies.get(LANGUAGE_COOKIE)
    if chosen in text.LANGUAGES:
        return chosen
    return _asked_for(asked.headers.get("Accept-Language", "")[:LONGEST_WISH]) or of_house


LONGEST_WISH = 200
"""Characters of the languages a browser asks for that are read."""


@lru_cache(maxsize=1024)
def _asked_for(wish: str) -> str | None:
    return parse_accept_header(wish, LanguageAccept).best_match(list(text.LANGUAGES))


def _wants_json() -> bool:
    return request.path.startswith("/api/")


def _problem(status: int, title: str, errors: Any) -> Response:
    """RFC 9457."""
    from app.reports.rest import answer

    body = {"type": "about:blank", "title": title, "status": status}
    if errors:
        body["errors"] = errors
    response = answer(body, status)
    response.mimetype = "application/problem+json"
    return response


def _say(status: int, message: str | None = None, errors: Any = None, heading: Any = None) -> Response:
    if _wants_json():
        return _problem(
            status, message or str(_TITLES.get(status, _TITLES[500 if status > 499 else 422])), errors
        )
    page = render_template("error.html", status=status, heading=heading, message=message, reference=None)
    return Response(page, status)


_TITLES = {
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


def _errors(portal: Flask) -> None:
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
                n=LOOKING,
            ),
        )

    @portal.errorhandler(Exception)
    def broken(error: Exception) -> Response:
        log.exception("unexpected")
        g.is_away = True
        return _say(500)
