"""Every route, asked by everybody, about everything: what is not granted is refused, and nothing ever breaks."""

from __future__ import annotations

import base64
import datetime
import io
import re
import uuid
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from flask import Flask

from app.documents.uploads import HANGS_ON
from app.reports.columns import GROUPED
from app.reports.pages import BESIDES
from app.reports.source import SOURCES as EVERY_SOURCE
from permissions.arrival import hashed
from permissions.door import Open
from tenants import visibility
from tests.conftest import make_tenant
from tests.factories import Make
from tests.security.stock import (
    Person,
    Records,
    document_profile,
    listed,
    one_of_everything,
    with_cookie,
    with_look,
    with_token,
    words_in,
)
from tests.sources import SOURCES

PUBLIC = {
    "shell.static",
    "shell.theme",
    "shell.brand",
    "shell.health",
    "accounts.sign_in_form",
    "accounts.sign_in",
    "accounts.choose_language",
    "activation.show",
    "activation.activate",
    "passwords.forgotten",
    "passwords.ask",
    "passwords.show",
    "passwords.reset",
    "membership_offers.show",
    "membership_offers.take",
    "subscriptions.ask_unsubscribe",
    "subscriptions.unsubscribe",
}
"""Open to everybody, on purpose."""
OWN = {
    "shell.logo", "home.index", "openapi.openapi", "accounts.settings", "accounts.appearance",
    "accounts.sign_out", "accounts.switch_organization", "accounts.create_token", "accounts.revoke_token",
    "accounts.renew_calendar", "accounts.revoke_calendar", "saved_reports.index", "subscriptions.index",
    "exports.index", "exports.cancel", "exports.file", "exports.ask", "exports.request_file",
    "exports.show_notice", "exports.close_notice", "reminders.show", "reminders.choose",
    "own_log.show", "passwords.change",
    "eyes.end", "eyes.ended", "eyes.of_oneself",
    "terms.show", "terms.accept",
    "home.announcements", "home.receive", "home.welcome", "home.close", "home.welcome_video", "home.widgets", "home.put",
}  # fmt: skip
"""About the person himself: everybody who is signed in, about nobody else."""
REPORTS = {
    *(f"saved_reports.{name}" for name in (
        "create", "show", "rename", "share", "hand_over", "open_for", "save", "switch", "default", "deletion", "delete",
    )),
    "subscriptions.subscribe", "subscriptions.mail", "subscriptions.end",
}  # fmt: skip
"""Saved reports and subscriptions: there for their owner and for whom they are shared with."""
BY_SECRET = {"calendar.feed"}
"""Opened by a secret in the address, whoever comes with it."""
DESK = {
    "import_api.import_records", "config_api.show", "config_api.plan", "config_api.apply",
    *(f"user_desk.{name}" for name in ("show", "switch", "invite", "choose_main")),
    *(f"organization_widgets.{name}" for name in ("show", "save")),
    *(f"private_portals.{name}" for name in ("show", "unlock", "lock")),
    *(f"grant_lists.{name}" for name in ("by_client", "by_contract", "usage", "client", "propose", "create")),
    "eyes.ask", "eyes.start",
    *(f"report_functions.{name}" for name in ("index", "switch", "of_organization", "switch_for_organization")),
    *(f"organization_desk.{name}" for name in (
        "show", "save", "effect", "undo", "logo", "upload_logo", "remove_logo",
    )),
    *(f"branding.{name}" for name in (
        "index", "try_out", "own_sample", "choose", "design", "upload", "remove_logo", "link", "ask_for_terms", "undo",
    )),
    "acceptances.index", "acceptances.file",
    *(f"organization_members.{name}" for name in (
        "index", "add", "show", "save", "remove", "switch", "invite", "objects", "choose_objects", "undo",
    )),
    "features.show", "features.save",
    *(f"reviews.{name}" for name in ("index", "ending", "settle", "settle_one", "show", "finish")),
    "organization_lists.show", "organization_lists.change",
    *(f"organization_lifecycle.{name}" for name in ("new", "create", "copy", "make_copy", "deletion", "delete")),
    "audit.index", "audit.file",
    *(f"welcome.{name}" for name in (
        "show", "save", "save_video", "play", "of_organization", "save_for_organization",
    )),
    *(f"announcements.{name}" for name in ("index", "new", "create", "show", "save", "ask_deletion", "delete")),
    *(f"profiles.{name}" for name in (
        "index", "new", "create", "ask_copy", "copy", "ask_deletion", "delete", "members", "comparison", "preview",
    )),
    *(f"profile_editor.{name}" for name in ("show", "turn", "review", "save")),
}  # fmt: skip
"""The broker's staff, and only who is not limited to some mandates."""
OWN_HOUSE = {
    *(f"colleagues.{name}" for name in (
        "index", "invite", "offer_again", "withdraw", "show", "save", "end", "remove", "invite_again", "objects",
        "choose_objects",
    )),
    "reviews.show_own", "reviews.finish_own",
}  # fmt: skip
"""A client's own administrator about the members of his organization; nobody of the staff."""
WHO_SEES = {"visibility.index", "visibility_api.show"}
"""Clients about their own people and records, staff about everybody; not who is limited to some mandates."""
MAILBOX = {
    *(f"mailbox.{name}" for name in ("inbox", "outbox", "history", "news")),
    *(f"case_messages.{name}" for name in ("answer", "mark", "mute")),
    "new_cases.show", "new_cases.begin",
}  # fmt: skip
"""The mailbox of whoever has one, and what he does in cases that he sees."""
FILES = {"document_files.open_file", "document_files.file"}
CLAIM_REPORTS = {
    "claim_reporting.ask", "claim_reporting.report",
    *(f"claim_reporting.{name}" for name in ("revise", "send_again")),
    *(f"claim_reports.{name}" for name in (
        "index", "show", "file", "release", "hand_back", "withdraw", "send_now",
    )),
    "claim_reports_api.report",
}  # fmt: skip
"""On a contract that one sees; and reports that are one's own, or a colleague's to be released."""
UPLOADS = {"document_uploads.show", "document_uploads.upload"}
"""To a record, or to none: for who sees the record."""

