"""The welcome: the broker's, an organization's own or none, with a video that only his clients open."""

from __future__ import annotations

import io
import re
from types import SimpleNamespace
from typing import Any

import pytest

from app.home import video

MP4 = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2" + bytes(range(256)) * 40
WORDS = {"welcome.de.title": "Willkommen bei Hansen", "welcome.de.text": "Schön, dass Sie da sind."}


@pytest.fixture
def clients(make: Any, sign_in: Any) -> SimpleNamespace:
    ours, sibling = make.organization(name="Nordwerk Gruppe"), make.organization(name="Suedbau")
    return SimpleNamespace(
        ours=ours, sibling=sibling, klara=sign_in(make.member(ours)), ole=sign_in(make.member(sibling))
    )


def decided(clerk: Any, **changes: str) -> None:
    form = {**WORDS, "home_view": "overview", "welcome_shown": "1", **changes}
    answer = clerk.post("/client-home", data=form)
    assert answer.status_code == 303, answer.text


def with_video(clerk: Any, content: bytes = MP4, name: str = "welcome.mp4", **changes: str) -> Any:
    form = {"video_words.de.title": "So geht das Portal", "address": "", **changes}
    return clerk.post(
        "/client-home/video",
        data={**form, "file": (io.BytesIO(content), name)},
        content_type="multipart/form-data",
    )


def test_it_is_there_until_it_is_closed_and_can_be_opened_again(clerk, clients, home):
    decided(clerk)
    assert "Willkommen bei Hansen" in home(clients.klara)

    assert clients.klara.post("/home/welcome/closing").status_code == 303

    page = home(clients.klara)
    assert "Willkommen bei Hansen" not in page
    assert 'href="/home/welcome"' in page
    assert "Schön, dass Sie da sind." in clients.klara.get("/home/welcome").text
    assert "Willkommen bei Hansen" in home(clients.ole)
    # What the broker changes is another welcome.
    decided(clerk, **{"welcome.de.text": "Neu: Zertifikate."})
    assert "Neu: Zertifikate." in home(clients.klara)


def test_an_organization_has_its_own_or_none(clerk, clients, home, neighbour, sign_in):
    stranger = sign_in(neighbour.member(neighbour.organization()), at=neighbour)
    decided(clerk)
    own = {"welcome_mode": "own", "welcome.de.title": "Guten Tag, Nordwerk"}
    assert clerk.post(f"/organizations/{clients.ours}/welcome", data=own).status_code == 303
    hidden = {"welcome_mode": "hidden"}
    assert clerk.post(f"/organizations/{clients.sibling}/welcome", data=hidden).status_code == 303

    ours = home(clients.klara)
    assert "Guten Tag, Nordwerk" in ours
    assert "Willkommen bei Hansen" not in ours
    for other in (clients.ole, stranger):
        assert "Guten Tag, Nordwerk" not in home(other)
        assert "Willkommen bei Hansen" not in home(other)
        assert other.get("/home/welcome").status_code == 404
        assert other.post("/home/welcome/closing").status_code == 404


def test_what_has_no_words_is_not_shown_and_says_so(clerk, clients):
    empty = {"welcome.de.title": "", "welcome.de.text": ""}
    refused = clerk.post(
        "/client-home", data={**WORDS, **empty, "home_view": "overview", "welcome_shown": "1"}
    )
    assert refused.status_code == 422
    assert 'id="welcome.de.title-error"' in refused.text
    own = clerk.post(f"/organizations/{clients.ours}/welcome", data={"welcome_mode": "own"})
    assert own.status_code == 422
    assert 'id="welcome.de.title-error"' in own.text
    untitled = {"welcome.fr.text": "Bonjour", "welcome_mode": "broker"}
    assert (
        'id="welcome.fr.title-error"'
        in clerk.post(f"/organizations/{clients.ours}/welcome", data=untitled).text
    )


