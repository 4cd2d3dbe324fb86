"""Declaring organizations, profiles and users: what a document changes, refuses, and says again."""

from __future__ import annotations

import copy
import datetime
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from app.administration import config
from app.administration.config.changes import tell
from app.core.errors import Unacceptable
from app.core.text import speaking
from tenants import visibility

DOCUMENT = {
    "tenant": {"name": "Hafen Makler", "theme": "alpin", "links": {"imprint": "https://hafen.example/imprint"}},
    "profiles": [
        {
            "key": "depot",
            "name": "Depotleitung",
            "inherits": ["facility-manager"],
            "grants": {"menu": ["invoices"], "fields": {"invoice": {"read": ["number"], "mask": ["gross"]}}},
        }
    ],
    "document_profiles": [{"key": "standard", "name": "Standard", "tags": ["client", "policy"]}],
    "users": [
        {"email": "Klara@hafen.example", "name": "Klara Kai", "staff": True, "key": "KK",
         "profile": "broker-clerk", "mandates": ["north"]},
        {"email": "anna@nordwerk.example", "name": "Anna Amsel", "salutation": "ms", "language": "fr"},
        {"email": "ben@nordwerk.example", "name": "Ben Buche"},
    ],
    "organizations": [
        {
            "key": "group",
            "name": "Nordwerk Gruppe",
        },
        {
            "key": "nordwerk",
            "name": "Nordwerk AG",
            "parent": "group",
            "policyholders": ["nordwerk"],
            "share_automatically": True,
            "states": ["own", "policy"],
            "lines_of_business": ["080"],
            "shared_contracts": ["S-1"],
            "include_claims": True,
            "claims": "members",
            "document_profile": "standard",
            "profile_currency": "CHF",
            "valuation": "year_end",
            "ends_on": "2031-12-31",
            "links": {"website": "https://nordwerk.example"},
            "members": [
                {"user": "anna@nordwerk.example", "profile": "insurance-manager"},
                {"user": "ben@nordwerk.example", "profile": "depot", "objects": ["hall"],
                 "ends_on": "2030-06-30"},
            ],
        },
    ],
}  # fmt: skip


class KeptFiles:
    """Storage that keeps what it is given in memory."""

    def __init__(self):
        self.files = []

    def store_bytes(self, tenant_id, data, media_type):
        self.files.append(data)


def organization(key="nordwerk", **settings):
    return {"organizations": [{"key": key, **settings}]}


def entry(document, part, name):
    return next(item for item in document[part] if name in (item.get("key"), item.get("email")))


def contained(part, whole):
    """Whether everything a document says stands in another one."""
    if isinstance(part, dict):
        return all(contained(value, whole.get(key)) for key, value in part.items())
    if isinstance(part, list) and part and isinstance(part[0], dict):
        return all(any(contained(item, other) for other in whole) for item in part)
    if isinstance(part, list):
        return sorted(part) == sorted(whole)
    return part == whole or (isinstance(part, str) and part.lower() == whole)


def test_what_is_declared_is_there_and_declaring_it_again_changes_nothing(stock):
    assert config.plan(stock.connection, DOCUMENT)

    config.apply(stock.connection, DOCUMENT, None)

    assert config.plan(stock.connection, DOCUMENT).changes == []
    assert config.apply(stock.connection, DOCUMENT, None).changes == []
    assert contained(DOCUMENT, config.export(stock.connection))
    assert stock.seen_contracts("nordwerk") == {"N-1", "N-2", "S-1"}
    assert visibility.differences(stock.connection) == []


def test_what_was_exported_changes_nothing_when_applied(stock):
    config.apply(stock.connection, DOCUMENT, None)

    exported = config.export(stock.connection)

    assert config.plan(stock.connection, exported).changes == []
    assert "argon2" not in str(exported)
    assert "password" not in str(exported["users"])


def test_a_plan_writes_nothing(stock):
    before = config.export(stock.connection)

    config.plan(stock.connection, DOCUMENT)

    assert config.export(stock.connection) == before


