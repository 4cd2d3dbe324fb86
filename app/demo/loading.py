"""Putting the demonstration's brokers into a database: through importers and configuration, like any broker's own."""

from __future__ import annotations

import datetime
import tempfile
import uuid
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from app.administration.config import apply
from app.administration.tenants import create_tenant
from app.core import audit
from app.core.errors import Unacceptable
from app.core.storage import Storage
from app.demo.broker import Broker
from app.demo.history import take_with_past
from app.demo.logos import draw_logos
from app.demo.messages import read_most
from app.demo.printing import print_letters
from app.demo.reporting import report_claims
from app.demo.stock import Row
from app.demo.tables import DATA
from app.demo.usage import look_back
from app.exchange import rates
from app.exchange.files import storing
from app.exchange.gdv_import import take_gdv
from app.exchange.kinds import RECORD_TYPES
from app.exchange.records import take
from tenants import current
from tenants.directory import find_tenant

BEFORE_CONFIG = ("mandate", "staff", "insurer", "policyholder", "contract", "object")
"""What organizations name. All else names people that only the configuration makes."""
AFTER_CONFIG = ("claim", "invoice", "certificate", "document", "case", "message")
LOADED = "demo.loaded"
"""The act in the audit that ends a load: without it the next start does everything again, changing nothing twice."""
Say = Callable[[str], None]


class LoadFailed(RuntimeError):
    """Something of the demonstration was refused; the text says what."""


def seed_rates(owner: Engine) -> None:
    """The exchange rates that come with the release, unless there are some already."""
    with owner.begin() as connection:
        if connection.execute(text("select 1 from exchange_rates limit 1")).first() is None:
            rates.update(connection, rates.SEED.read_bytes())


def point_hosts(owner: Engine, port: int) -> None:
    """Let every broker with a name below localhost answer on this port, and on no other."""
    ending = host_ending(port)
    with owner.begin() as connection:
        connection.execute(
            text(
                """insert into hosts (host, tenant_id)
                   select regexp_replace(host, 'localhost(:[0-9]+)?$', :ending), tenant_id from hosts
                    where host ~ '[.]localhost(:[0-9]+)?$'
                   on conflict do nothing"""
            ),
            {"ending": ending},
        )
        connection.execute(
            text(
                "delete from hosts where host ~ '[.]localhost(:[0-9]+)?$' and not host like '%.' || :ending"
            ),
            {"ending": ending},
        )


def host_ending(port: int) -> str:
    """What follows a broker's name: browsers leave the usual port out."""
    return "localhost" if port == 80 else f"localhost:{port}"


def tenant_of(owner: Engine, slug: str, name: str, theme: str, language: str, port: int) -> uuid.UUID:
    """The broker of this name, made if there is none."""
    found = find_tenant(owner, slug)
    if found is not None:
        return found.tenant_id
    return create_tenant(
        owner, slug=slug, name=name, host=f"{slug}.{host_ending(port)}", theme=theme, language=language
    )


def loaded(web: Engine) -> Row | None:
    """What the last complete load of the tenant acted for said of itself; None when there was none."""
    with web.connect() as connection:
        return connection.execute(
            text(
                """select after from audit where tenant_id = :tenant and act = :act
                    order by at desc limit 1"""
            ),
            {"tenant": current.tenant_id(), "act": LOADED},
        ).scalar()


def mark_loaded(connection: Connection, **what: object) -> None:
    audit.write(connection, current.tenant_id(), LOADED, after=dict(what))


def load(web: Engine, storage: Storage, broker: Broker, say: Say) -> None:
    """Everything of one broker, for the tenant acted for. Doing it again changes nothing."""
    stock = broker.stock
    for kind in BEFORE_CONFIG:
        take_with_past(web, kind, stock.rows[kind], take_all)
    for name, mandate in broker.gdv:
        with (DATA / name).open("rb") as stream:
            taken = take_gdv(web, stream, mandate=mandate, file_name=name)
        if not taken.is_good:
            raise LoadFailed(
                "\n".join(f"{name}, {e['line']}: {e['text']}" for e in taken.summary["errors"][:5])
            )
    _count(say, broker, "contract", "object")
    with tempfile.TemporaryDirectory() as folder:
        config = dict(broker.config)
        config["organizations"] = [dict(entry) for entry in config["organizations"]]
        pictures = draw_logos(broker.logos, Path(folder))
        for entry in config["organizations"]:
            if entry["key"] in pictures:
                entry["logo"] = pictures[entry["key"]]
        try:
            with web.begin() as connection:
                apply(connection, config, None, folder=Path(folder), storage=storage)
        except Unacceptable as problem:
            raise LoadFailed("\n".join(f"{k}: {v}" for k, v in problem.problems.items())) from None
    with tempfile.TemporaryDirectory() as folder:
        print_letters(broker, Path(folder))
        for kind in AFTER_CONFIG:
            prepare = storing(storage, Path(folder)) if kind == "document" else None
            take_with_past(web, kind, stock.rows[kind], partial(take_all, prepare=prepare))
    date_cases(web, stock.last_words)
    read_most(web)
    look_back(web)
    report_claims(web, storage, broker)
    _count(say, broker, "claim", "invoice", "document")
    with web.begin() as connection:
        mark_loaded(connection, broker=broker.slug)


def date_cases(web: Engine, moments: Mapping[str, datetime.datetime]) -> None:
    """Let each case have changed when the story says. An import knows only its own moment, one for all."""
    with web.begin() as connection:
        connection.execute(
            text("update cases set changed_at = :moment where tenant_id = :tenant and key = :key"),
            [
                {"tenant": current.tenant_id(), "key": key, "moment": moment}
                for key, moment in moments.items()
            ],
        )


def take_all(
    web: Engine, kind: str, rows: Iterable[Row] | Iterable[bytes], prepare: Callable[[Row], Row] | None = None
) -> None:
    """Import rows of one type; LoadFailed names the first that were refused."""
    report = take(web, kind, rows, file_name=f"demo/{kind}.json", prepare=prepare)
    if not report.is_good:
        first = [f"{p.line} {p.field} {p.value!r}: {p.text()}" for p in report.errors[:5]]
        raise LoadFailed(f"{kind}: {report.problems.count}\n" + "\n".join(first))


def _count(say: Say, broker: Broker, *kinds: str) -> None:
    counts = [f"{len(broker.stock.rows[kind])} {RECORD_TYPES[kind].schema.nouns}" for kind in kinds]
    say(f"{broker.name}: {', '.join(counts)}")
