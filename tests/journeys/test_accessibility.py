"""Every page, in the look of each broker: no violation axe knows of, nothing in the console, nothing too wide.

Light and dark, on a desk and on a phone, in four languages: a quick run gives each page the look of one broker in his
language and one of the four views; a deep run gives it all of them in each.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe

from app.core.text import LANGUAGES
from tenants import visibility
from tests.journeys.people import Demo, Person

OVERVIEWS = (
    "contracts", "objects", "claims", "documents", "policyholders", "invoices", "certificates", "cases", "insurers",
    "mandates",
)  # fmt: skip
VARIANTS = [(scheme, width) for scheme in ("light", "dark") for width in (1440, 390)]
PAST = visibility.today() - datetime.timedelta(days=100)
VIOLATIONS = {"resultTypes": ["violations"]}
"""Of what passes, axe need not say where: that takes longer than looking."""
FEW = "rows=6"
STAFF = {
    "hansen": "h.brandt@hansen-brandt.example",
    "limmat": "a.wettstein@limmat-risk.example",
    "atelier": "c.lambrecht@atelier-courtage.example",
}
"""Somebody of each broker who sees every area, and whose broker's look is one of the three themes."""
CLIENT = {
    "hansen": "s.wyss@nordwerk.example",
    "limmat": "h.nef@saentis-mechanik.example",
    "atelier": "n.casals@teatrofarol.example",
}
"""Somebody with an organization: its logo, a switch, a profile currency, areas he is refused."""


ADMINISTRATOR = {
    "hansen": "m.stueve@nordwerk.example",
    "limmat": "m.jacot@vallon.example",
    "atelier": CLIENT["atelier"],
}
"""Somebody who looks after colleagues; at the last of them nobody does."""


def problems(person: Person, scheme: str, width: int) -> list[str]:
    """What is wrong with the page as it stands, in this light and at this width."""
    page = person.page
    # Without motion: what is half way from one colour to the next has a contrast nobody meant.
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 900 if width > 600 else 844})
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    found = [f"{wide} pixels too wide"] if wide > 0 else []
    # What lies behind an open sheet is not seen, and its colours not those axe finds above it.
    looked_at = ":popover-open" if page.locator(":popover-open").count() else None
    for violation in Axe().run(page, looked_at, VIOLATIONS).response["violations"]:
        nodes = "; ".join(node["html"][:160] for node in violation["nodes"][:3])
        found.append(f"{violation['id']} ({violation['help']}): {nodes}")
    complaints, person.complaints[:] = person.complaints[:], []
    where = f"{person.host} {person.path} {scheme} {width}"
    return [f"{where}: {what}" for what in [*found, *complaints]]


def pages_before_signing_in(person: Person) -> Iterator[None]:
    person.open("/sign-in")
    yield
    person.page.fill("[name=email]", "nobody@nowhere.example")
    person.page.fill("[name=password]", "not this one")
    person.follow("form.form button[type=submit]")
    yield
    for path in (
        "/nothing-here",
        "/activation/no-such-link",
        "/password",
        "/password?asked=1",
        "/password/no-such-link",
    ):
        person.open(path)
        yield


def pages_of_staff(person: Person) -> Iterator[None]:
    for path in (
        "/",
        "/?view=icons",
        "/settings",
        "/settings/log",
        "/exports",
        "/documents/upload",
        "/report-functions",
        "/branding",
        "/branding?theme=alpin",
        "/branding?theme=own&accent=%2300ff00&tint=%23000000&heading=book&radius=4&density=90",
        "/announcements",
        "/announcements/new",
        "/client-home",
        "/audit",
        "/users",
        "/users?q=nothing+at+all",
        "/organization-clients?rows=25",
        "/clients-without-access",
        "/usage?by=month_on.month&show=sum.sign_ins,distinct.user&chart=line",
        "/profiles",
        "/profiles/new",
        "/visibility",
        "/visibility?who=a&what=a",
        "/nothing-here",
        "/contracts?q=nothing+at+all",
    ):
        show(person, path)
        yield
    yield from pages_of_the_desk(person)
    show(person, "/contracts")
    record = person.page.locator("[data-rows] tbody th a").first.get_attribute("href") or ""
    show(person, f"/visibility?record=contract:{record.rpartition('/')[2]}")
    yield
    for way in (".rows li:nth-child(2) a", ".aside-list a"):
        if person.page.locator(way).count():
            person.follow(f"{way} >> nth=0")
            yield
    for path in ("/contracts?sort=nothing", "/claims?by=nothing"):
        show(person, path)
        yield
    for overview in OVERVIEWS:
        show(person, f"/{overview}")
        yield
        open_first(person)
        yield
    yield from pages_of_a_profile(person)


