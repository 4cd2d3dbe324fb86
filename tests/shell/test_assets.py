"""Static files, icons, themes and templates: all there, all addressed by content, nothing from elsewhere."""

import gzip
import re
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.core.text import _, _n, _p, labelled
from app.shell import assets
from app.shell.assets import asset, icon, served, themes

TEMPLATES = assets.STATIC.parent / "templates"
SOURCES = {
    path.relative_to(TEMPLATES).as_posix(): path.read_text("utf-8") for path in TEMPLATES.rglob("*.html")
}


@pytest.fixture(scope="module")
def pages() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.globals.update(_=_, _n=_n, _p=_p, labelled=labelled, **assets.TEMPLATE_GLOBALS)
    return environment


def test_an_asset_is_served_under_the_address_given_out():
    for name, found in assets.assets().items():
        assert served(asset(name)) is found
        assert re.search(r"\.[0-9a-f]{12}\.(css|js|svg|png)$", found.url)


def test_files_travel_packed_to_whoever_takes_them_so(nobody):
    sheet = assets.assets()["portico.css"]

    packed = nobody.get(sheet.url, headers={"Accept-Encoding": "br, gzip"})
    plain = nobody.get(sheet.url, headers={"Accept-Encoding": "identity"})
    declined = nobody.get(sheet.url, headers={"Accept-Encoding": "gzip;q=0"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data == declined.data == sheet.content
    assert len(packed.data) * 4 < len(plain.data)
    assert not {"Content-Encoding"} & {*plain.headers.keys(), *declined.headers.keys()}
    assert {answer.headers["Vary"] for answer in (packed, plain)} == {"Accept-Encoding"}


@pytest.mark.parametrize(
    "url",
    [
        "/static/portico.js",
        "/static/portico.000000000000.js",
        "/static/../assets.py",
        "/static/themes/hanse/theme.toml",
        "/static/css/tokens.css",
        "",
    ],
)
def test_nothing_else_is_served(url):
    assert served(url) is None


def test_the_address_follows_the_content():
    one = assets._asset("a/b.css", b"one")
    other = assets._asset("a/b.css", b"other")

    assert one.url != other.url
    assert one.url.startswith("/static/a/b.")


def test_the_style_sheet_begins_with_the_order_of_its_layers():
    sheet = assets.assets()["portico.css"].content.decode()

    assert re.sub(r"/\*.*?\*/\s*", "", sheet, flags=re.S).startswith(
        "@layer reset, tokens, base, components, pages, theme;"
    )


def test_an_unknown_name_is_an_error_at_once():
    with pytest.raises(KeyError):
        asset("missing.css")
    with pytest.raises(KeyError):
        icon("missing")


def test_an_icon_points_into_the_sprite_and_is_silent():
    assert (
        str(icon("lock"))
        == f'<svg class="ic" aria-hidden="true"><use href="{asset("icons.svg")}#i-lock"/></svg>'
    )
    assert 'class="ic lg"' in icon("lock", "lg")


def test_three_houses_are_complete():
    assert set(themes()) >= {"hanse", "alpin", "atelier"}
    for theme in themes().values():
        for url in (theme.css, theme.logo_light, theme.logo_dark, theme.icon):
            assert served(url), f"{theme.name}: {url}"
        assert theme.title
        assert theme.color_scheme in ("light dark", "light", "dark")
        assert re.fullmatch(r"#[0-9a-f]{6}", theme.bar_light)
        assert re.fullmatch(r"#[0-9a-f]{6}", theme.bar_dark)


def test_a_theme_writes_into_its_layer_and_fetches_nothing():
    for name, found in assets.assets().items():
        text = found.content.decode() if not name.endswith(".png") else ""
        if name.startswith("themes/") and name.endswith(".css"):
            assert re.sub(r"/\*.*?\*/\s*", "", text, flags=re.S).strip().startswith("@layer theme {"), name
        addresses = re.findall(r"(?:url\(|@import|//[\w.]+)[^\s;]*", text.replace("http://www.w3.org", ""))
        if not name.endswith(".js"):
            assert addresses == [], name
        assert "<script" not in text, name


def test_a_sample_of_a_theme_takes_nothing_over_from_the_page_it_stands_on():
    def tokens(text: str) -> set[str]:
        return set(re.findall(r"--([a-z0-9-]+):", text))

    everywhere = tokens((assets.STATIC / "css/tokens.css").read_text("utf-8"))
    for theme in themes().values():
        own, sample = (served(url).content.decode() for url in (theme.css, theme.sample))
        strange = {name for name in tokens(own) - everywhere if not name.startswith("house-")}
        assert strange <= {*assets.UNSET}, theme.name
        assert tokens(sample) >= tokens(own) | {*assets.UNSET} - {"nav-mark-color"}
        assert sample.startswith(f'@layer theme {{\n  [data-face="{theme.name}"] {{')


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_a_template_has_nothing_inline_and_nothing_from_elsewhere(name):
    source = SOURCES[name]

    assert not re.search(r"<style|\sstyle=|<script(?! src=)|\son[a-z]+=|javascript:", source)
    assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", source)
    assert "|safe" not in source


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_a_template_compiles_and_uses_icons_and_assets_that_exist(name, pages):
    pages.get_template(name)

    for found in re.findall(r"\bicon\('([a-z]+)'\)", SOURCES[name]):
        icon(found)
    for found in re.findall(r"\basset\('([^']+)'\)", SOURCES[name]):
        asset(found)


@pytest.mark.parametrize("status", [403, 404, 422, 500, 503])
def test_an_error_page_needs_neither_tenant_nor_theme_nor_viewer(status, pages):
    page = pages.get_template("error.html").render(
        status=status,
        theme=None,
        tenant=None,
        viewer=None,
        menu=None,
        locale="en",
        message=None,
        reference=None,
    )

    assert page.count("<h1>") == 1
    assert Outline.of(page).is_closed


def test_an_address_of_nobody_reveals_nothing(pages):
    page = pages.get_template("wrong_host.html").render(locale="en")

    assert "Portico" not in page
    assert not re.search(r"<a |<link|<img|<script|href=|src=", page)


@pytest.mark.parametrize("scheme", ["light", "dark", "system"])
@pytest.mark.parametrize("theme", ["hanse", "alpin", "atelier"])
def test_the_logo_follows_the_scheme_a_person_chose(theme, scheme, pages):
    page = pages.get_template("_macros.html").module.logo(
        themes()[theme], SimpleNamespace(name="Haus"), scheme
    )
    light, dark = themes()[theme].logo_light, themes()[theme].logo_dark

    assert (light in page) == (scheme != "dark" or light == dark)
    assert (dark in page) == (scheme != "light" or light == dark)
    assert 'alt="Haus"' in page


def test_what_a_person_typed_is_escaped(pages):
    page = pages.get_template("login.html").render(
        error="<b>no</b>",
        email='"><script>',
        next="/?a=<",
        is_reset=False,
        locale="en",
        theme=None,
        tenant=None,
        viewer=None,
    )

    assert "<script>" not in page
    assert "&lt;b&gt;no&lt;/b&gt;" in page


class Outline(HTMLParser):
    """Whether every element that is opened is closed again, in order."""

    VOID = {"meta", "link", "input", "img", "source", "br", "use"}

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []

    @classmethod
    def of(cls, page: str) -> "Outline":
        outline = cls()
        outline.feed(page)
        return outline

    @property
    def is_closed(self) -> bool:
        return not self.open and not self.faults

    def handle_starttag(self, tag: str, attrs: list) -> None:
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)
