"""Whatever is imported in whatever order: the portal can say what stood at any moment, exactly.

Beside the database a plain log of states is kept. Both are asked about random moments; they never differ.
"""

from __future__ import annotations

import datetime
import itertools
import random
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import text

from app.core.db import Base
from app.core.history import history_of, keeping
from app.exchange.records import take_in
from app.exchange.report import Report
from tests.factories import Make
from tests.security.stock import with_cookie

TABLES = {"contract": "contracts", "claim": "claims", "invoice": "invoices"}
STATUSES = {
    "contract": ("own", "quote", "dormant"), "claim": ("open", "settled", "closed"), "invoice": ("open", "paid", "overdue")
}  # fmt: skip
KEYS = ("1", "2", "3", "4", "5")


def rows_at(web: Any, tenant_id: Any, kind: str, moment: datetime.datetime) -> dict[str, tuple[Any, ...]]:
    """What the two tables say stood then, by key; fails if they name a record twice."""
    table = TABLES[kind]
    shown = "key, status, currency, policyholder_id"
    with web.begin() as connection:
        found = connection.execute(
            text(
                f"""select {shown} from {table} where tenant_id = :t and valid_from <= :at
                    union all
                    select {shown} from {table}_history where tenant_id = :t and valid_from <= :at and valid_to > :at"""
            ),
            {"t": tenant_id, "at": moment},
        ).all()
    assert len({row.key for row in found}) == len(found)
    return {row.key: tuple(row)[1:] for row in found}


@pytest.fixture
def moment(web):
    def moment() -> datetime.datetime:
        with web.connect() as connection:
            return connection.execute(text("select clock_timestamp()")).scalar_one()

    return moment


@pytest.mark.parametrize(
    "seed", [1, pytest.param(2, marks=pytest.mark.deep), pytest.param(3, marks=pytest.mark.deep)]
)
def test_what_stood_at_any_moment_is_what_a_plain_log_says(seed, portal, web, tenant_id, give, moment, stock):
    chance = random.Random(seed)
    with web.begin() as connection:
        holders = dict(
            connection.execute(
                text("select key, id from policyholders where tenant_id = :t"), {"t": tenant_id}
            ).all()
        )
    world: dict[str, dict[str, dict[str, Any]]] = {kind: {} for kind in TABLES}
    log = []

    def note() -> None:
        told = {
            kind: {
                key: (row["status"], row.get("currency"), holders.get(row.get("policyholder")))
                for key, row in rows.items()
            }
            for kind, rows in world.items()
        }
        log.append((moment(), told))

    note()
    for _turn in range(40):
        kind = chance.choice(list(TABLES))
        rows = []
        for key in chance.sample(KEYS, chance.randint(1, 4)):
            row = {
                "key": f"X-{key}",
                "status": chance.choice(STATUSES[kind]),
                "currency": chance.choice(["EUR", "CHF"]),
            }
            if kind != "claim":
                row["policyholder"] = chance.choice(["P-1", "P-2"])
            if kind == "invoice":
                row |= {"kind": "fee", "number": f"N-{key}"}
            if kind == "contract":
                row |= {"number": f"N-{key}"}
            # What a row leaves out stays; a record that is new needs all of it.
            if row["key"] in world[kind] and chance.random() < 0.5:
                row.pop("currency")
            rows.append(row)
        fate = chance.choice(["taken", "taken", "taken", "taken again", "dry run", "refused", "undone"])
        if fate == "refused":
            report = give(kind, *rows, {"key": "X-bad", "status": "no such status"})
            assert not report.is_good
        elif fate == "dry run":
            give(kind, *rows, dry_run=True)
        else:
            before = {row["key"]: dict(world[kind].get(row["key"], {})) for row in rows}
            assert give(kind, *rows).is_good
            for row in rows:
                world[kind][row["key"]] = {**world[kind].get(row["key"], {}), **row}
            note()
            if fate == "taken again":
                assert give(kind, *rows).changed == 0
            if fate == "undone" and all(before.values()):
                # The broker sends what was there before.
                assert give(kind, *before.values()).is_good
                world[kind].update(before)
        note()

    def wanted(told: Any, kind: str) -> dict[str, tuple[Any, ...]]:
        return {key: (row[0], row[1], None if kind == "claim" else row[2]) for key, row in told[kind].items()}

    def stood(kind: str, at: datetime.datetime) -> dict[str, tuple[Any, ...]]:
        return {key: row for key, row in rows_at(web, tenant_id, kind, at).items() if key.startswith("X-")}

    for kind in TABLES:
        for (at, told), (later, told_later) in itertools.pairwise(log):
            assert stood(kind, at) == wanted(told, kind), (seed, kind, at)
            between = at + (later - at) * chance.random()
            assert stood(kind, between) in (wanted(told, kind), wanted(told_later, kind)), (
                seed,
                kind,
                between,
            )

    # And so says the portal itself.
    house = Make(web, tenant_id)
    desk = with_cookie(portal, house, user=house.user(is_staff=True, profile_id=house.profile(is_staff=True)))
    for at, told in chance.sample(log, 10):
        for kind, table in TABLES.items():
            found = desk.ask(f"/api/v1/{table}?limit=200&as_of={quote(at.isoformat())}").json[table]
            assert {
                one["key"]: (one["status"], one["currency"]) for one in found if one["key"].startswith("X-")
            } == {key: row[:2] for key, row in wanted(told, kind).items()}


