"""The log on the command line: looked through, and a person erased from it."""

from __future__ import annotations

import uuid

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from app.administration.audit.commands import audit_group
from app.core import audit, chain
from tenants import current


@pytest.fixture
def run(portal, make):
    """Run `portico audit …` for the broker; its answer and exit code."""

    def run(*words):
        with portal.app_context():
            return CliRunner().invoke(audit_group, [*words, "--tenant", make.tenant_id.hex])

    return run


@pytest.fixture
def noted(make, web):
    def noted(act, **what):
        with current.acting_for(make.tenant_id), web.begin() as connection:
            audit.write(connection, make.tenant_id, act, **what)

    return noted


def rows(make, web):
    """By number: act, before and after."""
    with current.acting_for(make.tenant_id), web.connect() as connection:
        found = connection.execute(
            text(
                """select s.number, a.act, a.before, a.after from audit a
                     join audit_seals s on s.tenant_id = :t and s.row_id = a.id where a.tenant_id = :t order by 1"""
            ),
            {"t": make.tenant_id},
        )
        return {row.number: (row.act, row.before, row.after) for row in found}


def test_a_log_nobody_touched_is_intact_and_says_its_last_hash(run, noted):
    for _ in range(3):
        noted("session.start")

    answer = run("verify")

    assert answer.exit_code == 0
    number, _colon, head = answer.output.split()[-1].partition(":")
    assert (number, len(head)) == ("3", 64)
    noted("session.end")
    assert run("verify", "--noted", f"3:{head}").exit_code == 0
    assert run("verify", "--noted", f"4:{head}").exit_code == 1
    assert run("verify", "--noted", "nonsense").exit_code == 2


def test_a_row_changed_by_hand_is_named_and_ends_with_code_1(run, noted, make, owner):
    for _ in range(3):
        noted("session.start", actor_id=uuid.uuid4())
    with current.acting_for(make.tenant_id), owner.begin() as connection:
        changed = connection.execute(
            text(
                """update audit set actor_id = null where tenant_id = :t and id =
                          (select row_id from audit_seals where tenant_id = :t and number = 2) returning id"""
            ),
            {"t": make.tenant_id},
        ).scalar_one()

    answer = run("verify")

    assert answer.exit_code == 1
    assert "2" in answer.output
    assert str(changed) in answer.output


def test_a_person_is_erased_and_the_chain_holds(run, noted, make, web, owner):
    anna = make.user("Anna Amsel", email="anna@nordwerk.example")
    make.user("Joanna Amsel", email="joanna@nordwerk.example")
    noted("session.start", actor_id=anna, record="user", record_id=anna)
    noted(
        "user.created",
        record="user",
        record_id=anna,
        after={"key": "anna.alt@nordwerk.example", "name": "Anna Alt"},
    )
    noted(
        "user.changed",
        record="user",
        record_id=anna,
        before={"name": "Anna Alt"},
        after={"name": "Anna Amsel"},
    )
    noted(
        "membership.created",
        record="membership",
        after={"key": "nordwerk/anna@nordwerk.example", "profile": "x"},
    )
    noted("report.create", actor_id=anna, after={"name": "For anna alt", "document": {}})
    noted("membership.created", record="membership", after={"key": "nordwerk/joanna@nordwerk.example"})
    before = run("verify").output

    answer = run("erase", "ANNA@nordwerk.example", "--yes")

    assert answer.exit_code == 0
    left = rows(make, web)
    emptied = [number for number, (_act, was, became) in left.items() if was is None and became is None]
    assert emptied == [1, 2, 3, 4, 5]
    assert left[7] == (chain.ERASED, None, {"rows": [2, 3, 4, 5]})
    assert "anna@nordwerk.example" not in str(left).replace("joanna@nordwerk.example", "")
    assert run("verify").exit_code == 0
    number, _colon, head = before.split()[-1].partition(":")
    assert run("verify", "--noted", f"{number}:{head}").exit_code == 0


def test_somebody_who_is_no_more_is_erased_by_his_id(run, noted, make, web):
    gone = uuid.uuid4()
    noted(
        "user.removed",
        record="user",
        record_id=gone,
        before={"name": "Ben Buche", "email": "ben@nordwerk.example"},
    )
    noted("subscription.create", record="subscription", after={"address": "ben@nordwerk.example"})

    assert run("erase", str(gone), "--yes").exit_code == 0
    assert run("erase", "nobody@nordwerk.example", "--yes").exit_code == 1

    assert "buche" not in str(rows(make, web)).lower()
    assert "ben@" not in str(rows(make, web))
    assert run("verify").exit_code == 0


def test_rows_of_a_release_before_the_chain_are_taken_in_and_named(run, noted, make, web):
    noted("session.start")
    with current.acting_for(make.tenant_id), web.begin() as connection:
        outside = connection.scalar(
            text("insert into audit (tenant_id, act) values (:t, 'session.start') returning id"),
            {"t": make.tenant_id},
        )
    assert run("verify").exit_code == 1

    assert run("seal").exit_code == 0

    assert run("verify").exit_code == 0
    assert [act for act, _was, _became in rows(make, web).values()] == [
        "session.start",
        "session.start",
        "audit.sealed",
    ]
    assert rows(make, web)[3][2] == {"rows": [str(outside)]}
    assert run("seal").exit_code == 0
    assert len(rows(make, web)) == 3
