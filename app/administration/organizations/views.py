"""Pages of an organization at the desk: its settings with what a change would do, its lists, a new one, an ended one."""

from __future__ import annotations

import uuid
from collections import Counter
from typing import Any

from flask import Blueprint, current_app, g, redirect, render_template, request
from werkzeug.wrappers import Response

from app import claim_reports
from app.administration import config, forms
from app.administration.audit import of_record
from app.administration.config.logos import BadPicture
from app.administration.config.state import Item, read_tenant
from app.administration.effects import effect_of
from app.administration.organizations import form, reading, telling, undoing
from app.administration.organizations.access import MANAGE_ORGANIZATIONS, READ_ORGANIZATIONS
from app.administration.organizations.namesakes import namesakes
from app.administration.organizations.schemas import STATE_TONES, STATES
from app.administration.pictures import uploaded
from app.administration.words import BOXES, HOME_VIEWS, MAILBOX_PLACES, VALUATIONS
from app.claims.codes import CLAIM_TYPES
from app.contracts.codes import CONTRACT_TYPES, LINES
from app.core.db import transaction
from app.core.errors import NotFound, Unacceptable
from app.core.formats import formats_for
from app.core.text import language
from app.home.tiles import TILES
from app.shell.assets import themes_for
from app.shell.views import picture
from permissions.door import allow, viewer
from tenants.rules import OWN_STAGES

pages = Blueprint("organization_desk", __name__)

PATH = "/organizations/<uuid:organization_id>"


@pages.get(PATH)
@allow(READ_ORGANIZATIONS)
def show(organization_id: uuid.UUID) -> str:
    return _page(reading.settings_of(transaction(), organization_id))


@pages.post(PATH)
@allow(READ_ORGANIZATIONS, MANAGE_ORGANIZATIONS)
def save(organization_id: uuid.UUID) -> Any:
    settings = reading.settings_of(transaction(), organization_id)
    said = form.told(request.form, settings.item)
    was = forms.opened(request.form.get("was", ""), form.WORDS)
    said |= {word: settings.item[word] for word in request.form.getlist("yield") if word in said}
    if "wanted" not in request.form and (found := forms.clashes(was, settings.item, said)):
        # What he left alone is as it is now.
        return _page(settings, forms.changed(was, said), clashes=found), 409
    try:
        plan = config.apply(
            transaction(),
            {"organizations": [{"key": settings.head.key, **forms.changed(was, said)}]},
            viewer.user_id,
            may_wait=True,
        )
    except Unacceptable as refused:
        return _refused(settings, said, was, refused)
    return _done(organization_id, plan)


def _refused(settings: reading.Settings, said: Item, was: Item, refused: Unacceptable) -> tuple[str, int]:
    errors = form.errors_of(refused, settings.head.key)
    return _page(settings, said, errors=errors, was=was), 422


@pages.post(f"{PATH}/effect")
@allow(READ_ORGANIZATIONS, MANAGE_ORGANIZATIONS)
def effect(organization_id: uuid.UUID) -> Any:
    """The page with what its form would do; nothing is kept."""
    settings = reading.settings_of(transaction(), organization_id)
    said, was = form.told(request.form, settings.item), forms.opened(request.form.get("was", ""), form.WORDS)
    document = {"organizations": [{"key": settings.head.key, **forms.changed(was, said)}]}
    try:
        found = telling.told(transaction(), effect_of(transaction(), document, organization_id))
    except Unacceptable as refused:
        return _refused(settings, said, was, refused)
    return _page(settings, said, effect=found, was=was)


@pages.post(f"{PATH}/changes/<uuid:change_id>/undoing")
@allow(READ_ORGANIZATIONS, MANAGE_ORGANIZATIONS)
def undo(organization_id: uuid.UUID, change_id: uuid.UUID) -> Any:
    """From the history it is told first what that would do, unless nobody would see anything else."""
    connection = transaction()
    if request.form.get("way") == "effect":
        document, logos = undoing.document_of(connection, organization_id, change_id)
        found = telling.told(connection, effect_of(connection, document, organization_id, logos=logos))
        if found.is_seen:
            entries = of_record(connection, "organization", organization_id)
            return render_template(
                "administration/organizations/undo.html",
                organization=reading.settings_of(connection, organization_id).head,
                entry=next((entry for entry in entries if entry.id == change_id), None),
                change=change_id,
                effect=found,
            )
    return _done(organization_id, undoing.undo(connection, organization_id, change_id, viewer.user_id))


@pages.get(f"{PATH}/logo")
@allow(READ_ORGANIZATIONS)
def logo(organization_id: uuid.UUID) -> Response:
    """The organization's logo for the desk; its members have theirs at an address of their own."""
    name = reading.settings_of(transaction(), organization_id).head.logo
    if name is None:
        raise NotFound
    return picture(name, "private, no-cache")


