"""An Excel workbook, zipped from front to back and never held.

Rows and cells carry no addresses: each stands behind the one before, and the addresses would be a third of the file.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import accumulate
from zipfile import ZIP_DEFLATED, ZipFile

from app.core.text import _, language
from app.reports.excel.cells import BOLD, EMPTY, clean, row, styles, text_cell
from app.reports.source import Source
from permissions import Viewer

FAST = 1
"""Level of compression: cells are so alike that the highest makes the file a little smaller and takes much longer."""
LARGE, AVERAGE_CELL = 1 << 31, 40
"""Bytes of a part from which a zip file must say beforehand that it will be so large, and bytes of a cell. Excel takes
files for damaged that say so of smaller ones."""

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
MEDIA_TYPE = f"{SHEET_TYPE}.sheet"
PARTS = {
    "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    "xl/styles.xml": f"{SHEET_TYPE}.styles+xml",
    "xl/sharedStrings.xml": f"{SHEET_TYPE}.sharedStrings+xml",
    "xl/worksheets/sheet1.xml": f"{SHEET_TYPE}.worksheet+xml",
    "xl/worksheets/sheet2.xml": f"{SHEET_TYPE}.worksheet+xml",
    "xl/workbook.xml": f"{SHEET_TYPE}.sheet.main+xml",
}


@dataclass(frozen=True)
class Heading:
    label: str
    width: int
    """Characters that values of its kind need."""


class Pipe:
    """What the zip file is written into: it keeps only what nobody has fetched yet."""

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._held.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing waits here."""

    def fetch(self) -> bytes:
        held, self._held = self._held, []
        return b"".join(held)


@dataclass(frozen=True)
class Book:
    """A workbook with a sheet of rows and one that tells about them."""

    title: str
    language: str
    author: str
    made_at: datetime.datetime
    headings: Sequence[Heading]
    about_title: str
    about: Sequence[tuple[str, str]]
    """Lines of a label and what it says."""
    words: Sequence[str]
    """Texts that cells name by their place here."""
    above: Sequence[tuple[str, int]] = ()
    """Headings above the others, each with how many of them it is for; then there is no filter."""
    named_by: int = 0
    """How many columns name the rows and stay in place beside the others."""

    def pieces(self, rows: Iterable[tuple[bytes, int]], foot: str = "", cells: int = 0) -> Iterator[bytes]:
        """The file, given pieces of its rows and how many rows are in each. `cells` is how many will come, roughly."""
        pipe, count = Pipe(), 0
        with ZipFile(pipe, "w", ZIP_DEFLATED, compresslevel=FAST) as zipped:  # type: ignore[call-overload]
            for name, content in self._before():
                zipped.writestr(name, _part(content))
            is_large = cells * AVERAGE_CELL > LARGE
            with zipped.open("xl/worksheets/sheet1.xml", "w", force_zip64=is_large) as sheet:
                sheet.write(_part(self._opening()))
                for piece, more in rows:
                    sheet.write(clean(piece))
                    count += more
                    yield pipe.fetch()
                sheet.write(clean((foot + self._closing(count)).encode()))
            zipped.writestr("xl/workbook.xml", _part(self._workbook(count)))
        yield pipe.fetch()

    def _before(self) -> Iterator[tuple[str, str]]:
        yield "[Content_Types].xml", _types()
        yield "_rels/.rels", _relations(OFFICE_DOCUMENT, PROPERTIES)
        yield "xl/_rels/workbook.xml.rels", _relations(*OF_WORKBOOK)
        yield "docProps/core.xml", self._properties()
        yield "xl/styles.xml", styles(MAIN)
        yield "xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{"".join(map(_word, self.words))}</sst>'
        yield "xl/worksheets/sheet2.xml", self._about()

    def _properties(self) -> str:
        made_at = self.made_at.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return (
            f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
            'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
            f"<dc:title>{escape(self.title)}</dc:title><dc:creator>{escape(self.author)}</dc:creator>"
            f'<dcterms:created xsi:type="dcterms:W3CDTF">{made_at}</dcterms:created>'
            f"<dc:language>{self.language}</dc:language></cp:coreProperties>"
        )

    def _opening(self) -> str:
        above = ((text_cell(label, BOLD), *[EMPTY] * (span - 1)) for label, span in self.above)
        heads = row(cell for cells in above for cell in cells) if self.above else ""
        heads += row(text_cell(head.label, BOLD) for head in self.headings)
        # Beside a heading stands the arrow of its filter.
        widths = [max(head.width, min(len(head.label) + 4, 40)) for head in self.headings]
        return (
            f'<worksheet xmlns="{MAIN}"><sheetViews><sheetView tabSelected="1" workbookViewId="0">'
            f"{self._pane()}</sheetView></sheetViews>"
            f"{_columns(widths)}<sheetData>{heads}"
        )

    @property
    def _heads(self) -> int:
        """Rows of headings."""
        return 2 if self.above else 1

    def _pane(self) -> str:
        cell = f"{column_name(self.named_by + 1)}{self._heads + 1}"
        sideways = f'xSplit="{self.named_by}" ' if self.named_by else ""
        active = "bottomRight" if self.named_by else "bottomLeft"
        return f'<pane {sideways}ySplit="{self._heads}" topLeftCell="{cell}" activePane="{active}" state="frozen"/>'

    def _closing(self, count: int) -> str:
        if not self.named_by:
            return (
                f'</sheetData><autoFilter ref="A1:{column_name(len(self.headings))}{count + 1}"/></worksheet>'
            )
        ends = list(accumulate(span for _label, span in self.above))
        merged = [
            f'<mergeCell ref="{column_name(end - span + 1)}1:{column_name(end)}1"/>'
            for (_label, span), end in zip(self.above, ends, strict=True)
            if span > 1
        ]
        cells = f'<mergeCells count="{len(merged)}">{"".join(merged)}</mergeCells>' if merged else ""
        return f'</sheetData>{cells}<pageSetup orientation="landscape"/></worksheet>'

    def _about(self) -> str:
        lines = "".join(row((text_cell(label, BOLD), text_cell(said))) for label, said in self.about)
        return f'<worksheet xmlns="{MAIN}">{_columns((28, 80))}<sheetData>{lines}</sheetData></worksheet>'

    def _workbook(self, count: int) -> str:
        names = [escape(sheet_name(title)) for title in (self.title, self.about_title)]
        sheets = "".join(
            f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(names, 1)
        )
        own = f"'{sheet_name(self.title)}'!".replace("&", "&amp;")
        last = column_name(len(self.headings))
        filtered = (
            '<definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">'
            f"{own}$A$1:${last}${count + 1}</definedName>"
        )
        repeated = f"{own}$1:${self._heads}"
        if self.named_by:
            filtered, repeated = "", f"{own}$A:${column_name(self.named_by)},{repeated}"
        return (
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><bookViews><workbookView/></bookViews>'
            f"<sheets>{sheets}</sheets><definedNames>{filtered}"
            f'<definedName name="_xlnm.Print_Titles" localSheetId="0">{repeated}</definedName>'
            "</definedNames></workbook>"
        )