WORLDS = ("own", "unselected", "sibling", "otherunit", "otherbroker")
"""Whose record is asked for: the organization's, the part of it that a narrowed member does not look after, a
sibling organization's, another mandate's, another broker's."""
WORDS = {world: f"{world.capitalize()}stock" for world in WORLDS}
"""What stands in each record of a world, and nowhere else."""
NEVER = (str(uuid.UUID(int=7)), "1", "00000000000000000000000000000007", "%20", "..%2F..%2Fetc", "x" * 3000)
"""Ids that stand for nothing."""
ODD_BODIES: tuple[dict[str, Any], ...] = (
    {},
    {"data": b"\xff\xfe\x00"},
    {"data": {"organization": "x", "name": "", "days": "-1", "language": "xx", "scheme": "<b>"}},
    {"data": {"name": "\ufffd", "organization": "\x00"}},
    {"data": b"[[[[", "content_type": "application/json"},
    {"data": b"null", "content_type": "application/json"},
    {"data": b"[1, \"\\ud800\"]", "content_type": "application/json"},
    {"data": b"{\"organizations\": [{\"key\": 1, \"nothing\": {}}]}", "content_type": "application/json"},
    {"data": b"a: &a [*a, *a]", "content_type": "application/yaml"},
    {"data": b"{\"key\": \"\\u0000\"}\n[]\n\xff\n", "content_type": "application/x-ndjson"},
    {"data": b"key,number\n\x00,\"", "content_type": "text/csv"},
    {"data": b"--x\r\n", "content_type": "multipart/form-data; boundary=x"},
)  # fmt: skip


@dataclass
class Asking:
    """A person of the matrix: who he is, and whose records he sees."""

    person: Person
    kind: str
    """nobody, client or staff; `bare` has a profile that grants nothing."""
    sees: tuple[str, ...] = ()
    is_looking: bool = False
    """Staff through this client's eyes: he sees the same and changes nothing."""

    def may_see(self, record: str, world: str) -> bool:
        if record in ("insurer", "mandate") and self.kind != "staff":
            return False
        if record == "insurer":
            # Insurers belong to no mandate: whoever of the staff sees any sees all of the broker's.
            return (world == "otherbroker") == ("otherbroker" in self.sees)
        if record == "mandate" and world in ("own", "unselected", "sibling"):
            return "own" in self.sees
        return world in self.sees

    def refusal(self, path: str) -> tuple[int, ...]:
        """How he is refused a record that he does not see."""
        if self.kind == "nobody":
            return (401,) if path.startswith("/api/") else (302,)
        return (403,) if self.kind == "bare" else (404,)


PEOPLE = (
    "nobody", "ended membership", "ended organization", "inactive", "expired", "expired token", "unknown token",
    "neighbour with his cookie", "client", "token", "bare", "bare staff", "narrowed", "sibling", "limited staff",
    "staff", "neighbour", "through his eyes",
)  # fmt: skip


BOLD = ("nobody", "client", "limited staff", "staff")
"""Who tries everything that is odd; the others are turned away at the same door, and try a little."""


