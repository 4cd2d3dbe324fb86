"""Subscribing to a report, mailing it once, and ending that."""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, func, insert, select

from app.core import audit
from app.core.errors import NotFound, Unacceptable
from app.core.text import _l
from app.reports.making import MEDIA_TYPES
from app.reports.saved.access import is_manager
from app.reports.saved.queries import Saved
from app.reports.saved.sharing import addresses_in, reached
from app.reports.subscriptions.models import ReportSubscription
from app.reports.subscriptions.sending import send_report
from permissions import Viewer
from tenants.jobs import later
from tenants.models import Tenant

MOST_SUBSCRIPTIONS = 100
"""Of one person."""
MOST_ADDRESSES = 20
LONGEST = datetime.timedelta(days=2 * 366)
ADDRESS = re.compile(r"[^@\s<>\"',;:\\()\[\]]+@[^@\s<>\"',;:\\()\[\]]+\.[a-z0-9-]+")
LONGEST_ADDRESS = 254


class Rhythm(NamedTuple):
    name: str
    day: int | None
    starts_on: datetime.date
    ends_on: datetime.date


def rhythm_of(viewer: Viewer, form: Mapping[str, str]) -> Rhythm:
    """When a form wants mails; Unacceptable with the field that cannot be."""
    name = form.get("rhythm", "")
    if name not in ("daily", "weekly", "monthly"):
        raise Unacceptable({"rhythm": _l("Choose how often.")})
    day = None
    if name != "daily":
        typed, most = form.get("weekday" if name == "weekly" else "day", ""), 7 if name == "weekly" else 31
        if not re.fullmatch("[0-9]{1,2}", typed) or not 1 <= int(typed) <= most:
            raise Unacceptable({"day": _l("Choose the day.")})
        day = int(typed)
    starts_on, ends_on = _day(form, "starts_on"), _day(form, "ends_on")
    if starts_on < viewer.today:
        raise Unacceptable({"starts_on": _l("The start lies in the past.")})
    if ends_on < starts_on:
        raise Unacceptable({"ends_on": _l("The end is before the start.")})
    if ends_on - starts_on > LONGEST:
        raise Unacceptable({"ends_on": _l("A subscription lasts two years at most.")})
    return Rhythm(name, day, starts_on, ends_on)