def book_of(
    viewer: Viewer,
    source: Source,
    headings: Sequence[Heading],
    about: Sequence[tuple[str, str]],
    words: Sequence[str] = (),
    above: Sequence[tuple[str, int]] = (),
    named_by: int = 0,
) -> Book:
    """The workbook of an overview, made now, for this viewer and in his language."""
    return Book(
        title=str(source.area.label),
        language=language(),
        author=viewer.name,
        made_at=datetime.datetime.now(datetime.UTC),
        headings=headings,
        about_title=_("About this file"),
        about=about,
        words=words,
        above=above,
        named_by=named_by,
    )


def sheet_name(title: str) -> str:
    """The title as a sheet may be called."""
    return re.sub(r"[\[\]:*?/\\'<>]", " ", title).strip()[:31]


def column_name(number: int) -> str:
    """1 is A, 27 is AA."""
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _part(content: str) -> bytes:
    return clean((XML + content).encode())


def _word(text: str) -> str:
    return f"<si><t>{escape(text, quote=False)}</t></si>"


def _columns(widths: Iterable[int]) -> str:
    columns = (
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>' for n, width in enumerate(widths, 1)
    )
    return f"<cols>{''.join(columns)}</cols>"


OFFICE_DOCUMENT = (f"{OFFICE}/officeDocument", "xl/workbook.xml")
PROPERTIES = (f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml")
OF_WORKBOOK = (
    (f"{OFFICE}/worksheet", "worksheets/sheet1.xml"),
    (f"{OFFICE}/worksheet", "worksheets/sheet2.xml"),
    (f"{OFFICE}/styles", "styles.xml"),
    (f"{OFFICE}/sharedStrings", "sharedStrings.xml"),
)


def _relations(*found: tuple[str, str]) -> str:
    lines = (
        f'<Relationship Id="rId{n}" Type="{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(found, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{"".join(lines)}</Relationships>'


def _types() -> str:
    lines = (f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in PARTS.items())
    return (
        f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{"".join(lines)}</Types>'
    )
