"""The page that asks a client to accept the broker's terms of use before he goes on."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request
from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from app.accounts.models import TermsAcceptance
from app.accounts.views import destination
from app.core.db import transaction
from permissions import Viewer
from permissions.door import before_terms, signed_in, viewer
from permissions.noting import note
from tenants.models import Tenant

pages = Blueprint("terms", __name__)


@pages.get("/terms")
@signed_in
@before_terms
def show() -> Any:
    if viewer.terms_due is None:
        return redirect(destination(), 303)
    return _page()


@pages.post("/terms")
@signed_in
@before_terms
def accept() -> Any:
    """Only what was shown is accepted: a version that came meanwhile is asked for by itself."""
    if viewer.terms_due is None:
        return redirect(destination(), 303)
    if request.form.get("version") != viewer.terms_due:
        return _page(is_newer=True), 409
    accept_terms(transaction(), viewer, viewer.terms_due, _address())
    return redirect(destination(), 303)


def accept_terms(connection: Connection, person: Viewer, version: str, address: str) -> None:
    """Note that the person accepted this version, once."""
    noted = connection.execute(
        insert(TermsAcceptance)
        .values(tenant_id=person.tenant_id, user_id=person.user_id, version=version)
        .on_conflict_do_nothing()
    )
    if noted.rowcount:
        said = {"version": version, "terms": address}
        note(connection, person, "terms.accepted", "user", person.user_id, after=said)


def _address() -> str:
    """Where the terms stand: the organization's own go before the broker's. Asked afresh, as the version was."""
    own = dict(viewer.organization_links).get("terms")
    links = select(Tenant.links).where(Tenant.tenant_id == viewer.tenant_id)
    return own or transaction().execute(links).scalar_one()["terms"]


def _page(is_newer: bool = False) -> str:
    return render_template(
        "terms.html",
        address=_address(),
        version=viewer.terms_due,
        way=destination(),
        is_newer=is_newer,
    )
