"""The mails that tell of access that ends soon: each end once, and only that there is one; which, the portal says."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable

from sqlalchemy import Connection, text

from app.administration.config.state import read_members
from app.administration.members.access import COLLEAGUES, DELEGATE, MANAGE_MEMBERS
from app.administration.members.reach import reach_of
from app.administration.organizations.access import MANAGE_ORGANIZATIONS
from app.administration.reviews.access import REVIEWS
from app.administration.reviews.endings import Endings, endings
from app.core.outbox import Job
from app.core.text import _, _n, labelled
from app.reports.letters import write_to
from permissions import Viewer
from permissions.arrival import everybody, viewer_of
from tenants import current, visibility
from tenants.jobs import later

EVERYTHING = 100_000
Told = tuple[Callable[[int], str], int]
"""What a mail says of how many, once its language is known."""
NOTICE = "select notice_days from tenants where tenant_id = :tenant"
ANNOUNCE_ORGANIZATIONS = """
    update organizations set announced_ends_on = ends_on, announced_on = :today
     where tenant_id = :tenant and ends_on between :today and :until and announced_ends_on is distinct from ends_on
    returning id"""
ANNOUNCE_MEMBERS = """
    update memberships m set announced_ends_on = m.ends_on, announced_on = :today
      from organizations o, users u
     where m.tenant_id = :tenant and m.ends_on between :today and :until
       and m.announced_ends_on is distinct from m.ends_on
       and o.tenant_id = :tenant and o.id = m.organization_id and (o.ends_on is null or o.ends_on >= :today)
       and u.tenant_id = :tenant and u.id = m.user_id and u.is_active
    returning m.organization_id"""
STAFF = "select id from users where tenant_id = :tenant and is_staff and is_active"


def plan_notices(connection: Connection) -> None:
    """Note what comes to its end as soon as the broker wants to know, and whom to tell today."""
    today, tenant = visibility.today(), current.tenant_id()
    values = {"tenant": tenant, "today": today}
    days = connection.execute(text(NOTICE), values).scalar_one()
    if not days:
        return
    values["until"] = today + datetime.timedelta(days=days)
    organizations = connection.execute(text(ANNOUNCE_ORGANIZATIONS), values).scalars().all()
    concerned = set(connection.execute(text(ANNOUNCE_MEMBERS), values).scalars())
    if not organizations and not concerned:
        return
    for user_id in connection.execute(text(STAFF), values).scalars().all():
        if _is_clerk(viewer_of(connection, user_id, None)):
            later(connection, tell_of_endings, once=f"{user_id} {today}", user_id=user_id)
    for organization_id in concerned:
        for viewer in everybody(connection, organization_id):
            if viewer.membership_id and viewer.may(COLLEAGUES) and viewer.may(DELEGATE):
                later(
                    connection,
                    tell_of_colleagues,
                    once=f"{viewer.membership_id} {today}",
                    user_id=viewer.user_id,
                    membership_id=viewer.membership_id,
                )


def tell_of_endings(connection: Connection, user_id: uuid.UUID) -> None:
    """Tell somebody at the desk what was noted today."""
    viewer = viewer_of(connection, user_id, None)
    if viewer is None or not _is_clerk(viewer):
        return
    found = _noted(connection)
    sentences: list[Told] = []
    if found.organizations:
        sentences.append((_organizations, len(found.organizations)))
    if found.members:
        sentences.append((_people, len(found.members)))
    if sentences:
        _write(connection, viewer, f"endings-{user_id}", sentences, "/reviews/endings")


def tell_of_colleagues(connection: Connection, user_id: uuid.UUID, membership_id: uuid.UUID) -> None:
    """Tell a client's own administrator of those he looks after."""
    viewer = viewer_of(connection, user_id, membership_id)
    if viewer is None or not (viewer.may(COLLEAGUES) and viewer.may(DELEGATE)):
        return
    mine = [one for one in _noted(connection).members if one.organization_id == viewer.organization_id]
    if not mine:
        return
    reach, there = reach_of(connection, viewer), read_members(connection, mine[0].key)
    count = sum(reach.covers(one.email, there[one.email]) for one in mine)
    if count:
        _write(connection, viewer, f"endings-{membership_id}", [(_people, count)], "/colleagues")


def _is_clerk(viewer: Viewer | None) -> bool:
    return (
        viewer is not None
        and viewer.may(REVIEWS)
        and (viewer.may(MANAGE_ORGANIZATIONS) or viewer.may(MANAGE_MEMBERS))
    )


def _noted(connection: Connection) -> Endings:
    return endings(connection, 366, most=EVERYTHING, announced_on=visibility.today())


def _organizations(n: int) -> str:
    return _n("The access of {n} organisation ends soon.", "The access of {n} organisations ends soon.", n)


def _people(n: int) -> str:
    return _n("The access of {n} person ends soon.", "The access of {n} people ends soon.", n)


def _write(connection: Connection, viewer: Viewer, reference: str, told: list[Told], way: str) -> None:
    def composed(home: str) -> tuple[str, list[str]]:
        return _("Access ends soon"), [
            *(say(number) for say, number in told),
            labelled(_("See which in the portal"), f"{home}{way}"),
        ]

    write_to(connection, viewer, f"{reference}.{visibility.today()}", composed)


JOBS = [
    Job(plan_notices, lease=5 * 60, daily=datetime.time(6, 20)),
    Job(tell_of_endings, lease=5 * 60),
    Job(tell_of_colleagues, lease=5 * 60),
]
