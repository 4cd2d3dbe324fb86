"""Choosing what a profile grants, seeing what that does to whom, and saving it."""

from __future__ import annotations

import re

import pytest

from permissions.catalogue import catalogue

READABLE = (
    "menu:contracts", "field:contract.number", "field:contract.status", "field:contract.policyholder",
    "field:policyholder.name", "field:contract.currency",
)  # fmt: skip
PREMIUM = "field:contract.premium_net"
COMMISSION = "field:contract.commission"
ROW = re.compile(r'name="row:\d+" value="([^"=]+)=')


@pytest.fixture
def plant(make):
    """A client's profile that shows contracts without their premiums."""
    found = make.profile(*READABLE)
    make.change("profiles", found, name="Werksleitung")
    return found


@pytest.fixture
def client(make, plant, sign_in):
    holder = make.policyholder()
    make.contract(holder, number="V-100", premium_net="7654321")
    organization = make.organization(holder, name="Nordwerk Gruppe")
    return sign_in(make.member(organization, plant))


def test_a_field_that_is_granted_is_there_on_the_members_next_page(keeper, plant, client):
    assert "7.654.321" not in client.get("/contracts?columns=number,premium_net").text

    keeper.open(plant)
    review = keeper.send("/review", **{PREMIUM: "read"})
    assert review.status_code == 200
    assert "Nordwerk Gruppe: 1" in review.text
    assert "Ausgeblendet → Lesen" in review.text
    assert "7.654.321" not in client.get("/contracts?columns=number,premium_net").text
    saved = keeper.save()

    assert saved.status_code == 303
    assert "7.654.321" in client.get("/contracts?columns=number,premium_net").text


def test_a_field_that_is_taken_away_is_gone_on_the_next_page(keeper, plant, client):
    assert "V-100" in client.get("/contracts").text

    keeper.open(plant)
    keeper.send("/review", **{"field:contract.number": ""})
    assert "Verliert Zugriff" in keeper.page
    keeper.save()

    assert "V-100" not in client.get("/contracts").text


def test_whoever_saves_stands_in_the_audit_log_with_what_changed(keeper, plant, asked):
    keeper.open(plant).send("/review", **{PREMIUM: "mask"})
    keeper.save()

    [(actor, act, before, after)] = asked(
        """select u.name, a.act, a.before, a.after from audit a join users u on u.tenant_id = :tenant and u.id = a.actor_id
            where a.tenant_id = :tenant and a.record_id = :profile""",
        profile=plant,
    )
    assert (actor, act) == ("Petra Keller", "profile.changed")
    assert PREMIUM not in before["rules"]
    assert after["rules"][PREMIUM] == "mask"


def test_a_whole_section_is_set_at_once_without_a_script(keeper, plant, rules_of):
    keeper.open(plant)
    number = (
        keeper.page.split('value="field:contract.premium_net=')[0].rsplit('name="row:', 1)[1].split('"')[0]
    )

    keeper.send("/review", **{f"all:{number}": "read"})
    keeper.save()

    rules = rules_of(plant)
    premium = {
        f"field:contract.{one}"
        for one in ("premium_net", "insurance_tax", "premium_gross", "payment_frequency")
    }
    assert {subject for subject in premium if rules.get(subject) == "read"} == premium
    # What is the broker's own stays so.
    assert COMMISSION not in rules


def test_what_is_changed_is_carried_from_part_to_part(keeper, plant, rules_of):
    keeper.open(plant).send("/draft", go="functions", **{PREMIUM: "read"})
    assert "1 Änderung" in keeper.page

    keeper.send("/draft", go="menu", **{"function:export": "use"})
    assert "2 Änderungen" in keeper.page
    keeper.send("/review", **{"menu:claims": "show"})
    keeper.save()

    rules = rules_of(plant)
    assert {(one, rules.get(one)) for one in (PREMIUM, "function:export", "menu:claims")} == {
        (PREMIUM, "read"), ("function:export", "use"), ("menu:claims", "show"),
    }  # fmt: skip


def test_a_right_is_found_by_any_of_its_words(keeper, plant):
    keeper.open(plant, q="versicherungsteuer")

    assert 'name="field:contract.insurance_tax"' in keeper.page
    assert 'name="field:contract.number"' not in keeper.page
    assert "Kein Recht zu zeigen" in keeper.open(plant, q="gibtesnicht").page


def test_only_own_rules_are_shown_on_demand(keeper, plant):
    page = keeper.open(plant, only="1").page

    assert 'name="field:contract.number"' in page
    assert f'name="{PREMIUM}"' not in page


def test_what_is_for_staff_only_cannot_be_granted_to_clients(keeper, plant, rules_of):
    page = keeper.open(plant).page
    assert "Nur für Mitarbeiter des Maklers" in page

    answer = keeper.send("/review", **{COMMISSION: "read"})

    assert answer.status_code == 422
    assert f'id="wrong-{COMMISSION}"' in answer.text
    assert COMMISSION not in rules_of(plant)


def test_everything_of_the_catalogue_stands_in_the_editor(keeper, desk):
    parts = {f"field.{schema.record}" for schema in catalogue.schemas()} | {"functions", "menu"}
    rows = [row for part in sorted(parts) for row in ROW.findall(keeper.open(desk, part).page)]

    assert sorted(rows) == sorted(subject for subject, _actions in catalogue.subjects())
