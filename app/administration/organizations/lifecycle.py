"""Making an organization, from nothing or after another's pattern, and taking one away."""

from __future__ import annotations

import re
import uuid
from typing import Any

from flask import Blueprint, redirect, render_template, request
from sqlalchemy import Connection, text
from werkzeug.wrappers import Response

from app.administration import config, forms
from app.administration.config.removing import remove_organization
from app.administration.config.state import Item
from app.administration.organizations import form, reading, telling
from app.administration.organizations.access import MANAGE_ORGANIZATIONS, READ_ORGANIZATIONS
from app.administration.organizations.namesakes import namesakes, unsaid
from app.core.db import transaction
from app.core.errors import NotFound, Unacceptable
from app.core.text import _, folded
from app.reports.source import Source
from permissions import Viewer
from permissions.door import allow, viewer
from tenants import current

pages = Blueprint("organization_lifecycle", __name__)

RECOMMENDED: Item = {
    "share_automatically": True,
    "states": ["application", "policy", "own"],
    "include_claims": True,
}
"""What most brokers give a client at first."""
STANDARD = "standard"
"""The document profile an organization has at first, if the broker has one of this key."""
NOT_COPIED = {"name", "parent", "private_for"}

GRANTS = """
    select o.id, o.name, o.ends_on from organizations o
      join visible_policyholders v on v.tenant_id = :tenant and v.scope_id = o.id and v.policyholder_id = :holder
     where o.tenant_id = :tenant order by folded(o.name), o.id"""
HOLDER = """
    select p.id, p.key, coalesce(nullif(p.corporate_group, ''), concat_ws(' ', p.first_name, p.name)) as proposed,
           concat_ws(' ', p.first_name, p.name) as name
      from policyholders p where p.tenant_id = :tenant and p.id = :holder"""
LOST = """
    select (select count(*) from memberships m where m.tenant_id = :tenant and m.organization_id = :id) as members,
           (select count(*) from memberships m where m.tenant_id = :tenant and m.organization_id = :id
               and not exists (select 1 from memberships x where x.tenant_id = :tenant and x.user_id = m.user_id
                                  and x.organization_id <> :id)) as homeless,
           (select count(*) from organization_contracts x where x.tenant_id = :tenant and x.organization_id = :id)
               as by_hand,
           (select count(*) from claim_reports r where r.tenant_id = :tenant and r.organization_id = :id
               and r.state in ('waiting', 'returned')) as reports,
           (select count(*) from organizations c where c.tenant_id = :tenant and c.parent_id = :id) as children"""


@pages.get("/organizations/new")
@allow(READ_ORGANIZATIONS, MANAGE_ORGANIZATIONS)
def new() -> str:
    holder = _holder(request.args.get("policyholder", ""))
    return _new_page(holder, holder.proposed if holder else "")


@pages.post("/organizations/new")
@allow(READ_ORGANIZATIONS, MANAGE_ORGANIZATIONS)
def create() -> Any:
    """One of a name that another has already is made when the page that says so is sent."""
    forms.undisturbed()
    holder, name = _holder(request.form.get("policyholder", "")), _typed_name()
    if others := unsaid(transaction(), name):
        return _new_page(holder, name, others=others), 409
    entry = {**beginning(transaction()), "policyholders": [holder.key] if holder else []}
    try:
        return _made(name, entry)
    except Unacceptable as refused:
        return _new_page(holder, name, refused), 422


@pages.get("/organizations/<uuid:organization_id>/copy")
@allow(READ_ORGANIZATIONS, MANAGE_ORGANIZATIONS)
def copy(organization_id: uuid.UUID) -> str:
    return _copy_page(reading.settings_of(transaction(), organization_id))


@pages.post("/organizations/<uuid:organization_id>/copy")
@allow(READ_ORGANIZATIONS, MANAGE_ORGANIZATIONS)
def make_copy(organization_id: uuid.UUID) -> Any:
    forms.undisturbed()
    settings, name = reading.settings_of(transaction(), organization_id), _typed_name()
    if others := unsaid(transaction(), name):
        return _copy_page(settings, name, others=others), 409
    entry = {word: value for word, value in settings.item.items() if word not in NOT_COPIED}
    try:
        return _made(name, entry)
    except Unacceptable as refused:
        return _copy_page(settings, name, refused), 422


@pages.get("/organizations/<uuid:organization_id>/deletion")
@allow(READ_ORGANIZATIONS, MANAGE_ORGANIZATIONS)
def deletion(organization_id: uuid.UUID) -> str:
    settings = reading.settings_of(transaction(), organization_id)
    values = {"tenant": current.tenant_id(), "id": organization_id}
    return render_template(
        "administration/organizations/deletion.html",
        organization=settings.head,
        lost=transaction().execute(text(LOST), values).one(),
        contracts=telling.COUNTED["contract"](reading.seen_by(transaction(), organization_id).contracts),
    )


