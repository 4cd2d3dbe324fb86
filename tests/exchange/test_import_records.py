"""Records come in by key: what is given counts, what is left out stays, and a batch is all or nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from app.exchange.problems import Reason
from app.exchange.records import BATCH, take
from tenants import current, visibility
from tenants.arrangement import arrange
from tests.conftest import make_tenant
from tests.exchange.conftest import STOCK


def values(web, statement):
    with web.begin() as connection:
        return [tuple(row) for row in connection.execute(text(statement), {"tenant": current.tenant_id()})]


def found(report):
    return [(problem.line, problem.field, problem.reason) for problem in report.errors]


@pytest.mark.usefixtures("stock")
@pytest.mark.parametrize("record_type", STOCK)
def test_importing_twice_changes_nothing(give, record_type):
    again = give(record_type, *STOCK[record_type])

    assert (again.new, again.changed, again.unchanged) == (0, 0, len(STOCK[record_type]))


@pytest.mark.usefixtures("stock")
def test_a_field_left_out_keeps_its_value_and_null_empties_it(give, web):
    give("contract", {"key": "C-1", "premium_net": "99.90", "line_of_business": None})

    assert values(
        web,
        """select number, premium_net::text, line_of_business, document_on::text, attributes ->> 'clauses'
             from contracts where tenant_id = :tenant and key = 'C-1'""",
    ) == [("10-1", "99.9000", None, "2024-01-15", '["A", "B"]')]


@pytest.mark.usefixtures("stock")
def test_rows_of_one_batch_may_bring_different_fields(give, web):
    report = give(
        "policyholder", {"key": "P-1", "city": "Bremen"}, {"key": "P-2", "phone": "+49 30 1", "clerk": "S-1"}
    )

    assert report.changed == 2
    assert values(
        web,
        """select p.city, p.phone, u.name from policyholders p join users u on u.id = p.clerk_id
            where p.tenant_id = :tenant order by p.key""",
    ) == [("Bremen", None, "Eva Lang"), (None, "+49 30 1", "Eva Lang")]


@pytest.mark.usefixtures("stock")
def test_a_list_replaces_the_links_and_a_list_left_out_leaves_them(give, web):
    links = """select c.key from contract_objects l join contracts c on c.id = l.contract_id
                where l.tenant_id = :tenant order by c.key"""

    assert give("object", {"key": "O-1", "label": "Halle 8"}).changed == 1
    assert values(web, links) == [("C-1",), ("C-2",)]

    assert give("object", {"key": "O-1", "contracts": ["C-2"]}).changed == 1
    assert values(web, links) == [("C-2",)]

    assert give("object", {"key": "O-1", "contracts": []}).changed == 1
    assert values(web, links) == []


@pytest.mark.usefixtures("stock")
def test_a_document_moves_to_another_record(give, web):
    assert give("document", {"key": "D-1", "links": [{"type": "claim", "key": "L-1"}]}).changed == 1

    assert values(
        web,
        """select l.claim_id is not null, l.contract_id, l.policyholder_id from document_links l
            where l.tenant_id = :tenant""",
    ) == [(True, None, None)]


@pytest.mark.usefixtures("stock")
@pytest.mark.parametrize(
    ("record_type", "row", "expected"),
    [
        ("contract", {"premium_net": "1.234,50"}, ("premium_net", Reason.NOT_A_NUMBER)),
        ("contract", {"premium_net": "1.23456"}, ("premium_net", Reason.NOT_A_NUMBER)),
        ("contract", {"premium_net": "NaN"}, ("premium_net", Reason.NOT_A_NUMBER)),
        ("contract", {"premium_net": "9" * 15}, ("premium_net", Reason.NOT_A_NUMBER)),
        ("contract", {"starts_on": "2023-02-29"}, ("starts_on", Reason.NOT_A_DAY)),
        ("contract", {"starts_on": "29.02.2024"}, ("starts_on", Reason.NOT_A_DAY)),
        ("contract", {"starts_on": "infinity"}, ("starts_on", Reason.NOT_A_DAY)),
        ("contract", {"notice_period_months": "3.5"}, ("notice_period_months", Reason.NOT_WHOLE)),
        ("contract", {"status": "active"}, ("status", Reason.UNKNOWN_CODE)),
        ("contract", {"status": None}, ("status", Reason.REQUIRED)),
        ("contract", {"currency": "EURO"}, ("currency", Reason.UNKNOWN_CURRENCY)),
        ("contract", {"currency": None}, ("premium_net", Reason.NO_CURRENCY)),
        ("contract", {"policyholder": "P-9"}, ("policyholder", Reason.UNKNOWN_KEY)),
        ("contract", {"co_policyholders": ["P-1", "P-9"]}, ("co_policyholders", Reason.UNKNOWN_KEY)),
        ("contract", {"co_policyholders": "P-1"}, ("co_policyholders", Reason.NOT_A_LIST)),
        ("contract", {"attributes": [1]}, ("attributes", Reason.NOT_DETAILS)),
        ("contract", {"number": 12}, ("number", Reason.NOT_TEXT)),
        ("contract", {"number": "1" * 201}, ("number", Reason.TOO_LONG)),
        ("contract", {"premium": "1"}, ("premium", Reason.UNKNOWN_FIELD)),
        ("contract", {"id": "x"}, ("id", Reason.UNKNOWN_FIELD)),
        ("policyholder", {"country": "Deutschland"}, ("country", Reason.UNKNOWN_COUNTRY)),
        ("message", {"sent_at": "2024-03-01"}, ("sent_at", Reason.NOT_A_MOMENT)),
        ("message", {"sent_at": "2024-02-30T09:30:00Z"}, ("sent_at", Reason.NOT_A_MOMENT)),
        ("message", {"sent_at": "2024-03-01T09:30:00"}, ("sent_at", Reason.NOT_A_MOMENT)),
        ("message", {"of_case": "V-9"}, ("of_case", Reason.UNKNOWN_KEY)),
        ("message", {"text": None}, ("text", Reason.REQUIRED)),
        ("case", {"is_confidential": "perhaps"}, ("is_confidential", Reason.NOT_A_FLAG)),
        ("document", {"links": [{"type": "mandate", "key": "M-1"}]}, ("links", Reason.NOT_A_LINK)),
        ("document", {"links": [{"type": "claim", "key": "L-9"}]}, ("links", Reason.UNKNOWN_KEY)),
        ("document", {"tags": ["a", 1]}, ("tags", Reason.NOT_TEXT)),
        ("staff", {"email": "nobody"}, ("email", Reason.NOT_AN_EMAIL)),
    ],
)
def test_a_wrong_value_is_named_with_field_and_reason(give, record_type, row, expected):
    report = give(record_type, {"key": STOCK[record_type][0]["key"], **row})

    assert (1, *expected) in found(report)
    assert (report.changed, report.refused) == (0, 1)
    assert report.errors[0].text()


@pytest.mark.usefixtures("stock")
def test_a_new_record_needs_what_is_required(give):
    report = give("contract", {"key": "C-3", "number": "10-3"})

    assert found(report) == [(1, "policyholder", Reason.REQUIRED), (1, "status", Reason.REQUIRED)]


def test_a_record_needs_its_key(give):
    assert found(give("insurer", {"name": "Ohne Nummer"}, {"key": "", "name": "Leer"})) == [
        (1, "key", Reason.REQUIRED),
        (2, "key", Reason.REQUIRED),
    ]


def test_a_key_twice_in_one_batch_names_both_lines(give):
    report = give("insurer", {"key": "1", "name": "A"}, {"key": "2", "name": "B"}, {"key": "1", "name": "C"})

    assert found(report) == [(3, "key", Reason.TWICE)]
    assert report.errors[0].params == {"first": 1}


def test_one_wrong_row_refuses_its_batch_and_no_other(give, web):
    rows = [{"key": str(n), "name": f"VU {n}"} for n in range(BATCH + 5)]
    rows[7]["name"] = ""

    report = give("insurer", *rows)

    assert (report.new, report.refused, report.batches) == (5, BATCH, 2)
    assert found(report) == [(8, "name", Reason.REQUIRED)]
    assert values(web, "select count(*) from insurers where tenant_id = :tenant") == [(5,)]


def test_a_thousand_errors_are_kept_and_the_rest_counted(give):
    report = give(
        "insurer", *({"key": str(n), "name": "", "city": "?"} for n in range(700)), *({"key": "x"},) * 700
    )

    assert len(report.errors) == 1000
    assert report.problems.count >= 1400


@pytest.mark.usefixtures("stock")
def test_a_dry_run_tells_what_would_change_and_changes_nothing(give, web):
    report = give(
        "contract",
        {"key": "C-1", "premium_net": "1300", "policyholder": "P-2", "co_policyholders": []},
        {"key": "C-3", "number": "10-3", "status": "own", "policyholder": "P-1"},
        dry_run=True,
    )

    assert (report.new, report.changed) == (1, 1)
    assert report.differences == {
        "co_policyholders": {"count": 1, "examples": [{"key": "C-1", "old": "P-2", "new": None}]},
        "policyholder": {"count": 1, "examples": [{"key": "C-1", "old": "P-1", "new": "P-2"}]},
        "premium_net": {"count": 1, "examples": [{"key": "C-1", "old": "1234.5000", "new": "1300.0000"}]},
    }
    assert give("contract", *STOCK["contract"]).unchanged == 2
    assert values(web, "select count(*) from contracts where tenant_id = :tenant") == [(2,)]


@pytest.mark.usefixtures("stock")
def test_keys_of_another_broker_do_not_exist(owner, web):
    with current.acting_for(make_tenant(owner)):
        report = take(web, "policyholder", STOCK["policyholder"])

        assert (1, "mandate", Reason.UNKNOWN_KEY) in found(report)
        assert values(web, "select count(*) from policyholders where tenant_id = :tenant") == [(0,)]


@pytest.mark.usefixtures("stock")
def test_staff_keep_what_only_they_decide_and_nobody_takes_an_address(give, web):
    with web.begin() as connection:
        connection.execute(
            text("update users set password_hash = 'x', language = 'fr' where tenant_id = :tenant"),
            {"tenant": current.tenant_id()},
        )
        connection.execute(
            text(
                "insert into users (tenant_id, key, email, name) values (:tenant, 'U-1', 'guest@client.test', 'Guest')"
            ),
            {"tenant": current.tenant_id()},
        )

    assert give("staff", {"key": "S-1", "active": False, "mandates": ["M-2"]}).changed == 1
    assert values(
        web,
        """select u.email, u.password_hash, u.language, u.is_active, u.is_staff, m.key from users u
             join staff_mandates l on l.user_id = u.id join mandates m on m.id = l.mandate_id
            where u.tenant_id = :tenant""",
    ) == [("eva@broker.test", "x", "fr", False, True, "M-2")]
    taken = give(
        "staff", {"key": "S-2", "name": "B", "email": "GUEST@client.test"}, {"key": "U-1", "name": "C"}
    )
    assert found(taken) == [(1, "email", Reason.EMAIL_TAKEN), (2, "key", Reason.NOT_STAFF)]


@pytest.mark.usefixtures("stock")
def test_visibility_follows_an_import(give, web):
    with web.begin() as connection:
        organization = connection.execute(
            text(
                """insert into organizations (tenant_id, key, name, share_automatically, states, include_claims)
                   values (:tenant, 'O', 'Gruppe', true, '{policy,quote}', true) returning id"""
            ),
            {"tenant": current.tenant_id()},
        ).scalar_one()
        connection.execute(
            text(
                """insert into organization_policyholders (tenant_id, organization_id, policyholder_id)
                   select :tenant, :id, id from policyholders where tenant_id = :tenant and key = 'P-1'"""
            ),
            {"tenant": current.tenant_id(), "id": organization},
        )
        arrange(connection, {organization}, set())
    seen = """select c.key from visible_contracts v join contracts c on c.id = v.contract_id
               where v.tenant_id = :tenant order by 1"""
    assert values(web, seen) == [("C-1",)]

    give("contract", {"key": "C-2", "policyholder": "P-1"}, {"key": "C-1", "status": "cancelled"})
    assert values(web, seen) == [("C-2",)]

    give(
        "contract",
        {"key": "C-2", "policyholder": "P-2"},
        {"key": "C-1", "status": "own", "co_policyholders": []},
    )
    give("contract", {"key": "C-2", "co_policyholders": ["P-1"]})
    give("object", {"key": "O-1", "contracts": ["C-2"]})
    give("claim", {"key": "L-1", "contract": "C-2", "object": None})
    give("policyholder", {"key": "P-1", "mandate": "M-2"})
    assert values(web, seen) == [("C-1",), ("C-2",)]
    with web.begin() as connection:
        assert visibility.differences(connection) == []


@pytest.mark.usefixtures("stock")
def test_every_import_that_took_something_is_on_record(give, web):
    before = values(web, "select count(*) from audit where tenant_id = :tenant")[0][0]

    give("insurer", {"key": "7", "name": "Neu"}, source="csv", file_name="vu.csv")
    give("insurer", {"key": "8"}, source="csv", file_name="vu.csv")

    assert values(web, "select count(*) from audit where tenant_id = :tenant")[0][0] == before + 1
    assert values(
        web,
        """select source, file_name, finished_at is not null, summary ->> 'new' from imports
            where tenant_id = :tenant and file_name = 'vu.csv'""",
    ) == [("csv", "vu.csv", True, "1")]
    assert values(web, "select count(*) from incoming_rows where tenant_id = :tenant") == [(0,)]
