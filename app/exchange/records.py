"""Taking records in: rows become new, changed or unchanged records, all of a batch or none of it.

Python reads and checks lines; values, references, differences, links and visibility are settled by a handful of
statements per batch, so that the number of rows costs the database's time and not the interpreter's.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.exchange.checks import Shape, check_sql, params_of
from app.exchange.kinds import RECORD_TYPES, RecordType
from app.exchange.lines import Prepare, Row, Source
from app.exchange.merging import EXAMPLES, difference_sql, document_link_sql, link_sql, merge_sql
from app.exchange.problems import Problems, Reason
from app.exchange.report import Report
from app.exchange.runs import Run
from tenants import current, visibility

BATCH = 10_000
"""Rows per transaction: the tenant's lock is held as long as one takes."""
CHUNK_ROWS = 2_000
CHUNK_BYTES = 4_000_000
"""What is held in memory at once."""

Checked = tuple[int, tuple[Row, str] | None]


def take(
    engine: Engine,
    record_type: str,
    given: Iterable[bytes] | Iterable[Row] | Iterable[tuple[int, Row]],
    *,
    dry_run: bool = False,
    actor_id: uuid.UUID | None = None,
    source: str = "json",
    file_name: str | None = None,
    prepare: Prepare | None = None,
    problems: Problems | None = None,
) -> Report:
    """Upsert records by key, for the tenant acted for, a transaction per 10,000 rows.

    given are JSON lines, rows in the import row format, or rows with the numbers of their lines. A field that a
    row leaves out keeps its value, null empties it, a list replaces the links. A batch in which anything is wrong
    changes nothing; the others stay. A dry run does all the work, reports what would change, and takes it back.
    """
    kind = RECORD_TYPES[record_type]
    report = Report(record_type, dry_run, problems=problems or Problems())
    checker = Source(kind, report.problems, prepare)
    run = Run(source, record_type, file_name, actor_id)
    items = _checked(checker, given)
    while True:
        known = report.problems.count
        checker.shapes.clear()
        # The first rows are read before the transaction begins: a small upload never holds one open.
        chunks = _chunks(islice(items, BATCH))
        first = next(chunks, None)
        if first is None:
            break
        with engine.connect() as connection, connection.begin() as transaction:
            batch = _Batch(connection, checker, report, run.id)
            batch.take(chain([first], chunks), known)
            settle(connection, report)
            if batch.is_refused or dry_run:
                transaction.rollback()
            else:
                run.note(connection, report.counts())
    if not dry_run:
        run.finish(engine, report.counts() | {"errors": report.problems.count})
    return report


def take_in(connection: Connection, report: Report, rows: Iterable[Row], import_id: uuid.UUID) -> bool:
    """Upsert rows of one record type within the caller's transaction, all or none; False when they are refused.

    What was found is added to the report. The caller calls `settle` once when all records are in, or takes
    everything back.
    """
    known = report.problems.count
    checker = Source(RECORD_TYPES[report.record_type], report.problems)
    with connection.begin_nested() as savepoint:
        batch = _Batch(connection, checker, report, import_id)
        batch.take(_chunks(_checked(checker, rows)), known)
        if batch.is_refused:
            savepoint.rollback()
    return not batch.is_refused


MANY = 1000
"""New records from which on a transaction brings the planner's statistics up to date, and again at four times as many."""


def settle(connection: Connection, *reports: Report) -> None:
    """Let what the transaction changed appear and vanish where it must, once, at its end."""
    concerned: dict[str, set[uuid.UUID]] = {}
    for report in reports:
        for kind, ids in report.concerned.items():
            if kind in visibility.KINDS:
                concerned.setdefault(kind, set()).update(ids)
        report.concerned.clear()
    grown = [report for report in reports if report.has_grown(MANY)]
    many = [f"{kind}s" for kind, ids in concerned.items() if len(ids) >= MANY]
    if many and grown:
        visibility.take_statistics(connection, [*many, "contract_objects", "contract_policyholders"])
    visibility.follow(connection, concerned)


