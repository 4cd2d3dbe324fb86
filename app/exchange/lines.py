"""Reading what is imported: files and uploads become checked JSON lines, one per record, in flat memory."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any

import orjson

from app.exchange.kinds import RecordType
from app.exchange.problems import Problems, Reason

LONGEST_LINE = 1_000_000
"""Bytes."""
READ = 256 * 1024

Row = dict[str, Any]
Prepare = Callable[[Row], Row]


class FileProblem(Exception):
    """A file that a row names cannot be taken; the text is its name."""


@dataclass
class Source:
    """Checked lines of one run: what is wrong with a line goes to `problems`, an empty text stands in its place."""

    kind: RecordType
    problems: Problems
    prepare: Prepare | None = None
    """What a row goes through first, such as storing the file it names. Without it, no row may name a file."""
    shapes: set[tuple[str, ...]] = field(default_factory=set)
    """The sets of fields that rows of the present batch bring."""

    def check(self, number: int, line: bytes) -> tuple[Row, str] | None:
        """A line as a row and as JSON text; None when it is refused."""
        try:
            if len(line) > LONGEST_LINE:
                raise _Refused(Reason.LINE_TOO_LONG)
            row = _parsed(line)
            if self.prepare is not None:
                row = self.prepare(row)
                line = orjson.dumps(row)
        except _Refused as refused:
            self.problems.add(number, refused.reason, value=refused.value)
            return None
        except FileProblem as problem:
            self.problems.add(number, Reason.FILE_UNREADABLE, "file", problem)
            return None
        return (row, line.decode()) if self._is_known(number, row) else None

    def check_row(self, number: int, row: Row) -> tuple[Row, str] | None:
        """The same for a row that is no text yet."""
        try:
            return self.check(number, orjson.dumps(row, default=str))
        except (TypeError, ValueError, RecursionError) as error:
            is_surrogate = "surrogate" in str(error)
            self.problems.add(number, Reason.SURROGATE if is_surrogate else Reason.NOT_JSON)
            return None

    def _is_known(self, number: int, row: Row) -> bool:
        shape = tuple(row)
        if shape in self.shapes:
            return True
        known = self.kind.fields.keys() - (frozenset() if self.prepare else self.kind.kept)
        unknown = [name for name in row if name not in known]
        for name in unknown:
            self.problems.add(number, Reason.UNKNOWN_FIELD, name, row[name])
        if not unknown:
            self.shapes.add(shape)
        return not unknown


class _Refused(Exception):
    def __init__(self, reason: Reason, value: str = "") -> None:
        self.reason, self.value = reason, value


def _parsed(line: bytes) -> Row:
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise _Refused(_why(line, str(error)), line[:100].decode(errors="replace")) from None
    if type(row) is not dict:
        raise _Refused(Reason.NOT_AN_OBJECT, line[:100].decode(errors="replace"))
    # The escape may also stand for itself behind another backslash, so the value decides.
    if b"\\u0000" in line and _has_nul(row):
        raise _Refused(Reason.NUL)
    return row


def _why(line: bytes, message: str) -> Reason:
    if b"\0" in line:
        return Reason.NUL
    try:
        line.decode()
    except UnicodeDecodeError:
        return Reason.NOT_UTF8
    return Reason.SURROGATE if "surrogate" in message else Reason.NOT_JSON


def _has_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any("\0" in name or _has_nul(item) for name, item in value.items())
    return isinstance(value, list) and any(map(_has_nul, value))


def lines_of(stream: IO[bytes]) -> Iterator[bytes]:
    """The lines of a stream without their ends. Of a line beyond the limit only its beginning is kept."""
    rest = b""
    is_first = True
    while data := stream.read(READ):
        if is_first:
            data, is_first = data.removeprefix(codecs.BOM_UTF8), False
        *whole, rest = (rest + data).split(b"\n")
        yield from (line.removesuffix(b"\r") for line in whole)
        rest = rest[: LONGEST_LINE + 1]
    if rest:
        yield rest


def csv_rows(stream: IO[bytes], kind: RecordType, problems: Problems) -> Iterator[tuple[int, Row]]:
    """The rows of a CSV file with the number of the line each begins in.

    The first line names the fields; `;`, `,` or tab separates, an empty cell is null, `|` separates the items of a
    list, links are `type:key`. A file without a usable first line yields nothing.
    """
    counter = _Counter(lines_of(stream), problems)
    first = next(counter, None)
    if not first or not first.strip():
        problems.add(1, Reason.NO_HEADER)
        return
    delimiter = max(";,\t", key=first.count)
    try:
        names = [name.strip() for name in next(csv.reader([first], delimiter=delimiter))]
    except csv.Error:
        problems.add(1, Reason.BROKEN_CSV)
        return
    for position, name in enumerate(names):
        if name not in kind.fields and name != "file":
            problems.add(1, Reason.UNKNOWN_FIELD, name)
        elif name in names[:position]:
            problems.add(1, Reason.REPEATED_COLUMN, name)
    if problems.count:
        return
    readers = [_READERS.get(kind.fields[name].kind if name in kind.fields else "", _plain) for name in names]
    rows = csv.reader(counter, delimiter=delimiter)
    while True:
        begins = counter.number + 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error:
            problems.add(counter.number, Reason.BROKEN_CSV)
            return
        if not cells:
            continue
        if len(cells) != len(names):
            problems.add(
                begins, Reason.CELLS, value=delimiter.join(cells)[:100], found=len(cells), expected=len(names)
            )
            continue
        yield (
            begins,
            {
                name: read(cell) if cell else None
                for name, read, cell in zip(names, readers, cells, strict=True)
            },
        )


class _Counter:
    """Lines as text, counted; a line that is not UTF-8 is reported and read with its bad bytes replaced."""

    def __init__(self, lines: Iterable[bytes], problems: Problems) -> None:
        self.lines, self.problems, self.number = iter(lines), problems, 0

    def __iter__(self) -> _Counter:
        return self

    def __next__(self) -> str:
        line = next(self.lines)
        self.number += 1
        if len(line) > LONGEST_LINE:
            self.problems.add(self.number, Reason.LINE_TOO_LONG)
            line = line[:100]
        try:
            # The reader sees the end of a line, so that a cell may hold one.
            return line.decode() + "\n"
        except UnicodeDecodeError:
            self.problems.add(self.number, Reason.NOT_UTF8, value=line[:100].decode(errors="replace"))
            return line.decode(errors="replace") + "\n"


def _plain(cell: str) -> Any:
    return cell


def _items(cell: str) -> Any:
    return [item.strip() for item in cell.split("|") if item.strip()]


def _links(cell: str) -> Any:
    parts = [item.partition(":") for item in _items(cell)]
    return [{"type": kind.strip(), "key": key.strip()} for kind, _colon, key in parts]


def _details(cell: str) -> Any:
    try:
        return orjson.loads(cell)
    except orjson.JSONDecodeError:
        return cell


_READERS: dict[str, Callable[[str], Any]] = {
    "references": _items,
    "words": _items,
    "links": _links,
    "details": _details,
}
