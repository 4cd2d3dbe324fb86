"""The person looking, with everything the rest of the request needs to know about them."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from permissions.catalogue import Area, Function, Level
from permissions.rights import Rights, without


class Forbidden(Exception):
    """The viewer's profile does not grant this."""


def initials_of(name: str) -> str:
    """The first letters of somebody's first and last name, titles left out."""
    parts = [part for part in name.split() if part[:1].isalpha() and not part.endswith(".")]
    return "".join(part[0] for part in (parts[:1] + parts[1:][-1:])).upper()


@dataclass(frozen=True)
class Look:
    """A client's portal seen through his eyes by somebody of the staff: by whom, why, until when."""

    id: uuid.UUID
    actor_id: uuid.UUID
    actor_name: str
    reason: str
    until: datetime.datetime
    may_act: bool


@dataclass(frozen=True)
class Viewer:
    """One person in one organization, or one of the broker's staff. Never changes during a request.

    Also the object Flask-Login keeps as the current user.
    """

    tenant_id: uuid.UUID
    user_id: uuid.UUID
    name: str
    email: str
    is_staff: bool
    rights: Rights
    salutation: str | None = None
    language: str | None = None
    scheme: str | None = None
    density: str | None = None
    profile_id: uuid.UUID | None = None
    membership_id: uuid.UUID | None = None
    organization_id: uuid.UUID | None = None
    organization_name: str | None = None
    is_private: bool = False
    """Whether that is his private portal, of which nobody of his company knows."""
    organization_logo: str | None = None
    organization_theme: str | None = None
    organization_links: tuple[tuple[str, str], ...] = ()
    """Its own addresses of terms, privacy, imprint and website, which go before the broker's."""
    scope_id: uuid.UUID | None = None
    """What a client sees; None for staff, whose stock is the tenant's or their mandates'."""
    mandate_ids: tuple[uuid.UUID, ...] = ()
    """Mandates that staff are limited to; empty for all."""
    membership_count: int = 1
    """Of his, running or not: with one there is nothing to switch to."""
    document_tags: tuple[str, ...] = ()
    """Tags of the organization's document profile."""
    profile_currency: str | None = None
    valuation: str = "today"
    home_view: str = "overview"
    """The home page of his organization; staff have the overview."""
    is_home_fixed: bool = False
    mailbox: str = "sidebar"
    """Where his organization wants the mailbox."""
    today: datetime.date = field(default_factory=datetime.date.today)
    session_hash: bytes | None = field(default=None, repr=False)
    look: Look | None = None
    """Set while it is not himself who looks, but somebody of the staff through his eyes."""
    terms_due: str | None = None
    """The version of the terms of use that he has to accept before he goes on."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        return str(self.user_id)

    @property
    def initials(self) -> str:
        return initials_of(self.name)

    def may(self, right: Area | Function | str) -> bool:
        """Whether the profile shows this area or has this function on. A text is a function's key.

        What is for staff only stays shut to clients, whatever their profile says."""
        if isinstance(right, Area):
            return right.key in self.rights.areas
        if isinstance(right, Function) and right.staff_only and not self.is_staff:
            return False
        return (right.key if isinstance(right, Function) else right) in self.rights.functions

    def must(self, right: Area | Function) -> None:
        if not self.may(right):
            raise Forbidden(right.subject)

    def without(self, functions: Iterable[str]) -> Viewer:
        """The same person with fewer functions, by their keys."""
        rights = without(self.rights, frozenset(functions))
        return self if rights is self.rights else replace(self, rights=rights)

    def own(self, table: Any) -> Any:
        """The rows of a table that are this person's own, in the organization he works in now."""
        return (
            (table.tenant_id == self.tenant_id)
            & (table.user_id == self.user_id)
            & table.membership_id.is_not_distinct_from(self.membership_id)
        )

    def level(self, record: str, name: str) -> Level:
        return self.rights.level(record, name)

    def may_read(self, record: str, name: str) -> bool:
        """Whether the value itself is shown: a masked one can be displayed and nothing else."""
        return name in self.rights.readable.get(record, ())
