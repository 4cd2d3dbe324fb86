"""Text and marks stand out in every house, by day and by night: measured in a browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from app.shell.assets import assets, themes

TEXT, MARK = 4.5, 3.0
"""Lowest contrast WCAG 2.2 AA allows: 1.4.3 for text, 1.4.11 for marks and the edges of controls."""

PAIRS = [
    ("--text", "--page", TEXT),
    ("--text", "--surface", TEXT),
    ("--text", "--raised", TEXT),
    ("--text", "--sunken", TEXT),
    ("--text", "--hover", TEXT),
    ("--text", "--accent-soft", TEXT),
    ("--muted", "--page", TEXT),
    ("--muted", "--surface", TEXT),
    ("--muted", "--sunken", TEXT),
    ("--muted", "--hover", TEXT),
    ("--accent-text", "--accent", TEXT),
    ("--accent-text", "--accent-hover", TEXT),
    ("--link", "--page", TEXT),
    ("--link", "--surface", TEXT),
    ("--thead-text", "--surface", TEXT),
    ("--nav-now-text", "--nav-now-bg", TEXT),
    *((f"--{tone}", f"--{tone}-soft", TEXT) for tone in ("positive", "warning", "critical", "info")),
    *((f"--{tone}", "--surface", TEXT) for tone in ("positive", "warning", "critical", "info")),
    ("--line-strong", "--surface", MARK),
    ("--focus", "--page", MARK),
    ("--focus", "--surface", MARK),
    ("--critical-solid", "--surface", MARK),
]

# The browser resolves oklch(), color-mix() and light-dark(); a one-pixel canvas tells the colour in sRGB,
# painted over the page where it is not opaque.
MEASURE = """(pairs) => {
  const pixel = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const resolved = (role) => {
    const probe = document.createElement("i");
    probe.style.color = `var(${role})`;
    document.body.append(probe);
    const colour = getComputedStyle(probe).color;
    probe.remove();
    return colour;
  };
  const luminance = (role) => {
    for (const colour of [resolved("--page"), resolved(role)]) {
      pixel.fillStyle = colour;
      pixel.fillRect(0, 0, 1, 1);
    }
    const [r, g, b] = [...pixel.getImageData(0, 0, 1, 1).data].map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  return pairs.map(([one, other]) => {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  });
}"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", sorted(themes()))
def test_every_role_can_be_read_on_its_ground(name, scheme, page):
    sheets = [assets()["portico.css"], assets()[f"themes/{name}/theme.css"]]
    page.set_content(f'<html data-scheme="{scheme}"><body></body></html>')
    for sheet in sheets:
        page.add_style_tag(content=sheet.content.decode())

    ratios = page.evaluate(MEASURE, [[one, other] for one, other, _ in PAIRS])

    too_weak = {
        f"{one} on {other}": round(ratio, 2)
        for (one, other, lowest), ratio in zip(PAIRS, ratios, strict=True)
        if ratio < lowest
    }
    assert too_weak == {}
