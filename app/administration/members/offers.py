"""Offering a membership to a colleague, whether the portal knows him or not: both go the same way, so that nobody learns
here who else works with the broker. The membership is made when he accepts, by who reads the mail."""

from __future__ import annotations

import datetime
import secrets
import uuid
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, text

from app.accounts.actions import tries
from app.administration.config.state import Item
from app.administration.members.reach import Reach
from app.administration.members.typed import Named
from app.core.errors import NotFound, Unacceptable
from app.core.outbox import Job
from app.core.text import _, labelled
from app.reports.letters import write_to_address
from permissions import Viewer
from permissions.arrival import hashed
from permissions.noting import note
from tenants import current, visibility
from tenants.jobs import later

LASTS = datetime.timedelta(days=14)
MOST_OPEN = 200
"""Offers of one organization that wait for an answer: nobody shall send mails by the thousand from here."""
MOST_A_DAY = 400
"""Mails of one organization, the same ones sent again included."""

STAFF = "select email from users where tenant_id = :tenant and email = any(:emails) and is_staff"
THERE = """
    select u.email from memberships m join users u on u.tenant_id = :tenant and u.id = m.user_id
     where m.tenant_id = :tenant and m.organization_id = :organization and u.email = any(:emails)"""
MAKE = """
    insert into membership_offers (tenant_id, organization_id, membership_id, email, name, profile_id, objects, ends_on,
                                   expires_at)
    values (:tenant, :organization, :membership, :email, :name, :profile, cast(:objects as text[]),
            cast(:ends_on as date), now() + :lasts)
    on conflict (tenant_id, organization_id, email) do update
       set membership_id = excluded.membership_id, name = excluded.name, profile_id = excluded.profile_id,
           objects = excluded.objects, ends_on = excluded.ends_on, expires_at = excluded.expires_at,
           token_hash = null, changed_at = now()
    returning id"""
OFFERS = """
    select f.id, f.name, f.email, p.key as profile, p.name as profile_name, f.objects, f.ends_on, f.expires_at,
           f.expires_at < now() as is_over, by.name as by_name
      from membership_offers f
      join profiles p on p.tenant_id = :tenant and p.id = f.profile_id
      join memberships m on m.tenant_id = :tenant and m.id = f.membership_id
      join users by on by.tenant_id = :tenant and by.id = m.user_id
     where f.tenant_id = :tenant and f.organization_id = :organization order by folded(f.name), f.id"""
RENEW = """
    update membership_offers set expires_at = now() + :lasts, token_hash = null, changed_at = now()
     where tenant_id = :tenant and id = :id"""
LETTER = """
    select f.email, o.name as organization, by.name as by_name, coalesce(u.language, by.language) as language,
           (select t.name from tenants t where t.tenant_id = :tenant) as house
      from membership_offers f
      join organizations o on o.tenant_id = :tenant and o.id = f.organization_id
      join memberships m on m.tenant_id = :tenant and m.id = f.membership_id
      join users by on by.tenant_id = :tenant and by.id = m.user_id
      left join users u on u.tenant_id = :tenant and u.email = f.email
     where f.tenant_id = :tenant and f.id = :id and f.expires_at > now()
       and (u.id is null or (u.is_active and not u.is_staff))"""


class Given(NamedTuple):
    """What everybody gets who is invited in one go."""

    profile: str
    ends_on: str | None


def member_of(offer: Row[Any]) -> Item:
    """What an offer would make, in the words of the configuration document."""
    objects = "all" if offer.objects is None else offer.objects
    return {
        "profile": offer.profile,
        "objects": objects,
        "ends_on": str(offer.ends_on) if offer.ends_on else None,
    }


def offer_all(connection: Connection, viewer: Viewer, reach: Reach, people: list[Named], given: Given) -> int:
    """Offer what is within reach and send the invitations; how many. Unacceptable."""
    # Whoever may end gives what ends with him, if he says nothing else.
    ends_on = given.ends_on or (str(reach.last_day) if reach.last_day and reach.ends_on else None)
    objects = "all" if reach.objects is None else sorted(reach.objects)
    problems = reach.problems({"profile": given.profile, "objects": objects, "ends_on": ends_on})
    if given.ends_on and given.ends_on < str(visibility.today()):
        problems["ends_on"] = _("This day is over. Enter today or a later day, or leave it empty.")
    values: dict[str, Any] = {"tenant": current.tenant_id(), "organization": viewer.organization_id}
    if refusal := _why_not(connection, viewer, reach, [one.email for one in people]):
        problems["people"] = refusal
    if problems:
        raise Unacceptable(problems)
    for person in people:
        offer_id = connection.execute(
            text(MAKE),
            {
                **values,
                "membership": viewer.membership_id,
                "email": person.email,
                "name": person.name,
                "profile": reach.ids[given.profile],
                "objects": None if objects == "all" else objects,
                "ends_on": ends_on,
                "lasts": LASTS,
            },
        ).scalar_one()
        told = {"name": person.name, "email": person.email, "profile": given.profile, "ends_on": ends_on}
        note(connection, viewer, "offer.made", "organization", viewer.organization_id, after=told)
        _mail(connection, viewer, offer_id)
    return len(people)


