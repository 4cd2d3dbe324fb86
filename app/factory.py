"""Putting the application together: settings, extensions, the list of slices."""

from __future__ import annotations

import gc
import secrets

from flask import Flask
from jinja2 import StrictUndefined

import app.models  # noqa: F401 - every table
from app import (
    administration,
    arrivals,
    cases,
    certificates,
    claim_reports,
    claims,
    contracts,
    documents,
    edge,
    finance,
    objects,
    policyholders,
    refusals,
)
from app.accounts.access import ACCOUNTS
from app.accounts.activation import pages as activation_pages
from app.accounts.terms import pages as terms_pages
from app.accounts.views import pages as account_pages
from app.administration.access import reads_of_people
from app.cases.conversation import conversation
from app.cases.starting_views import pages as new_case_pages
from app.cases.starting_views import told_after_start, way_to_write
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
from app.core.db import db
from app.core.queue import Hints
from app.core.settings import Settings
from app.core.storage import Storage
from app.documents.upload_views import pages as upload_pages
from app.documents.upload_views import told_after_upload, way_to_upload
from app.documents.views import pages as document_pages
from app.exchange.access import IMPORTS
from app.exchange.gdv.names import LABELS as GDV_DETAILS
from app.exchange.rest import api as import_api
from app.home.mailbox.placing import bar_item, phone_item, way_to_mailbox
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
from permissions.catalogue import catalogue
from tenants import rebuilding, upkeep
from tenants.isolation import announce_tenant

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


def declare() -> None:
    """Fill the catalogue of rights, the sources, the names of details and the jobs; needed before one is looked up."""
    catalogue.fill(RESOURCES)
    sources.fill(SOURCES)
    details.fill(objects.DETAILS, GDV_DETAILS)
    outbox.fill(JOBS)


def create_app(settings: Settings | None = None) -> Flask:
    settings = settings or Settings.from_environment()
    portal = edge.Portal(__name__, static_folder=None, template_folder="shell/templates")
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
        reads_of_people=reads_of_people,
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
    arrivals.recognize(portal)
    edge.guard(portal, settings)
    refusals.word(portal)
    portal.context_processor(frame.context)
    portal.context_processor(export_notice.context)
    frame.bar_items[:] = [bar_item]
    frame.phone_items[:] = [phone_item]
    frame.own_items[:] = [saved_menu.navigation]
    detail.offered[:] = [
        administration.way_here,
        administration.way_to_grants,
        way_to_upload,
        way_to_write,
        claim_reports.way_to_report,
    ]
    detail.parts[:] = [conversation]
    detail.told_first[:] = [told_after_upload, told_after_start]
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
