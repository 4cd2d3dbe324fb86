"""What the server reckons of an own theme is what a browser shows of it."""

import random

import pytest
from playwright.sync_api import Browser

from app.shell.assets import assets
from app.shell.colours import contrast
from app.shell.own_theme import PAIRS, Tokens, roles_of, sheet_of
from tests.shell.test_contrast import MEASURE

CHANCE = random.Random(7)
SOME = [("#6b3fa0", "#6d6a85"), ("#00ff00", "#000000"), ("#ffff00", "#ff00ff"), ("#c8102e", "#71757a")] + [
    (f"#{CHANCE.randrange(1 << 24):06x}", f"#{CHANCE.randrange(1 << 24):06x}") for _ in range(20)
]


@pytest.mark.browser
@pytest.mark.parametrize("is_dark", [False, True])
def test_contrast_is_reckoned_as_browsers_paint(is_dark, browser: Browser):
    page, wrong = browser.new_page(), []
    pairs = [[f"--{role}", f"--{ground}"] for _word, role, ground, _least in PAIRS]
    for accent, tint in SOME:
        tokens = Tokens(accent, tint, "text", 6, 100)
        page.set_content(f'<html data-scheme="{"dark" if is_dark else "light"}"><body></body></html>')
        for sheet in (assets()["portico.css"].content.decode(), sheet_of(tokens)):
            page.add_style_tag(content=sheet)
        roles = roles_of(tokens, is_dark)
        for (_word, role, ground, _least), painted in zip(PAIRS, page.evaluate(MEASURE, pairs), strict=True):
            if abs(painted - contrast(roles[role], roles[ground])) > 0.02 * painted:
                wrong.append((accent, tint, role, ground, painted, contrast(roles[role], roles[ground])))
    page.close()
    assert wrong == []
