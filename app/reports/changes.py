"""What changed in an overview between two days: what came, what went, and what is otherwise, field by field.

Both days are seen with the rights of today, through the same filters; only columns the viewer has are compared.
"""

from __future__ import annotations

import csv
import datetime
import io
from dataclasses import replace
from types import SimpleNamespace

from flask import Blueprint, Response, render_template, request

from app.core.db import transaction
from app.core.errors import NotFound, Unacceptable
from app.core.formats import formats_for
from app.core.text import LazyText, _, _l, language
from app.reports.access import EXPORT
from app.reports.address import address_read, of_title
from app.reports.as_of import AsOf, Said, read_as_of, refusal
from app.reports.difference import Asked, found_changes, lines
from app.reports.far import in_the_past
from app.reports.files import harmless_text
from app.reports.history import said
from app.reports.reader import reader_of
from app.reports.reading import Problems
from app.reports.source import Source
from app.reports.switches import AS_OF, CSV
from app.reports.table import words_of
from permissions import Viewer
from permissions.door import allow
from permissions.noting import note

WORDS = ("from", "to")
SHOWN, MOST = 200, 5000
"""Records on the page, and in a file."""
USUAL = 30
"""Days that are looked back unless somebody says otherwise."""
WORDS_OF_KINDS: dict[str, tuple[LazyText, str]] = {
    "come": (_l("Added"), "positive"),
    "changed": (_l("Changed"), "info"),
    "gone": (_l("No longer there"), "off"),
}


def changes_of(source: Source) -> Blueprint:
    """The pages of one record type that keeps a history, signed like its overview."""
    pages = Blueprint(f"{source.plural}_changes", __name__)

    @pages.get(f"/{source.plural}/changes")
    @allow(source.area, AS_OF)
    def index() -> str | tuple[str, int]:
        return page(reader_of(source, AS_OF), source)

    @pages.get(f"/{source.plural}/changes.csv")
    @allow(source.area, EXPORT, AS_OF, CSV)
    def file() -> Response:
        person = reader_of(source, AS_OF, CSV)
        asked, problems = read_changes(person, source)
        if problems:
            raise Unacceptable(problems.by_control)
        of_title(person, asked.state)
        note(transaction(), person, "file.download", source.record, after={"ending": "csv"})
        name = f"{source.plural}-{asked.since.day}-{asked.until.day}.csv"
        return Response(
            written(person, source, asked),
            mimetype="text/csv",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    return pages


def read_changes(person: Viewer, source: Source) -> tuple[Asked, Problems]:
    state, problems = address_read(person, source, WORDS)
    columns = in_the_past(state.columns_in(source, person.rights))
    if not state.are_columns_chosen:
        state = replace(state, columns=tuple(key for key, one in columns.items() if not one.is_far))
    compared = tuple(key for key in state.columns if key in columns and columns[key].is_listable)
    if not compared:
        raise NotFound
    usual = (person.today - datetime.timedelta(days=USUAL), person.today)
    days = [_day(source, name, day, problems) for name, day in zip(WORDS, usual, strict=True)]
    if days[0].moment >= days[1].moment:
        problems.add("from", _l("The first day must lie before the second."))
    state = replace(state, columns=compared, as_of=None, grouping=None, cursor=None, is_backwards=False)
    return Asked(state, *days), problems


def _day(source: Source, name: str, usual: datetime.date, problems: Problems) -> AsOf:
    standard = read_as_of(str(usual))
    assert standard is not None
    given = request.args.get(name)
    if not given:
        return standard
    found = read_as_of(given)
    if found is None:
        problems.add(name, _l("‘{value}’ is no day. Choose one, such as 2026-01-31.", value=given[:60]))
    elif wrong := refusal(source, found):
        problems.add(name, wrong)
    else:
        return found
    return standard


def _typed(name: str, standard: AsOf) -> str:
    """The day that stands in an input: the one that was asked for, if it is one."""
    return str((read_as_of(request.args.get(name, "")) or standard).day)


def page(person: Viewer, source: Source) -> str | tuple[str, int]:
    asked, problems = read_changes(person, source)
    of_name = of_title(person, asked.state)
    columns, path = asked.state.columns_in(source, person.rights), f"/{source.plural}"
    compared = [columns[key] for key in asked.state.columns]
    found = [] if problems else found_changes(person, source, asked, SHOWN)
    noun = str(source.schema.noun)
    changes = SimpleNamespace(
        title=_("{title}: changes", title=source.area.label),
        sub=_("{since} compared with {until}", since=Said(asked.since), until=Said(asked.until)),
        counts=[
            (str(words), tone, formats_for(language()).integer(found[0][f"{kind}_count"]))
            for kind, (words, tone) in WORDS_OF_KINDS.items()
            if found and found[0][f"{kind}_count"]
        ],
        rows=[
            (
                f"{path}/{row['id']}",
                str(row["name"] or noun),
                *(str(one) for one in WORDS_OF_KINDS[row["kind"]]),
                [
                    (str(c.label), said(c, *before), said(c, *after))
                    for c, before, after in lines(row, compared)
                ],
            )
            for row in found[:SHOWN]
        ],
        noun=noun,
        is_cut=len(found) > SHOWN,
        most=formats_for(language()).integer(SHOWN),
        action=f"{path}/changes",
        hidden=asked.state.words(),
        since=_typed("from", asked.since),
        until=_typed("to", asked.until),
        errors={control: str(text) for control, text in problems.by_control.items()},
        csv_url=asked.state.address(
            f"{path}/changes.csv", ("from", asked.since.given), ("to", asked.until.given)
        )
        if person.may(EXPORT) and person.may(CSV)
        else None,
        of_name=of_name,
    )
    crumbs = [(str(source.area.label), asked.state.address(path)), (changes.title, None)]
    html = render_template("report/changes.html", changes=changes, crumbs=crumbs)
    return (html, 422) if problems else html


def written(person: Viewer, source: Source, asked: Asked) -> str:
    """All changes as CSV in the reader's language, a line for each field."""
    columns, formats = asked.state.columns_in(source, person.rights), formats_for(language())
    compared = [columns[key] for key in asked.state.columns]
    found = found_changes(person, source, asked, MOST)
    if len(found) > MOST:
        many = _l(
            "More than {n} entries changed. Filter, or choose days that are closer.", n=formats.integer(MOST)
        )
        raise Unacceptable({"from": many})
    out = io.StringIO()
    write = csv.writer(out, delimiter="," if language() == "en" else ";").writerow
    write([str(source.schema.noun), _("Change"), _("Field"), _("Before"), _("After")])
    for row in found:
        start = [harmless_text(str(row["name"] or "")), str(WORDS_OF_KINDS[row["kind"]][0])]
        for column, *both in lines(row, compared):
            write(
                [*start, str(column.label), *(harmless_text(words_of(column, *one, formats)) for one in both)]
            )
        if row["kind"] != "changed":
            write([*start, "", "", ""])
    return "\ufeff" + out.getvalue()
