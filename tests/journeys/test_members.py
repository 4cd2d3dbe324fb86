"""Everybody of the demonstration signs in, in every language, and sees what the rules say: no more, no less.

What the rules say comes from the naive model of the visibility tests; which areas and files somebody has, from the
text of the ready profiles. Compared on the overviews, the pages of records, the CSV files and the API.
"""

from __future__ import annotations

import csv
import html
import io
import re
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase

import pytest
from sqlalchemy import text

from app.demo.command import BROKERS
from permissions.ready import READY
from tenants import current, visibility
from tests.journeys.people import Demo, Person
from tests.visibility.reference import World, seen_by

LANGUAGES = ("de", "en", "fr", "es")
NAMES = {
    "policyholder": "name",
    "contract": "number",
    "object": "label",
    "claim": "broker_number",
    "invoice": "number",
    "certificate": "number",
    "document": "title",
    "case": "subject",
}
"""Each record type, and the column its records are recognised by in a file."""
DRAWN = ("contract", "claim", "document")
"""What a run that is not deep looks at in the browser; the rest it reads off the same pages as they are sent."""
FOREIGN = {"hansen": "limmat", "limmat": "atelier", "atelier": "hansen"}


def people() -> list[tuple[str, str, bool]]:
    """Everybody of the demonstration who may sign in today: broker, address, and whether the start names him."""
    today, found = visibility.today(), []
    for broker in (make(today) for make in BROKERS):
        running = {
            member["user"]
            for organization in broker.config["organizations"]
            for member in organization["members"]
            if member.get("ends_on", str(today)) >= str(today)
        }
        for user in broker.config["users"]:
            is_staff = user["email"] not in {
                member["user"] for o in broker.config["organizations"] for member in o["members"]
            }
            if user.get("active", True) and (is_staff or user["email"] in running):
                is_named = user["email"] in {account.email for account in broker.accounts}
                found.append((broker.slug, user["email"], is_named))
    return found


def pairs() -> Iterator[object]:
    """Whom the start names, once, the next one in the next language; everybody in every language as deep tests.

    In one of the languages, a deep test opens every record: which records somebody sees has nothing to do with words.
    """
    for number, (slug, email, is_named) in enumerate(sorted(people(), key=lambda one: not one[2])):
        for language in LANGUAGES:
            is_first = language == LANGUAGES[number % 4]
            marks = [] if is_named and is_first else [pytest.mark.deep]
            yield pytest.param(
                slug, email, language, is_first, marks=marks, id=f"{email.split('@')[0]}-{language}"
            )


def granted(profile: str, what: str, name: str) -> bool:
    """Whether the text of a ready profile, or of one it inherits from, takes an area or a function."""
    ready = next(one for one in READY if one.key == profile)
    words = getattr(ready, what).split()
    taken = any(fnmatchcase(name, word) for word in words if word[0] != "-")
    left_out = any(fnmatchcase(name, word[1:]) for word in words if word[0] == "-")
    return (taken and not left_out) or any(granted(parent, what, name) for parent in ready.inherits)


class Expected:
    """What one person must see today, by the rules and his profile, in the organization he starts in."""

    def __init__(self, demo: Demo, slug: str, email: str) -> None:
        with current.acting_for(demo.tenants[slug]), demo.web.connect() as connection:
            tenant = {"tenant": demo.tenants[slug], "email": email}
            world = World.load(connection)
            user_id, membership_id, self.profile = connection.execute(
                text(
                    """select u.id, m.id, p.key from users u
                         left join memberships m on m.tenant_id = u.tenant_id and m.user_id = u.id and m.is_main
                         join profiles p on p.tenant_id = u.tenant_id and p.id = coalesce(m.profile_id, u.profile_id)
                        where u.tenant_id = :tenant and u.email = :email"""
                ),
                tenant,
            ).one()
            self.seen = seen_by(world, user_id, membership_id, visibility.today())
            self.hidden = {kind: set(getattr(world, f"{kind}s")) - seen for kind, seen in self.seen.items()}
            self.names = {
                kind: dict(
                    connection.execute(
                        text(f"select id, {name} from {kind}s where tenant_id = :tenant"), tenant
                    ).all()
                )
                for kind, name in NAMES.items()
            }

    def may_open(self, kind: str) -> bool:
        return granted(self.profile, "areas", f"{kind}s")


def ids_on_pages(person: Person, kind: str) -> list[uuid.UUID]:
    """The records an overview links to, from its first page to its last, as the browser shows it."""
    found: list[uuid.UUID] = []
    assert person.open(f"/{kind}s?rows=100") == 200
    while True:
        links = person.page.locator("[data-rows] tbody th a")
        addresses = links.evaluate_all("links => links.map(link => link.getAttribute('href'))")
        found += [uuid.UUID(address.removeprefix(f"/{kind}s/")) for address in addresses]
        if not person.page.locator("a[rel=next]").count():
            return found
        person.follow("a[rel=next]")


def ids_in_pages(person: Person, kind: str) -> list[uuid.UUID]:
    """The same, read off the pages as they are sent: a browser takes ten times as long to draw them."""
    found: list[uuid.UUID] = []
    path = f"/{kind}s?rows=200"
    while True:
        answer = person.fetch(path)
        assert answer.status == 200
        page = answer.body.decode()
        found += map(
            uuid.UUID, re.findall(rf'<th scope="row" role="rowheader"><a href="/{kind}s/([^"]+)"', page)
        )
        following = re.search(r'rel="next" href="([^"]+)"', page)
        if following is None:
            return found
        path = html.unescape(following[1])


