"""Reports by mail, over a real mail server: to whom, with whose rights, when, how often, and how it ends."""

from __future__ import annotations

import datetime
import email
import email.policy
import io
import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from openpyxl import load_workbook
from sqlalchemy import text

from app.core.outbox import JOBS
from tenants import current, visibility
from tenants.jobs import Runner
from tests.pdf import Pdf
from tests.reports.test_saved import acts, ask, id_of, keep, organization, page, post, stock
from tests.reports.test_sharing import people, share

__all__ = ["organization", "people", "stock"]

TODAY = visibility.today()
IN_A_YEAR = str(TODAY + datetime.timedelta(days=365))


class Letterbox:
    """What a mail server was given; it refuses addresses that say so."""

    def __init__(self) -> None:
        self.mails: list[Any] = []
        self.to: list[str] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address.startswith("refused"):
            return "550 nobody here"
        if address.startswith("later"):
            return "451 come back"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        assert len(envelope.rcpt_tos) == 1
        self.to.append(envelope.rcpt_tos[0])
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"


@pytest.fixture
def letterbox(portal: Any, monkeypatch: Any) -> Iterator[Letterbox]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    box = Letterbox()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    settings = replace(portal.extensions["settings"], smtp_url=f"smtp://127.0.0.1:{port}")
    monkeypatch.setitem(portal.extensions, "settings", settings)
    yield box
    server.stop()


@pytest.fixture
def worker(portal: Any, web: Any, make: Any, monkeypatch: Any) -> Any:
    """Does what is due, on a day of one's choice, and says what became of the subscriptions."""

    def work(on: datetime.date = TODAY) -> list[str | None]:
        monkeypatch.setattr(visibility, "today", lambda: on)
        with portal.app_context(), current.acting_for(make.tenant_id):
            with web.begin() as connection:
                JOBS["plan_reports"].run(connection)
            runner = Runner(web)
            with web.begin() as connection:
                rows = (
                    connection.execute(
                        text(
                            "select id from outbox where tenant_id = :t and job = 'send_report' and done_at is null order by id"
                        ),
                        {"t": make.tenant_id},
                    )
                    .scalars()
                    .all()
                )
            for row in rows:
                runner.run(make.tenant_id, row)
            with web.begin() as connection:
                return list(
                    connection.execute(
                        text("select result from report_subscriptions where tenant_id = :t order by id"),
                        {"t": make.tenant_id},
                    ).scalars()
                )

    return work


def subscribe(reader: Any, address: str, **form: str) -> Any:
    form = {"rhythm": "daily", "starts_on": str(TODAY), "ends_on": IN_A_YEAR, **form}
    return post(reader, f"/reports/{id_of(address)}/subscriptions", **form)


def allow_domains(make: Any, web: Any, *domains: str) -> None:
    with current.acting_for(make.tenant_id), web.begin() as connection:
        connection.execute(
            text("update tenants set mail_domains = :d where tenant_id = :t"),
            {"d": list(domains), "t": make.tenant_id},
        )


def attached(mail: Any) -> str:
    return attachment(mail).get_payload(decode=True).decode("utf-8-sig")


def attachment(mail: Any) -> Any:
    [file] = list(mail.iter_attachments())
    return file


def words(mail: Any) -> str:
    return mail.get_body(("plain",)).get_content()


def test_a_report_comes_every_day_with_its_rows_and_a_link(make, people, letterbox, worker):
    make.change("users", people.users["anna"], language="en")
    address = keep(people.anna, "Own ones", status="own", columns="number")
    subscribe(people.anna, address)

    assert worker() == ["sent"]
    [mail] = letterbox.mails

    assert mail["To"] == people.address("anna")
    assert mail["Subject"] == "Report: Own ones"
    assert mail["From"] == f"Test <noreply@{make.tenant_id.hex}.test>"
    assert "Here is the report ‘Own ones’" in words(mail)
    assert f"http://{make.tenant_id.hex}.test{address}" in words(mail)
    assert attached(mail).splitlines() == ['"Policy number"', "N-1", "N-2"]
    assert "Sent" in page(people.anna, "/subscriptions")


