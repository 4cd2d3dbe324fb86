"""A claim that somebody of the demonstration has reported, as he would have done on the page."""

from __future__ import annotations

import datetime

from sqlalchemy import Engine, text

from app.claim_reports.choosing import find
from app.claim_reports.sending import Typed, send
from app.contracts import CONTRACT_SOURCE
from app.core.storage import Storage
from app.demo.broker import Broker
from permissions.arrival import viewer_of
from tenants import current

MAIN = """
    select u.id, m.id from users u
      join memberships m on m.tenant_id = :tenant and m.user_id = u.id and m.is_main
     where u.tenant_id = :tenant and u.email = :email"""

ANY = "select exists (select 1 from claim_reports where tenant_id = :tenant)"


def report_claims(web: Engine, storage: Storage, broker: Broker) -> None:
    """The report that waits for a colleague, unless somebody has reported a claim already."""
    if broker.waiting is None:
        return
    email, word, said = broker.waiting
    with web.begin() as connection:
        if connection.execute(text(ANY), {"tenant": current.tenant_id()}).scalar_one():
            return
        person = connection.execute(text(MAIN), {"tenant": current.tenant_id(), "email": email}).one()
        viewer = viewer_of(connection, *person)
        assert viewer is not None
        found, _has_more = find(connection, viewer, CONTRACT_SOURCE, word, size=1)
        day = viewer.today - datetime.timedelta(days=1)
        blank = dict.fromkeys(("object", "place", "claimed_amount", "currency"), "")
        typed = Typed({**blank, **said, "occurred_on": str(day)}, mark="demo")
        send(connection, storage, viewer, found[0].id, typed)
