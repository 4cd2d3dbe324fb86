"""What speaks against how a broker wants his portal to look, and against the terms he wants accepted."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import Connection, text

from app.administration.config.beginnings import NEW_ORGANIZATION
from app.administration.config.document import check_shape
from app.administration.config.merging import Wanted
from app.administration.config.state import Item, State
from app.core.formats import formats_for
from app.core.text import _, language
from app.shell.assets import themes_for
from app.shell.own_theme import OWN, TEXT, Tokens, Weak, tokens_of, weak_places
from tenants import current


def check_face(connection: Connection, wanted: Wanted, before: State) -> None:
    """Note in `wanted` what cannot be shown or read."""
    tenant, was = wanted.state.tenant, before.tenant
    _check_themes(connection, wanted, before)
    if tenant["theme"] == OWN and tenant["own_theme"] is None:
        wanted.refuse("tenant.own_theme", _("Design the theme before you choose it."))
    if tenant["own_theme"] and tenant["own_theme"] != was["own_theme"]:
        for place, sentence in unreadable(tenant["own_theme"]).items():
            wanted.refuse(place, sentence)
    if tenant["logo_dark"] and not tenant["logo"]:
        wanted.refuse("tenant.logo_dark", _("Choose the logo for light backgrounds first."))
    if tenant["terms_required"] and not tenant["terms_version"]:
        wanted.refuse("tenant.terms_version", _("Say which version is to be accepted."))
    if tenant["terms_required"] and not tenant["links"].get("terms"):
        wanted.refuse("tenant.links.terms", _("Say where the terms of use can be read."))


def problems_of(own_theme: Item) -> dict[str, str]:
    """What speaks against an own theme by itself, place to sentence: no word of the database is needed for it."""
    told, problems = check_shape({"tenant": {"own_theme": own_theme}})
    return problems or unreadable(told["tenant"]["own_theme"])


def unreadable(own_theme: Item) -> dict[str, str]:
    """Where text or marks would not stand out. Of a theme that lacks an answer this says nothing."""
    if set(own_theme) != set(Tokens._fields):
        return {}
    # Of several that come from one answer the first is told.
    return {
        f"tenant.own_theme.{weak.word}": _told(weak) for weak in reversed(weak_places(tokens_of(own_theme)))
    }


def _check_themes(connection: Connection, wanted: Wanted, before: State) -> None:
    """Another broker's own package is none that could be chosen."""
    places = (
        {}
        if wanted.state.tenant["theme"] in (OWN, before.tenant["theme"])
        else {"tenant": wanted.state.tenant}
    )
    for key, item in wanted.state.organizations.items():
        if item["theme"] not in (None, before.organizations.get(key, NEW_ORGANIZATION)["theme"]):
            places[f"organizations[{key}]"] = item
    if not places:
        return
    slug = connection.execute(
        text("select slug from tenants where tenant_id = :tenant"), {"tenant": current.tenant_id()}
    ).scalar_one()
    offered = themes_for(slug)
    for place, item in places.items():
        if item["theme"] not in offered:
            wanted.refuse(f"{place}.theme", _("Choose one of: {choices}.", choices=", ".join(offered)))


def _told(weak: Weak) -> str:
    number = formats_for(language()).number
    # Cut off, not rounded: 4.499 is no 4.5.
    ratio, least = number(Decimal(int(weak.ratio * 100)) / 100, 2), number(Decimal(str(weak.least)), 1)
    said = {"ratio": ratio, "least": least}
    if weak.least < TEXT:
        return _(
            "Lines and marks reach a contrast of {ratio} with it, where {least} is needed. Choose another colour.",
            **said,
        )
    if weak.is_dark:
        return _(
            "In dark mode text reaches a contrast of {ratio} with it, where {least} is needed. Choose another colour.",
            **said,
        )
    return _(
        "Text reaches a contrast of {ratio} with it, where {least} is needed. "
        "Choose a darker colour, or a lighter surface tint.",
        **said,
    )
