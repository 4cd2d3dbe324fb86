"""How long a clerk waits for a changed rule of a very large organization, and the jobs that bring the rest into sight.

Seconds on the clock, since somebody waits for them: of the form that is sent, and of the page that follows.
"""

from __future__ import annotations

import html
import re
import time
import uuid
from typing import Any

from sqlalchemy import Engine, text

from tenants import arrangement, current, rebuilding
from tests.benchmarks.measure import Finding
from tests.benchmarks.world import House

HOLDERS = 40_000
STOCK = """
insert into policyholders (tenant_id, key, mandate_id, kind, name)
select :t, 'q' || n, m.id, 'company', 'Company ' || n
  from generate_series(1, :holders) n join mandates m on m.tenant_id = :t;
update contracts c set policyholder_id = p.id
  from policyholders p
 where c.tenant_id = :t and p.tenant_id = :t and substr(c.key, 2)::int <= 112000
   and p.key = 'q' || (1 + substr(c.key, 2)::int % :holders);
insert into objects (tenant_id, key, policyholder_id, kind, label)
select :t, c.key, c.policyholder_id, 'building', c.key from contracts c
 where c.tenant_id = :t and substr(c.key, 2)::int <= 60000;
insert into contract_objects (tenant_id, contract_id, object_id)
select :t, c.id, o.id from contracts c join objects o on o.tenant_id = :t and o.key = c.key where c.tenant_id = :t;
insert into claims (tenant_id, key, contract_id, policyholder_id, number, occurred_on, status, currency)
select :t, c.key, c.id, c.policyholder_id, c.key, date '2024-01-01', 'open', 'EUR' from contracts c
 where c.tenant_id = :t and substr(c.key, 2)::int <= 30000;
insert into invoices (tenant_id, key, contract_id, policyholder_id, number, kind, booked_on, gross, currency, status)
select :t, c.key, c.id, c.policyholder_id, c.key, 'premium', date '2024-01-01', 10, 'EUR', 'open' from contracts c
 where c.tenant_id = :t and substr(c.key, 2)::int <= 60000;
insert into organizations (tenant_id, key, name, share_automatically, states, include_claims)
values (:t, 'group', 'Group', true, array['own', 'policy', 'quote', 'cancelled', 'application'], true);
insert into organization_policyholders (tenant_id, organization_id, policyholder_id)
select :t, o.id, p.id from organizations o join policyholders p on p.tenant_id = :t and p.key like 'q%'
 where o.tenant_id = :t and o.key = 'group'"""
ALL, SOME = ["own", "policy", "quote", "cancelled", "application"], ["own", "policy"]


def run(portal: Any, house: House, owner: Engine, web: Engine) -> list[Finding]:
    organization = _fill(house, owner, web)
    clerk = portal.test_client()
    clerk.set_cookie("portico", house.tokens["staff"], domain=house.host)
    path, at = f"/organizations/{organization}", {"base_url": f"http://{house.host}"}
    findings = []
    for name, states, shares in (
        ("two thirds of it are taken away", SOME, True),
        ("   they come back", ALL, True),
        ("sharing is switched off", ALL, False),
        ("   and on again", ALL, True),
    ):
        found = re.search(r'name="was" value="([^"]*)"', clerk.get(path, **at).text)
        assert found is not None
        form = {
            "was": html.unescape(found[1]),
            "name": "Group",
            "states": states,
            "claims": "all",
            "objects": "all",
        }
        form |= {"valuation": "today", "mailbox": "sidebar"} | (
            {"share_automatically": "1"} if shares else {}
        )
        started = time.perf_counter()
        answer = clerk.post(path, data=form, **at)
        sent = time.perf_counter()
        assert answer.status_code == 303, answer.text
        assert clerk.get(answer.headers["Location"], **at).status_code == 200
        findings.append(Finding(f"112,000 contracts: {name}, s", sent - started, 1))
        findings.append(Finding("   the page that follows, s", time.perf_counter() - sent, 1))
        findings.append(Finding("   the longest of the jobs that follow, s", max(_jobs(house, web)), None))
    return findings


def _jobs(house: House, web: Engine) -> list[float]:
    taken = []
    while True:
        with current.acting_for(house.tenant_id), web.begin() as connection:
            started = time.perf_counter()
            rebuilding.widen(connection)
            taken.append(time.perf_counter() - started)
            waiting = text("select 1 from scopes where tenant_id = :t and widening is not null")
            if connection.execute(waiting, {"t": house.tenant_id}).first() is None:
                return taken


def _fill(house: House, owner: Engine, web: Engine) -> uuid.UUID:
    values = {"t": house.tenant_id, "holders": HOLDERS}
    for statement in STOCK.split(";\n"):
        with current.acting_for(house.tenant_id), web.begin() as connection:
            connection.execute(text(statement), values)
        _analyze(owner)
    with current.acting_for(house.tenant_id), web.begin() as connection:
        query = text("select id from organizations where tenant_id = :t and key = 'group'")
        organization = connection.execute(query, values).scalar_one()
        arrangement.arrange(connection, {organization}, set())
    _analyze(owner)
    return organization


def _analyze(owner: Engine) -> None:
    with owner.connect() as connection:
        connection.exec_driver_sql("analyze")
        connection.commit()
