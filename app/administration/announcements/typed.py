"""A general message as somebody typed it, and what speaks against it."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, text
from werkzeug.datastructures import MultiDict

from app.core.text import _
from app.home import wording
from app.home.announcements import TONES
from tenants import current


@dataclass
class Typed:
    """What the form says. `words`, the days and the organizations are as typed until `check` has found nothing."""

    words: dict[str, dict[str, str]] = field(default_factory=dict)
    tone: str = "notice"
    starts_on: str = ""
    ends_on: str = ""
    is_for_all: bool = True
    organizations: list[str] = field(default_factory=list)
    seen: str = ""
    """When what the form was filled with had been changed last."""

    @classmethod
    def of_form(cls, form: MultiDict[str, str]) -> Typed:
        return cls(
            words=wording.typed_in(form, "words"),
            tone=form.get("tone", ""),
            starts_on=form.get("starts_on", "").strip(),
            ends_on=form.get("ends_on", "").strip(),
            is_for_all=form.get("audience") != "selected",
            organizations=list(dict.fromkeys(form.getlist("organizations"))),
            seen=form.get("seen", ""),
        )

    @classmethod
    def of_row(cls, row: Any) -> Typed:
        return cls(
            words=row.words,
            tone=row.tone,
            starts_on=row.starts_on.isoformat(),
            ends_on=row.ends_on.isoformat() if row.ends_on else "",
            is_for_all=row.is_for_all,
            organizations=sorted(row.organizations),
            seen=row.changed_at.isoformat(),
        )

    def kept(self) -> dict[str, Any]:
        """As the log tells it and the table holds it."""
        return {
            "words": wording.checked(self.words)[0],
            "tone": self.tone,
            "starts_on": self.starts_on,
            "ends_on": self.ends_on or None,
            "is_for_all": self.is_for_all,
            "organizations": [] if self.is_for_all else sorted(self.organizations),
        }


def check(connection: Connection, typed: Typed, of_house: str) -> dict[str, str]:
    """What is wrong, by the control it stands beside."""
    words, problems = wording.checked(typed.words)
    found = {f"words.{place}": sentence for place, sentence in problems.items()}
    if not words:
        found[f"words.{of_house}.title"] = _("A title is missing. One language is enough to begin with.")
    if typed.tone not in TONES:
        found["tone"] = _("Choose one of these")
    days = {name: _day(getattr(typed, name)) for name in ("starts_on", "ends_on")}
    if days["starts_on"] is None:
        found["starts_on"] = _("Enter the first day on which the message is shown.")
    if typed.ends_on and days["ends_on"] is None:
        found["ends_on"] = _("A day such as 2025-03-07 is expected.")
    elif days["starts_on"] and days["ends_on"] and days["ends_on"] < days["starts_on"]:
        found["ends_on"] = _("The last day is before the first.")
    if not typed.is_for_all and not typed.organizations:
        found["organizations"] = _("Choose at least one organisation.")
    elif not typed.is_for_all and (strangers := _unknown(connection, typed.organizations)):
        found["organizations"] = _("Not known: {keys}", keys=", ".join(strangers))
    return found


def _unknown(connection: Connection, chosen: list[str]) -> list[str]:
    ids = [one for one in chosen if _id(one)]
    query = "select cast(id as text) from organizations where tenant_id = :tenant and id = any(cast(:ids as uuid[]))"
    known = set(connection.execute(text(query), {"tenant": current.tenant_id(), "ids": ids}).scalars())
    return [one[:40] for one in chosen if one not in known]


def _id(said: str) -> uuid.UUID | None:
    try:
        found = uuid.UUID(said)
    except ValueError:
        return None
    return found if str(found) == said else None


def _day(said: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(said) if len(said) == len("2025-03-07") else None
    except ValueError:
        return None