def test_a_video_is_played_by_those_it_greets_and_by_nobody_else(
    make, clerk, clients, home, neighbour, nobody, sign_in
):
    decided(clerk)
    assert with_video(clerk).status_code == 303
    address = re.search(r'src="(/home/video/[0-9a-f]{64})"', home(clients.klara))[1]

    whole = clients.klara.get(address)
    assert (whole.status_code, whole.data, whole.content_type) == (200, MP4, "video/mp4")
    assert "sandbox" in whole.headers["Content-Security-Policy"]
    part = clients.klara.get(address, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.data) == (206, MP4[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(MP4)}"
    assert clients.klara.get(address, headers={"Range": "bytes=-5"}).data == MP4[-5:]
    assert clients.klara.get(address, headers={"Range": "bytes=99999999-"}).status_code == 416

    clerk.post(f"/organizations/{clients.sibling}/welcome", data={"welcome_mode": "hidden"})
    stranger = sign_in(neighbour.member(neighbour.organization()), at=neighbour)
    assert clients.ole.get(address).status_code == 404
    assert stranger.get(address).status_code == 404
    assert nobody.get(address).status_code == 302
    assert clients.klara.get("/home/video/" + "0" * 64).status_code == 404
    assert clerk.get(address.replace("/home/", "/client-home/")).status_code == 200
    assert clients.klara.get(address.replace("/home/", "/client-home/")).status_code == 403

    assert clerk.post("/client-home/video", data={"way": "remove"}).status_code == 303
    assert clients.klara.get(address).status_code == 404


@pytest.mark.parametrize(
    "content",
    [b"<html><script>alert(1)</script>", b"MZ" + bytes(200), b"", b"\x00\x00\x00\x18ftypheic" + bytes(80)],
)
def test_what_is_no_video_is_not_taken_whatever_it_is_called(make, clerk, content):
    refused = with_video(clerk, content)

    assert refused.status_code == 422
    assert 'id="file-error"' in refused.text
    assert "So geht das Portal" in refused.text
    assert make.rows("welcome_videos") == []


def test_a_video_too_large_is_not_taken(make, clerk, monkeypatch):
    monkeypatch.setattr(video, "LARGEST", 1000)

    assert with_video(clerk).status_code == 422
    assert make.rows("welcome_videos") == []


def test_a_video_needs_a_title_and_a_place_that_is_ours_or_https(make, clerk, neighbour, sign_in):
    assert 'id="video_words.de.title-error"' in with_video(clerk, **{"video_words.de.title": ""}).text
    told = {"video_words.de.title": "Film", "address": "http://plain.example/film"}
    assert clerk.post("/client-home/video", data=told).status_code == 422
    assert make.rows("welcome_videos") == []
    nowhere = clerk.post("/client-home/video", data={"video_words.de.title": "Film", "address": ""})
    assert nowhere.status_code == 422
    assert 'id="video.address-error"' in nowhere.text
    desk = sign_in(
        user=neighbour.user(is_staff=True, profile_id=neighbour.profile(is_staff=True)), at=neighbour
    )
    assert with_video(desk).status_code == 303
    name = neighbour.rows("welcome_videos")[0].sha256
    document = {"tenant": {"video": {"file": name}, "video_words": {"de": {"title": "Film"}}}}
    assert clerk.client.put("/api/v1/config", base_url=clerk.base, json=document).status_code == 422


def test_a_link_is_a_link(clerk, clients, home):
    decided(clerk)
    told = {"video_words.de.title": "Film", "address": "https://video.example/film"}
    assert clerk.post("/client-home/video", data=told).status_code == 303

    assert 'href="https://video.example/film"' in home(clients.klara)
    assert "<video" not in home(clients.klara)


def test_who_may_not_set_the_portal_up_does_not_set_its_welcome(make, sign_in):
    reader = sign_in(
        user=make.user(is_staff=True, profile_id=make.profile("menu:organizations", is_staff=True))
    )
    organization = make.organization()

    assert reader.get("/client-home").status_code == 403
    assert reader.post("/client-home", data=WORDS).status_code == 403
    assert reader.post(f"/organizations/{organization}/welcome", data=WORDS).status_code == 403


def test_words_that_would_greet_nobody_are_not_kept_in_silence(clerk, clients, home):
    path = f"/organizations/{clients.ours}/welcome"
    typed = {"welcome_mode": "broker", "welcome.de.title": "Guten Tag, Nordwerk"}
    for way in ({}, {"way": "preview"}):
        told = clerk.post(path, data=typed | way)
        assert told.status_code == (200 if way else 422)
        assert "für den eingegebenen Text, oder leeren Sie ihn." in told.text.split('id="effect"')[1]
        assert 'value="Guten Tag, Nordwerk"' in told.text
    assert clerk.post(path, data=typed | {"welcome_mode": "own"}).status_code == 303
    assert "Guten Tag, Nordwerk" in home(clients.klara)

    # What is there already may wait until it is chosen again.
    kept = clerk.post(path, data=typed)
    assert kept.status_code == 303
    assert "Kunden sehen es mit ihrer nächsten Seite" not in clerk.get(kept.headers["Location"]).text


def test_a_video_that_is_refused_for_its_words_says_that_its_file_is_gone(make, clerk):
    refused = with_video(clerk, **{"video_words.de.title": ""}).text

    assert "Wählen Sie die Datei noch einmal" in re.search(r'id="file-error".*?</p>', refused, re.S)[0]
    assert "Titel, Deutsch: " in refused.split('class="errsum"')[1]
    assert make.rows("welcome_videos") == []