def pages_of_a_profile(person: Person) -> Iterator[None]:
    """The first profile's editor with its parts, what is around it, and a change up to where it would be saved."""
    show(person, "/profiles")
    address = person.page.locator("main tbody th a").first.get_attribute("href") or "/"
    other = person.page.locator("main tbody th a").nth(1).get_attribute("href") or "/"
    left, right = (one.rpartition("/")[2] for one in (address, other))
    for path in (
        "?part=general", "?part=functions", "?part=menu", "?q=e", "?q=nothing+at+all", "?part=field.contract&only=1",
        "/members", "/preview", "/copy", "/deletion",
    ):  # fmt: skip
        show(person, address + path)
        yield
    show(person, f"/profiles/comparison?left={left}&right={right}")
    yield
    show(person, f"{other}?part=field.contract")
    person.page.locator("td input[type=radio][name^='field:']:not(:checked):not(:disabled)").first.check()
    person.follow("button[value=functions]")
    yield
    person.follow(".dockbar .main")
    yield


def pages_of_the_desk(person: Person) -> Iterator[None]:
    show(person, "/organizations/new")
    yield
    show(person, "/organizations")
    yield
    person.follow("[data-rows] tbody th a")
    organization = person.path
    yield
    person.page.locator("[name=states]").first.click()
    person.page.locator("#effect .big").wait_for()
    yield
    for path in ("/copy", "/deletion", "/lists/policyholders?q=a", "/lists/objects", "/home-widgets"):
        show(person, organization + path)
        yield
    show(person, f"{organization}/members")
    yield
    person.follow("main tbody th a")
    yield
    show(person, "/users?is_staff=false&state=active&rows=25")
    person.follow("[data-rows] tbody th a")
    yield
    if person.page.locator("main a[href$='/private-portal']").count():
        person.follow("main a[href$='/private-portal']")
        person.page.fill("main [name=q]", "a")
        person.follow("main button[value=unlock]")
        yield
    show(person, "/clients-without-access/invitation")
    yield
    person.page.locator("#profile").select_option(index=1)
    person.follow("main .btn.main")
    yield
    for path in ("/reviews", "/reviews?all=1", "/reviews/endings?days=365", "/features"):
        show(person, path)
        yield
    show(person, "/reviews?all=1")
    person.follow("main tbody th a")
    yield


def pages_of_own_house(person: Person) -> Iterator[None]:
    """What a client's own administrator looks after."""
    for path in ("/colleagues", "/colleagues/review"):
        show(person, path)
        yield
    show(person, "/colleagues")
    if person.page.locator("main tbody th a").count():
        person.follow("main tbody th a >> nth=0")
        yield
    person.open("/invitation/nothing")
    yield


def show(person: Person, path: str) -> None:
    """Open a page; an overview with a few rows, since axe looks at each cell and one row is like the next."""
    plain, _mark, words = path.partition("?")
    is_overview = plain.removeprefix("/") in OVERVIEWS
    person.open(f"{plain}?{'&'.join(filter(None, [words, FEW]))}" if is_overview else path)


def open_first(person: Person) -> None:
    """The page of the overview's first record, with all that can be unfolded."""
    first = person.page.locator("[data-rows] tbody th a").first.get_attribute("href")
    show(person, first or "/")
    person.page.evaluate("document.querySelectorAll('details.fold').forEach(one => one.open = true)")