def test_once_means_once_a_day_however_often_somebody_looks(people, letterbox, worker):
    subscribe(people.anna, keep(people.anna, "Own ones", status="own"))
    for day in (0, 0, 1, 1):
        worker(TODAY + datetime.timedelta(days=day))
    assert len(letterbox.mails) == 2
    assert len({mail["Message-ID"] for mail in letterbox.mails}) == 2


@pytest.mark.parametrize(
    ("form", "days"),
    [({"rhythm": "daily"}, 31), ({"rhythm": "weekly", "weekday": "3"}, 4),
     ({"rhythm": "monthly", "day": "31"}, 1), ({"rhythm": "daily", "ends_on": "2090-01-05", "starts_on": "2090-01-03"}, 3)],
)  # fmt: skip
def test_it_comes_on_its_days_from_its_start_to_its_end(form, days, make, people, letterbox, worker):
    """January 2090 has four Wednesdays; February has no 31st and is sent on its last day."""
    address = keep(people.anna, "Own ones", status="own")
    start, end = form.get("starts_on", "2090-01-01"), form.get("ends_on", "2091-01-01")
    starts_on, ends_on = datetime.date.fromisoformat(start), datetime.date.fromisoformat(end)
    rhythm = {"rhythm": form["rhythm"], "day": int(form.get("weekday", form.get("day", 0))) or None}
    make.row("report_subscriptions", report_id=id_of(address), user_id=people.users["anna"],
             membership_id=people.memberships["anna"], starts_on=starts_on, ends_on=ends_on, **rhythm)  # fmt: skip
    first = datetime.date(2090, 1, 1)
    for n in range(31):
        worker(first + datetime.timedelta(days=n))
    assert len(letterbox.mails) == days
    if form["rhythm"] == "monthly":
        worker(datetime.date(2090, 2, 28))
        assert len(letterbox.mails) == 2


def test_a_colleague_receives_what_he_may_see_himself(make, organization, people, sign_in, letterbox, worker):
    few = make.profile("menu:contracts", "field:contract.number", "function:export")
    user = make.user("dora", email=f"dora@{make.tenant_id.hex}.example", language="de")
    make.member(organization, few, user)
    address = keep(people.anna, "Premiums", columns="number,premium_net", sort="-premium_net", status="own")
    share(people.anna, address, "organization")
    subscribe(people.anna, address, addresses=people.address("dora"))

    assert worker() == ["sent"]
    [mail] = letterbox.mails

    assert mail["Subject"] == "Bericht: Premiums"
    assert attached(mail).splitlines() == ['"Versicherungsscheinnummer"', "N-1", "N-2", "N-3"]


def test_whoever_may_not_export_receives_a_link_only(make, organization, people, letterbox, worker):
    few = make.profile("menu:contracts", "field:contract.number")
    make.member(organization, few, make.user("dora", email=f"dora@{make.tenant_id.hex}.example"))
    address = keep(people.anna, "Own ones", columns="number")
    share(people.anna, address, "organization")
    subscribe(people.anna, address, addresses=people.address("dora"))

    assert worker() == ["sent"]
    assert list(letterbox.mails[0].iter_attachments()) == []
    assert "N-1" not in letterbox.mails[0].as_string()


def test_a_file_too_large_for_a_mail_is_left_to_the_portal(people, letterbox, worker, monkeypatch):
    monkeypatch.setattr("app.reports.subscriptions.sending.ATTACHED_UP_TO", 10)
    subscribe(people.anna, keep(people.anna, "Own ones", columns="number"))
    assert worker() == ["sent_without_file"]
    assert list(letterbox.mails[0].iter_attachments()) == []


def test_groups_are_mailed_as_groups(people, letterbox, worker):
    subscribe(people.anna, keep(people.anna, "Groups", by="status", show="count"))
    assert worker() == ["sent"]
    assert [line.split(";")[1] for line in attached(letterbox.mails[0]).splitlines()[1:]] == ["1", "2"]