@pytest.fixture(scope="module")
def stage(portal: Flask, owner: Any, web: Any) -> SimpleNamespace:
    """Two brokers, five stocks, and everybody who might ask."""
    make, neighbour = Make(web, make_tenant(owner)), Make(web, make_tenant(owner))
    everything, nothing = make.profile(), make.row("profiles", key="nothing", name="Nothing")
    desk = make.profile(is_staff=True)
    hamburg, wien = make.mandate("Hamburg"), make.mandate("Wien")
    users = {
        name: make.user(name)
        for name in ("client", "narrowed", "sibling", "ended", "gone", "inactive", "seen")
    }
    records: dict[str, Records] = {
        "own": one_of_everything(
            make, WORDS["own"], hamburg, [users[name] for name in ("client", "narrowed", "seen")]
        ),
        "unselected": one_of_everything(make, WORDS["unselected"], hamburg, [users["client"], users["seen"]]),
        "sibling": one_of_everything(make, WORDS["sibling"], hamburg, [users["sibling"]]),
        "otherunit": one_of_everything(make, WORDS["otherunit"], wien, []),
        "otherbroker": one_of_everything(neighbour, WORDS["otherbroker"], neighbour.mandate(), []),
    }
    shared = document_profile(make)
    holders = [records[name]["policyholder"] for name in ("own", "unselected")]
    organization = make.organization(*holders, document_profile_id=shared)
    sibling = make.organization(records["sibling"]["policyholder"], document_profile_id=shared)
    yesterday = visibility.today() - datetime.timedelta(days=2)
    closed = make.organization(*holders, ends_on=yesterday)

    def member(name: str, of: uuid.UUID = organization, profile: uuid.UUID = everything, **more: Any) -> Any:
        return make.member(of, profile, users.get(name) or make.user(name), **more)

    client = member("client")
    narrowed = member("narrowed", objects=(records["own"]["object"],))
    inactive = member("inactive")
    there = neighbour.user(is_staff=True, profile_id=neighbour.profile(is_staff=True))
    limited = make.user(is_staff=True, profile_id=desk)
    make.row("staff_mandates", user_id=limited, mandate_id=wien)

    def cookie(membership: Any = None, **more: Any) -> Person:
        return with_cookie(portal, make, membership=membership, **more)

    past = datetime.timedelta(hours=-1)
    administrator = make.user(is_staff=True, profile_id=desk)
    looking = with_look(portal, make, administrator, member("seen"))
    unknown = with_token(portal, make, client)
    unknown.headers["Authorization"] += "x"
    people = {
        "nobody": Asking(Person(unknown.browser), "nobody"),
        "ended membership": Asking(cookie(member("ended", ends_on=yesterday)), "nobody"),
        "ended organization": Asking(cookie(member("gone", closed)), "nobody"),
        "inactive": Asking(cookie(inactive), "nobody"),
        "expired": Asking(cookie(client, lasts=past), "nobody"),
        "expired token": Asking(with_token(portal, make, client, past), "nobody"),
        "unknown token": Asking(unknown, "nobody"),
        "neighbour with his cookie": Asking(with_cookie(portal, neighbour, user=there, at=make), "nobody"),
        "client": Asking(cookie(client), "client", ("own", "unselected")),
        "token": Asking(with_token(portal, make, client), "client", ("own", "unselected")),
        "bare": Asking(cookie(member("bare", profile=nothing)), "bare"),
        "bare staff": Asking(cookie(user=make.user(is_staff=True, profile_id=None)), "bare"),
        "narrowed": Asking(cookie(narrowed), "client", ("own",)),
        "sibling": Asking(cookie(member("sibling", sibling)), "client", ("sibling",)),
        "limited staff": Asking(cookie(user=limited), "staff", ("otherunit",)),
        "staff": Asking(cookie(user=make.user(is_staff=True, profile_id=desk)), "staff", WORLDS[:4]),
        "neighbour": Asking(with_cookie(portal, neighbour, user=there), "staff", ("otherbroker",)),
        "through his eyes": Asking(looking, "client", ("own", "unselected"), is_looking=True),
    }
    make.change("users", users["inactive"], is_active=False)
    assert set(people) == set(PEOPLE)
    return SimpleNamespace(
        make=make, neighbour=neighbour, people=people, records=records, membership=client, sibling=sibling,
        organization=organization,
        everything=everything, portal=portal,
    )  # fmt: skip


def kinds_of_routes() -> dict[str, str]:
    """Every endpoint that has been thought about, and what it is about."""
    known = dict.fromkeys(PUBLIC, "public")
    known |= dict.fromkeys(OWN, "own")
    known |= dict.fromkeys(BY_SECRET, "secret")
    known |= dict.fromkeys(DESK, "desk")
    known |= dict.fromkeys(OWN_HOUSE, "own house")
    known |= dict.fromkeys(WHO_SEES, "who sees")
    known |= dict.fromkeys(FILES, "file")
    known |= dict.fromkeys(CLAIM_REPORTS, "claim report")
    known |= dict.fromkeys(MAILBOX, "mailbox")
    known |= dict.fromkeys(UPLOADS, "upload")
    known["insurance_summary.summary"] = "record"
    known |= dict.fromkeys(REPORTS, "report")
    for source in (one for one in EVERY_SOURCE.values() if one.area.staff_only):
        known |= {
            f"{source.plural}.{name}": "desk" for name in ("index", "file", "paper", "workbook", *BESIDES)
        }
        known |= {f"{source.plural}_api.{name}": "desk" for name in ("index", "record")}
    for source in SOURCES.values():
        known |= {f"{source.plural}.{name}": "list" for name in ("index", "file", "paper", "workbook")}
        known |= {f"{source.plural}_api.index": "list"}
        known |= {f"{source.plural}.{name}": "form" for name in BESIDES}
        if source.past is not None:
            known |= {f"{source.plural}_changes.{name}": "list" for name in ("index", "file")}
        known |= {f"{source.plural}.sheet": "record"}
        known |= {f"{source.plural}.record": "record", f"{source.plural}_api.record": "record"}
    return known


def test_every_endpoint_has_been_thought_about(portal):
    """A new route goes into one of the sets above, and thereby through the matrix."""
    assert {rule.endpoint for rule in portal.url_map.iter_rules()} == set(kinds_of_routes())


def test_only_what_is_public_on_purpose_is_public(portal):
    signs = {name: getattr(view, "access", None) for name, view in portal.view_functions.items()}
    assert {name for name, sign in signs.items() if sign is Open.PUBLIC} == PUBLIC
    assert {name for name, sign in signs.items() if sign is Open.SIGNED_IN} <= OWN | REPORTS


def addresses(portal: Flask, kind: str) -> list[Any]:
    """The rules of one kind of route."""
    known = kinds_of_routes()
    return [rule for rule in portal.url_map.iter_rules() if known.get(rule.endpoint) == kind]


