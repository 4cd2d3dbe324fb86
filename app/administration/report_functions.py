"""The page of what can be done with reports: for everybody of the broker, and for one organization besides."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect, render_template, request
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.administration import config
from app.administration.access import APPLY_CONFIG
from app.administration.config.rest import whole_tenant_only
from app.administration.organizations.access import READ_ORGANIZATIONS
from app.core.db import transaction
from app.core.errors import NotFound
from app.reports.switches import off_after, parts_with
from permissions.door import allow, viewer
from tenants.models import Organization, Tenant

pages = Blueprint("report_functions", __name__)

PATH = "/report-functions"


@pages.get(PATH)
@allow(APPLY_CONFIG)
def index() -> str | Response:
    whole_tenant_only(viewer)
    if chosen := request.args.get("organization"):
        return redirect(f"{PATH}/{_organization(chosen).id}")
    columns = Organization.id, Organization.name, Organization.report_functions_off
    found = transaction().execute(
        select(*columns)
        .where(Organization.tenant_id == viewer.tenant_id)
        .order_by(Organization.name, Organization.id)
    )
    return _page(None, _of_everybody(), (), organizations=found.all())


@pages.post(PATH)
@allow(APPLY_CONFIG)
def switch() -> Response:
    whole_tenant_only(viewer)
    config.apply(transaction(), {"tenant": _told(_of_everybody())}, viewer.user_id)
    return redirect(f"{PATH}?done=1", 303)


@pages.get(f"{PATH}/<uuid:organization_id>")
@allow(APPLY_CONFIG)
def of_organization(organization_id: uuid.UUID) -> str:
    whole_tenant_only(viewer)
    organization = _organization(organization_id)
    return _page(organization, organization.report_functions_off, _of_everybody())


@pages.post(f"{PATH}/<uuid:organization_id>")
@allow(APPLY_CONFIG)
def switch_for_organization(organization_id: uuid.UUID) -> Response:
    whole_tenant_only(viewer)
    organization = _organization(organization_id)
    told = {"key": organization.key, **_told(organization.report_functions_off)}
    config.apply(transaction(), {"organizations": [told]}, viewer.user_id)
    return redirect(f"{PATH}/{organization_id}?done=1", 303)


def _told(before: list[str]) -> dict[str, list[str]]:
    """What the form says, in the words of the document."""
    form = request.form
    return {"report_functions_off": off_after(form.getlist("shown"), form.getlist("on"), before)}


def _of_everybody() -> list[str]:
    found = select(Tenant.report_functions_off).where(Tenant.tenant_id == viewer.tenant_id)
    return transaction().execute(found).scalar_one()


def _organization(asked: uuid.UUID | str) -> Any:
    """NotFound where the broker has none of this id."""
    try:
        organization_id = uuid.UUID(str(asked))
    except ValueError:
        raise NotFound from None
    columns = Organization.id, Organization.key, Organization.name, Organization.report_functions_off
    found = transaction().execute(
        select(*columns).where(Organization.tenant_id == viewer.tenant_id, Organization.id == organization_id)
    )
    if (organization := found.one_or_none()) is None:
        raise NotFound
    return organization


def _page(organization: Any, off: list[str], elsewhere: Any, organizations: Any = ()) -> str:
    return render_template(
        "administration/report_functions.html",
        organization=organization,
        action=f"{PATH}/{organization.id}" if organization else PATH,
        parts=parts_with(off),
        elsewhere=elsewhere,
        organizations=organizations,
        leads_there=viewer.may(READ_ORGANIZATIONS),
        is_done="done" in request.args,
    )
