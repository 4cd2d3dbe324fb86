"""The pages every record type has: its overview, its files, and the page of one record."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, Response, g
from werkzeug.wrappers import Response as BaseResponse

from app.core.db import transaction
from app.core.text import _l
from app.reports import switches
from app.reports.access import EXPORT, PRINT_SHEETS
from app.reports.address import asked_of_a_file
from app.reports.columns_page import columns_page
from app.reports.conditions import conditions_page
from app.reports.detail import detail
from app.reports.downloads import download
from app.reports.formulas import USES, formula_page
from app.reports.overview import FORM_WORDS, overview, printed_overview
from app.reports.printed import pdf_file
from app.reports.reader import reader_of
from app.reports.saved.access import FUNCTIONS
from app.reports.sheet import sheet_pdf
from app.reports.source import Source
from app.reports.values import values_page
from permissions import Resource, Viewer
from permissions.door import allow, the_viewer
from permissions.noting import note

REPORTS = Resource(functions=(EXPORT, PRINT_SHEETS, *FUNCTIONS, *switches.OWN), label=_l("Reports"))


def pages_of(source: Source) -> Blueprint:
    """The blueprint of one record type, every route signed with its area."""
    pages = Blueprint(source.plural, __name__)

    @pages.get(f"/{source.plural}")
    @allow(source.area)
    def index() -> str | BaseResponse | tuple[str, int]:
        return overview(reader_of(source), source)

    @pages.get(f"/{source.plural}.csv")
    @allow(source.area, EXPORT, switches.CSV)
    def file() -> BaseResponse:
        person = reader_of(source, switches.CSV)
        return download(person, source, *asked_of_a_file(person, source, FORM_WORDS), "csv")

    for name, page in BESIDES.items():
        pages.get(f"/{source.plural}/{name}", endpoint=name)(
            allow(source.area, *switches.of_page(name))(_beside(source, name, page))
        )

    @pages.get(f"/{source.plural}.pdf")
    @allow(source.area, EXPORT, switches.PDF)
    def paper() -> Any:
        return printed_overview(reader_of(source, switches.PDF), source)

    @pages.get(f"/{source.plural}.xlsx")
    @allow(source.area, EXPORT, switches.XLSX)
    def workbook() -> BaseResponse:
        person = reader_of(source, switches.XLSX)
        return download(person, source, *asked_of_a_file(person, source, FORM_WORDS), "xlsx")

    if not source.has_page:
        return pages

    @pages.get(f"/{source.plural}/<uuid:record_id>")
    @allow(source.area)
    def record(record_id: Any) -> str:
        return detail(the_viewer(), source, record_id)

    @pages.get(f"/{source.plural}/<uuid:record_id>/sheet.pdf")
    @allow(source.area, PRINT_SHEETS)
    def sheet(record_id: Any) -> Response:
        person = the_viewer()
        made = sheet_pdf(person, g.house, source, record_id)
        note(transaction(), person, "file.download", source.record, record_id, after={"ending": "pdf"})
        return pdf_file(made, f"{source.record}-{record_id}")

    return pages


Beside = Callable[[Viewer, Source], str | BaseResponse | tuple[str, int]]
BESIDES: dict[str, Beside] = {
    "columns": columns_page,
    "conditions": conditions_page,
    "values": values_page,
    **{name: partial(formula_page, name=name) for name in USES},
}
"""The pages on which an overview is changed; each leads back to it."""


def _beside(source: Source, name: str, page: Beside) -> Callable[[], str | BaseResponse | tuple[str, int]]:
    def shown() -> str | BaseResponse | tuple[str, int]:
        return page(reader_of(source, *switches.of_page(name)), source)

    return shown
