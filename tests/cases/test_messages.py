"""Who sees a message, who writes one, who is told of it, and who has read it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from permissions.arrival import hashed
from tests.cases.conftest import page, unread
from tests.security.stock import with_look


@pytest.fixture
def case(write: Any, people: Any) -> Any:
    case = write.case("Roof of hall 4", people.klara, people.klara, people.meike)
    write.message(
        case, people.meike, "We need the survey.\n\nBy Friday <b>please</b>.", subject="Roof of hall 4"
    )
    return case


def everywhere(browser: Any, case: Any) -> dict[str, str]:
    """All a person can open that could show the message."""
    paths = (
        "/mailbox", "/mailbox/history", "/mailbox/outbox", "/messages", "/messages.csv?columns=subject,sender",
        "/api/v1/messages", f"/cases/{case}", "/messages?q=survey", "/cases",
    )  # fmt: skip
    return {path: browser.get(path).text for path in paths}


def test_a_message_is_seen_where_its_case_is_and_nowhere_else(make, write, people, case, neighbour, sign_in):
    stranger = sign_in(
        user=neighbour.user(is_staff=True, profile_id=neighbour.profile(is_staff=True)), at=neighbour
    )

    def seen_by(browser: Any) -> bool:
        found = everywhere(browser, case)
        told = [path for path, text in found.items() if "Roof of hall 4" in text or "survey." in text]
        api = browser.get("/api/v1/messages").json["messages"]
        assert bool(told) == bool(api)
        return bool(told)

    assert seen_by(people.klara_)
    assert seen_by(people.meike_)
    # The broker's others see the case, but it is not in their mailbox.
    assert seen_by(people.other_)
    assert unread(people.other_) == 0
    for browser in (people.ben_, people.ole_, stranger):
        assert not seen_by(browser)
        assert browser.post(f"/cases/{case}/messages", data={"text": "Hello"}).status_code == 404
        assert browser.post(f"/cases/{case}/reading").status_code == 404
        assert browser.post(f"/cases/{case}/mails", data={"mails": "off"}).status_code == 404

    make.change("organizations", people.ours, case_sharing=True)
    assert unread(people.ben_) == 1
    assert seen_by(people.ben_)
    assert not seen_by(people.ole_)
    write.message(case, people.meike, "Confidential from here on")
    assert unread(people.ben_) == 1
    make.change("cases", case, is_confidential=True)
    assert not seen_by(people.ben_)
    assert unread(people.ben_) == 0


def test_the_conversation_is_plain_text_with_its_true_senders(make, write, people, case):
    write.message(case, people.klara, "Here it is.")
    told = page(people.klara_, f"/cases/{case}")

    assert "<p>We need the survey.</p><p>By Friday &lt;b&gt;please&lt;/b&gt;.</p>" in told
    assert re.findall(r'<article class="(msg[^"]*)".*?<b>([^<]+)</b>', told) == [
        ("msg", "Meike Tams"),
        ("msg own", "You"),
    ]
    assert "<b>Klara Muster</b>" in page(people.meike_, f"/cases/{case}")


def test_opening_a_case_marks_it_read_for_its_reader_alone(make, write, people, case, portal):
    make.change("organizations", people.ours, case_sharing=True)
    looking = with_look(portal, make, people.meike, people.members["klara"])
    assert "We need the survey" in looking.ask(f"/cases/{case}").text
    assert people.klara_.get(f"/api/v1/cases/{case}").status_code == 200
    people.klara_.client.head(f"/cases/{case}", base_url=people.klara_.base)
    assert make.rows("message_readings") == []
    assert [unread(one) for one in (people.klara_, people.ben_)] == [1, 1]

    page(people.klara_, f"/cases/{case}")

    assert [unread(one) for one in (people.klara_, people.ben_)] == [0, 1]
    assert [row.user_id for row in make.rows("message_readings")] == [people.klara]
    page(people.klara_, f"/cases/{case}")
    assert len(make.rows("message_readings")) == 1
    # What one wrote oneself is never new, and the other side sees that it was read.
    assert "New since" not in page(people.meike_, f"/cases/{case}")
    assert re.search(r"<footer>.*Read</footer>", page(people.meike_, f"/cases/{case}"))


def test_an_answer_is_written_noted_and_turns_the_case_over(make, people, case):
    make.change("organizations", people.ours, case_sharing=True)
    answer = people.ben_.post(f"/cases/{case}/messages", data={"text": "  It comes \r\n tomorrow.  \n\n"})
    assert answer.status_code == 303

    written = next(row for row in make.rows("messages") if row.sender_id == people.ben)
    assert answer.headers["Location"].endswith(f"/cases/{case}#message-{written.id}")
    assert written.text == "It comes\n tomorrow."
    assert (written.subject, written.key) == ("Roof of hall 4", f"portal-{written.id}")
    assert people.ben in {row.user_id for row in make.rows("case_participants")}
    assert [row.status for row in make.rows("cases")] == ["waiting_for_broker"]
    noted = next(row for row in make.rows("audit") if row.act == "message.sent")
    assert (noted.actor_id, noted.record_id, noted.after) == (people.ben, case, {"characters": 19})
    assert "tomorrow" not in str([tuple(row) for row in make.rows("audit")])

    people.other_.post(f"/cases/{case}/messages", data={"text": "Thank you."})
    assert [row.status for row in make.rows("cases")] == ["waiting_for_client"]
    assert unread(people.klara_) == 3
    assert unread(people.ben_) == 2
    assert unread(people.meike_) == 2
    assert unread(people.other_) == 2


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 10_001])
def test_what_is_refused_is_said_beside_the_field_and_not_lost(make, people, case, text):
    answer = people.klara_.post(f"/cases/{case}/messages", data={"text": text})

    assert answer.status_code == 422
    assert 'id="text-error"' in answer.text
    assert re.search(r"<textarea[^>]*aria-invalid[^>]*>([^<]*)</textarea>", answer.text)[1] == text
    assert len(make.rows("messages")) == 1
    assert make.rows("outbox") == []


def test_nobody_writes_or_marks_through_anothers_eyes(make, people, case, portal):
    looking = with_look(portal, make, people.meike, people.members["klara"])
    for row in make.rows("looks"):
        make.change("looks", row.id, may_act=True)
    for tenant in make.rows("tenants"):
        assert tenant.tenant_id == make.tenant_id
    for path in ("messages", "reading", "mails"):
        assert looking.ask(f"/cases/{case}/{path}", "POST", data={"text": "As she"}).status_code == 403
    assert looking.ask("/cases/new", "POST", data={"subject": "A", "text": "B"}).status_code == 403
    assert len(make.rows("messages")) == 1


NEEDED = ("field:message.of_case", "field:message.sender", "field:message.sent_at")


def test_who_may_not_write_reads(make, people, case):
    reader = make.profile("menu:cases", "menu:messages", "field:case.subject", "field:message.text", *NEEDED)
    make.change("memberships", people.members["klara"], profile_id=reader)
    browser = people.klara_

    told = page(browser, f"/cases/{case}")
    assert "We need the survey" in told
    assert "<textarea" not in told
    assert browser.post(f"/cases/{case}/messages", data={"text": "Hello"}).status_code == 403
    assert browser.get("/cases/new").status_code == 403
    hidden = make.profile("menu:cases", "menu:messages", "field:case.subject", *NEEDED)
    make.change("memberships", people.members["klara"], profile_id=hidden)
    assert "survey" not in page(browser, f"/cases/{case}") + page(browser, "/mailbox")


def test_without_the_right_there_is_no_mailbox(make, people, case):
    everything = ("menu:cases", "menu:messages", "field:case.subject", "field:message.text", *NEEDED)
    for subjects, status in (
        (("menu:contracts", "field:contract.number"), 403),
        (("menu:cases", "field:case.subject"), 403),
        *((tuple(one for one in everything if one != hidden), 404) for hidden in NEEDED),
    ):
        make.change("memberships", people.members["klara"], profile_id=make.profile(*subjects))
        browser = people.klara_
        assert browser.get("/mailbox").status_code == status
        assert "/mailbox" not in page(browser, "/")
        make.change("organizations", people.ours, mailbox="menu_bar")
        assert "/mailbox" not in page(browser, "/settings")
        make.change("organizations", people.ours, mailbox="sidebar")
    assert 'id="messages"' not in page(browser, f"/cases/{case}")


def test_a_mail_says_that_something_is_there_and_nothing_more(make, people, case, letterbox, work, neighbour):
    make.row("case_participants", case_id=case, user_id=people.other)
    make.row("case_participants", case_id=case, user_id=people.ben)
    make.change("users", people.other, is_active=False)
    people.klara_.post(f"/cases/{case}/messages", data={"text": "It burns"})
    work()

    assert sorted(letterbox.to) == ["ben@nordwerk.example", "meike@broker.example"]
    for mail in letterbox.mails:
        said = mail["Subject"] + mail.get_content()
        assert f"/cases/{case}" in said
        assert not any(word in said for word in ("burns", "Roof", "Klara", "survey"))

    letterbox.to.clear()
    people.ben_.post(f"/cases/{case}/mails", data={"mails": "off"})
    page(people.klara_, f"/cases/{case}")
    people.meike_.post(f"/cases/{case}/messages", data={"text": "We come"})
    # Who has read it before the mail goes needs none.
    page(people.klara_, f"/cases/{case}")
    work()
    assert letterbox.to == []

    people.ben_.post(f"/cases/{case}/mails", data={"mails": "on"})
    people.meike_.post(f"/cases/{case}/messages", data={"text": "We are there"})
    make.change("memberships", people.members["klara"], ends_on="2020-01-01")
    work()
    assert letterbox.to == ["ben@nordwerk.example"]


def test_what_a_colleague_has_answered_is_marked_without_opening_it(make, write, people, case):
    make.change("organizations", people.ours, case_sharing=True)
    refused = people.ben_.post(f"/cases/{case}/reading")
    assert refused.status_code == 422
    assert "Nobody has answered yet" in refused.text or "niemand geantwortet" in refused.text
    assert "Mark as read" not in page(people.ben_, "/mailbox")

    people.klara_.post(f"/cases/{case}/messages", data={"text": "Done."})
    write.message(case, people.meike, "Thanks.", sent_at="2030-01-01T00:00:00Z")
    assert unread(people.ben_) == 3
    assert page(people.ben_, "/mailbox").count("Mark as read</button>") == 2
    assert people.ben_.post(f"/cases/{case}/reading").status_code == 303

    # What came after the answer waits for him as for her.
    assert unread(people.ben_) == 1
    assert [row.act for row in make.rows("audit") if row.act == "message.marked"] == ["message.marked"]


def test_counts_are_exact_and_never_of_what_is_hidden(make, write, people, case):
    for number in range(3):
        write.message(case, people.meike, f"Word {number}")
    hidden = write.case("Secret", people.ole, people.ole)
    write.message(hidden, people.meike, "Not for you")
    done = write.case("Old", people.klara, people.klara, status="done")
    write.message(done, people.meike, "Long ago", sent_at="2020-01-01T00:00:00Z")
    write.message(done, people.meike, "Settled")

    assert unread(people.klara_) == 5
    inbox = page(people.klara_, "/mailbox")
    assert "Not for you" not in inbox
    assert "Long ago" not in inbox
    assert "Settled" in inbox
    history = page(people.klara_, "/mailbox/history")
    assert "Old" in history
    assert "Secret" not in history
    assert unread(people.meike_) == 0
    assert page(people.meike_, "/mailbox/outbox").count("Word ") == 3


def test_programs_mark_nothing(make, people, nobody, write):
    case = write.case("Hall", people.klara, people.meike)
    write.message(case, people.meike, "Read me")
    values = {"user_id": people.klara, "membership_id": people.members["klara"]}
    make.row("api_tokens", token_hash=hashed("secret of a program"), name="t", **values)
    headers = {"Authorization": "Bearer secret of a program"}
    assert nobody.get(f"/cases/{case}", headers=headers).status_code == 200
    assert make.rows("message_readings") == []
    page(people.klara_, f"/cases/{case}")
    assert len(make.rows("message_readings")) == 1