def test_what_is_not_mentioned_stays_and_a_mentioned_list_is_replaced(stock):
    config.apply(stock.connection, DOCUMENT, None)

    plan = config.apply(stock.connection, organization(shared_contracts=["N-3"]), None)

    assert [(c.what, c.key, c.field, c.before, c.after) for c in plan.changes] == [
        ("organization", "nordwerk", "shared_contracts", ["S-1"], ["N-3"])
    ]
    assert stock.seen_contracts("nordwerk") == {"N-1", "N-2", "N-3"}


def test_a_contract_may_move_from_shared_to_excluded_in_one_go(stock):
    config.apply(stock.connection, organization(name="Nordwerk", policyholders=["nordwerk"],
        share_automatically=True, states=["policy"], shared_contracts=["N-1", "S-1"]), None)  # fmt: skip

    config.apply(stock.connection, organization(shared_contracts=["S-1"], excluded_contracts=["N-1"]), None)

    assert stock.seen_contracts("nordwerk") == {"N-2", "N-3", "S-1"}


def test_a_narrowed_member_gets_a_scope_and_loses_it_when_widened(stock):
    config.apply(stock.connection, DOCUMENT, None)
    narrowed = """select c.key from scopes s
                    join visible_contracts v on v.tenant_id = :tenant and v.scope_id = s.id
                    join contracts c on c.tenant_id = :tenant and c.id = v.contract_id
                   where s.tenant_id = :tenant and s.kind = 'narrowed'"""
    assert stock.ask(narrowed) == [("N-1",)]

    members = copy.deepcopy(DOCUMENT["organizations"][1]["members"])
    members[1]["objects"] = "all"
    config.apply(stock.connection, organization(members=members), None)

    assert stock.ask(narrowed) == []
    assert visibility.differences(stock.connection) == []


def test_members_that_are_named_replace_those_there_were(stock):
    config.apply(stock.connection, DOCUMENT, None)

    members = [{"user": "ben@nordwerk.example", "profile": "accounting"}]
    plan = config.apply(stock.connection, organization(members=members), None)

    assert ("membership", "nordwerk/anna@nordwerk.example", None) in [
        (c.what, c.key, c.field) for c in plan.changes
    ]
    (left,) = entry(config.export(stock.connection), "organizations", "nordwerk")["members"]
    assert left == {
        "user": "ben@nordwerk.example", "profile": "accounting", "main": True, "objects": "all",
        "starts_on": None, "ends_on": None,
    }  # fmt: skip


def mains(stock):
    return stock.ask(
        """select o.key from memberships m
             join organizations o on o.tenant_id = :tenant and o.id = m.organization_id
            where m.tenant_id = :tenant and m.is_main"""
    )


def test_everybody_has_one_main_membership(stock):
    member = {"user": "anna@nordwerk.example", "profile": "accounting"}
    first = {"key": "a", "name": "A", "members": [member]}
    second = {"key": "b", "name": "B", "members": [member]}
    users = [{"email": "anna@nordwerk.example", "name": "Anna Amsel"}]

    config.apply(stock.connection, {"users": users, "organizations": [first, second]}, None)
    assert mains(stock) == [("a",)]

    config.apply(stock.connection, organization("b", members=[{**member, "main": True}]), None)
    assert mains(stock) == [("b",)]

    config.apply(stock.connection, organization("b", members=[]), None)
    assert mains(stock) == [("a",)]


def test_two_main_memberships_are_refused(stock):
    member = {"user": "anna@nordwerk.example", "profile": "accounting", "main": True}
    document = {
        "users": [{"email": "anna@nordwerk.example", "name": "Anna Amsel"}],
        "organizations": [{"key": key, "name": key, "members": [member]} for key in "ab"],
    }

    with pytest.raises(Unacceptable) as refused:
        config.plan(stock.connection, document)

    assert list(refused.value.problems) == ["organizations[b].members[anna@nordwerk.example].main"]


