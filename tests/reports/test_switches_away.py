"""What is switched off is so for mails, jobs and documents too, which nobody looks at a page for."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from app.administration import config
from app.administration.config.document import read_text, write_text
from app.core.errors import Unacceptable
from tenants import current
from tests.reports.test_exports import _small, asked, holder, klara, profile, rows, take_away, work
from tests.reports.test_saved import id_of, keep, organization, page, post, stock
from tests.reports.test_sharing import people, share
from tests.reports.test_subscriptions import letterbox, subscribe, worker
from tests.reports.test_switches import switch_off, tick

__all__ = [
    "_small", "holder", "klara", "letterbox", "organization", "people", "profile", "stock", "work", "worker",
]  # fmt: skip


@pytest.fixture
def address(people: Any) -> str:
    address = keep(people.anna, "Own ones", status="own", columns="number")
    share(people.anna, address, "organization")
    return address


def test_a_subscription_ends_where_subscribing_is_switched_off(
    make, organization, people, address, letterbox, worker
):
    subscribe(people.ben, address)
    switch_off(make, organization, "subscribe")
    assert worker() == ["no_right"]
    assert letterbox.mails == []
    switch_off(make, organization, "report.mail")
    assert 'id="mail"' not in page(people.ben, f"/reports/{id_of(address)}")
    assert post(people.ben, f"/reports/{id_of(address)}/mail").status_code == 403


def test_a_mail_sent_once_is_not_where_that_was_switched_off_before(
    make, organization, people, address, letterbox, worker
):
    post(people.ben, f"/reports/{id_of(address)}/mail")
    switch_off(make, organization, "report.mail")
    assert worker() == ["no_right"]


def test_a_mail_comes_without_the_file_that_is_switched_off(
    make, organization, people, address, letterbox, worker
):
    subscribe(people.ben, address)
    switch_off(make, organization, "report.csv")
    assert worker() == ["sent"]
    assert list(letterbox.mails[0].iter_attachments()) == []


def test_a_filter_that_is_switched_off_stays_in_a_report_that_comes_by_mail(
    make, organization, people, address, letterbox, worker
):
    subscribe(people.ben, address)
    switch_off(make, organization, "report.filter", "report.columns")
    assert worker() == ["sent"]
    [file] = letterbox.mails[0].iter_attachments()
    assert file.get_payload(decode=True).decode("utf-8-sig").splitlines()[1:] == ["N-1", "N-2"]


def test_a_report_that_switches_subscribing_off_is_mailed_to_nobody_but_its_owner(
    people, address, letterbox, worker
):
    for reader in (people.anna, people.ben):
        subscribe(reader, address)
    tick(people.anna, f"/reports/{id_of(address)}/functions", "subscribe")
    assert worker() == ["sent", "no_right"]


def test_a_file_that_waits_is_not_written_once_its_kind_is_switched_off(make, web, profile, klara, work):
    asked(klara)
    take_away(make, web, profile, "function:report.xlsx")
    work()
    assert rows(make, web, "state, file") == [("failed", None)]


def test_a_document_says_what_is_switched_off(make, web, organization):
    """For the broker and an organization, by names; told again, it changes nothing; a name that is none is refused."""
    with current.acting_for(make.tenant_id), web.begin() as connection:
        key = config.export(connection)["organizations"][0]["key"]
        document = {
            "tenant": {"report_functions_off": ["report.pivot", "report.chart"]},
            "organizations": [{"key": key, "report_functions_off": ["report.bar"]}],
        }
        assert len(config.apply(connection, document, None).changes) == 2
        told = read_text(write_text(config.export(connection)), "application/yaml")
        assert told["tenant"]["report_functions_off"] == ["report.chart", "report.pivot"]
        assert told["organizations"][0]["report_functions_off"] == ["report.bar"]
        assert config.apply(connection, told, None).changes == []
        with pytest.raises(Unacceptable) as refused:
            config.plan(connection, yaml.safe_load("tenant: {report_functions_off: [export]}"))
        assert "report.bar" in next(iter(refused.value.problems.values()))