@pages.post(f"{PATH}/logo")
@allow(READ_ORGANIZATIONS, MANAGE_ORGANIZATIONS)
def upload_logo(organization_id: uuid.UUID) -> Any:
    settings = reading.settings_of(transaction(), organization_id)
    try:
        value, logos = uploaded(request.files.get("file"))
    except BadPicture as bad:
        return _page(settings, errors={"logo": str(bad)}), 422
    return _done(organization_id, _with_logo(settings, value, logos))


@pages.post(f"{PATH}/logo/removal")
@allow(READ_ORGANIZATIONS, MANAGE_ORGANIZATIONS)
def remove_logo(organization_id: uuid.UUID) -> Response:
    return _done(organization_id, _with_logo(reading.settings_of(transaction(), organization_id), None))


def _with_logo(settings: reading.Settings, value: str | None, logos: Any = None) -> config.Plan:
    return config.apply(
        transaction(),
        {"organizations": [{"key": settings.head.key, "logo": value}]},
        viewer.user_id,
        storage=current_app.extensions["storage"],
        logos=logos or {},
    )


def _done(organization_id: uuid.UUID, plan: config.Plan) -> Response:
    address = f"/organizations/{organization_id}"
    if not plan:
        return redirect(address, 303)
    return redirect(f"{address}?change={undoing.latest_change(transaction(), organization_id)}", 303)


def _page(
    settings: reading.Settings,
    said: dict[str, Any] | None = None,
    *,
    was: dict[str, Any] | None = None,
    effect: telling.Told | None = None,
    errors: dict[str, str] | None = None,
    clashes: list[forms.Clash] | None = None,
) -> str:
    connection, organization_id = transaction(), settings.head.id
    item, stock = settings.item | (said or {}), reading.stock_of(connection, organization_id)
    seen = reading.seen_by(connection, organization_id)
    formats, (mandates, whole_mandates) = (
        formats_for(language()),
        reading.mandates(connection, organization_id),
    )
    return render_template(
        "administration/organizations/show.html",
        organization=settings.head,
        policyholders=seen.policyholders,
        state=(STATES[settings.state], STATE_TONES[settings.state]),
        item=item,
        namesakes=namesakes(connection, item["name"], organization_id) if settings.state != "ended" else [],
        kept=settings.item,
        changed=forms.changed(was if was is not None else settings.item, said) if said else {},
        was=forms.sealed(was if was is not None else settings.item, form.WORDS),
        may_manage=viewer.may(MANAGE_ORGANIZATIONS),
        is_told_at_once=reading.is_told_at_once(connection, organization_id),
        effect=effect,
        errors=errors or {},
        labels=forms.labels_of(errors or {}) | form.labels(),
        clashes=forms.compared(clashes or ()),
        change=request.args.get("change") if request.method == "GET" else None,
        sees=[
            telling.COUNTED[kind](number)
            for kind, number in (
                ("contract", seen.contracts),
                ("object", seen.objects),
                ("claim", seen.claims),
            )
        ],
        below=settings.head.below,
        releasers=len(claim_reports.releasers_in(connection, organization_id)),
        widening=(settings.head.widening, OWN_STAGES) if settings.is_widening else None,
        boxes=_choices(BOXES, stock.boxes, item["states"], is_closed=True),
        lines=_choices(LINES, stock.lines, item["lines_of_business"]),
        contract_types=_choices(CONTRACT_TYPES, stock.contract_types, item["contract_types"], is_closed=True),
        claim_types=_choices(CLAIM_TYPES, stock.claim_types, item["claim_types"]),
        mandates=mandates,
        whole_mandates=whole_mandates,
        groups=reading.corporate_groups(connection, item["corporate_groups"]),
        intermediaries=reading.intermediaries(connection, item["intermediaries"]),
        parents=reading.possible_parents(connection, organization_id),
        document_profiles=reading.document_profiles(connection),
        valuations=VALUATIONS,
        themes=[(name, theme.title) for name, theme in themes_for(g.house.slug).items()],
        home_views=HOME_VIEWS,
        mailbox_places=MAILBOX_PLACES,
        tile_lines=_tile_lines(item["home_tiles"]),
        house_rules=read_tenant(connection),
        members=reading.members(connection, organization_id),
        history=of_record(connection, "organization", organization_id),
        day=formats.day,
    )


def _tile_lines(chosen: list[str]) -> list[tuple[str, Any, bool]]:
    """The chosen tiles in their order, then the others."""
    keys = [*(key for key in chosen if key in TILES), *(key for key in TILES if key not in chosen)]
    return [(key, TILES[key].label, key in chosen) for key in keys]


def _choices(
    codes: Any, counts: Counter[str], chosen: list[str], is_closed: bool = False
) -> list[tuple[str, Any, int]]:
    """What there is to tick: of an open list what the stock has, and what is ticked already."""
    shown = [code for code in codes if is_closed or code in counts or code in chosen]
    shown += sorted((counts.keys() | set(chosen)) - set(codes))
    return [(code, codes.get(code, code), counts[code]) for code in shown]