@pages.post("/organizations/<uuid:organization_id>/deletion")
@allow(READ_ORGANIZATIONS, MANAGE_ORGANIZATIONS)
def delete(organization_id: uuid.UUID) -> Response:
    reading.settings_of(transaction(), organization_id)
    remove_organization(transaction(), organization_id, viewer.user_id)
    return redirect("/organizations", 303)


def way_to_grants(person: Viewer, source: Source, record_id: uuid.UUID) -> tuple[str, str, str] | None:
    """From a client's page to his organization, or to the choice between several; whether he has any is said by the
    words and the symbol."""
    if source.record != "policyholder" or not (
        person.may(READ_ORGANIZATIONS) and person.may(MANAGE_ORGANIZATIONS)
    ):
        return None
    address = f"/organizations/new?policyholder={record_id}"
    values = {"tenant": person.tenant_id, "holder": record_id}
    found = transaction().execute(text(f"{GRANTS} limit 2"), values).all()
    if len(found) == 1:
        address = f"/organizations/{found[0].id}"
    if found:
        return _("Access grant exists"), address, "key"
    return _("Grant access"), address, "lock"


def _typed_name() -> str:
    return " ".join(request.form.get("name", "").split())


def _made(name: str, entry: Item) -> Response:
    connection = transaction()
    key = new_key(connection, name)
    try:
        config.apply(
            connection,
            {"organizations": [{"key": key, **entry, "name": name}]},
            viewer.user_id,
            may_wait=True,
        )
    except Unacceptable as refused:
        raise Unacceptable(form.errors_of(refused, key)) from None
    found = connection.execute(
        text("select id from organizations where tenant_id = :tenant and key = :key"),
        {"tenant": current.tenant_id(), "key": key},
    )
    return redirect(f"/organizations/{found.scalar_one()}", 303)


def beginning(connection: Connection) -> Item:
    """The settings that an organization begins with at this broker."""
    has_standard = any(key == STANDARD for key, _name in reading.document_profiles(connection))
    return {**RECOMMENDED, "document_profile": STANDARD} if has_standard else dict(RECOMMENDED)


def new_key(connection: Connection, name: str) -> str:
    """A key made of the name that no organization of the broker has yet."""
    return new_keys(connection, [name])[0]


def new_keys(connection: Connection, names: list[str]) -> list[str]:
    """The same for several at once, of which no two are the same."""
    stems = [re.sub(r"[^a-z0-9]+", "-", folded(name)).strip("-")[:60] or "organization" for name in names]
    known = connection.execute(
        text("select key from organizations where tenant_id = :tenant and key like any(:stems)"),
        {"tenant": current.tenant_id(), "stems": [f"{stem}%" for stem in stems]},
    )
    taken, found = set(known.scalars()), []
    for stem in stems:
        found.append(
            next(key for n in range(len(taken) + 1) if (key := f"{stem}-{n + 1}" if n else stem) not in taken)
        )
        taken.add(found[-1])
    return found


def _holder(asked: str) -> Any:
    """The policyholder that a new organization begins with; none if none is asked for. NotFound."""
    if not asked:
        return None
    try:
        values = {"tenant": current.tenant_id(), "holder": uuid.UUID(asked)}
    except ValueError:
        raise NotFound from None
    if (holder := transaction().execute(text(HOLDER), values).one_or_none()) is None:
        raise NotFound
    return holder


def _new_page(
    holder: Any, name: str, refused: Unacceptable | None = None, others: list[Any] | None = None
) -> str:
    """With others of the name that is proposed or typed."""
    grants = []
    if holder:
        values = {"tenant": current.tenant_id(), "holder": holder.id}
        grants = transaction().execute(text(GRANTS), values).all()
    return render_template(
        "administration/organizations/new.html",
        holder=holder,
        name=name,
        grants=grants,
        namesakes=namesakes(transaction(), name) if others is None else others,
        is_asked=others is not None,
        error=str(refused.problems.get("name", refused)) if refused else None,
    )


def _copy_page(
    settings: reading.Settings,
    name: str = "",
    refused: Unacceptable | None = None,
    others: list[Any] | None = None,
) -> str:
    return render_template(
        "administration/organizations/copy.html",
        organization=settings.head,
        name=name,
        namesakes=namesakes(transaction(), name) if others is None else others,
        is_asked=others is not None,
        error=str(refused.problems.get("name", refused)) if refused else None,
    )