@pytest.mark.parametrize(
    "words",
    [
        {"columns": "number,premium_net"},
        {"by": "status", "show": "count"},
        {"by": "status", "show": "count", "chart": "bars"},
        {"by": "status", "across": "currency", "show": "count,sum.premium_net"},
    ],
)
@pytest.mark.parametrize("ending", ["csv", "xlsx", "pdf"])
def test_a_mail_brings_the_kind_of_file_one_chose_as_a_download_has_it(
    ending, words, make, people, letterbox, worker
):
    make.change("users", people.users["anna"], language="en")
    address = keep(people.anna, "Own ones", **words)
    subscribe(people.anna, address, ending=ending)
    assert worker() == ["sent"]
    file = attachment(letterbox.mails[0])
    there = people.anna.get(address.replace("?", f".{ending}?"), headers={"Accept-Language": "en"})
    assert there.status_code == 200
    assert file.get_content_type() == there.mimetype
    assert file.get_filename() == f"contracts-{TODAY}.{ending}"
    got = file.get_payload(decode=True)
    if ending == "xlsx":
        got, there = (
            [[cell.value for cell in row] for row in load_workbook(io.BytesIO(one)).worksheets[0].rows]
            for one in (got, there.data)
        )
        assert got == there
    else:
        assert got == there.data
    assert "PDF" in page(people.anna, "/subscriptions") or ending != "pdf"


def test_a_file_that_cannot_be_made_is_told_in_the_mail(make, people, letterbox, worker, monkeypatch):
    make.change("users", people.users["anna"], language="en")
    monkeypatch.setattr("app.reports.pivot.MOST_COLUMNS", 0)
    subscribe(people.anna, keep(people.anna, "Crossed", by="status", across="currency"), ending="pdf")
    assert worker() == ["sent_without_making"]
    [mail] = letterbox.mails
    assert list(mail.iter_attachments()) == []
    assert "It would have" in words(mail)
    assert "the file could not be prepared" in page(people.anna, "/subscriptions")


def weekly_from(make: Any, people: Any, starts_on: datetime.date) -> None:
    address = keep(people.anna, "Own ones", status="own")
    make.row("report_subscriptions", report_id=id_of(address), user_id=people.users["anna"],
             membership_id=people.memberships["anna"], starts_on=starts_on, ends_on=datetime.date(2091, 1, 1),
             rhythm="weekly", day=1)  # fmt: skip


def test_after_an_outage_what_was_due_comes_once_and_not_for_each_day(make, people, letterbox, worker):
    """The second Monday of January 2090 is the ninth; nobody works from the fourth to the twenty-fourth."""
    weekly_from(make, people, datetime.date(2090, 1, 1))
    sent = {}
    for day in (1, 2, 3, 24, 25, 26, 30, 31):
        before = len(letterbox.mails)
        worker(datetime.date(2090, 1, day))
        sent[day] = len(letterbox.mails) - before
    assert sent == {1: 0, 2: 1, 3: 0, 24: 1, 25: 0, 26: 0, 30: 1, 31: 0}


def test_who_subscribes_for_mondays_on_a_monday_waits_for_the_next(make, people, letterbox, worker):
    """Nothing was missed before there was a subscription."""
    weekly_from(make, people, TODAY - datetime.timedelta(days=14))
    day = TODAY + datetime.timedelta(days=1)
    while day.isoweekday() != 1:
        worker(day)
        day += datetime.timedelta(days=1)
    assert letterbox.mails == []


def test_mails_of_two_days_that_waited_for_their_server_are_one(
    portal, make, web, people, worker, letterbox, monkeypatch
):
    subscribe(people.anna, keep(people.anna, "Own ones", status="own"))
    there = portal.extensions["settings"]
    monkeypatch.setitem(portal.extensions, "settings", replace(there, smtp_url=""))
    for day in range(2):
        worker(TODAY + datetime.timedelta(days=day))
    monkeypatch.setitem(portal.extensions, "settings", there)
    with current.acting_for(make.tenant_id), web.begin() as connection:
        statement = text(
            "update outbox set due_at = now() where tenant_id = :t and job = 'send_report' returning 1"
        )
        assert len(connection.execute(statement, {"t": make.tenant_id}).all()) == 2
    assert worker(TODAY + datetime.timedelta(days=1)) == ["sent"]
    assert len(letterbox.mails) == 1


