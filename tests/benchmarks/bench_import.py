"""How fast contracts come in: against a bare COPY and INSERT, with visibility and without, in flat memory.

Costs are CPU seconds of this process and of the PostgreSQL process that works for it, so that a busy machine does
not decide.
"""

from __future__ import annotations

import itertools
import os
import resource
import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import orjson
from sqlalchemy import Connection, Engine

from app.core import history
from app.exchange import merging, records
from tenants import current, visibility
from tenants.arrangement import arrange
from tests.benchmarks.measure import Finding
from tests.conftest import make_tenant

ROWS = 100_000
POLICYHOLDERS, INSURERS, STAFF, ORGANIZATIONS = 5_000, 200, 40, 50

COLUMNS = (
    "key", "policyholder_id", "number", "insurer_id", "insurer_share", "co_insurance", "line_of_business",
    "contract_type", "status", "product", "application_on", "document_on", "starts_on", "ends_on", "annual_due_on",
    "notice_period_months", "payment_frequency", "currency", "premium_net", "insurance_tax", "premium_gross",
    "sum_insured", "deductible", "account_manager_id", "clerk_id", "intermediary", "remarks",
)  # fmt: skip


def row(n: int) -> dict[str, Any]:
    """A contract as a broker's system delivers it; the references are numbers of records."""
    return {
        "key": f"C-{n:08}",
        "policyholder": f"P-{n * 7919 % POLICYHOLDERS}",
        "number": f"{n * 104729 % 10**8:08}-{n % 97:02}",
        "insurer": f"V-{n % INSURERS}",
        "insurer_share": "100",
        "co_insurance": "alone",
        "line_of_business": ("010", "040", "050", "080")[n % 4],
        "contract_type": "single",
        "status": "own",
        "product": "Betriebsschutz Komfort",
        "application_on": "2023-11-02",
        "document_on": "2023-12-01",
        "starts_on": "2024-01-01",
        "ends_on": f"20{25 + n % 9}-01-01",
        "annual_due_on": "2025-01-01",
        "notice_period_months": 3,
        "payment_frequency": "yearly",
        "currency": "EUR",
        "premium_net": f"{100 + n % 9000}.50",
        "insurance_tax": f"{19 + n % 1700}.10",
        "premium_gross": f"{119 + n % 11000}.60",
        "sum_insured": f"{n % 900 + 1}0000",
        "deductible": "500",
        "account_manager": f"S-{n % STAFF}",
        "clerk": f"S-{n * 3 % STAFF}",
        "intermediary": "4711",
        "remarks": "Nachtrag folgt",
    }


def lines() -> Iterator[bytes]:
    for n in range(ROWS):
        yield orjson.dumps(row(n))


def stage(connection: Connection) -> None:
    """The records contracts name, and organizations that share a policyholder each hundredth."""
    values = {"tenant": current.tenant_id(), "mandate": uuid.uuid4()}
    for statement in (
        "insert into mandates (tenant_id, id, key, name) values (%(tenant)s, %(mandate)s, 'M', 'Nord')",
        f"""insert into policyholders (tenant_id, key, mandate_id, kind, name)
            select %(tenant)s, 'P-' || n, %(mandate)s, 'company', 'Werk ' || n
              from generate_series(0, {POLICYHOLDERS - 1}) n""",
        f"""insert into insurers (tenant_id, key, name)
            select %(tenant)s, 'V-' || n, 'Versicherer ' || n from generate_series(0, {INSURERS - 1}) n""",
        f"""insert into users (tenant_id, key, email, name, is_staff)
            select %(tenant)s, 'S-' || n, 's' || n || '@example.test', 'Person ' || n, true
              from generate_series(0, {STAFF - 1}) n""",
        f"""insert into organizations (tenant_id, key, name, share_automatically, states)
            select %(tenant)s, 'O-' || n, 'Gruppe ' || n, true, '{{policy,own}}'
              from generate_series(0, {ORGANIZATIONS - 1}) n""",
        f"""insert into organization_policyholders (tenant_id, organization_id, policyholder_id)
            select %(tenant)s, o.id, p.id from organizations o join policyholders p
                on p.tenant_id = o.tenant_id and substr(p.key, 3)::int %% {ORGANIZATIONS} = substr(o.key, 3)::int
             where o.tenant_id = %(tenant)s""",
    ):
        connection.exec_driver_sql(statement, values)
    found = connection.exec_driver_sql("select id from organizations where tenant_id = %(tenant)s", values)
    arrange(connection, {row[0] for row in found}, set())


def typed(connection: Connection) -> list[tuple[Any, ...]]:
    """The same rows with their references resolved, as tuples in the order of COLUMNS."""
    ids = {
        key: record
        for table in ("policyholders", "insurers", "users")
        for key, record in connection.exec_driver_sql(
            f"select key, id from {table} where tenant_id = %(tenant)s", {"tenant": current.tenant_id()}
        )
    }
    rows = []
    for n in range(ROWS):
        given = row(n)
        rows.append(
            tuple(ids[given[c.removesuffix("_id")]] if c.endswith("_id") else given[c] for c in COLUMNS)
        )
    return rows


