"""Reports over 1,000,000 contracts, for an organization that sees 112,000: whole pages, each against the same question
asked of PostgreSQL by hand. By the clock, in turns, since PostgreSQL may spread a question over several processes."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable
from html import unescape
from typing import Any

from sqlalchemy import Engine

from tenants import current
from tests.benchmarks.bench_pages import getter
from tests.benchmarks.measure import Finding
from tests.benchmarks.world import House

COLUMNS = "number,insurer,status,starts_on,ends_on,premium_net,premium_gross,sum_insured,product"
FILTERED = f"/contracts?columns={COLUMNS}&status=own&ends_on.ge=2027-06-30&premium_net.ge=20000"
SORTED = f"{FILTERED}&sort=-premium_net,number"
SUMS = "count,sum.premium_net,sum.premium_gross,sum.sum_insured"

SEEN = """
    from visible_contracts v join contracts c on c.tenant_id = v.tenant_id and c.id = v.contract_id
   where v.tenant_id = %(tenant)s and v.scope_id = %(scope)s"""
CONDITIONS = " and c.status = 'own' and c.ends_on >= '2027-06-30' and c.premium_net >= 20000"
PAGE = f"""
    select p.*, i.name from (
        select c.id, c.number, c.status, c.starts_on, c.ends_on, c.currency, c.premium_net, c.premium_gross,
               c.sum_insured, c.product, c.insurer_id, c.number_key {SEEN} {CONDITIONS} {{after}}
         order by c.premium_net desc nulls last, c.number_key, c.id limit 51) p
      left join insurers i on i.tenant_id = %(tenant)s and i.id = p.insurer_id
     order by p.premium_net desc nulls last, p.number_key, p.id"""
COUNT = f"select count(*) from (select 1 {SEEN} {CONDITIONS} limit 1001) found"
AFTER = """and (c.premium_net < %(premium)s or c.premium_net = %(premium)s
                and (c.number_key, c.id) > (%(number)s, %(id)s))"""
VALUES = f"""
    select c.insurer_id, i.name, count(*) {SEEN.replace("where", "left join insurers i on i.tenant_id = c.tenant_id and i.id = c.insurer_id where")}
     group by c.insurer_id, i.name order by count(*) desc"""
GROUPS = f"""
    select c.line_of_business, c.currency, count(*), sum(c.premium_net), sum(c.premium_gross), sum(c.sum_insured) {SEEN}
     group by c.line_of_business, c.currency"""
PIVOT = f"""
    select extract(year from c.starts_on), c.line_of_business, c.currency, count(*), sum(c.premium_net) {SEEN}
     group by cube (extract(year from c.starts_on), c.line_of_business), c.currency"""

Asked = Callable[[], object]


def run(portal: Any, house: House, backup: Engine, rounds: int = 7) -> list[Finding]:
    values = {"tenant": house.tenant_id, "scope": house.scopes["wide"]}
    following = _next_page(portal, house)
    found = []
    with current.acting_for(house.tenant_id), backup.connect() as unwalled:

        def by_hand(*statements: str, **more: Any) -> Asked:
            return lambda: [unwalled.exec_driver_sql(sql, values | more).fetchall() for sql in statements]

        last = unwalled.exec_driver_sql(PAGE.format(after=""), values).fetchall()[49]
        where = {"premium": last.premium_net, "number": last.number_key, "id": last.id}
        for name, path, hand in (
            ("first page, three filters, two sorts", SORTED, by_hand(PAGE.format(after=""), COUNT)),
            ("   the next page", following, by_hand(PAGE.format(after=AFTER), COUNT, **where)),
            ("values of a column, counted", "/contracts/values?of_column=insurer", by_hand(VALUES)),
            ("groups with three sums", f"/contracts?by=line_of_business&show={SUMS}", by_hand(GROUPS)),
            (
                "pivot, 12 × 10",
                "/contracts?by=starts_on.year&across=line_of_business&show=count,sum.premium_net",
                by_hand(PIVOT),
            ),
        ):
            ratio, seconds = in_turns(hand, getter(portal, house, "wide", path), rounds)
            found.append(Finding(f"{name} ({seconds * 1000:.0f} ms) / by hand", ratio, 3))
            print(found[-1], flush=True)
    return found


def _next_page(portal: Any, house: House) -> str:
    client = portal.test_client()
    client.set_cookie("portico", house.tokens["wide"], domain=house.host)
    first = client.get(SORTED, base_url=f"http://{house.host}")
    link = re.search(r'rel="next" href="([^"]+)"', first.text)
    assert link is not None, first.text[:500]
    return unescape(link[1])


def in_turns(hand: Asked, portal: Asked, rounds: int) -> tuple[float, float]:
    """The portal's time in that of a hand-written question, and its median in seconds."""
    ratios, taken = [], []
    for _ in range(2):
        hand(), portal()
    for _ in range(rounds):
        one, other = seconds_of(hand), seconds_of(portal)
        ratios.append(other / one)
        taken.append(other)
    return statistics.median(ratios), statistics.median(taken)


def seconds_of(act: Asked) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started