def record_of(rule: Any) -> str:
    plural = rule.endpoint.split(".")[0].removesuffix("_api").replace("document_files", "documents")
    plural = plural.replace("insurance_summary", "policyholders")
    return next(source.record for source in EVERY_SOURCE.values() if source.plural == plural)


def betrayed(
    asking: Asking, answer: Any, records: dict[str, Records], record: str, path: str = ""
) -> list[str]:
    """The worlds that an answer gives away though the person does not see them. The address that was asked for may
    stand in it, as the place to come back to."""
    text = words_in(answer)
    for written in (path, path.replace("/", "%2F")):
        text = text.replace(written, "") if written else text
    return [
        world
        for world in WORLDS
        if (WORDS[world] in text and world not in asking.sees)
        or (str(records[world][record]) in text and not asking.may_see(record, world))
    ]


@pytest.mark.parametrize("name", PEOPLE)
def test_a_record_is_there_for_those_who_see_it_and_not_found_by_anybody_else(name, stage):
    asking, wrong = stage.people[name], []
    rules = [*addresses(stage.portal, "record"), *addresses(stage.portal, "file")]
    for rule in rules:
        if "record_id" not in rule.arguments:
            continue
        record = record_of(rule)
        for world in WORLDS:
            path = rule.rule.replace("<uuid:record_id>", str(stage.records[world][record]))
            answer = asking.person.ask(path)
            granted = asking.may_see(record, world)
            expected = ((303,) if path.endswith("/file") else (200,)) if granted else asking.refusal(path)
            given_away = betrayed(asking, answer, stage.records, record, path) if not granted else []
            if answer.status_code not in expected or given_away:
                wrong.append((world, path, answer.status_code, given_away))
        for never in NEVER if name in BOLD else NEVER[:1]:
            answer = asking.person.ask(rule.rule.replace("<uuid:record_id>", never))
            if answer.status_code not in (404, 401, 403, 302):
                wrong.append((never[:40], rule.rule, answer.status_code))
    assert not wrong, listed(wrong)


@pytest.mark.parametrize("name", PEOPLE)
def test_a_list_shows_what_its_reader_sees_and_nothing_of_anybody_else(name, stage):
    asking, wrong = stage.people[name], []
    pages = [rule.rule for rule in addresses(stage.portal, "list")]
    for path in [
        *pages,
        *(
            f"{path}?q={world}"
            for path in pages
            if "api" in path
            for world in (WORDS["sibling"], WORDS["otherbroker"])
        ),
        *(
            f"/{source.plural}{ending}?as_of={visibility.today()}"
            for source in SOURCES.values()
            if source.past is not None
            for ending in ("", ".csv")
        ),
    ]:
        rule = path.partition("?")[0]
        record = next(
            source.record
            for source in SOURCES.values()
            if re.sub(r"(/changes)?(\.(csv|xlsx|pdf))?$", "", rule).endswith(f"/{source.plural}")
        )
        answer = asking.person.ask(path)
        expected = (200,) if asking.kind in ("client", "staff") else asking.refusal(path)
        # A search is told back to whoever searched, and tells nothing.
        given_away = betrayed(asking, answer, stage.records, record) if "?q=" not in path else [
            world for world in WORLDS
            if str(stage.records[world][record]) in answer.text and not asking.may_see(record, world)
        ]  # fmt: skip
        missing = [
            world
            for world in asking.sees
            if "?" not in path and not path.endswith((".csv", ".xlsx", ".pdf")) and asking.may_see(record, world)
            and str(stage.records[world][record]) not in answer.text
        ]  # fmt: skip
        if answer.status_code not in expected or given_away or missing:
            wrong.append((path, answer.status_code, given_away, missing))
    assert not wrong, listed(wrong)


@pytest.mark.parametrize("name", PEOPLE)
def test_a_form_of_an_overview_opens_where_the_overview_does(name, stage):
    asking, wrong = stage.people[name], []
    for rule in addresses(stage.portal, "form"):
        source, path = SOURCES[record_of(rule)], rule.rule
        if path.endswith("/values"):
            fields = source.schema.declared().items()
            path += (
                f"?of_column={next(key for key, field in fields if field.kind in GROUPED and field.filter)}"
            )
        answer = asking.person.ask(path)
        expected = (200,) if asking.kind in ("client", "staff") else asking.refusal(path)
        given_away = betrayed(asking, answer, stage.records, source.record, path)
        if answer.status_code not in expected or given_away:
            wrong.append((path, answer.status_code, given_away))
    assert not wrong, listed(wrong)


@pytest.mark.parametrize("name", ["client", "narrowed", "limited staff", "staff", "neighbour"])
def test_what_belongs_to_a_record_is_told_only_to_those_who_see_the_record(name, stage):
    asking, wrong = stage.people[name], []
    for source in SOURCES.values():
        for relation in source.related:
            other = SOURCES[relation.record]
            for world in WORLDS:
                path = f"/api/v1/{other.plural}?of={source.record}:{stage.records[world][source.record]}"
                answer = asking.person.ask(path)
                expected = 200 if asking.may_see(source.record, world) else 404
                given_away = betrayed(asking, answer, stage.records, other.record)
                if answer.status_code != expected or given_away:
                    wrong.append((world, path, answer.status_code, given_away))
    assert not wrong, listed(wrong)


