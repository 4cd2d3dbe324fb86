"""General messages: written at the desk, shown to those they are for, in their language, until they are read."""

from __future__ import annotations

import datetime
import re
from types import SimpleNamespace
from typing import Any

import pytest

from tenants import visibility

TODAY = visibility.today()
WORDS = {
    "words.de.title": "Neue Adresse",
    "words.de.text": "Wir ziehen um.\n\nMehr: https://hansen.example/umzug.",
    "words.fr.title": "Nouvelle adresse",
}


@pytest.fixture
def clients(make: Any, sign_in: Any) -> SimpleNamespace:
    """Two organizations of one broker, and a member of each."""
    ours, sibling = make.organization(name="Nordwerk Gruppe"), make.organization(name="Suedbau")
    klara, ole = (
        make.member(ours, user=make.user("Klara Muster")),
        make.member(sibling, user=make.user("Ole")),
    )
    return SimpleNamespace(ours=ours, sibling=sibling, klara=sign_in(klara), ole=sign_in(ole))


def send(clerk: Any, path: str = "/announcements/new", **changes: Any) -> Any:
    form = {**WORDS, "tone": "notice", "starts_on": str(TODAY), "audience": "all", **changes}
    return clerk.post(path, data={word: value for word, value in form.items() if value is not None})


def written(clerk: Any, **changes: Any) -> str:
    """A message that was taken; its address."""
    answer = send(clerk, **changes)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].partition("?")[0]


def home(browser: Any, language: str = "de") -> str:
    return browser.get("/", headers={"Accept-Language": language}).text


def receipt(page: str) -> str:
    return re.search(r'action="(/home/announcements/[^"]+/receipt)"', page)[1]


def test_a_message_is_on_home_until_it_is_read_and_the_desk_sees_by_whom(clerk, clients):
    address = written(clerk)
    assert "0 von 2 Personen" in clerk.get(address).text

    page = home(clients.klara)
    assert "Neue Adresse" in page
    assert '<a href="https://hansen.example/umzug" rel="noopener">https://hansen.example/umzug</a>.' in page
    assert clients.klara.post(receipt(page)).status_code == 303

    assert "Neue Adresse" not in home(clients.klara)
    assert "Neue Adresse" in home(clients.ole)
    assert "Neue Adresse" in clients.klara.get("/home/announcements").text
    desk = clerk.get(address).text
    assert "1 von 2 Personen" in desk
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)<.*?</td><td class=\"nowrap\"[^>]*>(.*?)</td>", desk, re.S)
    assert [name for name, _moment in rows] == ["Klara Muster", "Ole"]
    assert rows[1][1] == "Noch nicht"
    assert rows[0][1] != "Noch nicht"
    assert "1 von 2" in clerk.get("/announcements").text


def test_to_mark_it_twice_is_to_mark_it_once(make, clerk, clients):
    written(clerk)
    way = receipt(home(clients.klara))

    assert [clients.klara.post(way).status_code for _ in range(2)] == [303, 303]

    assert len(make.rows("announcement_receipts")) == 1
    assert [row.act for row in make.rows("audit") if row.act == "announcement.read"] == ["announcement.read"]


def test_a_message_for_some_is_nowhere_for_others(clerk, clients, neighbour, make, sign_in):
    stranger = sign_in(neighbour.member(neighbour.organization()), at=neighbour)
    address = written(clerk, audience="selected", organizations=str(clients.ours))
    way = receipt(home(clients.klara))

    for other in (clients.ole, stranger):
        assert "Neue Adresse" not in home(other) + other.get("/home/announcements").text
        assert other.post(way).status_code == 404
    assert "0 von 1 Personen" in clerk.get(address).text
    assert "Ole" not in clerk.get(address).text.partition('id="readers"')[2]
    desk = sign_in(
        user=neighbour.user(is_staff=True, profile_id=neighbour.profile(is_staff=True)), at=neighbour
    )
    assert desk.get(address).status_code == 404
    assert send(desk, address).status_code == 404
    assert desk.post(f"{address}/deletion").status_code == 404
    assert "Neue Adresse" not in desk.get("/announcements").text
    # To name another broker's organization is to name none.
    refused = send(desk, audience="selected", organizations=str(clients.ours))
    assert refused.status_code == 422


def test_every_reader_gets_the_nearest_language(make, owner, clerk, clients):
    written(clerk)

    assert "Nouvelle adresse" in home(clients.klara, "fr")
    spanish = home(clients.klara, "es")
    assert '<div lang="de"><h3>Neue Adresse</h3>' in re.sub(r"\s*\n\s*", "", spanish)
    editor = clerk.get("/announcements").text
    assert "Neue Adresse" in editor


