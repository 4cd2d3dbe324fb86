"""Several clients into the portal at once: which organizations are proposed for them, and whom they begin with."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, Row, text
from werkzeug.datastructures import MultiDict

from app.administration.grants.rows import WITHOUT_ACCESS
from app.administration.members.typed import ADDRESS
from app.core.text import _
from permissions.door import the_viewer
from tenants import current

MOST = 200
"""Clients at once."""
EACH, GROUP, TOGETHER = "each", "group", "together"
WAYS = (EACH, GROUP, TOGETHER)

CLIENTS = f"""
    select w.id, w.key, concat_ws(' ', w.first_name, w.name) as name, nullif(w.corporate_group, '') as corporate_group,
           case when :reads then w.email end as email, w.contracts, m.name as mandate
      from ({WITHOUT_ACCESS}) w
      join mandates m on m.tenant_id = :tenant and m.id = w.mandate_id
     where w.id = any(:ids)
     order by folded(w.name), w.id"""


@dataclass(frozen=True)
class Line:
    """One organization to be: the clients in it, what it is called, and who is invited into it."""

    clients: tuple[Row[Any], ...]
    name: str
    person: str
    email: str
    is_taken: bool = True
    errors: Mapping[str, str] = field(default_factory=dict)
    """By `name`, `person`, `email` or `line`."""

    @property
    def id(self) -> str:
        return str(self.clients[0].id)

    @property
    def word(self) -> str:
        """How a form names it."""
        return ",".join(str(one.id) for one in self.clients)

    @property
    def title(self) -> str:
        return ", ".join(one.name for one in self.clients)

    @property
    def mandates(self) -> str:
        return ", ".join(dict.fromkeys(one.mandate for one in self.clients))

    @property
    def contracts(self) -> int:
        return sum(one.contracts for one in self.clients)

    @property
    def is_skipped(self) -> bool:
        """Nobody to invite, so there is nothing to open."""
        return self.is_taken and not self.email

    @property
    def is_made(self) -> bool:
        return self.is_taken and bool(self.email)

    def checked(self) -> Line:
        """With what is wrong in it."""
        errors = {}
        if self.is_made:
            if not self.name:
                errors["name"] = _("This is required.")
            if not self.person:
                errors["person"] = _("The name of the person is missing.")
            if not ADDRESS.fullmatch(self.email):
                errors["email"] = _("One email address is expected, such as name@example.com.")
        return replace(self, errors=errors)


def clients_of(connection: Connection, ids: Collection[uuid.UUID]) -> list[Row[Any]]:
    """Those of these clients who are in no organization, by name."""
    values = {"tenant": current.tenant_id(), "ids": list(ids)}
    values["reads"] = the_viewer().may_read("policyholder", "email")
    return list(connection.execute(text(CLIENTS), values))


def proposed(clients: list[Row[Any]], way: str) -> list[Line]:
    """An organization for each client, for each corporate group, or one for all of them."""
    gathered: dict[Any, list[Row[Any]]] = {}
    for one in clients:
        by = one.corporate_group if way == GROUP else None if way == EACH else ""
        gathered.setdefault(one.id if by is None else by, []).append(one)
    return [_line(tuple(some)) for some in gathered.values()]


def _line(clients: tuple[Row[Any], ...]) -> Line:
    groups = {one.corporate_group for one in clients}
    of_group = next(iter(groups)) if len(groups) == 1 else None
    first = next((one for one in clients if one.email), clients[0])
    return Line(clients, of_group or clients[0].name, first.name, (first.email or "").strip().lower())


def typed(connection: Connection, form: MultiDict[str, str]) -> tuple[list[Line], bool]:
    """The lines of a form as they were filled in; and whether a client in them has come into an organization since."""
    words = form.getlist("line")[:MOST]
    asked = [[uuid.UUID(one) for one in word.split(",") if _is_id(one)] for word in words]
    known = {one.id: one for one in clients_of(connection, {one for some in asked for one in some})}
    lines = []
    for word, ids in zip(words, asked, strict=True):
        clients = tuple(known[one] for one in ids if one in known)
        if clients:
            first = str(ids[0])
            told = {
                name: " ".join(form.get(f"{name}:{first}", "").split())
                for name in ("name", "person", "email")
            }
            told["email"] = told["email"].lower()
            lines.append(Line(clients, **told, is_taken=word in form.getlist("take")))
    return lines, any(one not in known for some in asked for one in some)


def _is_id(word: str) -> bool:
    try:
        return str(uuid.UUID(word)) == word
    except ValueError:
        return False