@pytest.mark.parametrize("name", PEOPLE)
def test_ones_own_pages_hold_nothing_of_others(name, stage):
    asking, wrong = stage.people[name], []
    for path in (
        "/",
        "/settings",
        "/settings/log",
        "/reports",
        "/subscriptions",
        "/api/openapi.json",
        f"/logo/{'0' * 64}",
        "/logo/..%2f..%2fx",
    ):
        answer = asking.person.ask(path)
        if asking.kind == "nobody":
            expected = (401,) if path.startswith("/api/") else (302, 404)
        else:
            expected = (404,) if path.startswith("/logo") else (200,)
        given_away = betrayed(asking, answer, stage.records, "contract")
        if answer.status_code not in expected or given_away:
            wrong.append((path, answer.status_code, given_away))
    assert not wrong, listed(wrong)


@pytest.mark.parametrize("name", PEOPLE)
def test_a_secret_address_shows_its_owners_records_and_nothing_of_whoever_asks(name, stage):
    client, asking = stage.people["client"], stage.people[name]
    secret, house = uuid.uuid4().hex, asking.person.browser.base
    owner = stage.make.user(f"owner {name}")
    membership = stage.make.member(stage.organization, stage.everything, owner)
    stage.make.row("calendar_feeds", token_hash=hashed(secret), user_id=owner, membership_id=membership)

    answer = asking.person.ask(f"/calendar/{secret}.ics")

    if house != client.person.browser.base:
        assert answer.status_code == 404
        return
    assert answer.status_code == 200
    assert betrayed(client, answer, stage.records, "contract") == []
    assert all(WORDS[world] in answer.text for world in client.sees)
    assert asking.person.ask(f"/calendar/{secret}x.ics").status_code == 404


@pytest.mark.parametrize("name", PEOPLE)
def test_what_changes_something_takes_no_odd_body_and_nobody_elses(name, stage):
    """Empty, odd and broken bodies to every route that writes: 4xx or nothing done, never a broken page."""
    asking, wrong = stage.people[name], []
    for rule in stage.portal.url_map.iter_rules():
        kind = kinds_of_routes()[rule.endpoint]
        for method in sorted(rule.methods & {"POST", "PUT", "PATCH", "DELETE"}):
            if rule.endpoint in ("accounts.sign_out", "eyes.end") and asking.kind != "nobody":
                continue
            path = rule.rule.replace("<plural>", "contracts").replace("<any(xlsx, pdf, csv):ending>", "xlsx")
            for argument in rule.arguments - {"record_type"}:
                path = path.replace(f"<uuid:{argument}>", str(uuid.UUID(int=7))).replace(f"<{argument}>", "x")
            # A password is checked slowly, on purpose; the door to it is the same for everybody.
            if kind == "public" and name != "nobody":
                continue
            for record_type in ("contract", "nothing") if "<record_type>" in path else ("",):
                for body in ODD_BODIES if name in BOLD else ODD_BODIES[:3]:
                    where = path.replace("<record_type>", record_type)
                    answer = asking.person.ask(where, method, **body)
                    if not _is_refused_rightly(asking, kind, rule.endpoint, answer):
                        wrong.append((method, where, body, answer.status_code))
    assert not wrong, listed(wrong)


def _is_refused_rightly(asking: Asking, kind: str, endpoint: str, answer: Any) -> bool:
    status = answer.status_code
    if status >= 500:
        return False
    if asking.is_looking and endpoint != "accounts.choose_language":
        return status in (403, 422)
    if kind == "public":
        return status in (302, 303, 400, 401, 404, 413, 415, 422) and "portico=" not in str(answer.headers)
    if asking.kind == "nobody":
        return status in (302, 401, 422) and "/sign-in" in answer.headers.get("Location", "/sign-in")
    if kind == "desk":
        is_whole_desk = asking.kind == "staff" and asking.sees != ("otherunit",)
        # A body that says nothing declares nothing, imports nothing and switches nothing off.
        return status in (200, 303, 404, 415, 422) if is_whole_desk else status in (403, 404, 422)
    if endpoint == "accounts.appearance":
        return status in (303, 422)
    if endpoint == "terms.accept":
        return status in (303, 422)  # Nobody is asked here: he is led on, and nothing is noted.
    if endpoint == "accounts.renew_calendar" and asking.kind != "bare":
        return status in (201, 422)
    if endpoint == "accounts.revoke_calendar" and asking.kind != "bare":
        return status in (303, 404, 422)  # There may be one: the other route has made it.
    if endpoint in ("exports.close_notice", "reminders.choose") and asking.kind != "bare":
        return status in (303, 422)  # It is about himself, and what is not offered is not chosen.
    if endpoint == "exports.request_file":
        # What is small enough to wait for is fetched at once.
        return status == (403 if asking.kind == "bare" else 303) or status == 422
    return status in (403, 404, 422)


def test_the_desk_is_closed_to_clients_whatever_their_profile_says(stage):
    """A client's profile that grants a function for staff grants it in vain."""
    asking = stage.people["client"]
    assert asking.person.ask("/api/v1/config").status_code == 403
    assert asking.person.ask("/api/v1/config", "PUT", json={}).status_code == 403
    assert asking.person.ask("/api/v1/import/contract", "POST", data=b"{}").status_code == 403