def cost(engine: Engine) -> float:
    """CPU seconds so far, here and in the engine's one backend."""
    with engine.begin() as connection:
        pid = connection.exec_driver_sql("select pg_backend_pid()").scalar_one()
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return time.process_time() + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def bare(owner: Engine) -> float:
    """The cost of COPY into a typed table without wall and indexes, and INSERT … ON CONFLICT from it."""
    names = ", ".join(COLUMNS)
    update = ", ".join(f"{c} = excluded.{c}" for c in COLUMNS)
    with owner.begin() as connection:
        rows = typed(connection)
        connection.exec_driver_sql("drop table if exists bench_contracts")
        connection.exec_driver_sql(
            f"create unlogged table bench_contracts as select {names} from contracts with no data"
        )
    start = cost(owner)
    with owner.begin() as connection:
        cursor = connection.connection.cursor()
        with cursor.copy(f"copy bench_contracts ({names}) from stdin") as copy:
            for values in rows:
                copy.write_row(values)
        connection.exec_driver_sql(
            f"""insert into contracts (tenant_id, {names}) select %(tenant)s, {names} from bench_contracts
                on conflict (tenant_id, key) do update set {update}""",
            {"tenant": current.tenant_id()},
        )
    taken = cost(owner) - start
    with owner.begin() as connection:
        connection.exec_driver_sql("drop table bench_contracts")
    return taken


def imported(web: Engine) -> float:
    given = list(lines())
    start = cost(web)
    report = records.take(web, "contract", given)
    taken = cost(web) - start
    assert report.is_good, report.errors[:3]
    assert report.new == ROWS
    return taken


def changed(web: Engine) -> float:
    """The cost of an import in which every contract has another premium than before."""
    imported(web)
    given = [orjson.dumps(row(n) | {"premium_net": "77.50"}) for n in range(ROWS)]
    start = cost(web)
    report = records.take(web, "contract", given)
    taken = cost(web) - start
    assert report.changed == ROWS, report.errors[:3]
    return taken


@contextmanager
def nothing_remembered() -> Iterator[None]:
    """Past states are not kept for a while."""
    merging.merge_sql.cache_clear()
    with patch.object(history, "history_of", lambda table: None):
        yield
    merging.merge_sql.cache_clear()


def on_a_fresh_broker(owner: Engine, web: Engine, measure: Callable[[], float]) -> float:
    """Measure as a new broker with the records that contracts name."""
    with current.acting_for(make_tenant(owner)):
        with web.begin() as connection:
            stage(connection)
        with owner.begin() as connection:
            connection.exec_driver_sql("analyze")
        return measure()


def run(owner: Engine, web: Engine) -> list[Finding]:
    """Of each measurement the better of two, for whatever else the machine does only ever adds."""

    def without_visibility() -> float:
        with patch.object(visibility, "follow"):
            return imported(web)

    times: dict[str, list[float]] = {
        name: [] for name in ("bare", "off", "on", "forgetting", "changed", "changed forgetting")
    }
    growth = 0
    for _turn in range(2):
        with nothing_remembered():
            times["forgetting"].append(on_a_fresh_broker(owner, web, lambda: imported(web)))
            times["changed forgetting"].append(on_a_fresh_broker(owner, web, lambda: changed(web)))
        times["changed"].append(on_a_fresh_broker(owner, web, lambda: changed(web)))
        times["bare"].append(on_a_fresh_broker(owner, web, lambda: bare(owner)))
        times["off"].append(on_a_fresh_broker(owner, web, without_visibility))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        times["on"].append(on_a_fresh_broker(owner, web, lambda: imported(web)))
        growth = max(growth, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
    best = {name: min(taken) for name, taken in times.items()}
    return [
        Finding("import of 100,000 contracts / bare COPY and INSERT", best["on"] / best["bare"], 2.0),
        Finding("   visibility on / off", best["on"] / best["off"], 1.15),
        Finding("   history on / off", best["on"] / best["forgetting"], 1.1),
        Finding(
            "   history on / off, every contract changed", best["changed"] / best["changed forgetting"], 1.7
        ),
        Finding("   memory it takes more, MB", growth / 1024, 30),
        Finding(
            "one contract changed: visibility on / off", on_a_fresh_broker(owner, web, lambda: one(web)), 1.25
        ),
    ]


def one(web: Engine) -> float:
    """A single contract changed in what visibility reads: the CPU of a transaction with `follow` / without."""
    given = [orjson.dumps(row(n)) for n in range(2_000)]
    assert records.take(web, "contract", given).is_good
    turn = itertools.count()

    def change() -> None:
        n = next(turn)
        changed = orjson.dumps(row(n % 500) | {"status": ("own", "dormant")[n // 500 % 2], "remarks": f"{n}"})
        assert records.take(web, "contract", [changed]).changed <= 1

    def many() -> float:
        start = cost(web)
        for _ in range(250):
            change()
        return cost(web) - start

    many()
    ratios = []
    for _ in range(3):
        with patch.object(visibility, "follow"):
            without = many()
        ratios.append(many() / without)
    return statistics.median(ratios)
