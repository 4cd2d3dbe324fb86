"""What stands in a PDF of the portal: its words in their order, its tables row by row, and what it says of itself.

A small reader of the tagged files that typst writes: objects one after another, streams packed with Flate, fonts with a
table from glyphs to characters. Not one of PDF in general.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from functools import cached_property

TOKEN = re.compile(
    rb"/(?P<font>\w+) [\d.]+ Tf|/\w+\s*(?P<opens>BMC|<<.*?>>\s*BDC)|(?P<closes>\bEMC\b)"
    rb"|(?P<literal>\((?:\\.|[^\\()]|\((?:\\.|[^\\()])*\))*\))|<(?P<hex>[0-9a-fA-F]+)>",
    re.S,
)
ACTUAL = re.compile(rb"/ActualText(?:<([0-9A-F]+)>|(\((?:\\.|[^\\)])*\)))")
KID = re.compile(rb"/MCR/Pg (\d+) 0 R/MCID (\d+)|(\d+) 0 R|(\d+)")
ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


class Pdf:
    def __init__(self, raw: bytes) -> None:
        assert raw.startswith(b"%PDF-"), raw[:200]
        self.raw = raw
        self.objects = dict(_objects(raw))
        self.marked: dict[tuple[bytes, int], str] = {}
        self.pages = [
            number for number, body in self.objects.items() if re.search(rb"/Type/Page[/\s>]", body)
        ]
        self.outside = "".join(self._read(page) for page in self.pages)
        """Words that are no part of the content, such as the numbers of the pages."""

    @cached_property
    def text(self) -> str:
        """The words in the order they are read aloud, a line for each part of the page."""
        return "\n".join(
            self._said(element) for element in self._elements(b"H1", b"H2", b"P", b"TD", b"TH", b"Span")
        )

    @cached_property
    def rows(self) -> list[list[str]]:
        """The cells of every row of its tables."""
        return [[self._said(kid) for kid in self._kids(row)] for row in self._elements(b"TR")]

    def drawn(self) -> Iterator[bytes]:
        """What is painted, page by page, and what each page is put together from."""
        for body in self.objects.values():
            if b"/Contents" not in body and b"stream\n" in body and b"/Length" in body:
                yield _unpacked(body)

    @property
    def titles(self) -> list[str]:
        return [self._said(element) for element in self._elements(b"H1", b"H2")]

    def told(self, name: str) -> str:
        """An entry of the file's own description, such as its Title."""
        value = rb"(?:<([0-9A-F]+)>|(\((?:\\.|[^\\)])*\)))"
        found = re.search(rb"/" + name.encode() + value, self._described)
        assert found, name
        return _text(found)

    @property
    def _described(self) -> bytes:
        return next(body for body in self.objects.values() if b"/Creator(" in body) + next(
            body for body in self.objects.values() if b"/Type/Catalog" in body
        )

    def _elements(self, *kinds: bytes) -> list[bytes]:
        """The parts of the content of some kinds, in its order."""
        root = next(body for body in self.objects.values() if b"/StructTreeRoot/" in body and b"/K[" in body)
        return [
            self.objects[one] for one in self._below(root)
            if re.search(rb"/S/(\w+)", self.objects[one])[1] in kinds  # type: ignore[index]
        ]  # fmt: skip

    def _below(self, body: bytes) -> Iterator[bytes]:
        for _page, _mark, number, _own in self._listed(body):
            if number:
                yield number
                yield from self._below(self.objects[number])

    def _kids(self, body: bytes) -> list[bytes]:
        return [self.objects[number] for _page, _mark, number, _own in self._listed(body) if number]

    def _listed(self, body: bytes) -> list[tuple[bytes, bytes, bytes, bytes]]:
        found = re.search(rb"/K\[([^\]]*)\]", body)
        return KID.findall(found[1]) if found else []

    def _said(self, body: bytes) -> str:
        of = re.search(rb"/Pg (\d+) 0 R", re.sub(rb"/K\[[^\]]*\]", b"", body))
        said = ""
        for page, mark, number, own in self._listed(body):
            if number:
                kid = self.objects[number]
                said += "\n" * (said != "" and b"/S/Span" not in kid) + self._said(kid)
            else:
                said += self.marked.get((page or of[1], int(mark or own)), "")  # type: ignore[index]
        return said

    def _read(self, page: bytes) -> str:
        fonts, known, opened, outside = self._fonts(page), {}, [], ""
        for token in TOKEN.finditer(_unpacked(self._referred(self.objects[page], b"Contents"))):
            words = ""
            if token["font"]:
                known = fonts[token["font"]]
            elif token["opens"] is not None:
                opened.append(token["opens"])
                if actual := ACTUAL.search(token["opens"]):
                    words = _text(actual)
            elif token["closes"]:
                opened.pop()
            # What a sign stands for may be said beside it.
            elif not any(ACTUAL.search(one) for one in opened):
                codes = _bytes(token["literal"]) if token["literal"] else bytes.fromhex(token["hex"].decode())
                glyphs = (codes[n] << 8 | codes[n + 1] for n in range(0, len(codes) - 1, 2))
                words = "".join(known.get(glyph, "\ufffd") for glyph in glyphs)
            marks = [int(found[1]) for one in opened if (found := re.search(rb"/MCID (\d+)", one))]
            if marks:
                self.marked[page, marks[0]] = self.marked.get((page, marks[0]), "") + words
            else:
                outside += words
        return outside

    def _referred(self, body: bytes, name: bytes) -> bytes:
        """What stands under a name, looked up where it is a reference."""
        found = re.search(rb"/" + name + rb"\s*(?:(\d+) 0 R|(<<.*?>>))", body, re.S)
        assert found, name
        return self.objects[found[1]] if found[1] else found[2]

    def _fonts(self, page: bytes) -> dict[bytes, dict[int, str]]:
        fonts = self._referred(self._referred(self.objects[page], b"Resources"), b"Font")
        return {
            name: _characters(_unpacked(self._referred(self.objects[number], b"ToUnicode")))
            for name, number in re.findall(rb"/(\w+) (\d+) 0 R", fonts)
        }


