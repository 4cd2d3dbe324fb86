"""The insurance summary of a policyholder: his contracts by line of business, on one table, as a PDF."""

from __future__ import annotations

import uuid
from dataclasses import replace
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, g

from app.contracts.access import READ_CONTRACTS
from app.contracts.source import CONTRACT_SOURCE
from app.core.db import transaction
from app.core.errors import NotFound
from app.core.formats import formats_for
from app.core.text import _, _n, folded, language
from app.policyholders import POLICYHOLDER_SOURCE
from app.reports.access import PRINT_SHEETS
from app.reports.columns import columns_of
from app.reports.letterhead import letterhead
from app.reports.printed import list_set, pdf_file, rates_told, rows_of, rows_table, sum_cells
from app.reports.printed_table import Part, Table
from app.reports.rates import currencies_of
from app.reports.reading import Problems, read
from app.reports.record import title_of_record
from app.reports.related import followed
from app.reports.table import end_of, speaker, spots
from permissions import Viewer
from permissions.door import allow, the_viewer
from permissions.noting import note
from tenants.directory import House

pages = Blueprint("insurance_summary", __name__)

LINE = "line_of_business"
MOST = 2000
"""Contracts of one policyholder."""
COLUMNS = ("number", "insurer", "status", "starts_on", "ends_on", "sum_insured", "premium_net")


@pages.get("/policyholders/<uuid:record_id>/summary.pdf")
@allow(POLICYHOLDER_SOURCE.area, READ_CONTRACTS, PRINT_SHEETS)
def summary(record_id: uuid.UUID) -> Response:
    person = the_viewer()
    made = summary_pdf(person, g.house, record_id)
    note(transaction(), person, "file.download", "policyholder", record_id, after={"ending": "pdf"})
    return pdf_file(made, f"summary-{record_id}")


def summary_pdf(person: Viewer, house: House, record_id: uuid.UUID) -> bytes:
    """The contracts that belong to a policyholder, as this viewer sees them; NotFound if he does not see him, or not
    what ties the two."""
    name = title_of_record(transaction(), person, POLICYHOLDER_SOURCE, record_id)
    columns = columns_of(CONTRACT_SOURCE, person.rights)
    shown = [key for key in COLUMNS if key in columns]
    if "contract" not in followed(person, POLICYHOLDER_SOURCE) or not shown:
        raise NotFound
    asked = (*shown, LINE) if LINE in columns else tuple(shown)
    words = [("of", f"policyholder:{record_id}")]
    state = read(words, columns, CONTRACT_SOURCE.sort, ["policyholder"], Problems())
    page = rows_of(person, CONTRACT_SOURCE, state, asked, MOST)
    placed, start = spots(columns, asked), 1 + page.key_count
    rows, parts, notes = page.rows, [], []
    tables: list[Table] = []
    formats = formats_for(language())
    used = currencies_of(CONTRACT_SOURCE, rows, placed, start)
    # Where there is nothing to convert, a second column would say the same again.
    currency = page.currency if used - {page.currency} else None
    converted = start + end_of(placed) if currency else None
    if rows:
        if LINE in columns:
            *placed, line = placed
            say, place = speaker(line.column, formats), start + line.place

            def heading(row: tuple[Any, ...]) -> str:
                return _("Without a value") if row[place] is None else say(row[place], None)

            rows = sorted(rows, key=lambda row: (row[place] is None, folded(heading(row))))
            for title, some in groupby(rows, heading):
                of_line = list(some)
                sums = None
                if len(of_line) > 1:
                    title_of_sum = _("Subtotal")
                    sums = sum_cells(
                        CONTRACT_SOURCE, placed, of_line, start, currency, converted, title_of_sum
                    )
                parts.append(Part([title], len(of_line), [sums] if sums else []))
        table = rows_table(CONTRACT_SOURCE, placed, rows, start, currency, converted)
        tables = [replace(table, parts=parts)]
    if currency:
        notes = rates_told(person, used, currency, person.today)
    count = _n("{n} contract", "{n} contracts", len(rows), n=formats.integer(len(rows)))
    head = letterhead(person, house, name, kind=_("Insurance summary"), sub=count)
    return list_set(person, head, (), tables, notes, "" if rows else _("Nothing here yet"))