@pytest.mark.parametrize("name", PEOPLE)
def test_who_sees_a_record_is_told_to_those_who_see_it_about_those_they_may_know(name, stage):
    """Each record of each world and each person of the matrix: of what is not the asker's, not even that it is there."""
    asking, wrong = stage.people[name], []
    is_divided = asking.sees == ("otherunit",)
    strangers = {"staff": stage.make.user("Stranger"), "neighbour": stage.neighbour.user("Stranger")}
    for rule in addresses(stage.portal, "who sees"):
        path = rule.rule
        refused = (403,) if is_divided else asking.refusal(path)
        for world in WORLDS:
            for record, record_id in stage.records[world].items():
                answer = asking.person.ask(f"{path}?record={record}:{record_id}")
                granted = asking.may_see(record, world) and not is_divided
                # The id was asked for and may stand in the way back; what the record says may not.
                given_away = [one for one in WORLDS if one not in asking.sees and WORDS[one] in answer.text]
                if answer.status_code not in ((200,) if granted else refused) or given_away:
                    wrong.append((world, record, path, answer.status_code, given_away))
                if asking.kind == "client" and "Stranger" in answer.text:
                    wrong.append((world, record, path, "tells of others"))
        for teller, stranger in strangers.items():
            answer = asking.person.ask(f"{path}?person={stranger}")
            if answer.status_code not in ((200,) if name == teller else refused):
                wrong.append((path, teller, answer.status_code))
        for words in (
            "person=%00",
            "record=contract:%00",
            "who=%00",
            f"what={'x' * 3000}",
            "field=.&person=x",
        ):
            if asking.person.ask(f"{path}?{words}").status_code >= 500:
                wrong.append((path, words))
    assert not wrong, listed(wrong)


@pytest.mark.parametrize("name", PEOPLE)
def test_documents_are_uploaded_to_what_one_sees_and_nowhere_else(name, stage):
    """Each record of each world and each person of the matrix, with a file that is taken where anything is."""
    asking, wrong = stage.people[name], []
    houses = (stage.make, stage.neighbour)
    before = sum(len(house.rows("documents")) for house in houses)
    (path,) = {rule.rule for rule in addresses(stage.portal, "upload")}
    for world in WORLDS:
        for record in HANGS_ON:
            where = f"{path}?of={record}:{stage.records[world][record]}"
            granted = asking.may_see(record, world)
            shown, sent = asking.person.ask(where), asking.person.ask(where, "POST", **a_document())
            made = (403,) if asking.is_looking else (303,) if granted else asking.refusal(where)
            given_away = [
                one for one in WORLDS if one not in asking.sees and WORDS[one] in shown.text + sent.text
            ]
            if shown.status_code not in ((200,) if granted else asking.refusal(where)) or given_away:
                wrong.append((world, where, shown.status_code, given_away))
            if sent.status_code not in made:
                wrong.append((world, where, sent.status_code))
    for never in (
        "insurer:" + str(stage.records["own"]["insurer"]),
        "contract:1",
        "nothing:x",
        ":",
        "%00",
        "x" * 3000,
    ):
        for method, more in (("GET", {}), ("POST", a_document())):
            if asking.person.ask(f"{path}?of={never}", method, **more).status_code not in (
                404,
                401,
                403,
                302,
                422,
            ):
                wrong.append((never, method))
    assert not wrong, listed(wrong)
    seen = len(asking.sees) * len(HANGS_ON) if not asking.is_looking else 0
    assert sum(len(house.rows("documents")) for house in houses) == before + seen


def a_document() -> dict[str, Any]:
    form = {"document_type": "photo", "files": (io.BytesIO(b"%PDF-1.7 Roof"), "Roof.pdf")}
    return {"data": form, "content_type": "multipart/form-data"}


@pytest.mark.parametrize("name", PEOPLE)
def test_a_claim_is_reported_on_what_one_sees_and_a_report_is_nobody_elses(name, stage):
    """Each contract of each world and each person of the matrix, with a form that is taken where any is."""
    asking, wrong = stage.people[name], []
    houses = (stage.make, stage.neighbour)
    before = sum(len(house.rows("claims")) for house in houses)
    for world in WORLDS:
        where = f"/claims/report?contract={stage.records[world]['contract']}"
        granted = asking.may_see("contract", world)
        shown, sent = asking.person.ask(where), asking.person.ask(where, "POST", data=a_loss(name))
        made = (403,) if asking.is_looking else (303,) if granted else asking.refusal(where)
        given_away = [
            one for one in WORLDS if one not in asking.sees and WORDS[one] in shown.text + sent.text
        ]
        if shown.status_code not in ((200,) if granted else asking.refusal(where)) or given_away:
            wrong.append((world, where, shown.status_code, given_away))
        if sent.status_code not in made:
            wrong.append((world, where, sent.status_code))
        about = f"/claims/report?object={stage.records[world]['object']}"
        if asking.person.ask(about).status_code not in ((200,) if granted else asking.refusal(about)):
            wrong.append((world, about))
    for never in ("1", ":", "%00", "x" * 3000, str(uuid.UUID(int=7))):
        for method, more in (("GET", {}), ("POST", {"data": a_loss(name)})):
            answer = asking.person.ask(f"/claims/report?contract={never}", method, **more)
            if answer.status_code not in (404, 401, 403, 302, 422):
                wrong.append((never, method))
    wrong += _of_others(asking, stage)
    assert not wrong, listed(wrong)
    seen = len(asking.sees) if not asking.is_looking else 0
    assert sum(len(house.rows("claims")) for house in houses) == before + seen


