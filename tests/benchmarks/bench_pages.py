"""Pages, lists, counts and decisions, as ratios to the floor and to one another."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, text

from app.core.db import drop, transaction
from app.reports import query
from app.reports.columns import columns_of
from app.reports.groups import groups
from app.reports.reading import Problems, read
from app.reports.shape import shape_of, values_for
from app.reports.source import SOURCES
from app.reports.state import State
from permissions import Viewer
from permissions.arrival import arrive
from permissions.rights import raise_version
from tenants import current
from tests.benchmarks.floor import COLUMNS, floor
from tests.benchmarks.measure import Finding, Meter
from tests.benchmarks.world import House

FIELDS = COLUMNS.removeprefix("id, ").replace(" ", "")
WITH_NAMES = FIELDS.replace("remarks,application_on", "insurer,policyholder")
SHOWN = "number,policyholder,insurer,status,starts_on,ends_on,annual_due_on,premium_net,premium_gross,sum_insured,deductible,product"
API = f"/api/v1/contracts?fields={FIELDS}"
TIMES = 200


def getter(portal: Any, house: House, who: str, path: str, **headers: str) -> Callable[[], Any]:
    client = portal.test_client()
    client.set_cookie("portico", house.tokens[who], domain=house.host)

    def get() -> Any:
        answer = client.get(path, base_url=f"http://{house.host}", headers=headers)
        assert answer.status_code == 200, (answer.status_code, answer.text[:300])
        answer.get_data()
        return answer

    return get


def run(portal: Any, big: House, small: House, dsn: str, backup: Engine, meter: Meter) -> list[Finding]:
    base = floor(dsn, big.tenant_id).test_client()

    def f1() -> None:
        assert base.get("/contracts").status_code == 200

    wide, narrow = getter(portal, big, "wide", API), getter(portal, big, "narrow", API)
    named = getter(portal, big, "wide", f"/api/v1/contracts?fields={WITH_NAMES}")
    page = getter(
        portal, big, "wide", f"/contracts?columns={SHOWN}", **{"Accept-Language": "de-DE,de;q=0.9,en;q=0.5"}
    )
    record = getter(portal, big, "wide", f"/contracts/{wide().get_json()['contracts'][-1]['id']}")
    little = getter(portal, small, "narrow", API)
    print(f"F1 {meter.milliseconds(f1, TIMES):.2f} ms, JSON {meter.milliseconds(wide, TIMES):.2f} ms of CPU")
    return [
        Finding("JSON list page, the same 20 columns / F1", meter.paired(f1, wide, TIMES), 1.6),
        Finding("   with the names of insurer and policyholder / F1", meter.paired(f1, named, TIMES), None),
        Finding("HTML page 50×12 in German / F1", meter.paired(f1, page, TIMES), 2.5),
        Finding("page of one contract / HTML page 50×12", meter.paired(page, record, TIMES), 2),
        Finding("page of 112,000 visible / of 69 visible", meter.paired(narrow, wide, TIMES), 1.3),
        Finding("tenant of 200,000 / of 4,000 contracts", meter.paired(little, narrow, TIMES), 1.2),
        *_queries(portal, big, backup, meter),
        *_decisions(portal, big),
    ]


def _asked(viewer: Viewer, *words: tuple[str, str]) -> State:
    source = SOURCES["contract"]
    return read([("columns", FIELDS), *words], columns_of(source, viewer.rights), source.sort, (), Problems())


def _queries(portal: Any, house: House, backup: Engine, meter: Meter) -> list[Finding]:
    source = SOURCES["contract"]
    with portal.app_context(), current.acting_for(house.tenant_id), backup.connect() as unwalled:
        walled = transaction()
        viewer = arrive(walled, house.tokens["wide"])
        assert viewer is not None
        plain, filtered = _asked(viewer), _asked(viewer, ("status", "own"))
        assert unwalled.exec_driver_sql(
            "select rolbypassrls from pg_roles where rolname = current_user"
        ).scalar()

        def page_through(connection: Any, state: State) -> Callable[[], object]:
            sql = query.page_sql(shape_of(viewer, source, state))
            values = values_for(viewer, source, state)
            return lambda: sql.run(connection, values).fetchall()

        found = [
            Finding(
                "wall: the page's query / without the wall",
                meter.paired(page_through(unwalled, plain), page_through(walled, plain), 500),
                1.1,
            ),
            Finding(
                "filtered count / filtered page",
                # Both from the state that was asked for to the answer.
                meter.paired(
                    lambda: query.page(walled, viewer, source, filtered),
                    lambda: query.count(walled, viewer, source, filtered),
                    TIMES,
                ),
                1.0,
            ),
        ]
        found.append(
            Finding(
                "groups of 112,000 contracts with three sums / bare SQL",
                meter.paired(by_hand(walled, house), grouped(walled, viewer), 10),
                3,
            )
        )
        drop()
    return found


BY_HAND = """
    select c.line_of_business, c.currency, count(*), sum(c.premium_net), sum(c.premium_gross), sum(c.sum_insured)
      from visible_contracts v join contracts c on c.tenant_id = v.tenant_id and c.id = v.contract_id
     where v.tenant_id = %(tenant)s and v.scope_id = %(scope)s group by c.line_of_business, c.currency"""


def by_hand(connection: Any, house: House) -> Callable[[], object]:
    values = {"tenant": house.tenant_id, "scope": house.scopes["wide"]}
    return lambda: connection.exec_driver_sql(BY_HAND, values).fetchall()


def grouped(connection: Any, viewer: Viewer) -> Callable[[], object]:
    state = _asked(
        viewer,
        ("by", "line_of_business"),
        ("show", "count,sum.premium_net,sum.premium_gross,sum.sum_insured"),
    )
    return lambda: groups(connection, viewer, SOURCES["contract"], state)


def _decisions(portal: Any, house: House) -> list[Finding]:
    with portal.app_context(), current.acting_for(house.tenant_id):
        connection = transaction()
        viewer = arrive(connection, house.tokens["wide"])
        assert viewer is not None
        names = list(SOURCES["contract"].schema.declared())[:30]
        asked = (names * 4)[:120]
        readable = viewer.rights.readable["contract"]
        each = min(_microseconds(lambda: [field in readable for field in asked]) for _ in range(20))
        profile = connection.execute(
            text("select id from profiles where tenant_id = :t"), {"t": house.tenant_id}
        ).scalar_one()
        change = min(_microseconds(lambda: _changed(connection, house, profile), 1) for _ in range(5))
        drop()
    return [
        Finding("120 decisions, µs", each, 10),
        Finding("profile change, until the next request obeys, ms", change / 1000, 50),
    ]


def _changed(connection: Any, house: House, profile: Any) -> None:
    raise_version(connection, house.tenant_id, profile)
    assert arrive(connection, house.tokens["wide"]) is not None


def _microseconds(act: Callable[[], object], times: int = 100) -> float:
    started = time.perf_counter()
    for _ in range(times):
        act()
    return (time.perf_counter() - started) * 1e6 / times