def _day(form: Mapping[str, str], field: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(form.get(field, ""))
    except ValueError:
        raise Unacceptable({field: _l("Enter a day.")}) from None


def addressees(connection: Connection, viewer: Viewer, typed: str) -> list[str | None]:
    """The addresses a form names, None for its sender; Unacceptable with the first that gets nothing."""
    addresses = addresses_in(typed)
    if not addresses:
        return [None]
    if len(addresses) > MOST_ADDRESSES:
        raise Unacceptable({"addresses": _l("Enter at most {n} addresses.", n=MOST_ADDRESSES)})
    known, domains = reached(connection, viewer, addresses), allowed_domains(connection, viewer)
    for address in addresses:
        if len(address) > LONGEST_ADDRESS or not ADDRESS.fullmatch(address):
            raise Unacceptable(
                {"addresses": _l("{address} is not an email address.", address=address[:LONGEST_ADDRESS])}
            )
        if address not in known and address != viewer.email and address.rpartition("@")[2] not in domains:
            raise Unacceptable({"addresses": _not_allowed(address, domains)})
    return [None if address == viewer.email else address for address in addresses]


def _not_allowed(address: str, domains: list[str]) -> Any:
    if not domains:
        return _l("You can send to people of the portal only: {address} is none you can give a report to.",
                  address=address)  # fmt: skip
    return _l(
        "You can send to people of the portal and to addresses of {domains}: {address} is neither.",
        domains=", ".join(domains),
        address=address,
    )


def allowed_domains(connection: Connection, viewer: Viewer) -> list[str]:
    """The domains the broker allows for addresses outside the portal."""
    found = select(Tenant.mail_domains).where(Tenant.tenant_id == viewer.tenant_id)
    return connection.execute(found).scalar_one()


def ending_of(form: Mapping[str, str]) -> str:
    """The kind of file a form wants in its mails."""
    ending = form.get("ending", "csv")
    if ending not in MEDIA_TYPES:
        raise Unacceptable({"ending": _l("Choose the kind of file.")})
    return ending


def subscribe(
    connection: Connection,
    viewer: Viewer,
    report: Saved,
    rhythm: Rhythm,
    ending: str,
    addresses: list[str | None],
) -> list[uuid.UUID]:
    """Have a report mailed again and again."""
    of_mine = (ReportSubscription.tenant_id == viewer.tenant_id, ReportSubscription.user_id == viewer.user_id)
    running = (*of_mine, ReportSubscription.ends_on >= viewer.today)
    count = connection.execute(
        select(func.count()).select_from(ReportSubscription).where(*running)
    ).scalar_one()
    if count + len(addresses) > MOST_SUBSCRIPTIONS:
        raise Unacceptable(
            {"addresses": _l("You can have at most {n} subscriptions. End one first.", n=MOST_SUBSCRIPTIONS)}
        )
    return [_write(connection, viewer, report, rhythm, ending, address) for address in addresses]


def mail_once(
    connection: Connection, viewer: Viewer, report: Saved, ending: str, addresses: list[str | None]
) -> None:
    """Mail a report now, in the same way as a subscription."""
    rhythm = Rhythm("once", None, viewer.today, viewer.today)
    for one in subscribe(connection, viewer, report, rhythm, ending, addresses):
        later(connection, send_report, once=str(one), subscription_id=one)


def _write(
    connection: Connection, viewer: Viewer, report: Saved, rhythm: Rhythm, ending: str, address: str | None
) -> uuid.UUID:
    values = {"address": address, "rhythm": rhythm.name, "day": rhythm.day, "ending": ending}
    days = {"starts_on": rhythm.starts_on, "ends_on": rhythm.ends_on}
    row = {"report_id": report.id, "user_id": viewer.user_id, "membership_id": viewer.membership_id}
    found = connection.execute(
        insert(ReportSubscription)
        .values(tenant_id=viewer.tenant_id, **row, **values, **days)
        .returning(ReportSubscription.id)
    ).scalar_one()
    told = {**values, **{name: str(day) for name, day in days.items()}, "report_id": str(report.id)}
    _note(connection, viewer.tenant_id, "subscription.create", found, viewer.user_id, after=told)
    return found


def end(connection: Connection, viewer: Viewer, subscription_id: uuid.UUID) -> None:
    """End one's own subscription; whoever manages reports ends anybody's."""
    mine = [] if is_manager(viewer) else [ReportSubscription.user_id == viewer.user_id]
    if not _remove(connection, viewer.tenant_id, subscription_id, viewer.user_id, *mine):
        raise NotFound


def unsubscribe(connection: Connection, tenant_id: uuid.UUID, subscription_id: uuid.UUID) -> None:
    """End what a mail's own link names, whoever follows it. Ended already is as good."""
    _remove(connection, tenant_id, subscription_id, None)


def _remove(
    connection: Connection,
    tenant_id: uuid.UUID,
    subscription_id: uuid.UUID,
    actor_id: uuid.UUID | None,
    *conditions: Any,
) -> bool:
    gone = connection.execute(
        delete(ReportSubscription)
        .where(
            ReportSubscription.tenant_id == tenant_id, ReportSubscription.id == subscription_id, *conditions
        )
        .returning(ReportSubscription.report_id, ReportSubscription.address)
    ).one_or_none()
    if gone is None:
        return False
    before = {"report_id": str(gone.report_id), "address": gone.address}
    _note(connection, tenant_id, "subscription.end", subscription_id, actor_id, before=before)
    return True


def _note(
    connection: Connection,
    tenant_id: uuid.UUID,
    act: str,
    subscription_id: uuid.UUID,
    actor_id: uuid.UUID | None,
    **what: Any,
) -> None:
    audit.write(
        connection,
        tenant_id,
        act,
        actor_id=actor_id,
        record="subscription",
        record_id=subscription_id,
        **what,
    )
