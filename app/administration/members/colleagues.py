"""A client's own house: his administrator looks after the members of the organization he works in, and no others. What he
may give is asked for anew each time, and while he gives nobody else changes it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, request
from sqlalchemy import Connection, text
from werkzeug.wrappers import Response

from app.administration import asking
from app.administration.config.state import Item, read_members
from app.administration.members import changing, offers, reading
from app.administration.members.access import COLLEAGUES, DELEGATE
from app.administration.members.changing import Door, Members
from app.administration.members.inviting import invite_all
from app.administration.members.offers import Given, member_of, offer_all, offer_within, offers_of
from app.administration.members.reach import Reach, reach_of
from app.administration.members.typed import people
from app.administration.organizations import lists
from app.administration.organizations.reading import Settings, settings_of
from app.core.db import transaction
from app.core.errors import NotFound, Unacceptable
from app.core.text import _
from permissions import Viewer
from permissions.door import allow, the_viewer, viewer
from tenants import current, visibility

pages = Blueprint("colleagues", __name__)

PATH = "/colleagues"

OBJECTS = """
    select r.key, r.label as title, {sub} as sub, folded(concat_ws(' ', r.label, {sub})) as found_by
      from objects r
     where r.tenant_id = :tenant
       and exists (select 1 from visible_objects v
                    where v.tenant_id = :tenant and v.scope_id = :scope and v.object_id = r.id)"""
"""Those he sees himself, with what he reads of them."""


@dataclass(frozen=True)
class House:
    """The organization somebody works in, its members, and how far he may go with them."""

    settings: Settings
    reach: Reach
    there: Members

    def member(self, membership_id: uuid.UUID) -> Any:
        """A member he may look after. NotFound for all others, himself included."""
        member = reading.member_of(transaction(), self.settings.head.id, membership_id)
        if not self.reach.covers(member.email, self.there[member.email]):
            raise NotFound
        return member

    def change(self, email: str, item: Item | None) -> None:
        """Make a member what he shall be, or take him out with None. Unacceptable where that is more than one's own."""
        if item is not None:
            problems = self.reach.problems(item)
            if item["ends_on"] == self.there[email]["ends_on"]:
                # A day that stands there already need not be earlier than the organization’s.
                problems.pop("ends_on", None)
            if problems:
                raise Unacceptable(problems)
        left = {one: was for one, was in self.there.items() if one != email}
        changing.apply(
            transaction(),
            self.settings.head.key,
            left if item is None else {**left, email: item},
            viewer.user_id,
        )


def house_of(connection: Connection, person: Viewer, *, to_change: bool = False) -> House:
    """With `to_change` nobody else changes members or rights until this is done."""
    if person.organization_id is None:
        raise NotFound
    if to_change:
        visibility.lock(connection)
    reach = reach_of(connection, person)
    settings = settings_of(connection, person.organization_id)
    return House(settings, reach, read_members(connection, settings.head.key))


def _house(*, to_change: bool = False) -> House:
    return house_of(transaction(), the_viewer(), to_change=to_change)


@pages.get(PATH)
@allow(COLLEAGUES, DELEGATE)
def index() -> str:
    return _page(_house())


@pages.post(PATH)
@allow(COLLEAGUES, DELEGATE)
def invite() -> Any:
    """Offer a membership to those who are typed."""
    house = _house(to_change=True)
    given = Given(request.form.get("profile", ""), request.form.get("ends_on") or None)
    try:
        sent = offer_all(transaction(), viewer, house.reach, people(request.form.get("people", "")), given)
    except Unacceptable as refused:
        return _page(house, changing.beside(refused)), 422
    return redirect(f"{PATH}?invited={sent}", 303)


@pages.post(f"{PATH}/offers/<uuid:offer_id>/invitation")
@allow(COLLEAGUES, DELEGATE)
def offer_again(offer_id: uuid.UUID) -> Response:
    house = _house(to_change=True)
    offers.send_again(transaction(), viewer, offer_within(transaction(), viewer, house.reach, offer_id))
    return redirect(f"{PATH}?invited=1", 303)


@pages.post(f"{PATH}/offers/<uuid:offer_id>/withdrawal")
@allow(COLLEAGUES, DELEGATE)
def withdraw(offer_id: uuid.UUID) -> Response:
    house = _house(to_change=True)
    offers.withdraw(transaction(), viewer, offer_within(transaction(), viewer, house.reach, offer_id))
    return redirect(PATH, 303)


@pages.get(f"{PATH}/<uuid:membership_id>")
@allow(COLLEAGUES, DELEGATE)
def show(membership_id: uuid.UUID) -> str:
    house = _house()
    return _member_page(house, house.member(membership_id))


@pages.post(f"{PATH}/<uuid:membership_id>")
@allow(COLLEAGUES, DELEGATE)
def save(membership_id: uuid.UUID) -> Any:
    house = _house(to_change=True)
    member = house.member(membership_id)
    now = house.there[member.email]
    # Where somebody is after signing in concerns his other organizations, too.
    said = {**changing.said(now), "main": now["main"]}
    if not _may_choose_objects():
        said["objects"] = now["objects"]
    if changing.narrows_to_nothing(now, said) and not asking.is_sure():
        return _question(member, *changing.narrowing(member, house.settings.head))
    try:
        house.change(member.email, {**now, **said})
    except Unacceptable as refused:
        return _member_page(house, member, said, changing.beside(refused)), 422
    return redirect(f"{PATH}/{membership_id}?done=1", 303)