def ids_of_api(person: Person, kind: str) -> list[uuid.UUID]:
    """The records the API lists, cursor after cursor."""
    found: list[uuid.UUID] = []
    cursor = ""
    while True:
        answer = person.fetch(f"/api/v1/{kind}s?limit=100{cursor}")
        assert answer.status == 200, answer.body
        found += [uuid.UUID(record["id"]) for record in answer.json[f"{kind}s"]]
        if not answer.json["next"]:
            return found
        cursor = f"&after={answer.json['next']}"


def names_in_file(person: Person, kind: str) -> Counter[str]:
    """What stands in the column of names of the whole CSV file."""
    answer = person.fetch(f"/{kind}s.csv?columns={NAMES[kind]}")
    assert answer.status == 200, answer.body
    delimiter = "," if person.language == "en" else ";"
    lines = list(csv.reader(io.StringIO(answer.body.decode("utf-8-sig")), delimiter=delimiter))
    return Counter(line[0].removeprefix("'") for line in lines[1:])


def some(ids: set[uuid.UUID], is_all: bool = False) -> list[uuid.UUID]:
    """All of them, or three that are the same in every run of one database."""
    ordered = sorted(ids)
    return ordered if is_all else ordered[:: max(1, len(ordered) // 3)][:3]


@pytest.fixture
def is_deep(request: pytest.FixtureRequest) -> bool:
    """Whether this run is one for the large counts."""
    return "not deep" not in request.config.getoption("markexpr")


@pytest.mark.parametrize(("slug", "email", "language", "is_first"), list(pairs()))
def test_everybody_sees_what_the_rules_say(
    demo: Demo,
    visit: Callable[..., Person],
    slug: str,
    email: str,
    language: str,
    is_first: bool,
    is_deep: bool,
) -> None:
    expected = Expected(demo, slug, email)
    person = visit(slug, language=language).sign_in(email, language=language)
    assert (person.path, person.language) == ("/", language)
    menu = set(person.page.locator("#nav a").evaluate_all("links => links.map(a => a.getAttribute('href'))"))
    with current.acting_for(demo.tenants[FOREIGN[slug]]), demo.web.connect() as connection:
        foreign = World.load(connection)

    for kind, seen in expected.seen.items():
        strangers = some(set(getattr(foreign, f"{kind}s")))
        if not expected.may_open(kind):
            assert f"/{kind}s" not in menu
            refused = [f"/{kind}s", f"/{kind}s.csv", f"/api/v1/{kind}s"]
            refused += [f"/{kind}s/{record}" for record in some(seen)]
            assert {path: person.fetch(path).status for path in refused} == dict.fromkeys(refused, 403)
            continue
        assert f"/{kind}s" in menu
        is_drawn = is_deep or kind in DRAWN
        on_pages = ids_on_pages(person, kind) if is_drawn else ids_in_pages(person, kind)
        of_api = ids_of_api(person, kind)
        assert (len(on_pages), set(on_pages)) == (len(seen), seen), f"{kind}s on the pages"
        assert (len(of_api), set(of_api)) == (len(seen), seen), f"{kind}s of the API"
        if granted(expected.profile, "functions", "export"):
            names = Counter(expected.names[kind][record] or "" for record in seen)
            assert names_in_file(person, kind) == names, f"{kind}s in the file"
        else:
            assert person.fetch(f"/{kind}s.csv").status == 403
        answers = {
            f"{root}/{kind}s/{record}": person.fetch(f"{root}/{kind}s/{record}").status
            for root in ("", "/api/v1")
            for ids in (seen, expected.hidden[kind])
            for record in [*some(ids, is_deep and is_first), *strangers]
        }
        assert answers == {
            path: 200 if uuid.UUID(path.rsplit("/")[-1]) in seen else 404 for path in answers
        }, f"pages of {kind}s"
        if seen and is_drawn:
            first = some(seen)[0]
            assert person.open(f"/{kind}s/{first}") == 200
            title = person.page.locator("h1").inner_text()
            assert re.search(re.escape(expected.names[kind][first] or ""), title), (kind, title)
    assert person.complaints == []


def test_counts_and_totals_are_those_of_the_rules(demo: Demo, visit: Callable[..., Person]) -> None:
    expected = Expected(demo, "hansen", "u.ammann@nordwerk.example")
    person = visit(language="en").sign_in("u.ammann@nordwerk.example", language="en")

    for kind in ("contract", "object", "claim", "invoice", "document", "policyholder"):
        person.open(f"/{kind}s")
        assert person.page.locator(".head [role=status]").inner_text().split()[0] == str(
            len(expected.seen[kind])
        )
    person.open("/?view=icons")
    tile = person.page.locator(".icons a[href='/contracts'] span").inner_text()
    assert tile == str(len(expected.seen["contract"]))


def test_the_other_organization_shows_its_own_stock(demo: Demo, visit: Callable[..., Person]) -> None:
    email = "s.wyss@nordwerk.example"
    person = visit(language="de").sign_in(email, language="de")
    with current.acting_for(demo.tenants["hansen"]), demo.web.connect() as connection:
        world = World.load(connection)
        rows = connection.execute(
            text(
                """select m.id, m.user_id, o.name from memberships m
                     join users u on u.tenant_id = m.tenant_id and u.id = m.user_id
                     join organizations o on o.tenant_id = m.tenant_id and o.id = m.organization_id
                    where m.tenant_id = :tenant and u.email = :email order by m.is_main desc"""
            ),
            {"tenant": demo.tenants["hansen"], "email": email},
        ).all()
    assert len(rows) == 2

    for membership_id, user_id, name in [*rows, rows[0]]:
        person.page.click("button[popovertarget=orgs]:visible")
        person.follow(f"#orgs button:has-text('{name}')")
        seen = seen_by(world, user_id, membership_id, visibility.today())
        assert set(ids_on_pages(person, "contract")) == seen["contract"]
        assert set(ids_in_pages(person, "invoice")) == seen["invoice"]
