"""Where the mailbox stands, for whom, and what the portal itself has told somebody."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest

from tenants import visibility
from tests.home.test_views import set_up
from tests.rules.test_permissions import recorded

TODAY = visibility.today()


@pytest.fixture
def organization(make: Any) -> Any:
    return make.organization(make.policyholder())


@pytest.fixture
def klara(make: Any, organization: Any, sign_in: Any) -> Any:
    user = make.user("Klara Muster")
    case = make.row("cases", key="c", subject="Roof", status="open", owner_id=user)
    for number in range(2):
        make.row("messages", key=str(number), of_case_id=case, text="Words")
    return sign_in(make.member(organization, user=user))


def places(browser: Any, path: str = "/") -> tuple[bool, str | None]:
    """Whether the home page has it in its side column, and what the bar says of it."""
    answer = browser.get(path, headers={"Accept-Language": "de"})
    assert answer.status_code == 200
    bar, _main, rest = answer.text.partition("<main")
    found = re.search(r'<a class="bar-btn" href="/mailbox" aria-label="([^"]+)"', bar)
    return 'id="mailbox">Postbox' in rest, found and found[1]


IN_BAR = (False, "Postbox, 2 ungelesene Nachrichten")


def test_it_stands_where_the_organization_wants_it(make, clerk, organization, klara, sign_in):
    other = sign_in(make.member(make.organization()))
    assert places(klara) == (True, None)
    assert places(klara, "/settings") == (False, None)

    set_up(clerk, make, organization, mailbox="menu_bar")

    assert places(klara) == IN_BAR
    assert places(klara, "/settings") == IN_BAR
    assert places(other) == (True, None)


def test_a_phone_has_it_in_its_menu_where_no_bar_has_it_and_says_whose_portal_it_is(
    make, clerk, organization, klara
):
    def in_menu(path: str) -> bool:
        page = klara.get(path, headers={"Accept-Language": "de"}).text
        assert re.search(r'<p class="orgline">.*?<span>Nordwerk Gruppe</span></p>', page)
        return bool(re.search(r'<ul class="only-phone-row"><li><a href="/mailbox"', page))

    make.change("organizations", organization, name="Nordwerk Gruppe")
    assert in_menu("/")
    assert in_menu("/settings")
    assert re.search(
        r'only-phone-row"><li><a href="/mailbox" aria-current="page"', klara.get("/mailbox").text
    )
    set_up(clerk, make, organization, mailbox="menu_bar")
    assert not in_menu("/")


def test_cards_and_whatever_has_no_side_column_have_it_in_the_bar(make, clerk, organization, klara):
    set_up(clerk, make, organization, home_view="cards", mailbox="sidebar")
    assert places(klara) == IN_BAR
    klara.get("/?view=overview")
    # The card view overrides it even for who looks at an overview.
    assert places(klara) == IN_BAR
    set_up(clerk, make, organization, home_view="tiles")
    assert places(klara) == (True, None)
    klara.get("/?view=icons")
    assert places(klara) == IN_BAR
    set_up(clerk, make, organization, home_view="overview", home_fixed=True)
    assert places(klara) == (True, None)
    # The broker's own choice counts where the organization has none.
    set_up(clerk, make, organization, home_view=None, home_fixed=False)
    document = {"tenant": {"home_view": "cards"}}
    assert clerk.client.put("/api/v1/config", base_url=clerk.base, json=document).status_code == 200
    assert places(klara, "/settings") == IN_BAR


def test_the_bar_counts_what_is_unread_by_one_query_where_it_is_shown(
    make, clerk, organization, klara, monkeypatch
):
    def statements() -> int:
        klara.get("/settings")
        with recorded(monkeypatch) as said:
            klara.get("/settings")
        return len(said)

    without = statements()
    set_up(clerk, make, organization, mailbox="menu_bar")
    assert statements() == without + 1

    case = next(row.id for row in make.rows("cases"))
    klara.get(f"/cases/{case}")
    assert places(klara) == (False, "Postbox")


def test_the_clerk_sets_it_on_the_organizations_page_and_undoes_it(make, clerk, organization):
    from tests.administration.organizations.conftest import Desk

    desk = Desk(clerk, organization)
    assert desk.send(mailbox="nowhere").status_code == 422
    assert desk.send("/effect", mailbox="menu_bar").status_code == 200
    assert desk.send(mailbox="menu_bar").status_code == 303

    def stored() -> str:
        return next(row.mailbox for row in make.rows("organizations") if row.id == organization)

    assert stored() == "menu_bar"
    told = desk.open()
    assert "In der Menüleiste jeder Seite" in told.partition('id="changes"')[2]
    change = re.search(r"/changes/([0-9a-f-]+)/undoing", told)[1]
    assert clerk.post(f"{desk.path}/changes/{change}/undoing").status_code == 303
    assert stored() == "sidebar"


def test_the_widget_tells_what_is_new(klara):
    page = klara.get("/", headers={"Accept-Language": "en"}).text.partition('id="mailbox"')[2]
    ways = re.findall(r'href="(/mailbox[^"]*)">(?:<b>)?([^<]+)', page)
    assert ways == [
        ("/mailbox", "Inbox"),
        ("/mailbox/outbox", "Outbox"),
        ("/mailbox/history", "History"),
        ("/mailbox/notifications", "Notifications"),
    ]
    assert "2 unread" in page


def test_notifications_are_what_the_portal_told_this_person(make, organization, klara, sign_in, neighbour):
    message = make.row("announcements", words={"de": {"title": "Umzug"}}, starts_on=TODAY)
    neighbour.row("announcements", words={"de": {"title": "Fremd"}}, starts_on=TODAY)
    member = next(row for row in make.rows("memberships"))
    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1)
    for owner, state in ((member, "finished"), (None, "finished")):
        make.row(
            "exports", user_id=owner.user_id if owner else make.user(), membership_id=owner and owner.id,
            record="contract", address="", language="de", rows=1, state=state, expires_at=later,
        )  # fmt: skip
    make.change("memberships", member.id, ends_on=TODAY + datetime.timedelta(days=5))

    page = klara.get("/mailbox/notifications", headers={"Accept-Language": "de"}).text

    titles = re.findall(r'class="(?:cover[^"]*)" href="([^"]+)"[^>]*>([^<]+)', page.partition("<main")[2])
    assert sorted(titles) == [("/exports", "Verträge.xlsx ist fertig"), ("/home/announcements", "Umzug")]
    assert "Ihr Zugang endet am" in page
    assert "Fremd" not in page
    assert 'Meldungen<span class="n new">2' in page
    klara.post(f"/home/announcements/{message}/receipt")
    assert 'Meldungen<span class="n new">1' in klara.get("/mailbox", headers={"Accept-Language": "de"}).text


def test_staff_find_theirs_on_the_home_page(make, sign_in):
    user = make.user("Meike Tams", is_staff=True, profile_id=make.profile(is_staff=True))
    case = make.row("cases", key="c", subject="Roof", status="open")
    make.row("messages", key="m", of_case_id=case, text="Words")
    meike = sign_in(user=user)
    assert places(meike) == (True, None)
    assert "Words" not in meike.get("/mailbox").text
    make.row("case_participants", case_id=case, user_id=user)
    assert "Words" in meike.get("/mailbox").text