def test_the_editor_says_what_is_missing_and_what_its_readers_see_instead(clerk):
    page = clerk.get(written(clerk)).text

    states = re.findall(r'<summary>.*?lang="(\w\w)".*?<span class="badge"[^>]*>(\w+)</span>', page, re.DOTALL)
    assert states == [("de", "Vorhanden"), ("en", "Fehlt"), ("fr", "Vorhanden"), ("es", "Fehlt")]
    assert page.count("Leser dieser Sprache sehen sie auf: Deutsch") == 2
    preview = page.partition('id="effect"')[2]
    assert preview.count("Neue Adresse") == 3
    assert preview.count("Nouvelle adresse") == 1


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"words.de.title": "", "words.fr.title": "", "words.de.text": ""}, "words.de.title"),
        ({"words.de.title": " "}, "words.de.title"),
        ({"words.es.title": "x" * 151}, "words.es.title"),
        ({"ends_on": str(TODAY - datetime.timedelta(days=1))}, "ends_on"),
        ({"ends_on": "tomorrow"}, "ends_on"),
        ({"starts_on": ""}, "starts_on"),
        ({"tone": "loud"}, "tone"),
        ({"audience": "selected"}, "organizations"),
        ({"audience": "selected", "organizations": "00000000-0000-0000-0000-000000000007"}, "organizations"),
        ({"audience": "selected", "organizations": "x"}, "organizations"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(make, clerk, change, place):
    answer = send(clerk, letters="Kept as typed", **change)

    assert answer.status_code == 422
    assert f'id="{place}-error"' in answer.text
    assert f'href="#{place}"' in answer.text
    assert "Kept as typed" in answer.text
    assert make.rows("announcements") == []


def test_markup_in_a_message_is_shown_and_not_obeyed(clerk, clients):
    written(clerk, **{
        "words.de.title": "<b>Fett</b>",
        "words.de.text": '<script>alert(1)</script> http://plain.example javascript:alert(1) https://a.example/"onx=1',
    })  # fmt: skip

    page = home(clients.klara)

    assert "&lt;b&gt;Fett&lt;/b&gt;" in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert re.findall(r'<a href="([^"]+)" rel="noopener">', page) == ["https://a.example/"]


def test_it_is_shown_from_its_first_day_to_its_last(clerk, clients):
    one = datetime.timedelta(days=1)
    written(clerk, **{"words.de.title": "Morgen", "starts_on": str(TODAY + one)})
    written(
        clerk, **{"words.de.title": "Gestern", "starts_on": str(TODAY - one), "ends_on": str(TODAY - one)}
    )
    written(clerk, **{"words.de.title": "Heute noch", "ends_on": str(TODAY), "tone": "important"})

    page = home(clients.klara)

    assert "Morgen" not in page
    assert "Gestern" not in page
    assert "Heute noch" in page
    assert '<div class="note" data-tone="warning">' in page
    # Nor is one marked as read that is not there yet.
    later = clerk.get("/announcements").text
    ids = dict(
        reversed(one) for one in re.findall(r'href="/announcements/([0-9a-f-]{36})"[^>]*>([^<]+)</a>', later)
    )
    assert clients.klara.post(f"/home/announcements/{ids['Morgen']}/receipt").status_code == 404


def test_two_clerks_at_one_message_do_not_overwrite_each_other_unseen(clerk):
    address = written(clerk)
    seen = re.search(r'name="seen" value="([^"]+)"', clerk.get(address).text)[1]
    assert send(clerk, address, **{"words.de.title": "Von Aylin"}, seen=seen).status_code == 303

    second = send(clerk, address, **{"words.de.title": "Von Jonas"}, seen=seen)

    assert second.status_code == 409
    assert "Von Jonas" in second.text
    assert "Von Aylin" in clerk.get(address).text
    again = re.search(r'name="seen" value="([^"]+)"', second.text)[1]
    assert send(clerk, address, **{"words.de.title": "Von Jonas"}, seen=again).status_code == 303
    assert "Von Jonas" in clerk.get(address).text


def test_finding_an_organization_keeps_what_is_typed(clerk, clients):
    page = send(clerk, way="find", letters="sued", audience="selected", organizations=str(clients.ours)).text

    assert f'value="{clients.ours}" checked' in page
    assert f'value="{clients.sibling}"' in page
    assert "Neue Adresse" in page


def test_deleting_takes_it_from_every_home_and_the_log_keeps_it(make, clerk, clients):
    address = written(clerk)
    clients.klara.post(receipt(home(clients.klara)))

    assert clerk.post(f"{address}/deletion").status_code == 303

    assert "Neue Adresse" not in home(clients.ole)
    assert make.rows("announcement_receipts") == []
    removed = next(row for row in make.rows("audit") if row.act == "announcement.removed")
    assert removed.before["words"]["fr"] == "Nouvelle adresse"
    assert "Allgemeine Nachricht gelöscht" in clerk.get("/audit").text


def test_who_may_only_read_writes_nothing(make, sign_in, clerk):
    address = written(clerk)
    reader = sign_in(
        user=make.user(is_staff=True, profile_id=make.profile("menu:announcements", is_staff=True))
    )

    assert reader.get(address).status_code == 200
    assert "Nachricht speichern" not in reader.get(address).text
    assert send(reader, address).status_code == 403
    assert send(reader).status_code == 403
    assert reader.post(f"{address}/deletion").status_code == 403


def test_nobody_reads_it_for_somebody_else(make, portal, clerk, clients):
    from tests.security.stock import with_look

    written(clerk)
    klara = next(row.id for row in make.rows("memberships") if row.organization_id == clients.ours)
    actor = make.user(is_staff=True, profile_id=make.profile(is_staff=True))
    looking = with_look(portal, make, actor, klara)
    page = looking.ask("/", headers={"Accept-Language": "de"}).text

    assert "Neue Adresse" in page
    assert looking.ask(receipt(home(clients.klara)), "POST").status_code == 403
    assert make.rows("announcement_receipts") == []
