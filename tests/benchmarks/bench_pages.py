"""Pages, lists, counts and decisions, as ratios to the floor and to one another."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import text

from app.core.db import db
from app.reports import query
from app.reports.columns import columns_of
from app.reports.source import SOURCES
from app.reports.state import Problems, read
from permissions.arrival import arrive
from permissions.rights import ask, raise_version
from tenants import current
from tests.benchmarks.floor import floor
from tests.benchmarks.measure import Meter
from tests.benchmarks.world import House, build

FIELDS = (
    "number,line_of_business,contract_type,status,product,starts_on,ends_on,annual_due_on,document_on,"
    "notice_period_months,payment_frequency,currency,premium_net,insurance_tax,premium_gross,sum_insured,deductible,"
    "insurer,policyholder"
)
SHOWN = "number,policyholder,insurer,status,starts_on,ends_on,annual_due_on,premium_net,premium_gross,sum_insured,deductible,product"
TIMES = 200


def getter(portal: Any, house: House, who: str, path: str, **headers: str) -> Any:
    client = portal.test_client()
    client.set_cookie("portico", house.tokens[who], domain=house.host)

    def get() -> None:
        answer = client.get(path, base_url=f"http://{house.host}", headers=headers)
        assert answer.status_code == 200, (answer.status_code, answer.text[:300])
        answer.get_data()

    return get


def run(portal: Any, owner: Any, web: Any, dsn: str, meter: Meter) -> list[tuple[str, float, str]]:
    big = build(owner, web, 200_000, 112_000)
    small = build(owner, web, 4_000, 2_000)
    base = floor(dsn, big.tenant_id).test_client()
    f1 = lambda: base.get("/contracts").get_data()  # noqa: E731
    api = f"/api/v1/contracts?fields={FIELDS}"
    page = f"/contracts?columns={SHOWN}"
    wide, narrow = getter(portal, big, "wide", api), getter(portal, big, "narrow", api)
    german = getter(portal, big, "wide", page, **{"Accept-Language": "de"})
    found = [
        ("JSON list page / F1", meter.paired(f1, wide, TIMES), "≤ 1.6"),
        ("HTML page 50×12 in German / F1", meter.paired(f1, german, TIMES), "≤ 2.5"),
        ("112,000 visible / 69 visible", meter.paired(narrow, wide, TIMES), "≤ 1.3"),
        (
            "tenant of 200,000 / 4,000",
            meter.paired(getter(portal, small, "narrow", api), narrow, TIMES),
            "≤ 1.2",
        ),
    ]
    print(f"F1 {meter.milliseconds(f1, TIMES):.2f} ms, JSON {meter.milliseconds(wide, TIMES):.2f} ms")
    return found + _queries(portal, big, meter) + _decisions(portal, big)


def _queries(portal: Any, house: House, meter: Meter) -> list[tuple[str, float, str]]:
    with portal.app_context(), current.acting_for(house.tenant_id):
        session = db.session()
        viewer = arrive(session, house.tokens["wide"])
        assert viewer is not None
        source = SOURCES["contract"]
        state = read(
            [("status", "own"), ("columns", FIELDS)],
            columns_of(source, viewer.rights),
            source.sort,
            (),
            Problems(),
        )
        shape, values = query.shape_of(viewer, source, state), query.values_for(viewer, source, state)
        page = query.page_sql(shape)
        first = lambda: page.run(session, values).fetchall()  # noqa: E731
        counted = lambda: query.count(session, viewer, source, state)  # noqa: E731
        filtered_count = meter.paired(first, counted, TIMES)
    return [("filtered count / page", filtered_count, "≤ 1.0")]


def _decisions(portal: Any, house: House) -> list[tuple[str, float, str]]:
    with portal.app_context(), current.acting_for(house.tenant_id):
        session = db.session()
        viewer = arrive(session, house.tokens["wide"])
        assert viewer is not None
        names = list(SOURCES["contract"].schema.declared())[:30]
        asked = [("contract", name) for name in (names * 4)[:120]]
        started = time.perf_counter()
        for _ in range(1000):
            for record, name in asked:
                viewer.may_read(record, name)
        each = (time.perf_counter() - started) * 1000
        profile = session.execute(
            text("select id from profiles where tenant_id = :t"), {"t": house.tenant_id}
        ).scalar_one()
        started = time.perf_counter()
        raise_version(session, house.tenant_id, profile)
        session.commit()
        ask(session, house.tenant_id, profile)
        change = (time.perf_counter() - started) * 1000
        session.rollback()
    return [("120 decisions, µs", each, "≤ 10"), ("profile change effective, ms", change, "≤ 50")]