def _checked(checker: Source, given: Iterable[Any]) -> Iterator[Checked]:
    for number, item in enumerate(given, 1):
        if isinstance(item, bytes):
            if item and not item.isspace():
                yield number, checker.check(number, item)
        elif isinstance(item, tuple):
            yield item[0], checker.check_row(*item)
        else:
            yield number, checker.check_row(number, item)


@dataclass
class _Chunk:
    """Rows held in memory together."""

    rows: int = 0
    size: int = 0
    numbers: list[int] = field(default_factory=list)
    keys: list[Any] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


def _chunks(items: Iterable[Checked]) -> Iterator[_Chunk]:
    chunk = _Chunk()
    for number, checked in items:
        chunk.rows += 1
        if checked is not None:
            row, text = checked
            chunk.numbers.append(number)
            chunk.keys.append(row.get("key"))
            chunk.texts.append(text)
            chunk.size += len(text)
        if chunk.rows >= CHUNK_ROWS or chunk.size >= CHUNK_BYTES:
            yield chunk
            chunk = _Chunk()
    if chunk.rows:
        yield chunk


class _Batch:
    """The rows of one transaction or savepoint."""

    def __init__(self, connection: Connection, checker: Source, report: Report, import_id: uuid.UUID) -> None:
        self.connection, self.checker, self.report = connection, checker, report
        self.kind: RecordType = checker.kind
        self.problems = report.problems
        self.values: dict[str, Any] = {
            "tenant": current.tenant_id(), "batch": uuid.uuid4(), "import": import_id
        }  # fmt: skip
        self.lines: dict[Any, int] = {}
        self.rows = 0
        self.is_refused = False

    def take(self, chunks: Iterable[_Chunk], known_problems: int) -> None:
        """Do everything there is to do with these rows and count them in the report."""
        for chunk in chunks:
            self._stage(chunk)
        self.report.batches += 1
        # Compiling these long statements costs more than it saves; planning them for how many rows there are does not.
        self.connection.exec_driver_sql("set local jit = off; set local plan_cache_mode = auto")
        visibility.lock(self.connection)
        self._check()
        if self.problems.count == known_problems:
            try:
                with self.connection.begin_nested():
                    self._merge()
                    return
            except IntegrityError:
                pass
        self._check(of_references=True)
        if self.problems.count == known_problems:
            # All was good a moment ago, so somebody else changed what these rows name.
            self.problems.add(0, Reason.COLLISION)
        self.is_refused = True
        self.report.concerned.clear()
        self.report.refused += self.rows

    def _stage(self, chunk: _Chunk) -> None:
        self.rows += chunk.rows
        for key, number in zip(chunk.keys, chunk.numbers, strict=True):
            if isinstance(key, str) and self.lines.setdefault(key, number) != number:
                self.problems.add(number, Reason.TWICE, "key", key, first=self.lines[key])
        staging = self.values | {"numbers": chunk.numbers, "texts": chunk.texts}
        try:
            with self.connection.begin_nested():
                self.connection.exec_driver_sql(STAGE.format(where=""), staging)
        except DBAPIError as error:
            if not _is_about_data(error):
                raise
            # Numbers with more digits than the database can hold are the one thing the reader lets through.
            self._stage_what_is_json(staging)

    def _stage_what_is_json(self, staging: dict[str, Any]) -> None:
        for number, text in self.connection.exec_driver_sql(NOT_JSON, staging).all():
            self.problems.add(number, Reason.NOT_JSON, value=text)
        self.connection.exec_driver_sql(STAGE.format(where="where pg_input_is_valid(text, 'jsonb')"), staging)

    @property
    def shape(self) -> Shape:
        shapes = [frozenset(shape) for shape in self.checker.shapes]
        if not shapes:
            return Shape(frozenset(), frozenset())
        always = frozenset.intersection(*shapes)
        return Shape(always, frozenset.union(*shapes) - always)

    def _check(self, *, of_references: bool = False) -> None:
        statement = check_sql(self.kind, self.shape, of_references)
        if not statement:
            return
        room = max(self.problems.room, 1)
        found = self.connection.exec_driver_sql(statement, self.values | {"room": room}).all()
        for line, name, word, value, _total in found:
            reason = Reason(word)
            self.problems.add(line, reason, name, value or "", **params_of(self.kind, name, reason))
        if found:
            self.problems.count += max(0, found[0][4] - room)

    def _merge(self) -> None:
        shape, report = self.shape, self.report
        differences = self._compare(shape) if report.dry_run else []
        merged = self.connection.exec_driver_sql(merge_sql(self.kind, shape), self.values).all()
        new = {row[0] for row in merged if row[1]}
        changed = {row[0] for row in merged if not row[1]}
        self._concern(self.kind.name, (row[0] for row in merged if row[2]))
        # A contract that changed hands concerns the policyholder it left as well.
        moved = [row for row in merged if not row[1] and row[3] != row[4]]
        self._concern("policyholder", (holder for row in moved for holder in row[3:]))
        linked = self._link(shape)
        relinked = linked - new - changed
        if relinked:
            self.connection.exec_driver_sql(
                f"update {self.kind.table.name} set changed_at = now() where tenant_id = %(tenant)s and id = any(%(ids)s)",
                self.values | {"ids": list(relinked)},
            )
        self.connection.exec_driver_sql(FORGET, self.values)
        self._tell(differences)
        report.new += len(new)
        report.changed += len(changed | relinked)
        report.unchanged += self.rows - len(new) - len(changed | relinked)

    def _link(self, shape: Shape) -> set[uuid.UUID]:
        """Settle the lists of links; the records whose links changed."""
        linked: set[uuid.UUID] = set()
        for name, link in self.kind.links.items():
            if name in shape:
                pairs = self.connection.exec_driver_sql(link_sql(self.kind, name), self.values).all()
                own, others = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
                linked |= own
                if link.is_seen:
                    self._concern(self.kind.name, own)
                    self._concern(self.kind.fields[name].to, others)
        if "links" in shape:
            pairs = self.connection.exec_driver_sql(document_link_sql(self.kind), self.values).all()
            linked |= {pair[0] for pair in pairs}
            self._concern(self.kind.name, linked)
        return linked

    def _concern(self, kind: str, ids: Iterable[uuid.UUID]) -> None:
        self.report.concerned.setdefault(kind, set()).update(ids)

    def _compare(self, shape: Shape) -> Sequence[Any]:
        """Per field, what would differ: the field, how many, the first examples."""
        statement = difference_sql(self.kind, shape)
        return self.connection.exec_driver_sql(statement, self.values).all() if statement else []

    def _tell(self, differences: Sequence[Any]) -> None:
        for name, count, examples in differences:
            so_far = self.report.differences.setdefault(name, {"count": 0, "examples": []})
            so_far["count"] += count
            more = [{"key": key, "old": old, "new": new} for key, old, new in examples]
            so_far["examples"] = (so_far["examples"] + more)[:EXAMPLES]


STAGE = """
    insert into incoming_rows (tenant_id, batch_id, line, given)
    select %(tenant)s, %(batch)s, line, text::jsonb
      from unnest(%(numbers)b::bigint[], %(texts)b::text[]) r(line, text) {where}"""
# COPY is refused under row-level security; arrays in binary form arrive as fast.
NOT_JSON = """
    select line, left(text, 100) from unnest(%(numbers)b::bigint[], %(texts)b::text[]) r(line, text)
     where not pg_input_is_valid(text, 'jsonb')"""
FORGET = "delete from incoming_rows where tenant_id = %(tenant)s and batch_id = %(batch)s"


def _is_about_data(error: DBAPIError) -> bool:
    """Whether the database refused a value, rather than being away: SQLSTATE class 22."""
    return str(getattr(error.orig, "sqlstate", "")).startswith("22")