def pages_of_client(person: Person) -> Iterator[None]:
    for path in (
        "/",
        "/?view=icons",
        "/settings",
        "/settings/deadlines",
        "/settings/views",
        "/home/widgets",
        "/home/announcements",
        "/mailbox",
        "/mailbox/history",
        "/mailbox/notifications",
        "/cases/new",
        "/mandates",
        "/contracts?status=own&q=a",
    ):
        show(person, path)
        yield
    show(person, "/settings")
    if person.page.locator("#calendar form").count():
        person.follow("#calendar form[action='/settings/calendar'] button")
        yield
    show(person, "/contracts?last_day_to_cancel.is_not_empty=1&sort=last_day_to_cancel")
    open_first(person)
    yield
    show(person, "/contracts?status=own&q=a")
    person.page.click("[popovertarget=filter]")
    person.page.locator("#filter summary").nth(2).click()
    yield
    show(person, "/contracts?by=status,starts_on.year&show=count,sum.premium_net,max.ends_on&order=-count")
    yield
    show(person, "/contracts?by=line_of_business&across=status&show=count,sum.premium_net")
    yield
    for words in (
        "by=line_of_business,status&chart=stacked", "by=starts_on.month,status&chart=line", "by=starts_on.year,status&chart=area",
        "by=line_of_business&chart=donut", "by=insurer&show=count,sum.sum_insured&chart=scatter",
    ):  # fmt: skip
        show(person, f"/contracts?{words}")
        yield
    person.page.locator("[popovertarget=chart-kinds]").click()
    yield
    person.page.keyboard.press("Escape")
    for button in ("grouping", "rates", "g1"):
        if person.page.locator(f"[popovertarget$={button}]:visible").count():
            person.page.locator(f"[popovertarget$={button}]:visible").first.click()
            yield
            person.page.keyboard.press("Escape")
    marks = "mark=warning:premium_net:High:premium_net > 5000&mark=critical::All:number is not empty"
    for words in (
        "view=tiles",
        "view=tiles&break=status&total=share.premium_net",
        "view=row",
        "break=status&density=compact",
    ):
        show(person, f"/contracts?{words}&{marks}")
        yield
    for path in (
        "/contracts/changes",
        "/contracts/changes?from=nothing",
        f"/contracts?as_of={PAST}&columns=number",
    ):
        show(person, path)
        yield
    show(person, "/contracts/changes")
    if person.page.locator("tr:has(del) th a").count():
        show(person, person.page.locator("tr:has(del) th a").first.get_attribute("href") or "/")
        yield
    for path in (
        "/contracts?break=insurer,status&total=sum.premium_net,avg.premium_net&off=status=own&titled=premium_net:Total",
        "/contracts?compute=c1:Monthly:premium_net/12&mark=critical::Large:premium_net>9000&mark=info:number:All:true&frozen=2",
        "/contracts/compute?formula=premium_net+%2B&formula_label=", "/contracts/rule", "/contracts/mark", "/contracts/columns",
        "/contracts/values?of_column=status", "/contracts?where=nothing+%3E+1",
        '/contracts/conditions?edit={"any":[["status","own"],{"all":[["ends_on.next","90d"],["premium_net.ge","5"]]}]}',
    ):  # fmt: skip
        show(person, path)
        yield
    show(person, "/contracts?status=own&where=premium_net>1")
    for button in ("chip-1", "chip-2", "col-premium_net", "out"):
        if person.page.locator(f"[popovertarget={button}]:visible").count():
            person.page.locator(f"[popovertarget={button}]:visible").first.click()
            yield
            person.page.keyboard.press("Escape")
    for button in ("columns", "as-of", "rates", "me"):
        show(person, "/contracts")
        if person.page.locator(f"[popovertarget={button}]:visible").count():
            person.page.locator(f"[popovertarget={button}]:visible").first.click()
            yield
    for overview in ("contracts", "claims"):
        show(person, f"/{overview}")
        if person.page.locator("[data-rows] tbody th a").count():
            open_first(person)
            yield


def look(visit: Callable[..., Person], slug: str, language: str, is_deep: bool) -> list[str]:
    """Everything wrong with any page of a broker, read in one language."""
    found, number, turn = [], 0, list(STAFF).index(slug)
    for pages, email in (
        (pages_before_signing_in, None),
        (pages_of_staff, STAFF[slug]),
        (pages_of_client, CLIENT[slug]),
        (pages_of_own_house, ADMINISTRATOR[slug]),
    ):
        person = visit(slug, language=language)
        if email:
            person.sign_in(email, language=language)
        for _page in pages(person):
            number += 1
            if not is_deep and number % len(STAFF) != turn:
                person.complaints.clear()
                continue
            for scheme, width in VARIANTS if is_deep else [VARIANTS[number % len(VARIANTS)]]:
                found += problems(person, scheme, width)
            person.page.set_viewport_size({"width": 1440, "height": 900})
    return found


@pytest.mark.parametrize("slug", list(STAFF))
def test_every_page_can_be_used_by_everybody(demo: Demo, visit: Callable[..., Person], slug: str) -> None:
    assert look(visit, slug, demo.brokers[slug].language, is_deep=False) == []


@pytest.mark.deep
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slug", list(STAFF))
def test_every_page_in_every_light_width_and_language(
    visit: Callable[..., Person], slug: str, language: str
) -> None:
    assert look(visit, slug, language, is_deep=True) == []


def test_an_address_of_nobody_reveals_nothing(demo: Demo, visit: Callable[..., Person]) -> None:
    person = visit("nobody")

    assert person.open("/sign-in") == 404
    for scheme, width in VARIANTS:
        assert problems(person, scheme, width) == []
    words = person.page.content()
    assert not any(broker.name in words for broker in demo.brokers.values())
    assert "portico" not in words.lower()
