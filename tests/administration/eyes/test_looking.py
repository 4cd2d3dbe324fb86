"""From the list of users to a client's portal and back: who, why, for how long, and that it is told."""

from __future__ import annotations

from tests.administration.eyes.conftest import REASON


def test_an_administrator_sees_what_the_client_sees_and_comes_back(house):
    assert "Klara Muster" in house.at_desk.words("/users")

    started = house.at_desk.look(house.klara)
    page = house.at_desk.words("/contracts")

    assert (started.status_code, started.headers["Location"]) == (303, "/")
    assert "<b>Hanna Brandt</b> is viewing the portal as <b>Klara Muster</b> (Nordwerk Gruppe)." in page
    assert "Ends in 30 minutes" in page
    assert REASON in page
    assert "Ours-1" in page
    assert house.at_desk.get("/users").status_code == 403

    back = house.at_desk.post("/viewing/end")

    assert back.headers["Location"] == "/viewing/ended"
    assert "Viewing has ended." in house.at_desk.words("/viewing/ended")
    assert "Klara Muster" in house.at_desk.words("/users")
    assert "is viewing the portal" not in house.at_desk.words("/contracts")