def test_an_address_outside_needs_an_allowed_domain_and_receives_what_the_subscriber_sees(
    make, web, people, letterbox, worker
):
    address = keep(people.anna, "Own ones", status="own", columns="number")
    refused = subscribe(people.anna, address, addresses="chef@gruppe.example")
    allow_domains(make, web, "gruppe.example")
    elsewhere = subscribe(people.anna, address, addresses="chef@gruppe.example.evil.example")
    taken = subscribe(people.anna, address, addresses="chef@gruppe.example")

    assert [one.status_code for one in (refused, elsewhere, taken)] == [422, 422, 303]
    assert "You can send to people of the portal only" in refused.text
    assert "addresses of gruppe.example" in elsewhere.text
    assert worker() == ["sent"]
    assert letterbox.to == ["chef@gruppe.example"]
    assert "N-1" in attached(letterbox.mails[0])

    allow_domains(make, web)
    assert worker(TODAY + datetime.timedelta(days=1)) == ["no_domain"]
    assert len(letterbox.mails) == 1


def withdraw_subscribing(make: Any, people: Any) -> None:
    few = make.profile("menu:contracts", "field:contract.number", "function:save_reports")
    make.change("memberships", people.memberships["anna"], profile_id=few)


def withdraw_area(make: Any, people: Any) -> None:
    few = make.profile("menu:claims", "function:subscribe")
    make.change("memberships", people.memberships["anna"], profile_id=few)


def end_membership(make: Any, people: Any) -> None:
    make.change("memberships", people.memberships["anna"], ends_on=TODAY)


def deactivate(make: Any, people: Any) -> None:
    make.change("users", people.users["anna"], is_active=False)


@pytest.mark.parametrize(
    ("happens", "result"),
    [(withdraw_subscribing, "no_right"), (withdraw_area, "no_right"), (end_membership, "no_access"), (deactivate, "no_access")],
)  # fmt: skip
def test_what_was_withdrawn_after_subscribing_stops_the_next_mail(
    happens, result, make, web, people, letterbox, worker
):
    allow_domains(make, web, "gruppe.example")
    address = keep(people.anna, "Own ones", status="own")
    subscribe(people.anna, address, addresses=f"{people.address('anna')} chef@gruppe.example")
    happens(make, people)

    assert worker(TODAY + datetime.timedelta(days=1)) == [result, result]
    assert letterbox.mails == []
    assert "Not sent" in page(people.boss, "/subscriptions")


def test_a_column_withdrawn_after_subscribing_is_missing_in_the_next_mail(make, people, letterbox, worker):
    address = keep(people.anna, "Premiums", columns="number,premium_net")
    subscribe(people.anna, address)
    few = make.profile("menu:contracts", "field:contract.number", "function:subscribe", "function:export")
    worker()
    make.change("memberships", people.memberships["anna"], profile_id=few)
    worker(TODAY + datetime.timedelta(days=1))
    assert [len(attached(mail).splitlines()[0].split(";")) for mail in letterbox.mails] == [3, 1]


def test_a_colleague_who_lost_his_access_or_the_report_receives_nothing(make, people, letterbox, worker):
    address = keep(people.anna, "Own ones", status="own")
    share(people.anna, address, "organization")
    subscribe(people.anna, address, addresses=people.address("ben"))
    share(people.anna, address, "private")
    assert worker() == ["no_report"]
    share(people.anna, address, "organization")
    make.change("memberships", people.memberships["ben"], ends_on=TODAY)
    assert worker(TODAY + datetime.timedelta(days=1)) == ["no_access"]
    make.change("users", people.users["ben"], is_active=False)
    assert worker(TODAY + datetime.timedelta(days=2)) == ["no_access"]
    assert letterbox.mails == []


