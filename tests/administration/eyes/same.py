"""Whether a page is the client's own: what his browser gets beside what is seen through his eyes."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask import Flask

from app.reports.source import SOURCES
from tests.security.stock import unpacked
from tests.security.test_routes import record_of

BANNER = re.compile(rb'<section class="imp".*?</section>', re.DOTALL)
TOKEN = re.compile(rb"/files/[\w.-]+")
"""The address of a file, made anew for each who asks."""
VARIANTS = (
    "q=a", "q=nothing+at+all", "sort=nothing", "by=nothing", "view=row", "view=tiles", "show=count", "rows=5", "as_of=2026-01-31",
)  # fmt: skip
LEFT_OUT = {"static", "feed"}
"""Routes that open without anybody's cookie."""


def pages(portal: Flask, records: Mapping[str, Sequence[uuid.UUID]], **more: uuid.UUID) -> Iterator[str]:
    """Every address that can be looked at, with each of these records in it; more ids by the name they have there."""
    for rule in portal.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint.split(".")[1] in LEFT_OUT:
            continue
        path = rule.rule.replace("<plural>", "contracts").replace("<any(xlsx, pdf, csv):ending>", "csv")
        for argument in rule.arguments - {"record_id"}:
            path = path.replace(f"<uuid:{argument}>", str(more.get(argument, uuid.UUID(int=7))))
            path = path.replace(f"<{argument}>", "x")
        if "record_id" not in rule.arguments:
            yield path
            continue
        for record_id in [*records.get(record_of(rule), ()), uuid.UUID(int=7)]:
            yield path.replace("<uuid:record_id>", str(record_id))
    yield "/nothing-here"
    for source in SOURCES.values():
        yield from (f"/{source.plural}?{words}" for words in VARIANTS)


def plain(answer: Any) -> tuple[Any, ...]:
    """An answer without what may differ: the banner, the tokens of links to files, the moment a file was made."""
    where = TOKEN.sub(b"", answer.headers.get("Location", "").encode())
    body = TOKEN.sub(b"", BANNER.sub(b"", unpacked(answer.data)))
    return answer.status_code, answer.content_type, where, body


def differences(paths: Iterable[str], own: Any, looked: Any) -> tuple[int, list[str]]:
    """How many pages were compared, and which differ or lack their banner. Twice unlike is unlike: a minute may pass
    between one and the other."""
    count, found = 0, []
    for path in paths:
        count += 1
        one, other = own(path), looked(path)
        has_banner = len(BANNER.findall(other.data))
        if has_banner != (1 if b'<main id="main"' in other.data else 0):
            found.append(f"{path}: {has_banner} banners")
        elif plain(one) != plain(other) and plain(own(path)) != plain(looked(path)):
            found.append(
                f"{path}: {one.status_code} {other.status_code} {first(plain(one)[3], plain(other)[3])}"
            )
    return count, found


def first(one: bytes, other: bytes) -> str:
    """Where two texts part."""
    at = next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    return f"…{one[max(at - 40, 0) : at + 60]!r} …{other[max(at - 40, 0) : at + 60]!r}"