def test_all_that_is_wrong_is_told_at_once_with_its_place(stock):
    document = {
        "tenant": {"theme": "baroque", "links": {"imprint": "http://hafen.example"}},
        "profiles": [
            {"key": "p", "name": "P", "inherits": ["nobody"],
             "grants": {"fields": {"contract": {"read": ["colour"]}}}},
            {"key": "loud", "name": "L", "grants": {"functions": ["config.apply"]}},
        ],
        "users": [
            {"email": "nowhere", "name": "N"},
            {"email": "c@x.example", "name": 7, "active": "yes"},
            {"email": "d@x.example", "name": "D", "profile": "broker-clerk"},
        ],
        "organisations": [],
        "organizations": [
            {"key": "a", "name": "A", "parent": "b", "states": ["own", "sleeping"],
             "policyholders": ["ghost"]},
            {"key": "b", "name": "B", "parent": "a", "lines_of_business": ["999"], "starts_on": "2026-02-30"},
            {"key": "c", "name": "C", "starts_on": "2026-02-01", "ends_on": "2026-01-31",
             "profile_currency": "EURO", "members": [{"user": "x@x.example", "profile": "broker-clerk"}]},
            {"key": "c", "name": "C"},
            {"key": "d"},
            {"name": "without"},
            "text",
        ],
    }  # fmt: skip

    with pytest.raises(Unacceptable) as refused:
        config.plan(stock.connection, document)

    assert set(refused.value.problems) == {
        "tenant.theme",
        "tenant.links.imprint",
        "profiles[p].inherits",
        "profiles[p].grants.fields.contract.colour",
        "profiles[loud].grants.functions.config.apply",
        "users[nowhere].email",
        "users[c@x.example].name",
        "users[c@x.example].active",
        "users[d@x.example].profile",
        "organisations",
        "organizations[a].parent",
        "organizations[a].states[1]",
        "organizations[a].policyholders",
        "organizations[b].parent",
        "organizations[b].lines_of_business",
        "organizations[b].starts_on",
        "organizations[c]",
        "organizations[c].ends_on",
        "organizations[c].profile_currency",
        "organizations[c].members[x@x.example].user",
        "organizations[c].members[x@x.example].profile",
        "organizations[d].name",
        "organizations[5].key",
        "organizations[6]",
    }
    assert "ghost" in refused.value.problems["organizations[a].policyholders"]
    assert "policy" in refused.value.problems["organizations[a].states[1]"]


@pytest.mark.parametrize(
    "document", [None, [], "text", 7, {"tenant": []}, {"users": {}}, {"users": [None]}, {1: 2}]
)
def test_what_is_no_document_is_refused(stock, document):
    with pytest.raises(Unacceptable):
        config.plan(stock.connection, document)


def test_a_code_of_one_insurer_is_taken_when_the_stock_has_it(stock):
    stock.contracts("nordwerk", "N-9", line="X77")

    plan = config.plan(stock.connection, organization(name="N", lines_of_business=["X77"]))

    assert plan.changes


def test_the_key_of_another_brokers_record_is_unknown(stock, neighbour):
    mandate = neighbour.row("mandates", key="far", name="Far away")
    neighbour.row("policyholders", key="foreign", mandate_id=mandate, kind="company", name="Foreign")

    with pytest.raises(Unacceptable) as refused:
        config.plan(stock.connection, organization(name="N", policyholders=["foreign"]))

    assert list(refused.value.problems) == ["organizations[nordwerk].policyholders"]


def test_staff_are_no_members_and_members_get_no_staff_profile_later(stock):
    config.apply(stock.connection, DOCUMENT, None)

    with pytest.raises(Unacceptable) as refused:
        config.plan(
            stock.connection,
            {
                "users": [{"email": "anna@nordwerk.example", "staff": True}],
                "profiles": [{"key": "depot", "staff": True}],
            },
        )

    assert set(refused.value.problems) == {
        "organizations[nordwerk].members[anna@nordwerk.example].user",
        "organizations[nordwerk].members[ben@nordwerk.example].profile",
    }


def test_two_people_may_swap_their_keys(stock):
    users = [
        {"email": "a@x.example", "name": "A", "key": "1"},
        {"email": "b@x.example", "name": "B", "key": "2"},
    ]
    config.apply(stock.connection, {"users": users}, None)

    swapped = [{"email": "a@x.example", "key": "2"}, {"email": "b@x.example", "key": "1"}]
    config.apply(stock.connection, {"users": swapped}, None)

    assert stock.ask("select email, key from users where tenant_id = :tenant order by email") == [
        ("a@x.example", "2"),
        ("b@x.example", "1"),
    ]