def a_loss(word: str) -> dict[str, str]:
    today = str(visibility.today())
    return {"mark": word, "claim_type": "fire", "occurred_on": today, "description": "Fire."}


def _of_others(asking: Asking, stage: SimpleNamespace) -> list[Any]:
    """What this person gets of a report of somebody else's that waits in an organization that is not his."""
    closed = stage.make.organization(four_eyes_claims=True)
    report = stage.make.row(
        "claim_reports", organization_id=closed, author_id=stage.make.user(), once=uuid.uuid4().hex,
        number="M-0", state="waiting", contract_id=stage.records["own"]["contract"],
    )  # fmt: skip
    wrong = []
    for rule in addresses(stage.portal, "claim report"):
        if "report_id" not in rule.arguments:
            continue
        path = rule.rule.replace("<uuid:report_id>", str(report)).replace("<uuid:file_id>", str(report))
        for method in sorted(rule.methods & {"GET", "POST"}):
            answer = asking.person.ask(path, method, **({"data": a_loss("x")} if method == "POST" else {}))
            if answer.status_code not in (302, 401, 403, 404, 422) or "M-0" in answer.text:
                wrong.append((method, path, answer.status_code))
    return wrong


@pytest.mark.parametrize("name", PEOPLE)
def test_colleagues_are_looked_after_in_ones_own_organization_and_not_from_the_desk(name, stage):
    asking, wrong = stage.people[name], []
    theirs = {
        "sibling": lambda: stage.make.member(stage.sibling, stage.everything),
        "otherbroker": lambda: stage.neighbour.member(stage.neighbour.organization()),
    }
    for rule in addresses(stage.portal, "own house"):
        path = rule.rule.replace("<uuid:offer_id>", str(uuid.UUID(int=7)))
        for world, someone in theirs.items():
            for method in sorted(rule.methods & {"GET", "POST"}):
                where = path.replace("<uuid:membership_id>", str(someone()))
                answer = asking.person.ask(where, method)
                expected: tuple[int, ...]
                if asking.kind != "client":
                    expected = (302, 403)
                elif asking.is_looking and method == "POST":
                    expected = (403,)
                elif "<" not in rule.rule:
                    expected = (200,) if method == "GET" else (422,)
                else:
                    expected = (200, 303, 422) if world in asking.sees and "offer" not in path else (404,)
                if answer.status_code not in expected:
                    wrong.append((world, method, where, answer.status_code))
    assert not wrong, listed(wrong)


def test_nobody_switches_to_an_organization_that_is_not_his(stage):
    person = with_cookie(stage.portal, stage.make, membership=stage.membership)
    others = stage.make.member(stage.sibling, stage.everything)
    foreign = stage.neighbour.member(stage.neighbour.organization())
    for membership in (others, foreign, uuid.UUID(int=7), "x", ""):
        answer = person.ask("/organization", "POST", data={"organization": str(membership)})
        assert answer.status_code == 404
    assert (
        person.ask("/organization", "POST", data={"organization": str(stage.membership)}).status_code == 303
    )


def test_a_saved_report_and_its_subscription_are_there_for_their_owner_alone(stage):
    """Every route that names a report or a subscription, asked by everybody; the staff's own manager included."""
    owner, wrong = stage.make.user_of(stage.membership), []
    report = stage.make.row(
        "saved_reports", owner_id=owner, source="contract", name="Private to one", document={}
    )
    subscription = stage.make.row(
        "report_subscriptions", report_id=report, user_id=owner, membership_id=stage.membership, rhythm="daily",
        starts_on=visibility.today(), ends_on=visibility.today(),
    )  # fmt: skip
    ids = {"report_id": report, "subscription_id": subscription}
    for name, asking in stage.people.items():
        if name in ("client", "token"):
            continue
        for rule in addresses(stage.portal, "report"):
            # Whoever manages the broker's reports may end a subscription, and is told of no private report.
            if not rule.arguments or (name == "staff" and rule.endpoint == "subscriptions.end"):
                continue
            path = rule.rule
            for argument in rule.arguments:
                path = path.replace(f"<uuid:{argument}>", str(ids[argument]))
            for method in rule.methods & {"GET", "POST"}:
                answer = asking.person.ask(path, method)
                if answer.status_code not in (302, 401, 403, 404) or "Private to one" in answer.text:
                    wrong.append((name, method, path, answer.status_code))
        for path in ("/reports", "/subscriptions", "/contracts", f"/contracts?report={report}",
                     f"/contracts.csv?report={report}", f"/api/v1/contracts?report={report}"):  # fmt: skip
            answer = asking.person.ask(path)
            if "Private to one" in answer.text:
                wrong.append((name, path, "told"))
            if "report=" in path and answer.status_code not in (302, 401, 403, 404):
                wrong.append((name, path, answer.status_code))
    assert not wrong, listed(wrong)
    client = stage.people["client"].person
    assert client.ask(f"/reports/{report}").status_code == 200
    assert client.ask(f"/subscriptions/{subscription}/end", "POST").status_code == 303


