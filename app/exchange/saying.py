"""What an import did, in words at the terminal: read aloud, it says what happened, where, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from app.core.formats import formats_for
from app.core.text import _, _n, language
from app.exchange.gdv import FOOTER_REASONS
from app.exchange.kinds import RECORD_TYPES
from app.exchange.report import Report

MOST_SAID = 50
"""Problems a report in words names, per list; --json has all that were kept."""
MOST_LINES = 8
MOST_PACKAGES = 20
"""Packages without anything to say about them that are named one by one."""


def said(report: Report) -> Iterator[str]:
    """The report on records of one type, line by line."""
    if report.dry_run:
        yield _("This was a trial: nothing was changed.")
    yield _("New: {n}", n=report.new)
    yield _("Changed: {n}", n=report.changed)
    yield _("Unchanged: {n}", n=report.unchanged)
    if report.refused:
        yield _("Refused: {n}", n=report.refused)
    for field, found in report.differences.items():
        yield _n("{field}: {n} value differs", "{field}: {n} values differ", found["count"], field=field)
        for example in found["examples"]:
            yield f"  {example['key']}: {example['old'] or '–'} → {example['new'] or '–'}"
    yield from _errors([problem.as_dict() for problem in report.errors], report.problems.count)


def said_of_gdv(summary: dict[str, Any]) -> Iterator[str]:
    """The report on a GDV file, line by line: each package and what is wrong with it, then what came in."""
    if summary["dry_run"]:
        yield _("This was a trial: nothing was changed.")
    packages, refused = summary["packages"], summary["refused"]
    told = [
        _about(package)
        for package in summary["package_reports"]
        if packages <= MOST_PACKAGES or package["refused"] or package["mismatch_accepted"]
    ]
    yield from told[:MOST_SAID]
    if len(told) > MOST_SAID:
        yield _("and {n} more", n=len(told) - MOST_SAID)
    yield from _errors(summary["errors"], summary["errors_total"])
    if summary["notes_total"]:
        yield _n("{n} note:", "{n} notes:", summary["notes_total"])
        yield from _listed(summary["notes"], summary["notes_total"])
    if refused < packages:
        yield _n("{n} package taken:", "{n} packages taken:", packages - refused)
        amount = formats_for(language()).number(Decimal(summary["premium_total"]), 2)
        yield "  " + ", ".join(
            (
                _n("{n} record", "{n} records", summary["records"]),
                _n("{n} partner", "{n} partners", summary["partners"]),
                _n("{n} contract", "{n} contracts", summary["contracts"]),
                _("Total premium: {amount}", amount=amount),
            )
        )
        for record_type, counts in summary["taken"].items():
            name = RECORD_TYPES[record_type].schema.nouns
            yield "  " + _(
                "{records}: {new} new, {changed} changed, {unchanged} unchanged", records=name, **counts
            )
        if summary["unmapped"]:
            types = ", ".join(f"{record} ({count})" for record, count in summary["unmapped"].items())
            yield "  " + _("Counted, but not taken over, by record type: {types}", types=types)
    if refused:
        yield _n(
            "{n} package was refused. Nothing of it was taken.",
            "{n} packages were refused. Nothing of them was taken.",
            refused,
        )
        if {error["reason"] for error in summary["errors"]} <= FOOTER_REASONS:
            yield _(
                "If the sender confirms what the file holds, import it again with --accept-mismatch. "
                "It is put on record that you did."
            )


def _about(package: dict[str, Any]) -> str:
    """What became of a package, in one line."""
    known = {
        "number": package["package"],
        "first": package["first_line"],
        "last": package["last_line"],
        "sender": package["sender"] or package["insurer"] or _("sender unknown"),
    }
    if package["refused"]:
        return _("Package {number}, lines {first} to {last} ({sender}): refused.", **known)
    if package["mismatch_accepted"]:
        return _(
            "Package {number}, lines {first} to {last} ({sender}): taken, although its footer does not tally. "
            "This is on record.",
            **known,
        )
    return _("Package {number}, lines {first} to {last} ({sender}): taken. Its footer tallies.", **known)


def _errors(errors: list[dict[str, Any]], count: int) -> Iterator[str]:
    if count:
        yield _n("{n} error:", "{n} errors:", count)
        yield from _listed(errors, count)


def _listed(problems: list[dict[str, Any]], count: int) -> Iterator[str]:
    """Problems in words, those that differ in nothing but their line as one."""
    alike: dict[tuple[str, ...], list[int]] = {}
    for problem in problems:
        what = (problem.get("record", ""), problem["field"], problem["value"].strip(), problem["text"])
        alike.setdefault(what, []).append(problem["line"])
    for what, lines in list(alike.items())[:MOST_SAID]:
        count -= len(lines)
        yield f"  {_in_words(lines, *what)}"
    if count:
        yield _("and {n} more", n=count)


def _in_words(lines: list[int], record: str, field: str, value: str, sentence: str) -> str:
    """Where, in which field, with which value, and why."""
    where = []
    if lines[0]:
        listed = ", ".join(map(str, lines[:MOST_LINES])) + (" …" if len(lines) > MOST_LINES else "")
        where.append(_n("line {lines}", "lines {lines}", len(lines), lines=listed))
    if record:
        where.append(_("record {type}", type=record) if record.isdecimal() else record)
    if field:
        where.append(_("field {name}", name=field))
    if value:
        where.append(formats_for(language()).quote(value))
    place = ", ".join(where)
    if not place:
        return sentence
    return _("{place}: {sentence}", place=place[0].upper() + place[1:], sentence=sentence)
