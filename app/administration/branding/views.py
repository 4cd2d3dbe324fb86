"""The desk's page of how the portal looks: themes to choose from and to try, the broker's own, logos, links, terms."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, current_app, g, redirect, render_template, request
from werkzeug.wrappers import Response as Redirect

from app.administration import config, forms, undoing
from app.administration.audit.entries import entries_of
from app.administration.audit.queries import Wanted, rows_of
from app.administration.branding import form
from app.administration.branding.acceptances import figures_of
from app.administration.branding.access import MANAGE_BRANDING, READ_BRANDING
from app.administration.config.face import problems_of
from app.administration.config.logos import BadPicture
from app.administration.config.state import Item, read_tenant
from app.administration.pictures import uploaded
from app.core.db import transaction
from app.core.errors import NotFound, Unacceptable
from app.core.text import LazyText
from app.shell import faces
from app.shell.assets import assets, sample_of, themes_for
from app.shell.own_theme import DENSITIES, FIRST, HEADINGS, LARGEST_RADIUS, OWN, Tokens, sheet_of, tokens_of
from permissions.door import allow, viewer
from tenants.directory import House, house_of

pages = Blueprint("branding", __name__, url_prefix="/branding")

LOGOS = ("logo", "logo_dark")
MOST_CHANGES = 20


@pages.get("")
@allow(READ_BRANDING)
def index() -> Any:
    """The page; with `theme` in its address in the look of that theme, which nobody else sees."""
    tried = request.args.get("theme")
    if tried is None:
        return _page()
    if tried != OWN:
        if tried not in themes_for(_house().slug):
            raise NotFound
        return _page(tried=tried)
    typed = form.own_theme(request.args)
    if problems := problems_of(typed):
        return _page({"own_theme": typed}, errors=_errors(problems)), 422
    return _page({"own_theme": typed}, tried=OWN)


@pages.get("/try.css")
@allow(READ_BRANDING)
def try_out() -> Response:
    """The style sheet of an own theme that is not kept, for whoever designs it."""
    typed = form.own_theme(request.args)
    if problems_of(typed):
        # Nothing to be shown while somebody is still typing.
        return Response(status=204)
    return _sheet(sheet_of(tokens_of(typed)))


@pages.get("/own.css")
@allow(READ_BRANDING)
def own_sample() -> Response:
    """The broker's own theme for the card that shows it, as the other cards have theirs from disk."""
    own = read_tenant(transaction())["own_theme"]
    if own is None:
        raise NotFound
    everywhere = assets()["portico.css"].content.decode()
    return _sheet(sample_of(OWN, everywhere, sheet_of(tokens_of(own))))


def _sheet(text: str) -> Response:
    return Response(text, content_type="text/css; charset=utf-8")


@pages.post("/theme")
@allow(READ_BRANDING, MANAGE_BRANDING)
def choose() -> Any:
    return _save({"theme": request.form.get("theme", "")})


@pages.post("/own")
@allow(READ_BRANDING, MANAGE_BRANDING)
def design() -> Any:
    """Keep the own theme, and use it from now on."""
    return _save({"own_theme": form.own_theme(request.form), "theme": OWN})


@pages.post("/logo")
@allow(READ_BRANDING, MANAGE_BRANDING)
def upload() -> Any:
    which = _which()
    try:
        value, pictures = uploaded(request.files.get("file"))
    except BadPicture as bad:
        return _page(errors={which: str(bad)}), 422
    return _save({which: value}, pictures)


@pages.post("/logo/removal")
@allow(READ_BRANDING, MANAGE_BRANDING)
def remove_logo() -> Any:
    """Without a logo there is none for dark grounds, either."""
    return _save(dict.fromkeys(LOGOS if _which() == "logo" else LOGOS[1:]))


def _which() -> str:
    which = request.form.get("which", "")
    if which not in LOGOS:
        raise NotFound
    return which


@pages.post("/links")
@allow(READ_BRANDING, MANAGE_BRANDING)
def link() -> Any:
    return _save({"links": forms.links(request.form, form.LINKS)})


@pages.post("/terms")
@allow(READ_BRANDING, MANAGE_BRANDING)
def ask_for_terms() -> Any:
    return _save(form.terms(request.form))


@pages.post("/changes/<uuid:change_id>/undoing")
@allow(READ_BRANDING, MANAGE_BRANDING)
def undo(change_id: uuid.UUID) -> Any:
    change = undoing.change_of(transaction(), "tenant", viewer.tenant_id, change_id)
    if not _is_of_page(change.after):
        raise NotFound
    former = undoing.former(read_tenant(transaction()), change.before, change.after)
    return _save(former, undoing.logos_in(former))


def _save(settings: Item, logos: Any = None) -> Any:
    """Make it so, or show the page again with what was typed and what is wrong with it."""
    try:
        plan = config.apply(
            transaction(),
            {"tenant": settings},
            viewer.user_id,
            storage=current_app.extensions["storage"],
            logos=logos or {},
        )
    except Unacceptable as refused:
        return _page(settings, errors=_errors(refused.problems)), 422
    return _done(plan)


def _errors(problems: Mapping[str, str | LazyText]) -> dict[str, str]:
    return forms.errors_of(problems, "tenant", group="own_theme")


def _done(plan: config.Plan) -> Redirect:
    if not plan:
        return redirect("/branding", 303)
    latest = undoing.latest_change(transaction(), "tenant", viewer.tenant_id)
    return redirect(f"/branding?change={latest}", 303)


def _house() -> House:
    """The broker as he is now: what the process remembers of him may be some seconds old."""
    g.house = house_of(transaction(), viewer.tenant_id)
    return g.house


def _page(
    typed: Item | None = None, *, tried: str | None = None, errors: dict[str, str] | None = None
) -> str:
    kept, house = read_tenant(transaction()), _house()
    item = kept | (typed or {})
    if tried is not None:
        house = house._replace(theme=tried, own_theme=item["own_theme"])
        g.tried_theme = faces.theme_of(house)
    rows = rows_of(
        transaction(), Wanted(act="tenant.changed", record="tenant", ids=[viewer.tenant_id]), MOST_CHANGES
    )
    offered = themes_for(house.slug)
    return render_template(
        "administration/branding/index.html",
        kept=kept,
        item=item,
        own=item["own_theme"] or FIRST._asdict(),
        words=Tokens._fields,
        offered=list(offered.values()),
        current=kept["theme"] if kept["theme"] in (OWN, *offered) else faces.FALLBACK,
        tried=tried,
        tried_title=offered[tried].title if tried in offered else None,
        headings=[(word, label) for word, (label, _stack) in HEADINGS.items()],
        largest_radius=LARGEST_RADIUS,
        densities=DENSITIES,
        logos=[
            (word, kept[word] and faces.logo_address(house.tenant_id, _name(kept[word]))) for word in LOGOS
        ],
        figures=figures_of(transaction(), kept["terms_version"]) if kept["terms_version"] else None,
        errors=errors or {},
        labels=forms.labels_of(errors or {}),
        change=request.args.get("change") if request.method == "GET" else None,
        history=[
            (entry, _is_of_page(row.after))
            for entry, row in zip(entries_of(transaction(), rows), rows, strict=True)
            if form.FACE & set(row.after or ())
        ],
        may_manage=viewer.may(MANAGE_BRANDING),
    )


def _name(logo: str) -> str:
    return logo.removeprefix(config.STORED)


def _is_of_page(after: Item | None) -> bool:
    """Whether a change touched nothing but what stands here, so that it can be taken back from here."""
    return set(after or ()) <= {"key", *form.FACE}