def test_nobody_revokes_a_token_that_is_not_his(stage):
    person = with_cookie(stage.portal, stage.make, membership=stage.membership)

    def token(house: Make, user: uuid.UUID) -> uuid.UUID:
        return house.row("api_tokens", token_hash=uuid.uuid4().bytes, name="Theirs", user_id=user)

    mine = token(stage.make, stage.make.user_of(stage.membership))
    for other in (token(stage.make, stage.make.user()), token(stage.neighbour, stage.neighbour.user())):
        assert person.ask(f"/settings/tokens/{other}/revocation", "POST").status_code == 404
    assert person.ask(f"/settings/tokens/{mine}/revocation", "POST").status_code == 303


def test_a_link_to_a_file_opens_it_for_nobody_else(stage):
    document = stage.records["own"]["document"]
    link = stage.people["client"].person.ask(f"/documents/{document}/file").headers["Location"]
    wrong = {
        name: answer.status_code
        for name, asking in stage.people.items()
        if name not in ("client", "token")
        and (answer := asking.person.ask(link)).status_code not in asking.refusal(link)
    }
    assert wrong == {}
    assert stage.people["client"].person.ask(link + "x").status_code == 404


def test_staff_limited_to_mandates_read_no_name_of_another_mandates_record(make, sign_in):
    """A claim of their own mandate on a contract of another one: the claim is theirs, the contract is not."""
    hamburg, wien = make.mandate("Hamburg"), make.mandate("Wien")
    hidden = make.contract(make.policyholder(mandate=hamburg), number="N-4711")
    claim = make.claim(hidden, policyholder_id=make.policyholder(mandate=wien))
    limited = make.user(is_staff=True, profile_id=make.profile(is_staff=True))
    make.row("staff_mandates", user_id=limited, mandate_id=wien)
    browser = sign_in(user=limited)

    answers = [
        browser.get(path)
        for path in (f"/api/v1/claims/{claim}", f"/claims/{claim}", "/claims", "/claims.csv")
    ]

    assert [answer.status_code for answer in answers] == [200] * 4
    assert not [answer.text for answer in answers if "N-4711" in answer.text]
    assert browser.get(f"/api/v1/claims?contract={hidden}").json["claims"] == []
    assert browser.get("/api/v1/claims?contract.is_not_empty=1").json["claims"] == []


def test_who_reported_a_claim_does_not_learn_of_the_contract_he_cannot_see(make, sign_in):
    holder, stranger = make.policyholder(), make.policyholder("Stranger")
    hidden = make.contract(stranger, number="N-4711")
    reporter = make.member(make.organization(holder))
    claim = make.claim(hidden, reported_by_id=make.user_of(reporter))
    browser = sign_in(reporter)

    assert browser.get(f"/api/v1/claims/{claim}").json["contract"] is None
    for words in (f"contract={hidden}", "contract.is_not_empty=1", "contract.contains=4711"):
        assert browser.get(f"/api/v1/claims?{words}").json["claims"] == []


KEYS = (
    "",
    "x",
    "\0",
    "NaN",
    "1e999999",
    "9" * 400,
    "0000-00-00",
    "2026-13-01",
    "infinity",
    "true",
    "-1",
    "²",
    7,
    [],
    {},
)
"""Places in an order that no row has."""


@pytest.mark.parametrize("source", ["contract", "object", "claim", "document", "case"])
def test_a_cursor_made_up_is_refused_or_leads_to_an_ordinary_page(source, stage):
    wrong, ask = [], stage.people["staff"].person.ask
    base = f"/api/v1/{SOURCES[source].plural}"
    for name, field in SOURCES[source].schema.declared().items():
        if not field.sort or field.kind in ("words", "details", "references"):
            continue
        for key in KEYS:
            forged = orjson.dumps([[name], [key], str(uuid.UUID(int=7))])
            cursor = base64.urlsafe_b64encode(forged).rstrip(b"=").decode()
            answer = ask(f"{base}?sort={name}&after={cursor}")
            if answer.status_code not in (200, 422):
                wrong.append((name, key, answer.status_code))
    assert not wrong, listed(wrong)


@pytest.mark.parametrize(
    "number", ["99999999999", "-2147483649", "999999999999999", "0.00000001", "1e14", "1000.5"]
)
def test_a_number_that_no_column_holds_finds_nothing_and_breaks_nothing(number, stage):
    wrong, ask = [], stage.people["staff"].person.ask
    for source in SOURCES.values():
        for name, field in source.schema.declared().items():
            if field.is_numeric and field.filter:
                for operator in ("", ".ge", ".lt"):
                    answer = ask(f"/api/v1/{source.plural}?{name}{operator}={number}&limit=1")
                    if answer.status_code != 200:
                        wrong.append((source.record, name, operator, answer.status_code))
    assert not wrong, listed(wrong)


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "NONSENSE"])
def test_no_other_method_opens_what_is_shut(method, stage):
    asking, wrong = stage.people["nobody"], []
    for rule in stage.portal.url_map.iter_rules():
        if kinds_of_routes()[rule.endpoint] == "public":
            continue
        path = rule.rule
        for argument in rule.arguments:
            path = path.replace(f"<uuid:{argument}>", str(uuid.UUID(int=7))).replace(
                f"<{argument}>", "contract"
            )
        answer = asking.person.ask(path, method)
        if answer.status_code not in (302, 401, 403, 404, 405):
            wrong.append((path, answer.status_code))
    assert not wrong, listed(wrong)
