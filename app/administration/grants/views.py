"""Where the rows of lists of access grants lead, and the page that invites several clients at once."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, render_template, request
from sqlalchemy import bindparam, select
from werkzeug.wrappers import Response

from app.administration.grants import inviting, proposing
from app.administration.grants.access import BY_CLIENT, BY_CONTRACT, USAGE, WITHOUT_ACCESS
from app.administration.grants.proposing import Line
from app.administration.grants.sources import (
    BY_CLIENT_SOURCE,
    BY_CONTRACT_SOURCE,
    USAGE_SOURCE,
    WITHOUT_ACCESS_SOURCE,
)
from app.administration.members.access import MANAGE_MEMBERS
from app.administration.members.reading import client_profiles
from app.administration.organizations.access import MANAGE_ORGANIZATIONS, READ_ORGANIZATIONS
from app.core.db import transaction
from app.core.errors import NotFound, Unacceptable
from app.core.text import _
from app.reports import query
from app.reports.address import address_read
from app.reports.reach import bound
from app.reports.source import TENANT, Source
from permissions.door import allow, the_viewer, viewer
from tenants import visibility

pages = Blueprint("grant_lists", __name__)

INVITATION = f"/{WITHOUT_ACCESS.key}/invitation"


@pages.get(f"/{BY_CLIENT.key}/<uuid:row_id>")
@allow(BY_CLIENT)
def by_client(row_id: uuid.UUID) -> Response:
    return _led(BY_CLIENT_SOURCE, row_id, "organizations", "organization_id")


@pages.get(f"/{BY_CONTRACT.key}/<uuid:row_id>")
@allow(BY_CONTRACT)
def by_contract(row_id: uuid.UUID) -> Response:
    return _led(BY_CONTRACT_SOURCE, row_id, "organizations", "organization_id")


@pages.get(f"/{USAGE.key}/<uuid:row_id>")
@allow(USAGE)
def usage(row_id: uuid.UUID) -> Response:
    return _led(USAGE_SOURCE, row_id, "users", "user_id")


@pages.get(f"/{WITHOUT_ACCESS.key}/<uuid:row_id>")
@allow(WITHOUT_ACCESS)
def client(row_id: uuid.UUID) -> Response:
    return _led(WITHOUT_ACCESS_SOURCE, row_id, "policyholders", "id")


def _led(source: Source, row_id: uuid.UUID, plural: str, column: str) -> Response:
    """To the page of what a row is about. NotFound where the broker has no such row."""
    t = source.table.alias("t")
    found = transaction().execute(
        select(t.c[column]).where(t.c.tenant_id == TENANT, t.c.id == bindparam("row", type_=t.c.id.type)),
        {**bound(the_viewer()), "row": row_id},
    )
    if (led_to := found.scalar_one_or_none()) is None:
        raise NotFound
    return redirect(f"/{plural}/{led_to}", 303)


@pages.get(INVITATION)
@allow(WITHOUT_ACCESS, READ_ORGANIZATIONS, MANAGE_ORGANIZATIONS, MANAGE_MEMBERS)
def propose() -> Any:
    """Organizations for all clients that the filters of the overview leave."""
    way = request.args.get("way", proposing.EACH)
    person = the_viewer()
    state, problems = address_read(person, WITHOUT_ACCESS_SOURCE, ("way", "made", "invited"))
    if problems or way not in proposing.WAYS:
        raise Unacceptable(problems.by_control or {"way": _("Choose one of these")})
    asked = replace(state, columns=(), grouping=None, cursor=None, is_backwards=False, size=proposing.MOST)
    found = query.page(transaction(), person, WITHOUT_ACCESS_SOURCE, asked)
    clients = [] if found.has_next else proposing.clients_of(transaction(), [row[0] for row in found.rows])
    ways = [
        (asked.address(INVITATION, ("way", one)), words, one == way)
        for one, words in (
            (proposing.EACH, _("One organisation per client")),
            (proposing.GROUP, _("One per corporate group")),
            (proposing.TOGETHER, _("One for all")),
        )
    ]
    return _page(proposing.proposed(clients, way), ways=ways, is_too_many=found.has_next)


@pages.post(INVITATION)
@allow(WITHOUT_ACCESS, READ_ORGANIZATIONS, MANAGE_ORGANIZATIONS, MANAGE_MEMBERS)
def create() -> Any:
    """Say what would be created; and once that is confirmed, create it."""
    # From here on nobody else gives one of these clients an organization.
    visibility.lock(transaction())
    lines, are_fewer = proposing.typed(transaction(), request.form)
    lines = [line.checked() for line in lines]
    step = request.form.get("step", "")
    if step == "change":
        return _page(lines)
    sentence = (
        _("Some of these clients are in an organisation by now. They are not listed any more.")
        if are_fewer
        else None
    )
    errors = {}
    if request.form.get("profile", "") not in dict(client_profiles(transaction())):
        errors["profile"] = _("Choose one of these")
    if request.form.get("pattern", "") not in {"", *dict(inviting.patterns(transaction()))}:
        errors["pattern"] = _("Choose one of these")
    if not any(line.is_made for line in lines):
        sentence = sentence or _(
            "Nothing is left to create. Tick at least one line that has an email address."
        )
    if sentence or errors or any(line.errors for line in lines):
        return _page(lines, errors=errors, sentence=sentence), 422
    if step != "create":
        return _review(lines)
    try:
        made, invited = inviting.open_access(
            transaction(), lines, request.form["profile"], request.form.get("pattern", ""), viewer.user_id
        )
    except inviting.Refused as refused:
        return _page(refused.lines, sentence=refused.sentence), 422
    return redirect(f"{INVITATION}?made={made}&invited={invited}", 303)


def _review(lines: list[Line]) -> str:
    return render_template(
        "administration/grants/review.html",
        lines=lines,
        numbers=inviting.numbers_of(transaction(), lines),
        profile=(request.form["profile"], dict(client_profiles(transaction()))[request.form["profile"]]),
        pattern=(
            request.form.get("pattern", ""),
            dict(inviting.patterns(transaction())).get(request.form.get("pattern", ""), ""),
        ),
        address=INVITATION,
    )


def _page(
    lines: list[Line],
    *,
    ways: list[tuple[str, str, bool]] | None = None,
    is_too_many: bool = False,
    errors: dict[str, str] | None = None,
    sentence: str | None = None,
) -> str:
    return render_template(
        "administration/grants/invitation.html",
        lines=lines,
        ways=ways or [],
        is_too_many=is_too_many,
        most=proposing.MOST,
        without=sum(line.is_skipped for line in lines),
        profiles=client_profiles(transaction()),
        profile=request.form.get("profile", ""),
        patterns=inviting.patterns(transaction()),
        pattern=request.form.get("pattern", ""),
        errors=errors or {},
        sentence=sentence,
        made=_number("made"),
        invited=_number("invited"),
        address=INVITATION,
    )


def _number(word: str) -> int | None:
    said = request.args.get(word, "")
    return int(said) if said.isdecimal() and said.isascii() and len(said) < 5 else None
