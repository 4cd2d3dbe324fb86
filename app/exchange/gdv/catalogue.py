"""The field catalogue of the standard: which fields a line has, found from its own marks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

# The layouts of 080 also describe burglary, water, storm, extended coverage and combined commercial covers.
COMMERCIAL_PROPERTY = frozenset({"090", "099", "100", "109", "120", "123", "124", "210"}) | frozenset(
    str(code) for code in (*range(180, 190), *range(230, 234))
)


@dataclass(frozen=True, slots=True)
class Field:
    """One field; `start` and `end` are slice bounds: the standard's first byte less one, and its last."""

    name: str
    label: str
    kind: str
    start: int
    end: int
    decimals: int = 0
    sign_at: int | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A byte that says which layout a line has; optional ones repeat another and are often left blank."""

    at: int
    values: str
    is_optional: bool


class Layout:
    """The fields of one (record type, line of business, kind of risk, part)."""

    __slots__ = ("checked", "fields", "lob", "marks", "part", "record")

    def __init__(self, record: str, lob: str, part: str, marks: list[Mark]) -> None:
        self.record, self.lob, self.part, self.marks = record, lob, part, marks
        self.fields: dict[str, Field] = {}
        self.checked: list[Field] = []

    def fit(self, text: str) -> int | None:
        """None when a needed mark differs, else minus the number of optional marks that do."""
        score = 0
        for mark in self.marks:
            if text[mark.at] not in mark.values:
                if not mark.is_optional:
                    return None
                score -= 1
        return score

    def seal(self) -> None:
        """Attach each amount's sign byte and gather the fields whose form can be wrong."""
        by_start = {found.start: found for found in self.fields.values()}
        for name, found in self.fields.items():
            sign = by_start.get(found.end)
            if found.kind in "NF" and sign is not None and sign.name.startswith("Vorzeichen"):
                found = Field(
                    found.name, found.label, found.kind, found.start, found.end, found.decimals, sign.start
                )
                self.fields[name] = found
        self.checked = [found for found in self.fields.values() if found.kind != "A"]


def _layouts() -> Iterator[Layout]:
    layout: Layout | None = None
    for row in (files(__package__) / "data" / "fields.tsv").read_text(encoding="utf-8").splitlines():
        if row.startswith("#"):
            continue
        if row.startswith("@"):
            if layout is not None:
                layout.seal()
                yield layout
            record, lob, part, marks = row[1:].split("\t")
            layout = Layout(record, lob, part, [_mark(mark) for mark in marks.split()])
        elif layout is not None:
            first, last, kind, name, label = row.split("\t")
            decimals = int(kind[1:] or 0)
            layout.fields[name] = Field(name, label, kind[0], int(first) - 1, int(last), decimals)
    if layout is not None:
        layout.seal()
        yield layout


def _mark(text: str) -> Mark:
    at, _, values = text.partition("=")
    return Mark(int(at) - 1, values.rstrip("?"), values.endswith("?"))


@lru_cache(maxsize=1)
def _by_record() -> dict[tuple[str, str], list[Layout]]:
    found: dict[tuple[str, str], list[Layout]] = {}
    for layout in _layouts():
        found.setdefault((layout.record, layout.lob), []).append(layout)
    return found


@lru_cache(maxsize=1)
def record_types() -> frozenset[str]:
    """Every record type the standard defines."""
    return frozenset(record for record, _ in _by_record())


@lru_cache(maxsize=1)
def _lines_of_business() -> frozenset[str]:
    return frozenset(lob for _, lob in _by_record())


@lru_cache(maxsize=4096)
def layouts_of(record: str, lob: str) -> tuple[Layout, ...]:
    """The layouts a line of this record type and line of business may have; none when the standard has none.

    A line of business without a layout of its own uses that of its group (081 that of 080), the commercial
    covers that of 080, and the rest the general layout 000 (standard, annex 1).
    """
    known = _by_record()
    if (record, "") in known:
        return tuple(known[record, ""])
    group = "080" if lob in COMMERCIAL_PROPERTY else lob[:2] + "0"
    for candidate in (lob, group):
        if (record, candidate) in known:
            return tuple(known[record, candidate])
    if group not in _lines_of_business():
        return tuple(known.get((record, "000"), ()))
    return ()


def layout_of(text: str) -> Layout | None:
    """The layout of a line of 256 characters, or None when the standard has none with these marks.

    A line with a blank or zero where the part number belongs is read as the first part: older senders meant
    it.
    """
    candidates = layouts_of(text[:4], text[10:13])
    best: Layout | None = None
    best_score = 0
    for layout in candidates:
        score = layout.fit(text)
        if score is not None and (best is None or score > best_score):
            best, best_score = layout, score
    if best is not None:
        return best
    for layout in candidates:
        if layout.part == "1" and all(text[m.at] in m.values or text[m.at] in " 0" for m in layout.marks):
            return layout
    return None
