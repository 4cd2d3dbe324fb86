"""Pages of end dates and reviews at the broker's desk, and the review a client's own administrator makes."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from app.administration import asking
from app.administration.config.state import read_members, read_tenant
from app.administration.members import changing
from app.administration.members import reading as members_reading
from app.administration.members.access import COLLEAGUES, DELEGATE, MANAGE_MEMBERS
from app.administration.members.colleagues import PATH as HOUSE
from app.administration.members.colleagues import House, house_of
from app.administration.organizations.access import MANAGE_ORGANIZATIONS, READ_ORGANIZATIONS
from app.administration.organizations.reading import settings_of
from app.administration.reviews import reading, reviewing
from app.administration.reviews.access import REVIEWS
from app.administration.reviews.endings import endings, settle_member, settle_organization
from app.core.db import transaction
from app.core.errors import NotFound
from app.core.formats import formats_for
from app.core.text import _, _n, language
from permissions.door import allow, the_viewer, viewer
from tenants import visibility

pages = Blueprint("reviews", __name__)

PATH = "/reviews"
SPANS = (30, 90, 365)
"""Days one can look ahead."""


@pages.get(PATH)
@allow(REVIEWS)
def index() -> str:
    connection, is_all = transaction(), "all" in request.args
    formats = formats_for(language())
    return render_template(
        "administration/reviews/index.html",
        organizations=reading.due(connection, is_all=is_all),
        months=reading.months(connection),
        is_all=is_all,
        is_done="done" in request.args,
        day=lambda moment: formats.day(moment.astimezone(visibility.BERLIN).date()),
        today=visibility.today(),
        due_on=lambda moment: moment.astimezone(visibility.BERLIN).date(),
    )


@pages.get(f"{PATH}/endings")
@allow(REVIEWS)
def ending() -> str:
    asked, notice = request.args.get("days", ""), read_tenant(transaction())["notice_days"]
    days = int(asked) if asked in map(str, SPANS) else notice or SPANS[0]
    return render_template(
        "administration/reviews/endings.html",
        endings=endings(transaction(), days),
        days=days,
        spans=sorted({*SPANS, days}),
        notice=notice,
        may_manage_organizations=viewer.may(MANAGE_ORGANIZATIONS),
        may_manage_members=viewer.may(MANAGE_MEMBERS),
        reads_organizations=viewer.may(READ_ORGANIZATIONS),
        is_already=request.args.get("done") == "already",
        done=_done(),
        day=formats_for(language()).day,
    )


@pages.post(f"{PATH}/endings/<uuid:organization_id>")
@allow(REVIEWS, MANAGE_ORGANIZATIONS)
def settle(organization_id: uuid.UUID) -> Any:
    """Give an organization a year more, or end it now, if that is meant."""
    is_longer = request.form.get("way") != "end"
    if not (is_longer or asking.is_sure()):
        head = settings_of(transaction(), organization_id).head
        people = len(_running(organization_id))
        return _asked(
            _("End access for the organisation {name}?", name=head.name),
            _n(
                "{n} person will no longer see its contracts.",
                "{n} people will no longer see its contracts.",
                people,
            ),
        )
    seen = request.form.get("ends_on", "")
    done = settle_organization(transaction(), organization_id, seen, is_longer, viewer.user_id)
    return _settled(done, is_longer, organization=organization_id)


@pages.post(f"{PATH}/endings/<uuid:organization_id>/<uuid:membership_id>")
@allow(REVIEWS, MANAGE_MEMBERS)
def settle_one(organization_id: uuid.UUID, membership_id: uuid.UUID) -> Any:
    """The same for one member."""
    member = members_reading.member_of(transaction(), organization_id, membership_id)
    is_longer, seen = request.form.get("way") != "end", request.form.get("ends_on", "")
    if not (is_longer or asking.is_sure()):
        head = settings_of(transaction(), organization_id).head
        return _asked(
            _("End access for {name}?", name=member.name),
            changing.lost(member, head),
        )
    done = settle_member(transaction(), organization_id, member.email, seen, is_longer, viewer.user_id)
    return _settled(done, is_longer, organization=organization_id, member=membership_id)


def _asked(title: str, consequence: str) -> str:
    place = f"{PATH}/endings{_span('?')}"
    crumbs: list[tuple[str, str | None]] = [
        (_("End dates and reviews"), PATH),
        (_("Access ends soon"), place),
        (_("End access"), None),
    ]
    return asking.question(title, [consequence], _("End access"), place, crumbs)


def _settled(done: bool, is_longer: bool, **about: uuid.UUID) -> Response:
    way = ("longer" if is_longer else "ended") if done else "already"
    words = "".join(f"&{word}={one}" for word, one in about.items())
    return redirect(f"{PATH}/endings?done={way}{words}{_span('&')}", 303)


def _span(mark: str) -> str:
    days = request.form.get("days", "")
    return f"{mark}days={days}" if days in map(str, SPANS) else ""


def _done() -> str | None:
    """What was just done, and to whom; of what is named in the address only as far as it exists."""
    way = request.args.get("done")
    if way not in ("longer", "ended"):
        return None
    try:
        organization_id = uuid.UUID(request.args.get("organization", ""))
        if member_id := request.args.get("member"):
            about = members_reading.member_of(transaction(), organization_id, uuid.UUID(member_id))
        else:
            about = settings_of(transaction(), organization_id).head
    except (ValueError, NotFound):
        return None
    if way == "ended" or about.ends_on is None:
        return _("The access of {name} has ended.", name=about.name)
    day = formats_for(language()).day(about.ends_on)
    return _("The access of {name} now lasts until {day}.", name=about.name, day=day)


@pages.get(f"{PATH}/<uuid:organization_id>")
@allow(REVIEWS)
def show(organization_id: uuid.UUID) -> str:
    return _page(organization_id)


@pages.post(f"{PATH}/<uuid:organization_id>")
@allow(REVIEWS, MANAGE_MEMBERS)
def finish(organization_id: uuid.UUID) -> Any:
    """Keep who reviewed an organization; access that is ticked ends."""
    visibility.lock(transaction())
    head = settings_of(transaction(), organization_id).head
    there, members = read_members(transaction(), head.key), _running(organization_id)
    try:
        reviewing.finish(transaction(), the_viewer(), head, members, there, by_client=False)
    except reviewing.OthersCame as refused:
        return _page(organization_id, str(refused)), 409
    return redirect(f"{PATH}?done=1", 303)


def _page(organization_id: uuid.UUID, refusal: str | None = None) -> str:
    head = settings_of(transaction(), organization_id).head
    return reviewing.page(
        transaction(),
        head,
        _running(organization_id),
        address=f"{PATH}/{organization_id}",
        member_path=f"/organizations/{organization_id}/members",
        crumbs=[(_("End dates and reviews"), PATH), (head.name, None)],
        may_manage=viewer.may(MANAGE_MEMBERS),
        by_client=False,
        refusal=refusal,
    )


def _running(organization_id: uuid.UUID) -> list[Any]:
    return reviewing.running(members_reading.members_of(transaction(), organization_id))


@pages.get(f"{HOUSE}/review")
@allow(COLLEAGUES, DELEGATE)
def show_own() -> str:
    return _own_page(house_of(transaction(), the_viewer()))


@pages.post(f"{HOUSE}/review")
@allow(COLLEAGUES, DELEGATE)
def finish_own() -> Any:
    """The same by a client's own administrator, about those he looks after."""
    house = house_of(transaction(), the_viewer(), to_change=True)
    try:
        reviewing.finish(
            transaction(), the_viewer(), house.settings.head, _covered(house), house.there, by_client=True
        )
    except reviewing.OthersCame as refused:
        return _own_page(house, str(refused)), 409
    return redirect(f"{HOUSE}?reviewed=1", 303)


def _own_page(house: House, refusal: str | None = None) -> str:
    return reviewing.page(
        transaction(),
        house.settings.head,
        _covered(house),
        address=f"{HOUSE}/review",
        member_path=HOUSE,
        crumbs=[(_("Colleagues’ access"), HOUSE), (_("Review access"), None)],
        may_manage=True,
        by_client=True,
        refusal=refusal,
    )


def _covered(house: House) -> list[Any]:
    return [
        one
        for one in _running(house.settings.head.id)
        if house.reach.covers(one.email, house.there[one.email])
    ]