def _mail(connection: Connection, viewer: Viewer, offer_id: uuid.UUID) -> None:
    """Have an offer sent. Unacceptable."""
    if tries(connection, f"offers {viewer.organization_id}", minutes=24 * 60) > MOST_A_DAY:
        raise Unacceptable({"people": _("At most {n} invitations can be sent within a day.", n=MOST_A_DAY)})
    later(connection, send_offer, offer_id=offer_id)


def _why_not(connection: Connection, viewer: Viewer, reach: Reach, emails: list[str]) -> str | None:
    """Why these cannot be invited, if they cannot. Of people elsewhere it knows nothing but who works for the broker."""
    assert viewer.organization_id
    values = {"tenant": current.tenant_id(), "organization": viewer.organization_id, "emails": emails}
    if there := connection.execute(text(THERE), values).scalars().all():
        return _("Belongs to your organisation already: {emails}", emails=", ".join(sorted(there)))
    if closed := connection.execute(text(STAFF), values).scalars().all():
        return _("Nobody can be invited with this address: {emails}", emails=", ".join(sorted(closed)))
    waiting = offers_of(connection, viewer.organization_id)
    beyond = [
        one.email for one in waiting if one.email in emails and not reach.covers(one.email, member_of(one))
    ]
    if beyond:
        return _("Invited already, with more rights than yours: {emails}", emails=", ".join(beyond))
    if len({one.email for one in waiting} | set(emails)) > MOST_OPEN:
        return _("At most {n} invitations can wait for an answer at once.", n=MOST_OPEN)
    return None


def offers_of(connection: Connection, organization_id: uuid.UUID) -> list[Row[Any]]:
    """The offers of an organization that nobody has accepted yet, those that are too old by now included."""
    values = {"tenant": current.tenant_id(), "organization": organization_id}
    return list(connection.execute(text(OFFERS), values))


def offer_within(connection: Connection, viewer: Viewer, reach: Reach, offer_id: uuid.UUID) -> Row[Any]:
    """NotFound where his organization has no such offer, or it goes further than he does."""
    assert viewer.organization_id
    for offer in offers_of(connection, viewer.organization_id):
        if offer.id == offer_id and reach.covers(offer.email, member_of(offer)):
            return offer
    raise NotFound


def send_again(connection: Connection, viewer: Viewer, offer: Row[Any]) -> None:
    """A new link, with all its days; the one before works no more. Unacceptable."""
    connection.execute(text(RENEW), {"tenant": current.tenant_id(), "id": offer.id, "lasts": LASTS})
    told = {"email": offer.email}
    note(connection, viewer, "offer.sent_again", "organization", viewer.organization_id, after=told)
    _mail(connection, viewer, offer.id)


def withdraw(connection: Connection, viewer: Viewer, offer: Row[Any]) -> None:
    values = {"tenant": current.tenant_id(), "id": offer.id}
    connection.execute(text("delete from membership_offers where tenant_id = :tenant and id = :id"), values)
    told = {"name": offer.name, "email": offer.email, "profile": offer.profile}
    note(connection, viewer, "offer.withdrawn", "organization", viewer.organization_id, before=told)


def send_offer(connection: Connection, offer_id: uuid.UUID) -> None:
    """Mail the way to accept; the link is made here and stands nowhere else. Nobody is written to whom the broker has
    shut out. What was typed as his name is not repeated: whoever typed it could put anything into the broker's mail."""
    values = {"tenant": current.tenant_id(), "id": offer_id}
    row = connection.execute(text(LETTER), values).one_or_none()
    if row is None:
        return
    secret = secrets.token_urlsafe(32)
    connection.execute(
        text("update membership_offers set token_hash = :hash where tenant_id = :tenant and id = :id"),
        {**values, "hash": hashed(secret)},
    )

    def composed(home: str) -> tuple[str, list[str]]:
        return _("Your access to the portal of {house}", house=row.house), [
            _("Good day,"),
            _(
                "{name} invites you to work for {client} in the client portal of {house}.",
                name=row.by_name,
                client=row.organization,
                house=row.house,
            ),
            labelled(_("Accept invitation"), f"{home}/invitation/{secret}"),
            _(
                "The link works once, for {days} days. If you expected no invitation, do nothing.",
                days=LASTS.days,
            ),
        ]

    write_to_address(connection, row.email, row.language, f"offer-{uuid.uuid4()}", composed)


def forget_old(connection: Connection) -> None:
    """Offers that nobody took up are gone a month after their link stopped working."""
    connection.execute(
        text(
            "delete from membership_offers where tenant_id = :tenant and expires_at < now() - interval '30 days'"
        ),
        {"tenant": current.tenant_id()},
    )


JOBS = [
    Job(send_offer, lease=5 * 60),
    Job(forget_old, lease=5 * 60, daily=datetime.time(3, 40)),
]
