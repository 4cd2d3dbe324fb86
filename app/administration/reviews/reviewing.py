"""Reviewing who has access to an organization: everybody is looked at, some access is ended, and it is kept who did so."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import render_template, request
from sqlalchemy import Connection, insert

from app.administration.members import changing
from app.administration.members.changing import STATES, Members
from app.administration.reviews import reading
from app.administration.reviews.models import Review
from app.core.errors import Refusal, Unacceptable
from app.core.formats import formats_for
from app.core.text import _, language
from permissions import Viewer
from permissions.noting import note
from tenants import visibility


class OthersCame(Refusal):
    """Whom nobody has looked at is not reviewed."""

    def __str__(self) -> str:
        return _("Members or their rights have changed meanwhile. Look once more, then finish the review.")


def running(members: list[Any]) -> list[Any]:
    """Those who have access, or will have: there is nothing to decide about the others."""
    return [
        one for one in members if one.is_active and (one.ends_on is None or one.ends_on >= visibility.today())
    ]


def finish(
    connection: Connection,
    viewer: Viewer,
    organization: Any,
    members: list[Any],
    there: Members,
    *,
    by_client: bool,
) -> None:
    """End what is ticked, and note that the others were looked at. OthersCame where the form showed something else,
    Unacceptable where it shows nothing."""
    if "seen" not in request.form:
        raise Unacceptable({"form": _("This form is not complete. Open the page again and repeat it.")})
    if request.form["seen"] != mark_of(members):
        raise OthersCame
    ending = {one.email for one in members if str(one.id) in request.form.getlist("end")}
    if ending:
        after = {email: changing.ended(item) if email in ending else item for email, item in there.items()}
        changing.apply(connection, organization.key, after, viewer.user_id)
    counted = {"kept": len(members) - len(ending), "ended": len(ending)}
    connection.execute(
        insert(Review).values(
            tenant_id=viewer.tenant_id,
            organization_id=organization.id,
            reviewer_id=viewer.user_id,
            by_client=by_client,
            **counted,
        )
    )
    note(connection, viewer, "organization.reviewed", "organization", organization.id, after=counted)


def mark_of(members: list[Any]) -> str:
    """What was looked at, in a few letters that a form carries along."""
    seen = sorted((str(one.id), one.profile, one.objects, str(one.ends_on)) for one in members)
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]


def page(
    connection: Connection,
    organization: Any,
    members: list[Any],
    *,
    address: str,
    member_path: str,
    crumbs: list[tuple[str, str | None]],
    may_manage: bool,
    by_client: bool,
    refusal: str | None = None,
) -> str:
    formats = formats_for(language())
    last = reading.last_of(connection, organization.id, by_client)
    other = reading.last_of(connection, organization.id, not by_client)
    differing = reading.differing(connection, organization.id, last.since)
    ticked = set(request.form.getlist("end"))
    return render_template(
        "administration/reviews/review.html",
        organization=organization,
        members=[
            (
                one,
                STATES[one.state],
                formats.moment(one.came_here_at if by_client else one.signed_in_at),
                one.created_at > last.since,
                one.id in differing,
                str(one.id) in ticked,
            )
            for one in members
        ],
        reviewed=(formats.moment(last.reviewed_at), last.by) if last.reviewed_at else None,
        by_other=(formats.moment(other.reviewed_at), other.by) if other.reviewed_at else None,
        by_client=by_client,
        seen=mark_of(members),
        address=address,
        member_path=member_path,
        crumbs=crumbs,
        may_manage=may_manage,
        refusal=refusal,
        day=formats.day,
    )
