"""How the portal looks for whom: a broker's theme, one on disk or his own, and his logos.

What is a broker's own has addresses that carry a seal made for him: at another's host they open nothing, and since
they change with what they lead to, they may be kept for ever.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import uuid
from dataclasses import replace
from functools import lru_cache

from flask import current_app

from app.shell.assets import Theme, asset, themes, themes_for
from app.shell.colours import WHITE, contrast
from app.shell.own_theme import (
    DENSITIES,
    HEADINGS,
    LARGEST_RADIUS,
    OWN,
    Tokens,
    roles_of,
    sheet_of,
    tokens_of,
)
from tenants.directory import House

FALLBACK = "hanse"
SHEET = re.compile(r"([0-9a-f]{6})-([0-9a-f]{6})-([a-z]+)-(\d{1,2})-(\d{2,3})\.([0-9a-f]{20})")
LOGO = re.compile(r"([0-9a-f]{64})\.([0-9a-f]{20})")


def theme_of(house: House, chosen: str | None = None) -> Theme:
    """The broker's look; `chosen` is a theme on disk that takes the place of his."""
    tokens = tokens_of(house.own_theme) if house.own_theme else None
    return _theme(
        _key(), house.tenant_id, house.slug, chosen or house.theme, tokens, house.logo, house.logo_dark
    )


@lru_cache(maxsize=1024)
def _theme(
    key: bytes,
    tenant_id: uuid.UUID,
    slug: str,
    name: str,
    tokens: Tokens | None,
    logo: str | None,
    dark: str | None,
) -> Theme:
    if name == OWN and tokens is not None:
        theme = _own(key, tenant_id, tokens)
    else:
        theme = themes_for(slug).get(name) or themes()[FALLBACK]
    if theme.house not in (None, slug):
        theme = replace(theme, logo_light=None, logo_dark=None, icon=asset("icon.svg"))
    if logo is None:
        return theme
    by_day = _logo_address(key, tenant_id, dark if dark and has_dark_bar(theme) else logo)
    by_night = _logo_address(key, tenant_id, dark or logo)
    return replace(theme, logo_light=by_day, logo_dark=by_night, has_plate=dark is None)


def _own(key: bytes, tenant_id: uuid.UUID, tokens: Tokens) -> Theme:
    return Theme(
        name=OWN,
        title=OWN,
        color_scheme="light dark",
        css=_sheet_address(key, tenant_id, tokens),
        logo_light=None,
        logo_dark=None,
        icon=asset("icon.svg"),
        bar_light=roles_of(tokens, is_dark=False)["surface"],
        bar_dark=roles_of(tokens, is_dark=True)["surface"],
    )


def has_dark_bar(theme: Theme) -> bool:
    """Whether the bar is dark by day, too."""
    return contrast(theme.bar_light, WHITE) > contrast(theme.bar_light, "#000000")


def sheet_at(tenant_id: uuid.UUID, name: str) -> str | None:
    """The style sheet behind an address given out for this broker; nothing for any other."""
    found = SHEET.fullmatch(name)
    if found is None:
        return None
    accent, tint, heading, radius, density, seal = found.groups()
    tokens = Tokens(f"#{accent}", f"#{tint}", heading, int(radius), int(density))
    if heading not in HEADINGS or tokens.radius > LARGEST_RADIUS or tokens.density not in DENSITIES:
        return None
    sheet = sheet_of(tokens)
    return sheet if hmac.compare_digest(seal, _seal(_key(), tenant_id, sheet)) else None


def logo_at(tenant_id: uuid.UUID, name: str) -> str | None:
    """The storage name of the logo behind an address given out for this broker; nothing for any other."""
    found = LOGO.fullmatch(name)
    if found is None or not hmac.compare_digest(found[2], _seal(_key(), tenant_id, found[1])):
        return None
    return found[1]


def logo_address(tenant_id: uuid.UUID, name: str) -> str:
    """Where this broker's logo is, by its name in storage."""
    return _logo_address(_key(), tenant_id, name)


def _sheet_address(key: bytes, tenant_id: uuid.UUID, tokens: Tokens) -> str:
    accent, tint, *others = (str(one).removeprefix("#") for one in tokens)
    return f"/theme/{'-'.join((accent, tint, *others))}.{_seal(key, tenant_id, sheet_of(tokens))}.css"


def _logo_address(key: bytes, tenant_id: uuid.UUID, name: str) -> str:
    return f"/brand/{name}.{_seal(key, tenant_id, name)}.png"


def _key() -> bytes:
    return str(current_app.config["SECRET_KEY"]).encode()


def _seal(key: bytes, tenant_id: uuid.UUID, said: str) -> str:
    return hmac.new(key, f"face {tenant_id} {said}".encode(), hashlib.sha256).hexdigest()[:20]