def test_a_password_is_set_once_never_told_and_ends_sessions(stock):
    user = {"email": "a@x.example", "name": "A", "password": "first password"}
    config.apply(stock.connection, {"users": [user]}, None)
    stock.run(
        """insert into sessions (tenant_id, token_hash, user_id, expires_at)
           select :tenant, 'x', id, now() from users where tenant_id = :tenant"""
    )
    assert config.plan(stock.connection, {"users": [user]}).changes == []

    plan = config.apply(stock.connection, {"users": [{**user, "password": "second password"}]}, None)

    assert [(c.field, c.before, c.after) for c in plan.changes] == [("password", None, None)]
    assert stock.ask("select 1 from sessions where tenant_id = :tenant") == []
    assert "password" not in str(
        stock.ask("select before, after from audit where tenant_id = :tenant")
    ).replace("'password': None", "")


def test_somebody_who_is_deactivated_is_signed_out(stock):
    config.apply(stock.connection, {"users": [{"email": "a@x.example", "name": "A"}]}, None)
    stock.run(
        """insert into sessions (tenant_id, token_hash, user_id, expires_at)
           select :tenant, 'x', id, now() from users where tenant_id = :tenant"""
    )

    config.apply(stock.connection, {"users": [{"email": "a@x.example", "active": False}]}, None)

    assert stock.ask("select 1 from sessions where tenant_id = :tenant") == []


def test_every_change_is_in_the_audit_with_before_and_after(stock):
    config.apply(stock.connection, DOCUMENT, None)

    config.apply(stock.connection, organization(name="Nordwerk SE", shared_contracts=["S-1", "N-3"]), None)

    (last,) = stock.ask(
        """select act, record_id is not null, before, after
             from audit where tenant_id = :tenant order by id desc limit 1"""
    )
    assert last == (
        "organization.changed",
        True,
        {"key": "nordwerk", "name": "Nordwerk AG", "shared_contracts": {"removed": []}},
        {"key": "nordwerk", "name": "Nordwerk SE", "shared_contracts": {"added": ["N-3"]}},
    )


def test_changed_tags_change_which_documents_are_seen(stock):
    config.apply(stock.connection, DOCUMENT, None)
    stock.run(
        """insert into documents
                  (tenant_id, key, document_type, title, file_name, media_type, size, sha256, tags)
           values (:tenant, 'D', 'policy', 'D', 'd.pdf', 'application/pdf', 1, 'x', array['claims'])"""
    )
    stock.run(
        """insert into document_links (tenant_id, document_id, contract_id)
           select :tenant, d.id, c.id from documents d, contracts c
            where d.tenant_id = :tenant and c.tenant_id = :tenant and c.key = 'N-1'"""
    )

    config.apply(stock.connection, {"document_profiles": [{"key": "standard", "tags": ["claims"]}]}, None)

    assert stock.ask(
        "select count(distinct document_id) from visible_documents where tenant_id = :tenant"
    ) == [(1,)]
    assert visibility.differences(stock.connection) == []


def test_many_contracts_are_shared_at_once(stock):
    many = [f"M-{number:03}" for number in range(500)]
    stock.contracts("suedbau", *many)

    plan = config.apply(stock.connection, organization(name="N", shared_contracts=many), None)

    assert [change.field for change in plan.changes] == [None]
    assert stock.seen_contracts("nordwerk") == set(many)
    assert config.plan(stock.connection, organization(shared_contracts=many)).changes == []


def test_names_only_the_fields_that_change_in_words(stock):
    config.apply(stock.connection, DOCUMENT, None)
    with speaking("en"):
        plan = config.plan(
            stock.connection,
            organization(share_automatically=False, shared_contracts=["N-1", "N-2"], ends_on=None),
        )
        told = [tell(change) for change in plan.changes]

    assert told == [
        "~ Organisation nordwerk, ends_on: 2031-12-31 → –",
        "~ Organisation nordwerk, share_automatically: yes → no",
        "~ Organisation nordwerk, shared_contracts: S-1 → N-1, N-2",
    ]


