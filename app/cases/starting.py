"""A client begins a conversation with his broker: about a record that he sees, or about nothing in particular."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import Connection

from app.cases.access import WRITE_MESSAGES
from app.cases.messages import has_mailbox
from app.cases.writing import TAKE_PART, checked, put
from app.core.db import BORN_HERE, read
from app.core.errors import Unacceptable
from app.core.text import _
from app.reports.places import Place
from permissions import Viewer
from permissions.noting import note

ABOUT = ("contract", "claim", "policyholder")
"""The record types that a case can be about."""
LONGEST_SUBJECT = 150
FACTS = {
    "contract": "select c.id as contract, null::uuid as claim, c.policyholder_id as holder from contracts c"
    " where c.tenant_id = %(tenant)s and c.id = %(record)s",
    "claim": "select k.contract_id as contract, k.id as claim, coalesce(k.policyholder_id, c.policyholder_id) as holder"
    " from claims k left join contracts c on c.tenant_id = %(tenant)s and c.id = k.contract_id"
    " where k.tenant_id = %(tenant)s and k.id = %(record)s",
    "policyholder": "select null::uuid as contract, null::uuid as claim, p.id as holder from policyholders p"
    " where p.tenant_id = %(tenant)s and p.id = %(record)s",
}
START = """
    with new as (select uuidv7() as id)
    insert into cases (tenant_id, id, key, subject, status, is_confidential, owner_id, contract_id, claim_id,
                       policyholder_id)
    select %(tenant)s, new.id, %(key)s || new.id, %(subject)s, 'new', %(is_confidential)s, %(user)s,
           about.contract, about.claim, about.holder
      from new left join ({facts}) about on true
    returning id"""
CARETAKERS = """
    select x.record, x.field, u.id
      from cases s
      left join contracts c on c.tenant_id = %(tenant)s and c.id = s.contract_id
      left join claims k on k.tenant_id = %(tenant)s and k.id = s.claim_id
      left join policyholders p on p.tenant_id = %(tenant)s and p.id = s.policyholder_id
     cross join lateral (values
           (1, 'contract', 'claims_handler', case when k.id is not null then c.claims_handler_id end),
           (2, 'claim', 'claims_handler', k.claims_handler_id),
           (3, 'contract', 'clerk', c.clerk_id), (4, 'contract', 'account_manager', c.account_manager_id),
           (5, 'policyholder', 'clerk', p.clerk_id), (6, 'policyholder', 'account_manager', p.account_manager_id)
         ) x(place, record, field, user_id)
      join users u on u.tenant_id = %(tenant)s and u.id = x.user_id and u.is_active and u.is_staff
     where s.tenant_id = %(tenant)s and s.id = %(case)s
     order by x.place"""
"""Who looks after what a case is about. Who handles claims by the contract comes first."""
OF_CLIENTS = """
    select 'policyholder', x.field, u.id
      from visible_policyholders v
      join policyholders p on p.tenant_id = v.tenant_id and p.id = v.policyholder_id
     cross join lateral (values (1, 'clerk', p.clerk_id), (2, 'account_manager', p.account_manager_id)
          ) x(place, field, user_id)
      join users u on u.tenant_id = v.tenant_id and u.id = x.user_id and u.is_active and u.is_staff
     where v.tenant_id = %(tenant)s and v.scope_id = %(scope)s
     group by x.place, x.field, u.id
     order by x.place, count(*) desc, u.id"""
"""Who looks after the clients somebody sees, for what is about none of them: whoever has most of them comes first."""


@dataclass(frozen=True)
class Wish:
    """What somebody typed."""

    subject: str = ""
    text: str = ""
    is_confidential: bool = False


def may_start(viewer: Viewer) -> bool:
    return not viewer.is_staff and has_mailbox(viewer) and viewer.may(WRITE_MESSAGES)


def start(connection: Connection, viewer: Viewer, place: Place | None, wish: Wish) -> uuid.UUID:
    """A new case of the viewer's with his first message. Whoever looks after the record takes part, or after his company
    where there is none, if the viewer is told who that is; else nobody does yet, and the case is new to all who see it
    at the broker's. Unacceptable."""
    viewer.must(WRITE_MESSAGES)
    subject, text = _checked(wish)
    # What somebody writes in his private portal is not for his company, whatever becomes of that portal.
    is_confidential = wish.is_confidential or viewer.is_private
    none = "select null::uuid as contract, null::uuid as claim, null::uuid as holder"
    values = {
        "tenant": viewer.tenant_id,
        "user": viewer.user_id,
        "key": BORN_HERE,
        "subject": subject,
        "is_confidential": is_confidential,
        "record": place.id if place else None,
    }
    row = read(connection, START.format(facts=FACTS[place.record] if place else none), values).fetchone()
    assert row is not None
    case_id: uuid.UUID = row[0]
    known = {**values, "case": case_id, "scope": viewer.scope_id}
    for record, field, user_id in read(connection, CARETAKERS if place else OF_CLIENTS, known).fetchall():
        if viewer.may_read(record, field):
            read(connection, TAKE_PART, {**values, "case": case_id, "user": user_id})
            break
    told = {"record_type": place.record, "record_id": str(place.id)} if place else {}
    note(
        connection,
        viewer,
        "case.started",
        "case",
        case_id,
        after={"is_confidential": is_confidential, **told},
    )
    put(connection, viewer, case_id, text)
    return case_id


def _checked(wish: Wish) -> tuple[str, str]:
    wrong: dict[str, str] = {}
    text = ""
    subject = " ".join(wish.subject.split())
    if not subject:
        wrong["subject"] = _("Write a subject.")
    elif len(subject) > LONGEST_SUBJECT:
        wrong["subject"] = _("At most {limit} characters.", limit=LONGEST_SUBJECT)
    try:
        text = checked(wish.text)
    except Unacceptable as refused:
        wrong |= {place: str(said) for place, said in refused.problems.items()}
    if wrong:
        raise Unacceptable(dict(wrong))
    return subject, text