@pages.post(f"{PATH}/<uuid:membership_id>/ending")
@allow(COLLEAGUES, DELEGATE)
def end(membership_id: uuid.UUID) -> Any:
    """Let him see nothing here from now on; what he is elsewhere stays as it is."""
    house = _house(to_change=True)
    member = house.member(membership_id)
    if not asking.is_sure():
        return _asked(house, member, _("End access for {name}?", name=member.name), _("End access"))
    house.change(member.email, changing.ended(house.there[member.email]))
    return redirect(f"{PATH}/{membership_id}?done=1", 303)


@pages.post(f"{PATH}/<uuid:membership_id>/removal")
@allow(COLLEAGUES, DELEGATE)
def remove(membership_id: uuid.UUID) -> Any:
    house = _house(to_change=True)
    member = house.member(membership_id)
    if not asking.is_sure():
        title = _("Remove {name} from the organisation?", name=member.name)
        return _asked(house, member, title, _("Remove from organisation"))
    house.change(member.email, None)
    return redirect(PATH, 303)


def _asked(house: House, member: Any, title: str, button: str) -> str:
    return _question(member, title, changing.lost(member, house.settings.head), button)


def _question(member: Any, title: str, told: str, button: str) -> str:
    back = f"{PATH}/{member.id}"
    crumbs: list[tuple[str, str | None]] = [
        (_("Colleagues’ access"), PATH),
        (member.name, back),
        (button, None),
    ]
    return asking.question(title, [told], button, back, crumbs)


@pages.post(f"{PATH}/<uuid:membership_id>/invitation")
@allow(COLLEAGUES, DELEGATE)
def invite_again(membership_id: uuid.UUID) -> Response:
    """To a member whom the broker added and who has no password yet."""
    member = _house(to_change=True).member(membership_id)
    sent = invite_all(transaction(), [member.email], viewer.user_id)
    return redirect(f"{PATH}?invited={sent}", 303)


@pages.get(f"{PATH}/<uuid:membership_id>/objects")
@allow(COLLEAGUES, DELEGATE)
def objects(membership_id: uuid.UUID) -> str:
    return _objects_page(_house(), membership_id)


@pages.post(f"{PATH}/<uuid:membership_id>/objects")
@allow(COLLEAGUES, DELEGATE)
def choose_objects(membership_id: uuid.UUID) -> Any:
    """Add and take out what is ticked, of what he sees himself; what he does not see stays as it is."""
    house = _house(to_change=True)
    if lists.looks_only():
        return _objects_page(house, membership_id)
    member = house.member(membership_id)
    now, chosen = house.there[member.email], _chosen(house, member)
    add, remove = set(request.form.getlist("add")), set(request.form.getlist("remove"))
    wanted = sorted((set(chosen) | _seen(add)) - _seen(remove))
    try:
        house.change(member.email, {**now, "objects": wanted})
    except Unacceptable as refused:
        sentence = next(iter(changing.beside(refused).values()))
        return _objects_page(house, membership_id, error=sentence), 422
    return redirect(f"{PATH}/{membership_id}/objects", 303)


def _chosen(house: House, member: Any) -> list[str]:
    chosen = house.there[member.email]["objects"]
    return [] if chosen == "all" else chosen


def _may_choose_objects() -> bool:
    return viewer.may_read("object", "label")


def _objects_seen() -> str:
    if not _may_choose_objects():
        raise NotFound
    said = [f"nullif(r.{name}, '')" for name in ("street", "city") if viewer.may_read("object", name)]
    return OBJECTS.format(sub=f"concat_ws(', ', {', '.join(said)})" if said else "''")


def _seen(keys: Iterable[str]) -> set[str]:
    query = f"select key from ({_objects_seen()}) x where key = any(:keys)"
    values = {"tenant": current.tenant_id(), "scope": viewer.scope_id, "keys": list(keys)}
    return set(transaction().execute(text(query), values).scalars())


def _objects_page(house: House, membership_id: uuid.UUID, error: str | None = None) -> str:
    member = house.member(membership_id)
    return lists.page(
        house.settings,
        "objects",
        sorted(_seen(_chosen(house, member))),
        f"{PATH}/{membership_id}/objects",
        [(_("Colleagues’ access"), PATH), (member.name, f"{PATH}/{membership_id}")],
        True,
        error=error,
        records=_objects_seen(),
        scope=viewer.scope_id,
    )


def _door() -> Door:
    return Door(PATH, [], may_manage=True, is_desk=False)


def _page(house: House, errors: dict[str, str] | None = None) -> str:
    connection, head = transaction(), house.settings.head
    return changing.list_page(
        _door(),
        head,
        reading.members_of(connection, head.id),
        list(house.reach.profiles.items()),
        errors,
        offers=[
            (offer, house.reach.covers(offer.email, member_of(offer)))
            for offer in offers_of(connection, head.id)
        ],
        covered={email for email, item in house.there.items() if house.reach.covers(email, item)},
        last_day=house.reach.last_day if house.reach.ends_on else None,
        review=(f"{PATH}/review", _("Review access")),
        is_reviewed="reviewed" in request.args,
    )


def _member_page(
    house: House, member: Any, said: Item | None = None, errors: dict[str, str] | None = None
) -> str:
    return changing.member_page(
        _door(),
        house.settings.head,
        member,
        list(house.reach.profiles.items()),
        said,
        errors,
        is_narrowed=house.reach.objects is not None,
        has_objects=_may_choose_objects(),
        last_day=house.reach.last_day,
    )
