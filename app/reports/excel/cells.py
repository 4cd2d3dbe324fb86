"""The cells of an Excel sheet, what they look like, and what Excel cannot hold.

Texts stand in the cells as texts (`inlineStr`), so none of them is ever run as a formula.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from decimal import Decimal
from html import escape

MOST_ROWS = 1_048_576
"""Of a sheet, its heading included. No version of Excel opens more."""
LONGEST_TEXT = 32_767
"""Characters of a cell."""
FIRST_DAY, LAST_DAY = datetime.date(1900, 3, 1), datetime.date(9999, 12, 31)
"""Days that Excel has as days; it takes 1900 for a leap year, so that whatever lies before is a day off."""
DAY_ZERO = datetime.date(1899, 12, 30)

GENERAL, DAY, MOMENT, GROUPED, PERCENT = "General", "mm-dd-yy", "m/d/yy h:mm", "#,##0", "0.00%"
BUILT_IN = {GENERAL: 0, GROUPED: 3, "#,##0.00": 4, PERCENT: 10, DAY: 14, MOMENT: 22}
"""Formats every program knows by number. Days and moments then look as the reader's own machine writes them."""
FIRST_OWN = 164


def amount_format(digits: int) -> str:
    return f"{GROUPED}.{'0' * digits}" if digits else GROUPED


FORMATS = (GENERAL, DAY, MOMENT, GROUPED, PERCENT, *(amount_format(digits) for digits in (2, 3, 4)))


def look(number_format: str, *, is_bold: bool = False) -> int:
    """The number by which a cell names how it looks, see `styles`."""
    return FORMATS.index(number_format) + is_bold * len(FORMATS)


BOLD = look(GENERAL, is_bold=True)
EMPTY = "<c/>"


def number_cell(value: Decimal | int, like: int) -> str:
    said = format(value, "f") if isinstance(value, Decimal) else value
    return f'<c s="{like}"><v>{said}</v></c>'


def text_cell(value: str, like: int = 0) -> str:
    text = escape(value[:LONGEST_TEXT], quote=False)
    return f'<c t="inlineStr" s="{like}"><is><t>{text}</t></is></c>' if text else EMPTY


def day_cell(value: datetime.date, like: int) -> str:
    if FIRST_DAY <= value <= LAST_DAY:
        return number_cell((value - DAY_ZERO).days, like)
    return text_cell(value.isoformat(), like)


def row(cells: Iterable[str]) -> str:
    return f"<row>{''.join(cells)}</row>"


IMPOSSIBLE = bytes(code for code in range(32) if code not in b"\t\n\r")
"""Characters that XML cannot hold, nor say in any other way; and two more, as UTF-8 writes them."""
NEARLY_IMPOSSIBLE = re.compile(rb"\xef\xbf[\xbe\xbf]")
LOOKS_ESCAPED = re.compile(rb"_(?=x[0-9A-Fa-f]{4}_)")
"""How Excel writes a character that it cannot write: a text that only looks so must not be read so."""


def clean(piece: bytes) -> bytes:
    """A piece of XML, cut between two cells, without what XML cannot hold."""
    piece = piece.translate(None, IMPOSSIBLE)
    if b"\xef\xbf" in piece:
        piece = NEARLY_IMPOSSIBLE.sub(b"", piece)
    return LOOKS_ESCAPED.sub(b"_x005F_", piece) if b"_x" in piece else piece


def styles(namespace: str) -> str:
    """The part that says how cells look: every format, then every format in bold."""
    numbers = {name: BUILT_IN.get(name, FIRST_OWN + place) for place, name in enumerate(FORMATS)}
    own = "".join(
        f'<numFmt numFmtId="{number}" formatCode="{name}"/>'
        for name, number in numbers.items()
        if number >= FIRST_OWN
    )
    looks = "".join(
        f'<xf numFmtId="{number}" fontId="{font}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>'
        for font in (0, 1)
        for number in numbers.values()
    )
    font = '<sz val="11"/><name val="Calibri"/><family val="2"/>'
    fills = "".join(f'<fill><patternFill patternType="{kind}"/></fill>' for kind in ("none", "gray125"))
    return (
        f'<styleSheet xmlns="{namespace}"><numFmts count="{own.count("<numFmt ")}">{own}</numFmts>'
        f'<fonts count="2"><font>{font}</font><font><b/>{font}</font></fonts><fills count="2">{fills}</fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{2 * len(FORMATS)}">{looks}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )
