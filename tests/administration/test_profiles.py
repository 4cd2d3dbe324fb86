"""The ready profiles, and saving profiles."""

from __future__ import annotations

import pytest

from app.core.errors import Unacceptable
from permissions import Level
from permissions.catalogue import catalogue
from permissions.editing import ProfileText, read_profiles, save_profile, save_ready_profiles
from permissions.ready import READY
from permissions.rights import rights_of
from tenants import current


def rights(connection, key):
    """What Casbin says of a profile at its present version."""
    row = connection.exec_driver_sql(
        "select id, version from profiles where tenant_id = %(t)s and key = %(k)s",
        {"t": current.tenant_id(), "k": key},
    ).one()
    return rights_of(connection, current.tenant_id(), row.id, row.version)


@pytest.fixture
def ready(connection):
    """What each ready profile grants, as the portal will answer."""
    save_ready_profiles(connection, None)
    return {profile.key: rights(connection, profile.key) for profile in READY}


CLIENTS = [profile.key for profile in READY if not profile.is_staff]


def test_everything_a_profile_can_decide_is_granted_by_a_ready_one(ready):
    everything = ready["broker-administrator"]

    assert everything.areas == {area.key for area in catalogue.areas()}
    assert everything.functions == {function.key for function in catalogue.functions()}
    for schema, name in catalogue.fields():
        given = schema.field(name).given
        assert everything.level(schema.record, name) == (Level.EDIT if given else Level.READ)


@pytest.mark.parametrize("key", CLIENTS)
def test_no_client_profile_reaches_what_is_for_the_broker_only(ready, key):
    for schema, name in catalogue.fields():
        if schema.field(name).broker_only:
            assert ready[key].level(schema.record, name) == Level.HIDDEN
    assert not ready[key].functions & {f.key for f in catalogue.functions() if f.staff_only}


def test_no_pattern_of_a_ready_profile_names_what_is_not_there():
    records = {schema.record: schema for schema in catalogue.schemas()}
    for profile in READY:
        for record in {**profile.fields, **profile.masked}:
            names = f"{profile.fields.get(record, '')} {profile.masked.get(record, '')}".split()
            plain = [name.removeprefix("-") for name in names if "*" not in name]
            assert record == "*" or set(plain) <= set(records[record].declared())
        assert {area for area in profile.areas.replace("-", "").split() if area != "*"} <= {
            area.key for area in catalogue.areas()
        }


def test_a_claims_reporter_sees_no_premium_and_no_reserve(ready):
    reporter = ready["claims-reporter"]

    assert reporter.level("contract", "premium_net") == Level.HIDDEN
    assert reporter.level("contract", "insurance_tax") == Level.HIDDEN
    assert reporter.level("claim", "reserve") == Level.HIDDEN
    assert reporter.level("claim", "description") == Level.READ
    assert "invoices" not in reporter.areas


def test_a_facility_manager_sees_no_money_but_sums_insured(ready):
    manager = ready["facility-manager"]
    money = {
        (schema.record, name)
        for schema, name in catalogue.fields()
        if schema.field(name).kind == "money" and manager.level(schema.record, name) > Level.HIDDEN
    }

    assert money == {("contract", "sum_insured"), ("object", "sum_insured")}


@pytest.mark.parametrize("key", ["accounting", "insurance-manager", "client-administrator"])
def test_clients_see_an_iban_masked(ready, key):
    assert ready[key].level("policyholder", "iban") == Level.MASKED


def test_the_clerk_sees_no_commission_and_declares_nothing(ready):
    clerk = ready["broker-clerk"]

    assert clerk.level("contract", "commission") == Level.HIDDEN
    assert clerk.level("policyholder", "notes") == Level.EDIT
    assert "config.apply" not in clerk.functions


def test_a_change_takes_effect_for_all_that_inherit(connection):
    save_profile(connection, ProfileText("base", "Base", rules={"menu:claims": "show"}), None)
    save_profile(connection, ProfileText("heir", "Heir", inherits=["base"]), None)
    assert rights(connection, "heir").areas == {"claims"}

    save_profile(connection, ProfileText("base", "Base", rules={"menu:objects": "show"}), None)

    assert rights(connection, "heir").areas == {"objects"}


def test_saving_what_is_there_already_changes_nothing(connection):
    profile = ProfileText("base", "Base", rules={"menu:claims": "show"})
    save_profile(connection, profile, None)
    asked = "select version, (select count(*) from audit where tenant_id = %(t)s) from profiles where tenant_id = %(t)s"
    before = connection.exec_driver_sql(asked, {"t": current.tenant_id()}).all()

    save_profile(connection, profile, None)

    assert connection.exec_driver_sql(asked, {"t": current.tenant_id()}).all() == before
    assert read_profiles(connection) == {"base": profile}


@pytest.mark.parametrize(
    ("profile", "place"),
    [
        (ProfileText("a", "A", inherits=["a"]), "a.inherits"),
        (ProfileText("a", "A", inherits=["b"]), "a.inherits"),
        (ProfileText("a", "A", inherits=["nobody"]), "a.inherits"),
        (ProfileText("a", "A", inherits=["office"]), "a.inherits"),
        (ProfileText("a", "A", rules={"menu:attic": "show"}), "a.menu:attic"),
        (ProfileText("a", "A", rules={"menu:claims": "edit"}), "a.menu:claims"),
        (ProfileText("a", "A", rules={"function:config.apply": "use"}), "a.function:config.apply"),
    ],
)
def test_what_cannot_be_is_refused(connection, profile, place):
    save_profile(connection, ProfileText("a", "A"), None)
    save_profile(connection, ProfileText("b", "B", inherits=["a"]), None)
    save_profile(connection, ProfileText("office", "Office", is_staff=True), None)

    with pytest.raises(Unacceptable) as refused:
        save_profile(connection, profile, None)

    assert place in refused.value.problems
    assert read_profiles(connection)["a"].rules == {}
