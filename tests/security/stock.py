"""One of everything, for several owners at once, and the people who look at it from outside."""

from __future__ import annotations

import datetime
import io
import re
import secrets
import uuid
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import Engine, text

from permissions.arrival import hashed
from tenants import current, visibility
from tests.conftest import Browser
from tests.factories import Make
from tests.pdf import Pdf

TAG = "portal"
Records = dict[str, uuid.UUID]
"""Record type to the id of the one record of it."""


def one_of_everything(make: Make, word: str, mandate: uuid.UUID, participants: list[uuid.UUID]) -> Records:
    """A record of every type; the word stands in each, so that it betrays whoever shows it."""
    insurer = make.insurer()
    holder = make.policyholder(f"{word} GmbH", mandate, email=f"{word}@holder.example")
    contract = make.contract(
        holder, number=f"{word}-1", insurer_id=insurer, premium_net="1234.50", remarks=f"{word} remarks",
        ends_on=visibility.today() + datetime.timedelta(days=10), notice_period_months=1,
        annual_due_on=visibility.today() + datetime.timedelta(days=60),
    )  # fmt: skip
    thing = make.object(holder, (contract,), label=f"{word} hall")
    claim = make.claim(contract, object_id=thing, policyholder_id=holder, broker_number=f"{word}-S")
    invoice = make.invoice(holder, contract, number=f"{word}-R", gross="99.95")
    certificate = make.certificate(contract, number=f"{word}-Z", goods=f"{word} gears")
    document = make.document((TAG,), {"contract": contract}, title=f"{word} policy", file_name=f"{word}.pdf")
    case = make.row(
        "cases", key=f"case-{word}", subject=f"{word} matter", status="open", contract_id=contract,
        policyholder_id=holder,
    )  # fmt: skip
    message = make.row(
        "messages", key=f"message-{word}", of_case_id=case, subject=f"{word} matter", text=f"{word} words",
    )  # fmt: skip
    for user in participants:
        make.row("case_participants", case_id=case, user_id=user)
    return {
        "mandate": mandate, "insurer": insurer, "policyholder": holder, "contract": contract, "object": thing,
        "claim": claim, "invoice": invoice, "certificate": certificate, "document": document, "case": case,
        "message": message,
    }  # fmt: skip


def document_profile(make: Make) -> uuid.UUID:
    return make.row("document_profiles", key="standard", name="Standard", tags=[TAG])


@dataclass
class Person:
    """Somebody who asks: a browser with a cookie, a program with a token, or nobody."""

    browser: Browser
    headers: dict[str, str] = field(default_factory=dict)

    def ask(self, path: str, method: str = "GET", **options: Any) -> Any:
        headers = {"Accept-Language": "en", **self.headers, **options.pop("headers", {})}
        return self.browser.client.open(
            path, method=method, base_url=self.browser.base, headers=headers, **options
        )


def with_cookie(
    portal: Flask,
    house: Make,
    *,
    membership: uuid.UUID | None = None,
    user: uuid.UUID | None = None,
    lasts: datetime.timedelta = datetime.timedelta(hours=1),
    at: Make | None = None,
) -> Person:
    """Signed in at `house`; with `at`, the cookie is carried to another broker."""
    token = secrets.token_urlsafe(16)
    house.row(
        "sessions",
        token_hash=hashed(token),
        user_id=user or house.user_of(membership),  # type: ignore[arg-type]
        membership_id=membership,
        expires_at=datetime.datetime.now(datetime.UTC) + lasts,
    )
    return Person(Browser(portal, at or house, token))


def with_look(portal: Flask, house: Make, actor: uuid.UUID, membership: uuid.UUID) -> Person:
    """Staff signed in who looks through a member's eyes."""
    own, look = secrets.token_urlsafe(16), secrets.token_urlsafe(16)
    now = datetime.datetime.now(datetime.UTC)
    house.row("sessions", token_hash=hashed(own), user_id=actor, expires_at=now + datetime.timedelta(hours=1))
    house.row(
        "looks",
        token_hash=hashed(look),
        session_hash=hashed(own),
        actor_id=actor,
        user_id=house.user_of(membership),
        membership_id=membership,
        reason="Question about an invoice",
        minutes=30,
        may_act=False,
        began_at=now,
        until=now + datetime.timedelta(minutes=30),
    )
    person = Person(Browser(portal, house, own))
    person.browser.client.set_cookie("portico-look", look, domain=f"{house.tenant_id.hex}.test")
    return person


def with_token(
    portal: Flask, house: Make, membership: uuid.UUID, lasts: datetime.timedelta = datetime.timedelta(days=1)
) -> Person:
    """A program with an API token of a member."""
    token = secrets.token_urlsafe(16)
    house.row(
        "api_tokens",
        token_hash=hashed(token),
        name="Program",
        user_id=house.user_of(membership),
        membership_id=membership,
        expires_at=datetime.datetime.now(datetime.UTC) + lasts,
    )
    return Person(Browser(portal, house, None), {"Authorization": f"Bearer {token}"})


@contextmanager
def as_owner(owner: Engine, tenant: uuid.UUID) -> Iterator[Any]:
    """The owner of the tables at work for one broker; whatever he does is undone."""
    with current.acting_for(tenant), owner.connect() as connection:
        transaction = connection.begin()
        try:
            yield connection
        finally:
            transaction.rollback()


def rows_seen(connection: Any, table: str, tenant: uuid.UUID) -> int:
    found = connection.execute(text(f"select count(*) from {table} where tenant_id = :t"), {"t": tenant})
    return int(found.scalar_one())


def words_in(answer: Any) -> str:
    """What an answer says, a PDF and an Excel file read back."""
    if answer.mimetype != "application/pdf":
        return unpacked(answer.data).decode(errors="replace")
    paper = Pdf(answer.data)
    return f"{paper.text}\n{paper.outside}\n{paper.told('Title')}"


def listed(wrong: Iterable[Any]) -> str:
    """What went wrong, one a line: a matrix that fails should say where."""
    lines = [str(one) for one in wrong]
    return "\n".join([f"{len(lines)} wrong", *lines[:40]])


MADE_AT = re.compile(rb"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ|\d\d/\d\d/20\d\d, \d\d:\d\d")
TELLING = ("docProps/core.xml", "xl/worksheets/sheet2.xml")
"""Parts of an Excel file that say when it was made."""


def unpacked(data: bytes) -> bytes:
    """The parts of an Excel file without the moment it was made; anything else as it is."""
    if not data.startswith(b"PK"):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as zipped:
        parts = {name: zipped.read(name) for name in zipped.namelist()}
    return b"".join(MADE_AT.sub(b"", part) if name in TELLING else part for name, part in parts.items())