def test_who_was_given_a_report_subscribes_until_it_is_taken_back(people, letterbox, worker):
    address = keep(people.anna, "Own ones", status="own")
    assert subscribe(people.ben, address).status_code == 404
    share(people.anna, address, "organization")
    assert subscribe(people.ben, address).status_code == 303
    assert worker() == ["sent"]
    share(people.anna, address, "private")
    assert worker(TODAY + datetime.timedelta(days=1)) == ["no_report"]


def test_a_report_is_mailed_once_and_never_again(make, web, people, letterbox, worker):
    address = keep(people.anna, "Own ones", status="own")
    assert (
        post(people.anna, f"/reports/{id_of(address)}/mail").headers["Location"].endswith("?done=mail#mail")
    )
    for day in range(3):
        worker(TODAY + datetime.timedelta(days=day))
    assert letterbox.to == [people.address("anna")]
    assert "List-Unsubscribe" in letterbox.mails[0]
    assert "report.create" in acts(make, web)


def test_mailed_once_it_brings_the_chosen_kind_of_file_too(people, letterbox, worker):
    address = keep(people.anna, "Own ones", by="status", show="count", chart="bars")
    assert post(people.anna, f"/reports/{id_of(address)}/mail", ending="pdf").status_code == 303
    refused = post(people.anna, f"/reports/{id_of(address)}/mail", ending="exe")
    assert (refused.status_code, "Choose the kind of file." in refused.text) == (422, True)
    assert worker() == ["sent"]
    file = attachment(letterbox.mails[0])
    assert file.get_content_type() == "application/pdf"
    assert "Anzahl nach Status" in Pdf(file.get_payload(decode=True)).titles


def test_a_mail_waits_for_its_server_and_comes_once_it_is_there(
    portal, make, web, people, worker, letterbox, monkeypatch, caplog
):
    subscribe(people.anna, keep(people.anna, "Own ones", status="own"))
    there = portal.extensions["settings"]
    for url, error in (("", "no mail server is named"), ("smtp://127.0.0.1:9", "refused")):
        monkeypatch.setitem(portal.extensions, "settings", replace(there, smtp_url=url))
        caplog.clear()
        assert worker() == [None]
        # What is simply not set up is said in a line, what nobody expects with the way there.
        (said,) = [one for one in caplog.records if one.name == "tenants.jobs"]
        assert (error in said.getMessage(), said.exc_info is None) == (
            (True, True) if not url else (False, False)
        )
        with current.acting_for(make.tenant_id), web.begin() as connection:
            row = connection.execute(
                text("select error, done_at from outbox where job = 'send_report'")
            ).one()
            assert (error in row.error, row.done_at) == (True, None)
            connection.execute(
                text("update outbox set due_at = now() where tenant_id = :t"), {"t": make.tenant_id}
            )
    monkeypatch.setitem(portal.extensions, "settings", there)
    assert worker() == ["sent"]
    assert len(letterbox.mails) == 1


def test_an_address_that_the_server_refuses_is_told_and_another_tried_again(
    make, web, people, letterbox, worker
):
    allow_domains(make, web, "gruppe.example")
    address = keep(people.anna, "Own ones", status="own")
    subscribe(people.anna, address, addresses="refused@gruppe.example later@gruppe.example")
    assert worker() == ["refused", None]
    assert letterbox.mails == []


