"""Reasons in words: what holds, what does not and how it is mended, with the way to the page where that is done.

Whoever asks reads nothing here that he does not see elsewhere: records are called what he may call them, and what a
record says is told only to whom its field is shown.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from app.administration.seen.fields import FieldSeen, FunctionHeld
from app.administration.seen.people import Place
from app.administration.seen.records import Names
from app.administration.seen.sentences import SENTENCES, Told
from app.core.formats import formats_for
from app.core.text import _, language
from app.reports.source import SOURCES
from permissions import Level, Viewer
from permissions.grants import Grant
from tenants.models import Mandate, Organization
from tenants.reasons import Reason

WAYS = {
    "member": ("organizations", "membership_id", lambda: _("Member")),
    "organization": ("organizations", "organization_id", lambda: _("Organisation")),
    "profile": ("profiles", "profile_id", lambda: _("Profile")),
}
"""Where something is mended: the area, whose id the page has, and its name."""


@dataclass(frozen=True)
class Said:
    rule: str
    is_met: bool
    title: str
    detail: str
    link: tuple[str, str] | None
    """Words and address of the page where this is decided, if the asker may go there."""


class Speaker:
    """Says reasons about one person to one asker."""

    def __init__(self, connection: Connection, asker: Viewer) -> None:
        self.connection, self.asker = connection, asker
        self.names = Names(connection, asker)
        self.formats = formats_for(language())

    def said(self, reason: Reason, place: Place, organization_id: uuid.UUID | None = None) -> Said:
        """`organization_id` is the organization whose rules are meant, if not the one he works in."""
        told: Told = SENTENCES[reason.rule](self, reason, place)
        detail = told.detail if reason.is_met or self.asker.is_staff else ""
        link = self._link(told, reason, place, organization_id) if told.way else None
        return Said(reason.rule, reason.is_met, told.title, detail, link)

    def all_said(self, reasons: tuple[Reason, ...], place: Place) -> list[Said]:
        found, below = [], None
        for reason in reasons:
            below = reason.facts["organization"] if reason.rule == "child" else below
            found.append(self.said(reason, place, below))
        return found

    def _link(
        self, told: Told, reason: Reason, place: Place, organization_id: uuid.UUID | None
    ) -> tuple[str, str] | None:
        area, whose, words = WAYS[told.way]
        if area not in self.asker.rights.areas:
            return None
        found = getattr(place, whose)
        if told.way == "organization":
            found = organization_id or found
        if told.way == "profile" and reason.facts.get("grant"):
            found = reason.facts["grant"].profile_id
        below = f"{place.organization_id}/members/" if told.way == "member" else ""
        return (words(), f"/{area}/{below}{found}") if found else None

    # What sentences are made of

    def record(self, kind: str, record_id: uuid.UUID) -> str:
        return self.names.of(kind, record_id)

    def value(self, kind: str, field: str, value: Any) -> str:
        """A value of a record between quotation marks; nothing where the asker does not read the field."""
        if not self.asker.may_read(kind, field):
            return ""
        if value is None:
            return _("(empty)")
        known = SOURCES[kind].schema.field(field)
        return self.formats.quote(known.words(value) if known.kind == "code" else str(value))

    def label(self, kind: str, field: str) -> str:
        return str(SOURCES[kind].schema.field(field).label)

    def organization(self, organization_id: uuid.UUID) -> str:
        found = select(Organization.name).where(
            Organization.tenant_id == self.asker.tenant_id, Organization.id == organization_id
        )
        return self.connection.execute(found).scalar_one()

    def mandates(self, ids: list[uuid.UUID]) -> str:
        if not self.asker.may_read("mandate", "name"):
            return ""
        found = select(Mandate.name).where(Mandate.tenant_id == self.asker.tenant_id, Mandate.id.in_(ids))
        return ", ".join(self.connection.scalars(found.order_by(Mandate.name)))


def field_words(one: FieldSeen, place: Place) -> tuple[str, str, str]:
    """How far somebody reads a field: in words, the tone of its badge, and why."""
    level, tone = {
        Level.HIDDEN: (_("Hidden"), "off"),
        Level.MASKED: (_("Masked"), "warning"),
        Level.READ: (_("Can read"), "positive"),
        Level.EDIT: (_("Can edit"), "positive"),
    }[one.level]
    if one.why == "broker_only":
        return level, tone, _("For the broker only")
    if one.why == "off_here":
        return level, tone, _("Switched off for the organisation")
    if one.why == "needs":
        return level, tone, _("Needs the field {field}", field=one.needs)
    return level, tone, _granted(one.grant, place)


def function_words(one: FunctionHeld, place: Place) -> str:
    if one.why == "off_for_all":
        return _("Switched off for everybody")
    if one.why == "off_here":
        return _("Switched off for the organisation")
    if one.why == "staff_only":
        return _("For the broker’s staff only")
    return _granted(one.grant, place)


def _granted(grant: Grant | None, place: Place) -> str:
    if grant is None:
        return _("Not granted by profile {profile}", profile=place.profile or "–")
    if grant.is_own:
        return _("Profile {profile}, own rule", profile=grant.profile)
    return _("Inherited from {profile}", profile=grant.profile)
