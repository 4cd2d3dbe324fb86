"""The banner over every page that somebody of the staff looks at through a client's eyes."""

from __future__ import annotations

import datetime
import math
from types import SimpleNamespace

from flask import g
from markupsafe import Markup, escape

from app.core.text import _

BOLD = Markup("<b>{}</b>")


def banner() -> SimpleNamespace | None:
    """What it says. Only what is known already is told: it stands on the page that says the database is away, too."""
    if (viewer := g.get("looking")) is None:
        return None
    look = viewer.look
    left = look.until - datetime.datetime.now(datetime.UTC)
    return SimpleNamespace(
        sentence=Markup(
            _(
                "{actor} is viewing the portal as {name} ({where}).",
                actor=BOLD.format(look.actor_name),
                name=BOLD.format(viewer.name),
                where=escape(viewer.organization_name),
            )
        ),
        reason=look.reason,
        may_act=look.may_act,
        minutes=max(math.ceil(left.total_seconds() / 60), 1),
    )
