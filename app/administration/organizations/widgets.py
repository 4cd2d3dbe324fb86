"""Which widgets the home page of an organization has at the start, where, and whether its members may move them."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect, render_template, request

from app.administration import config, forms
from app.administration.config.state import Item, read_tenant
from app.administration.organizations import form, reading
from app.administration.organizations.access import MANAGE_ORGANIZATIONS, READ_ORGANIZATIONS
from app.administration.organizations.undoing import latest_change
from app.core.db import transaction
from app.core.errors import Unacceptable
from app.home import layout
from permissions.door import allow, viewer

pages = Blueprint("organization_widgets", __name__)

PATH = "/organizations/<uuid:organization_id>/home-widgets"
WORDS = ("home_widgets",)
"""The setting that stands in the form."""


@pages.get(PATH)
@allow(READ_ORGANIZATIONS, MANAGE_ORGANIZATIONS)
def show(organization_id: uuid.UUID) -> str:
    settings = reading.settings_of(transaction(), organization_id)
    return _page(settings, settings.item["home_widgets"])


@pages.post(PATH)
@allow(READ_ORGANIZATIONS, MANAGE_ORGANIZATIONS)
def save(organization_id: uuid.UUID) -> Any:
    """Laid out as the form says, or as its view has it. Moving a line keeps nothing yet: members would see it."""
    settings = reading.settings_of(transaction(), organization_id)
    was = forms.opened(request.form.get("was", ""), WORDS)
    try:
        said: Item = {"home_widgets": None if request.form.get("way") == "standard" else _told()}
        if "move" in request.form:
            return _page(settings, said["home_widgets"], was=was)
        if "yield" in request.form:
            said = {}
        if "wanted" not in request.form and (found := forms.clashes(was, settings.item, said)):
            return _page(settings, said["home_widgets"], clashes=found), 409
        document = {"organizations": [{"key": settings.head.key, **forms.changed(was, said)}]}
        plan = config.apply(transaction(), document, viewer.user_id)
    except Unacceptable as refused:
        error = form.error_of(refused, settings.head.key)
        return _page(settings, settings.item["home_widgets"], was=was, error=error), 422
    done = f"?change={latest_change(transaction(), organization_id)}" if plan else ""
    return redirect(f"/organizations/{organization_id}/home-widgets{done}", 303)


def _told() -> Item:
    typed, everything = request.form, {layout.HIDDEN: list(layout.WIDGETS)}
    placed = layout.told(typed.getlist("order"), typed.getlist("shown"), typed.get("move", ""), everything)
    ticked = set(typed.getlist("off"))
    return {
        **{place: [key for key in keys if key not in ticked] for place, keys in placed.items()},
        layout.OFF: [key for key in layout.WIDGETS if key in ticked],
        layout.LOCKED: layout.LOCKED in typed,
    }


def _page(
    settings: reading.Settings,
    set_here: Item | None,
    *,
    was: Item | None = None,
    clashes: list[forms.Clash] | None = None,
    error: str | None = None,
) -> str:
    view = settings.item["home_view"] or read_tenant(transaction())["home_view"]
    standard = layout.standard_of(view)
    placed = layout.standard_of(view, set_here)
    off = (set_here or {}).get(layout.OFF, [])
    # What is off waits where it would be, to be let in again.
    placed = {**placed, layout.HIDDEN: [*placed[layout.HIDDEN], *off]}
    return render_template(
        "administration/organizations/widgets.html",
        organization=settings.head,
        lines=layout.lines_of(placed, standard),
        places=layout.PLACES,
        off=set(off),
        is_locked=layout.is_locked(set_here),
        is_own=settings.item["home_widgets"] is not None,
        was=forms.sealed(was if was is not None else settings.item, WORDS),
        clashes=forms.compared(clashes or ()),
        error=error,
        change=request.args.get("change") if request.method == "GET" else None,
    )