def test_a_first_import_leaves_nothing_but_the_present(web, tenant_id, stock):
    with web.begin() as connection:
        for table in TABLES.values():
            assert (
                connection.scalar(
                    text(f"select count(*) from {table}_history where tenant_id = :t"), {"t": tenant_id}
                )
                == 0
            )
            assert (
                connection.scalar(
                    text(
                        f"""select count(*) from {table} r where r.tenant_id = :t and not exists (
                        select 1 from imports i where i.tenant_id = r.tenant_id and i.id = r.import_id)"""
                    ),
                    {"t": tenant_id},
                )
                == 0
            )


def test_a_change_keeps_all_of_what_was_and_names_the_import(web, tenant_id, give, stock):
    contracts = Base.metadata.tables["contracts"]
    with web.begin() as connection:
        before = connection.execute(contracts.select().where(contracts.c.key == "C-1")).mappings().one()

    give(
        "contract",
        {"key": "C-1", "policyholder": "P-1", "number": "10-1", "status": "dormant"},
        file_name="second.json",
    )

    with web.begin() as connection:
        now = connection.execute(contracts.select().where(contracts.c.key == "C-1")).mappings().one()
        (past,) = connection.execute(history_of(contracts).select()).mappings().all()
        file = connection.scalar(
            text("select file_name from imports where tenant_id = :t and id = :i"),
            {"t": tenant_id, "i": now["import_id"]},
        )
    assert {name: value for name, value in past.items() if name != "valid_to"} == dict(before)
    assert past["valid_to"] == now["valid_from"] > before["valid_from"]
    assert (past["status"], now["status"], file) == ("own", "dormant", "second.json")


def test_other_links_are_no_other_state(web, tenant_id, give, stock):
    give(
        "contract",
        {"key": "C-1", "policyholder": "P-1", "number": "10-1", "status": "own", "co_policyholders": []},
    )
    with web.begin() as connection:
        assert connection.scalar(text("select count(*) from contracts_history")) == 0


def test_what_is_deleted_is_kept_too(web, tenant_id, stock):
    table = Base.metadata.tables["invoices"]
    delete = keeping(
        table, "delete from invoices where tenant_id = %(tenant)s and key = 'R-1'", {"id": "old.id"}
    )
    with web.begin() as connection:
        (gone,) = connection.exec_driver_sql(delete, {"tenant": tenant_id}).scalars().all()
    with web.begin() as connection:
        (past,) = connection.execute(history_of(table).select()).mappings().all()
        assert connection.scalar(text("select count(*) from invoices")) == 0
    assert (past["id"], past["number"]) == (gone, "2024-1")


def test_two_changes_in_one_transaction_are_two_states(web, tenant_id, stock):
    """As the packages of a file do: the second begins where the first ends, and none is empty."""
    with web.begin() as connection:
        for status in ("paid", "overdue"):
            row = {
                "key": "R-1",
                "policyholder": "P-1",
                "number": "2024-1",
                "kind": "premium",
                "status": status,
            }
            assert take_in(connection, Report("invoice"), [row], tenant_id)
    with web.begin() as connection:
        found = connection.execute(
            text("select status, valid_from, valid_to from invoices_history order by valid_from")
        ).all()
        now = connection.execute(text("select status, valid_from from invoices")).one()
    assert [row.status for row in found] == ["open", "paid"]
    assert now.status == "overdue"
    assert (
        found[0].valid_from < found[0].valid_to == found[1].valid_from < found[1].valid_to == now.valid_from
    )


def test_a_clock_that_was_put_back_ends_no_state_before_it_began(web, tenant_id, give, stock):
    with web.begin() as connection:
        connection.execute(text("update invoices set valid_from = now() + interval '1 hour'"))
    give(
        "invoice",
        {"key": "R-1", "policyholder": "P-1", "number": "2024-1", "kind": "premium", "status": "paid"},
    )
    with web.begin() as connection:
        assert connection.scalar(text("select count(*) from invoices_history")) == 0
        assert connection.scalar(text("select status = 'paid' and valid_from > now() from invoices"))