def test_a_logo_is_stored_as_a_png_and_applying_it_again_changes_nothing(stock, tmp_path):
    Image.new("RGB", (900, 1800), "teal").save(tmp_path / "logo.jpg", exif=b"Exif\0\0secret place")
    document = organization(name="N", logo="logo.jpg")
    kept = KeptFiles()

    config.apply(stock.connection, document, None, folder=tmp_path, storage=kept)

    (picture,) = kept.files
    shown = Image.open(io.BytesIO(picture))
    assert (shown.format, shown.size) == ("PNG", (256, 512))
    assert b"secret" not in picture
    assert config.plan(stock.connection, document, folder=tmp_path).changes == []
    assert config.plan(stock.connection, config.export(stock.connection)).changes == []


@pytest.mark.parametrize("logo", ["missing.png", "text.png", "stored:0000", "../../etc/hostname", "."])
def test_what_is_no_picture_is_refused(stock, tmp_path, logo):
    (tmp_path / "text.png").write_text("<svg onload=alert(1)>")

    with pytest.raises(Unacceptable) as refused:
        config.plan(stock.connection, organization(name="N", logo=logo), folder=tmp_path)

    assert list(refused.value.problems) == ["organizations[nordwerk].logo"]


def test_without_a_folder_no_file_is_read(stock):
    with pytest.raises(Unacceptable) as refused:
        config.plan(stock.connection, organization(name="N", logo="/etc/hostname"))

    assert list(refused.value.problems) == ["organizations[nordwerk].logo"]


def some(*words):
    return st.lists(st.sampled_from(words), unique=True)


days = st.none() | st.dates(datetime.date(2025, 1, 1), datetime.date(2027, 1, 1)).map(str)
objects = st.just("all") | some("hall", "office")
member_lists = st.lists(
    st.fixed_dictionaries(
        {
            "user": st.sampled_from(["a@x.example", "b@x.example", "c@x.example"]),
            "profile": st.sampled_from(["accounting", "claims-reporter"]),
        },
        optional={"objects": objects, "starts_on": days, "main": st.just(False)},
    ),
    unique_by=lambda member: member["user"],
)
settings_of_one = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["Nord", "Süd"]),
        "parent": st.sampled_from([None, "top"]),
        "policyholders": some("nordwerk", "suedbau"),
        "whole_mandates": some("north", "south"),
        "mandates": some("north", "south"),
        "share_automatically": st.booleans(),
        "states": some("own", "policy", "quote"),
        "lines_of_business": some("080", "192"),
        "shared_contracts": some("N-1", "S-1"),
        "excluded_contracts": some("N-2", "N-3"),
        "objects": objects,
        "include_claims": st.booleans(),
        "claims": st.sampled_from(["all", "members"]),
        "document_profile": st.sampled_from([None, "standard"]),
        "ends_on": days,
        "members": member_lists,
    },
)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.dictionaries(st.sampled_from(["top", "one", "two"]), settings_of_one), min_size=1, max_size=4)
)
def test_any_sequence_of_documents_is_idempotent_exported_and_seen(stock, documents):
    everything = stock.connection.begin_nested()
    base = {
        "document_profiles": [{"key": "standard", "name": "Standard", "tags": ["client"]}],
        "users": [{"email": f"{who}@x.example", "name": who} for who in "abc"],
        "organizations": [{"key": key, "name": key} for key in ("top", "one", "two")],
    }
    config.apply(stock.connection, base, None)
    for wanted in documents:
        entries = [{"key": key, **told} for key, told in wanted.items()]
        for told in entries:
            if told["key"] == "top":
                told.pop("parent", None)
        document = {"organizations": entries}

        config.apply(stock.connection, document, None)

        assert config.plan(stock.connection, document).changes == []
        exported = config.export(stock.connection)
        assert config.plan(stock.connection, exported).changes == []
        for told in entries:
            found = entry(exported, "organizations", told["key"])
            members = {member["user"]: member for member in found["members"]}
            for member in told.pop("members", []):
                member.pop("main", None)
                assert contained(member, members[member["user"]])
            assert contained(told, found)
        assert visibility.differences(stock.connection) == []
        in_several = [user for user, count in stock.ask(
            "select user_id, count(*) filter (where is_main) from memberships where tenant_id = :tenant group by 1"
        ) if count != 1]  # fmt: skip
        assert in_several == []
    everything.rollback()
