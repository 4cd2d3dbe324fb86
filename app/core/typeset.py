"""Pages as PDF by typst, compiled in this process: a template of ours and what it says as JSON, never as markup.

typst is loaded with the first of them: it takes 7 MB, which most processes never need."""

from __future__ import annotations

import datetime
import logging
import re
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlow
from functools import cache
from pathlib import Path
from subprocess import Popen, TimeoutExpired
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

import orjson

from app.core.errors import Refusal
from app.core.text import _

if TYPE_CHECKING:
    import typst

log = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[2]
FONTS = ROOT / "themes" / "fonts"
PATIENCE = 60
"""Seconds after which nobody waits any longer for a PDF."""
PATIENCE_APART = 10 * 60
"""And after which a job gives up."""
TICK = 1.0
"""Between two looks at whether a document is still wanted."""
AT_ONCE = 2
"""PDFs that one process makes at a time: a long one takes hundreds of megabytes while it is made."""
MUCH = 50_000
"""Bytes of JSON from which on typst is made to forget what it learned from a document."""
AGE = 11
"""typst forgets what it did not need for ten documents."""
ACCESSIBLE: list[typst.PDFStandard] = ["ua-1"]
"""PDF/UA-1: readable aloud. It wants a glyph for every character, which no typeface has for emoji."""

# Control characters have no glyph, and those that turn the direction of writing would turn what stands around them.
INVISIBLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)


class Unprintable(Refusal):
    """No PDF, in spite of an address that is right."""

    status = 422

    def __str__(self) -> str:
        return _("This PDF could not be made. Show fewer rows or columns, or download the data as CSV.")


@cache
def fonts() -> typst.Fonts:
    """The typefaces typst brings along and ours. Those of the machine stay out: a page looks alike everywhere."""
    import typst

    return typst.Fonts(include_system_fonts=False, font_paths=[FONTS])


@cache
def families() -> frozenset[str]:
    return frozenset(fonts().families())


@cache
def _press() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_ONCE, "typst")


def pdf(template: Path, told: Mapping[str, Any], day: datetime.date) -> bytes:
    """The template filled with what is told, the same bytes for the same words and day. It reads nothing outside its
    folder. Unprintable if typst fails or takes too long."""
    words = orjson.dumps(clean(told)).decode()
    task = _press().submit(_compiled, template, words, day)
    if len(words) > MUCH:
        task.add_done_callback(_forget)
    try:
        return task.result(PATIENCE)
    except TooSlow:
        task.cancel()
        log.warning("%s took longer than %s seconds", template.name, PATIENCE)
        raise Unprintable from None


def pdf_apart(template: Path, told: Mapping[str, Any], day: datetime.date, look: Callable[[], None]) -> bytes:
    """The same for a document of any length: in a process of its own, which gives its memory back. `look` is called
    every second; what it raises ends that process."""
    command = [sys.executable, "-m", __name__, str(template), day.isoformat()]
    with TemporaryFile() as given, TemporaryFile() as made:
        given.write(orjson.dumps(clean(told)))
        given.seek(0)
        process = Popen(command, stdin=given, stdout=made, cwd=ROOT)
        try:
            end = time.monotonic() + PATIENCE_APART
            while process.poll() is None and time.monotonic() < end:
                try:
                    process.wait(TICK)
                except TimeoutExpired:
                    look()
        finally:
            process.kill()
            process.wait()
        if process.returncode:
            log.warning("%s ended with %s", template.name, process.returncode)
            raise Unprintable
        made.seek(0)
        return made.read()


def clean(told: Any) -> Any:
    """The same without characters that nobody can see."""
    if isinstance(told, str):
        return INVISIBLE.sub(" ", told)
    if isinstance(told, Mapping):
        return {name: clean(one) for name, one in told.items()}
    return [clean(one) for one in told] if isinstance(told, list | tuple) else told


def _compiled(template: Path, words: str, day: datetime.date) -> bytes:
    import typst

    moment = int(datetime.datetime.combine(day, datetime.time(), datetime.UTC).timestamp())
    for standards in (ACCESSIBLE, []):
        try:
            made = typst.compile(
                template,
                root=template.parent,
                font_paths=fonts(),
                ignore_system_fonts=True,
                sys_inputs={"told": words},
                pdf_standards=standards,
                timestamp=moment,
            )
        except typst.TypstError as error:
            if not standards:
                log.error("%s: %s %s", template.name, error.message, error.trace)
        except BaseException as error:
            # What goes wrong deep in typst comes as no Exception, and must not end the process.
            log.error("%s: %s", template.name, type(error).__name__)
            raise Unprintable from None
        else:
            assert isinstance(made, bytes)
            return made
    raise Unprintable


def _forget(task: Future[bytes]) -> None:
    """Let go of what typst keeps of a large document: else each would hold its memory until ten others were made."""
    import typst

    for _age in range(AGE):
        typst.compile(b"", font_paths=fonts(), ignore_system_fonts=True)


if __name__ == "__main__":
    sys.stdout.buffer.write(
        _compiled(Path(sys.argv[1]), sys.stdin.read(), datetime.date.fromisoformat(sys.argv[2]))
    )
