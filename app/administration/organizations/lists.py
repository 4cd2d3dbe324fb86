"""The long lists of an organization: who and what is in them, and finding what else belongs there by a few letters."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request
from sqlalchemy import Connection, text

from app.administration import config, forms, undoing
from app.administration.audit.fields import label_of
from app.administration.effects import effect_of
from app.administration.organizations import form, reading, telling
from app.administration.organizations.access import MANAGE_ORGANIZATIONS, READ_ORGANIZATIONS
from app.administration.organizations.undoing import latest_change
from app.core.db import transaction
from app.core.errors import NotFound, Unacceptable
from app.core.text import _, folded
from permissions import Viewer
from permissions.door import allow, the_viewer, viewer
from tenants import current

pages = Blueprint("organization_lists", __name__)

PATH = "/organizations/<uuid:organization_id>/lists/<word>"
MOST_SHOWN = 50
LETTERS, FIND, EFFECT = "letters", "find", "effect"
"""Ways in which the form of a list asks for the page without changing anything: a search while somebody types, one by its
button, and what the form would do."""
LONGEST_SEARCH = 100

HOLDER = "join policyholders p on p.tenant_id = :tenant and p.id = r.policyholder_id"
MANDATE = "join mandates m on m.tenant_id = :tenant and m.id = p.mandate_id"
POLICYHOLDERS = f"""
    select p.key, concat_ws(' ', p.first_name, p.name) as title, concat_ws(', ', m.name, p.city) as sub,
           p.name_key as found_by
      from policyholders p {MANDATE} where p.tenant_id = :tenant"""
CONTRACTS = f"""
    select r.key, r.number as title, concat_ws(', ', p.name, m.name) as sub,
           concat_ws(' ', r.number_key, p.name_key) as found_by
      from contracts r {HOLDER} {MANDATE} where r.tenant_id = :tenant"""
OBJECTS = f"""
    select r.key, r.label as title, concat_ws(', ', r.street, r.city, p.name) as sub,
           folded(concat_ws(' ', r.label, r.street, r.city, p.name)) as found_by
      from objects r {HOLDER} {MANDATE} where r.tenant_id = :tenant"""
RECORDS = {
    "policyholders": POLICYHOLDERS,
    "shared_contracts": CONTRACTS,
    "excluded_contracts": CONTRACTS,
    "objects": OBJECTS,
}
"""What can be put into each list."""


OF_LISTS = {"policyholders": "policyholder", "objects": "object"}
"""The record type `r` of each list, where it is no contract."""
NAMED = re.compile(r"\b([pmr])\.(\w+)")


def readable(viewer: Viewer, query: str, record: str) -> str:
    """The same without the words of fields that the viewer may not read: neither shown, nor found by."""
    records = {"p": "policyholder", "m": "mandate", "r": record}

    def said(column: re.Match[str]) -> str:
        field = column[2].removesuffix("_key")
        is_shown = field == "key" or viewer.may_read(records[column[1]], field)
        return column[0] if is_shown else "null"

    words, start, rest = query.partition(" from ")
    return NAMED.sub(said, words) + start + rest


@dataclass(frozen=True)
class Entry:
    key: str
    title: str
    sub: str


def entries(
    connection: Connection,
    records: str,
    keys: list[str],
    search: str,
    *,
    inside: bool,
    scope: uuid.UUID | None = None,
    most: int = MOST_SHOWN,
) -> tuple[list[Entry], bool]:
    """Records whose words all occur, of the list or of all others; and whether there are more. `records` is a query,
    which may name a scope."""
    conditions = "".join(f" and found_by like :word{n}" for n, _word in enumerate(search.split()))
    values: dict[str, Any] = {f"word{n}": f"%{_plain(folded(one))}%" for n, one in enumerate(search.split())}
    found = connection.execute(
        text(
            f"""select key, coalesce(nullif(title, ''), '–') as title, sub from ({records}) x
                 where {"" if inside else "not"} (key = any(cast(:keys as text[]))) {conditions}
                 order by folded(title), key limit :most"""
        ),
        {"tenant": current.tenant_id(), "keys": keys, "most": most + 1, "scope": scope, **values},
    )
    rows = [Entry(*row) for row in found]
    return rows[:most], len(rows) > most


def _plain(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


@pages.get(PATH)
@allow(READ_ORGANIZATIONS)
def show(organization_id: uuid.UUID, word: str) -> str:
    return _page(_settings(organization_id, word), word)


@pages.post(PATH)
@allow(READ_ORGANIZATIONS, MANAGE_ORGANIZATIONS)
def change(organization_id: uuid.UUID, word: str) -> Any:
    """Add and take out what is ticked, or say what that would do. What others added meanwhile stays."""
    forms.undisturbed()
    settings = _settings(organization_id, word)
    there = settings.item[word] if settings.item[word] != "all" else []
    add, remove = set(request.form.getlist("add")), set(request.form.getlist("remove"))
    entry = {"key": settings.head.key, word: sorted((set(there) | add) - remove)}
    return answered(
        settings,
        {"organizations": [entry]},
        f"/organizations/{organization_id}/lists/{word}",
        lambda **more: _page(settings, word, **more),
    )


def answered(
    settings: reading.Settings,
    document: dict[str, Any],
    address: str,
    page: Callable[..., str],
    membership_id: uuid.UUID | None = None,
) -> Any:
    """Do what the document says, or tell what it would do, as the button says that was pressed: to the organization, or
    to one of its members."""
    connection, organization_id, way = transaction(), settings.head.id, request.form.get("way")

    def latest() -> uuid.UUID | None:
        if membership_id:
            return undoing.latest_change(connection, "membership", membership_id)
        return latest_change(connection, organization_id)

    is_asked = way == EFFECT or (way == FIND and reading.is_told_at_once(connection, organization_id))
    if looks_only() and not (is_asked and is_anything_ticked()):
        return page()
    if not is_anything_ticked():
        return page(error=_("Nothing is chosen. Tick what should be added or removed.")), 422
    try:
        if is_asked:
            effect = effect_of(connection, document, organization_id, membership_id)
            return page(effect=telling.told(connection, effect))
        before = latest()
        config.apply(connection, document, viewer.user_id, may_wait=True)
    except Unacceptable as refused:
        return page(error=form.error_of(refused, settings.head.key)), 422
    after = latest()
    return redirect(f"{address}?change={after}" if after != before else address, 303)


def looks_only() -> bool:
    """Whether the form of a list only asks for its page again: what is ticked stays ticked, and nothing is changed."""
    return request.form.get("way") in (LETTERS, FIND, EFFECT)


def is_anything_ticked() -> bool:
    return "add" in request.form or "remove" in request.form


def _settings(organization_id: uuid.UUID, word: str) -> reading.Settings:
    if word not in RECORDS:
        raise NotFound
    return reading.settings_of(transaction(), organization_id)


def _page(settings: reading.Settings, word: str, **more: Any) -> str:
    address = f"/organizations/{settings.head.id}/lists/{word}"
    may_manage = viewer.may(MANAGE_ORGANIZATIONS)
    return page(settings, word, settings.item[word], address, [], may_manage, **more)


def page(
    settings: reading.Settings,
    word: str,
    chosen: Any,
    address: str,
    trail: list[tuple[str, str]],
    may_manage: bool,
    *,
    effect: telling.Told | None = None,
    error: str | None = None,
    records: str | None = None,
    offered: str | None = None,
    scope: uuid.UUID | None = None,
    person: str = "",
) -> str:
    """The page of a list: `chosen` keys, or `all`; `trail` leads to whose list it is, if not the organization's. With
    `records` it is a client's, of what a scope sees: he is told no effect, since that would tell of others.
    `offered` is a query, too, where not everything can be added; `person` the name of whose list it is."""
    search = " ".join(request.values.get("q", "").split())[:LONGEST_SEARCH]
    there = chosen if chosen != "all" else []
    query = records or readable(the_viewer(), RECORDS[word], OF_LISTS.get(word, "contract"))
    add, remove = (set(request.form.getlist(name)) for name in ("add", "remove"))

    def listed(query: str, keys: set[str], letters: str = search, **which: Any) -> tuple[list[Entry], bool]:
        return entries(transaction(), query, sorted(keys), letters, scope=scope, **which)

    # What is ticked stands by itself, whatever the letters are: so it survives every further search.
    ticked = add | remove
    picked = listed(query, ticked, "", inside=True, most=len(ticked))[0] if ticked else []
    inside, has_more_inside = listed(query, set(there) - remove, inside=True)
    others = readable(the_viewer(), offered, OF_LISTS[word]) if offered else query
    found, has_more = listed(others, {*there, *add}, inside=False) if search else ([], False)
    return render_template(
        "administration/organizations/list.html",
        organization=settings.head,
        address=address,
        trail=trail if records else [*of_organization(settings.head), *trail],
        is_desk=not records,
        title=label_of(word),
        person=person,
        undoing=f"{trail[-1][1] if trail else address_of(settings.head)}/changes",
        number=len(there),
        is_all=chosen == "all",
        search=search,
        inside=inside,
        has_more_inside=has_more_inside,
        found=found,
        has_more=has_more,
        picked=[(one, "remove" if one.key in remove else "add") for one in picked],
        effect=effect,
        error=error,
        may_manage=may_manage,
        is_told_at_once=not records and reading.is_told_at_once(transaction(), settings.head.id),
        change=request.args.get("change") if request.method == "GET" else None,
    )


def of_organization(head: Any) -> list[tuple[str, str]]:
    """The way from the desk to an organization."""
    return [(_("Organisations"), "/organizations"), (head.name, address_of(head))]


def address_of(head: Any) -> str:
    return f"/organizations/{head.id}"