def _objects(raw: bytes) -> Iterator[tuple[bytes, bytes]]:
    """By number, cut where the table at the end of the file says that they begin."""
    table = int(raw[raw.rindex(b"startxref") + 9 :].split()[0])
    places = sorted(int(one) for one in re.findall(rb"(\d{10}) \d{5} n", raw[table:]))
    for start, end in zip(places, [*places[1:], table], strict=True):
        number, _space, body = raw[start:end].partition(b" 0 obj")
        yield number.strip(), body


def _unpacked(body: bytes) -> bytes:
    head, _word, data = body.partition(b"stream\n")
    length = re.search(rb"/Length (\d+)", head)
    assert length
    packed = data[: int(length[1])]
    return zlib.decompress(packed) if b"/FlateDecode" in head else packed


def _characters(table: bytes) -> dict[int, str]:
    return {
        int(glyph, 16): bytes.fromhex(text.decode()).decode("utf-16-be")
        for part in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.S)
        for glyph, text in re.findall(rb"<(\w+)>\s*<(\w+)>", part)
    }


def _text(found: re.Match[bytes]) -> str:
    """Words given as hexadecimal UTF-16, or else plainly."""
    return (
        bytes.fromhex(found[1].decode()).decode("utf-16") if found[1] else _bytes(found[2]).decode("latin-1")
    )


def _bytes(literal: bytes) -> bytes:
    def plain(escape: re.Match[bytes]) -> bytes:
        return bytes([int(escape[1], 8)]) if escape[1].isdigit() else ESCAPED.get(escape[1], escape[1])

    return re.sub(rb"\\([0-7]{1,3}|.)", plain, literal[1:-1], flags=re.S)