def test_the_link_of_a_mail_ends_its_subscription_and_nothing_else(
    make, neighbour, web, people, letterbox, worker, nobody, portal
):
    from tests.conftest import Browser

    address = keep(people.anna, "Own ones", status="own")
    subscribe(people.anna, address)
    subscribe(people.anna, address, rhythm="weekly", weekday="1")
    worker()
    link = re.search(r"<http://[^/]*(/[^>]*)>", letterbox.mails[0]["List-Unsubscribe"])[1]

    assert letterbox.mails[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert ask(nobody, link).status_code == 200
    assert len(worker()) == 2
    assert Browser(portal, neighbour, None).post(link).status_code == 404
    assert nobody.post(f"{link}x").status_code == 404
    for _ in range(2):
        assert nobody.post(link, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert len(worker()) == 1


def test_a_subscription_is_ended_by_its_owner_or_whoever_manages_reports(make, people, web):
    address = keep(people.anna, "Own ones", status="own")
    share(people.anna, address, "organization")
    for reader in (people.anna, people.ben):
        subscribe(reader, address)
    with current.acting_for(make.tenant_id), web.begin() as connection:
        first, second = connection.execute(text("select id from report_subscriptions order by id")).scalars()

    assert post(people.ben, f"/subscriptions/{first}/end").status_code == 404
    assert post(people.clerk, f"/subscriptions/{first}/end").status_code == 404
    assert "2 subscriptions end." in page(people.anna, f"/reports/{id_of(address)}/deletion")
    assert post(people.anna, f"/subscriptions/{first}/end").status_code == 303
    assert post(people.boss, f"/subscriptions/{second}/end").status_code == 303
    assert people.address("ben") not in page(people.boss, "/subscriptions")


def test_everybody_reads_his_own_subscriptions_and_the_manager_all(people):
    for reader in (people.anna, people.cleo):
        subscribe(reader, keep(reader, "Mine", status="own"))
    assert people.address("cleo") not in page(people.anna, "/subscriptions")
    assert people.address("cleo") not in page(people.clerk, "/subscriptions")
    told = page(people.boss, "/subscriptions")
    assert people.address("anna") in told
    assert people.address("cleo") in told


def test_deleting_a_report_ends_its_subscriptions(people, letterbox, worker):
    address = keep(people.anna, "Own ones", status="own")
    subscribe(people.anna, address)
    post(people.anna, f"/reports/{id_of(address)}/deletion")
    assert worker() == []
    assert letterbox.mails == []


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"rhythm": "hourly"}, "Choose how often."),
        ({"rhythm": "weekly", "weekday": "8"}, "Choose the day."),
        ({"rhythm": "monthly", "day": "²"}, "Choose the day."),
        ({"starts_on": "tomorrow"}, "Enter a day."),
        ({"starts_on": str(TODAY - datetime.timedelta(days=1))}, "The start lies in the past."),
        ({"ends_on": str(TODAY - datetime.timedelta(days=1))}, "The end is before the start."),
        ({"ends_on": "9999-12-31"}, "A subscription lasts two years at most."),
        ({"ending": "docx"}, "Choose the kind of file."),
        ({"addresses": "no address"}, "no is not an email address."),
        ({"addresses": "<x>@b.example"}, "is not an email address."),
        ({"addresses": " ".join(f"{n}@x.example" for n in range(21))}, "Enter at most 20 addresses."),
    ],
)
def test_a_subscription_that_cannot_be_is_refused_beside_its_field(form, sentence, people):
    address = keep(people.anna, "Own ones", status="own")
    answer = subscribe(people.anna, address, **form)
    assert (answer.status_code, sentence in answer.text) == (422, True)


def test_who_may_not_subscribe_is_offered_nothing(make, organization, sign_in):
    reader = sign_in(
        make.member(
            organization, make.profile("menu:contracts", "field:contract.number", "function:save_reports")
        )
    )
    address = keep(reader, "Mine", columns="number")
    assert 'id="subscriptions"' not in page(reader, f"/reports/{id_of(address)}")
    for act in ("subscriptions", "mail"):
        assert post(reader, f"/reports/{id_of(address)}/{act}").status_code == 403


def test_the_neighbours_mails_are_his_own(make, neighbour, people, letterbox, worker, sign_in):
    boss = neighbour.user(
        is_staff=True, profile_id=neighbour.profile(is_staff=True), email=people.address("anna")
    )
    reader = sign_in(user=boss, at=neighbour)
    subscribe(reader, keep(reader, "Theirs", columns="number"))
    assert worker() == []
    assert letterbox.mails == []


def test_the_manager_reads_who_gets_mails_but_not_what_a_private_report_is_called(people):
    subscribe(people.anna, keep(people.anna, "Nobodys business", status="own"))
    told = page(people.boss, "/subscriptions")
    assert people.address("anna") in told
    assert "Nobodys business" not in told
