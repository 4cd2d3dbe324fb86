"""Overviews as Excel files, opened by somebody else's reader: what stands in the cells, and who gets it."""

from __future__ import annotations

import csv
import datetime
import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import text

from app.factory import SOURCES
from app.reports.excel import cells, overview
from tenants.visibility import BERLIN
from tests.security.stock import document_profile, one_of_everything

DAY = datetime.date
ENGLISH = {"Accept-Language": "en"}
NASTY = "A & B <c>]]> \x01_x0041_ \ufffe\n„Ä“ 🚢"


def moment(*parts: int) -> datetime.datetime:
    """As a file has it: without a zone."""
    return datetime.datetime(*parts)  # type: ignore[arg-type] # noqa: DTZ001


MARCH = moment(2024, 3, 7)


@pytest.fixture
def holder(make: Any) -> Any:
    """A company with two contracts; somebody else's stands in no file of its people."""
    holder = make.policyholder("Nordwerk GmbH")
    make.contract(
        holder, number="N-1", status="own", currency="EUR", premium_net="1234.5", starts_on=DAY(2024, 3, 7),
        insurer_share="12.5", notice_period_months=3, product="=1+1",
    )  # fmt: skip
    make.contract(
        holder, number="N-2", status="quote", currency="JPY", premium_net=7000, starts_on=DAY(1899, 5, 1),
        product="@SUM(A1)",
    )  # fmt: skip
    make.contract(make.policyholder("Fremd AG"), number="F-1", premium_net=9999, product="Fremd")
    return holder


@pytest.fixture
def reader(make: Any, holder: Any, sign_in: Any) -> Any:
    return sign_in(
        make.member(make.organization(holder, name="Nordwerk Gruppe"), user=make.user("Klara Muster"))
    )


@pytest.fixture
def rates(owner: Any) -> Iterator[None]:
    """Currencies nobody else trades in: two of one and five of the other make a euro."""
    with owner.begin() as connection:
        for currency, rate in (("XTA", 2), ("XTB", 5)):
            connection.execute(
                text("insert into exchange_rates values (:c, :d, :r, 'test of xlsx') on conflict do nothing"),
                {"c": currency, "d": DAY(2020, 1, 1), "r": rate},
            )
    yield
    with owner.begin() as connection:
        connection.execute(text("delete from exchange_rates where source = 'test of xlsx'"))


def sheet_of(browser: Any, path: str, number: int = 0) -> Worksheet:
    answer = browser.get(path, headers=ENGLISH)
    assert answer.status_code == 200, answer.text
    return load_workbook(io.BytesIO(answer.data)).worksheets[number]


def values(sheet: Worksheet) -> list[list[Any]]:
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def formats(sheet: Worksheet, row: int) -> list[str]:
    return [cell.number_format for cell in sheet[row]]


def test_a_value_stands_in_its_cell_as_what_it_is(reader):
    columns = "number,status,starts_on,premium_net,insurer_share,notice_period_months"
    sheet = sheet_of(reader, f"/contracts.xlsx?columns={columns}&sort=number")

    assert values(sheet) == [
        ["Policy number", "Status", "Inception date", "Premium excl. tax", "Premium excl. tax: Currency",
         "Insurer’s share", "Notice period (months)"],
        ["N-1", "Managed by us", MARCH, 1234.5, "EUR", 0.125, 3],
        # Excel knows no days before March 1900.
        ["N-2", "Quote", "1899-05-01", 7000, "JPY", None, None],
    ]  # fmt: skip
    assert formats(sheet, 2) == ["General", "General", "mm-dd-yy", "#,##0.00", "General", "0.00%", "#,##0"]
    # A yen has no smaller coin.
    assert sheet["D3"].number_format == "#,##0"


def test_moments_flags_sizes_and_lists_too(make, sign_in):
    member = make.member(make.organization())
    changed_at = datetime.datetime(2026, 7, 1, 22, 30, tzinfo=datetime.UTC)
    make.row("cases", key="case", subject="Roof", status="open", owner_id=make.user_of(member),
             is_confidential=True, changed_at=changed_at)  # fmt: skip
    staff = make.user(is_staff=True, profile_id=make.profile(is_staff=True))
    make.document(("portal", "roof"), size=1234567)

    case = sheet_of(sign_in(member), "/cases.xlsx?columns=subject,is_confidential,changed_at")
    document = sheet_of(sign_in(user=staff), "/documents.xlsx?columns=size,tags")

    # On the clock of Berlin.
    assert values(case)[1] == ["Roof", "Yes", moment(2026, 7, 2, 0, 30)]
    assert case["C2"].number_format == "m/d/yy h:mm"
    assert values(document)[1] == [1234567, "portal, roof"]


def test_what_looks_like_a_formula_is_a_text(reader):
    sheet = sheet_of(reader, "/contracts.xlsx?columns=product&sort=number")
    assert [(cell.value, cell.data_type) for cell in sheet["A"][1:]] == [("=1+1", "s"), ("@SUM(A1)", "s")]


def test_whatever_a_text_holds_the_file_opens(make, holder, reader):
    make.contract(holder, number="N-3", product=NASTY, remarks="ä" * 40_000)
    sheet = sheet_of(reader, "/contracts.xlsx?columns=product,remarks&q=N-3")
    told, long = values(sheet)[1]
    # What XML cannot hold is left out; what only looks like Excel’s way to say so kept apart from it.
    assert unescape(told) == NASTY.replace("\x01", "").replace("\ufffe", "")
    assert long == "ä" * cells.LONGEST_TEXT


def test_the_heading_stays_filters_and_is_printed_on_every_page(reader):
    answer = reader.get("/contracts.xlsx?columns=number,product", headers={"Accept-Language": "de"})
    book = load_workbook(io.BytesIO(answer.data))
    sheet = book.worksheets[0]

    assert answer.headers["Content-Disposition"].endswith('.xlsx"')
    assert book.sheetnames == ["Verträge", "Über diese Datei"]
    assert book.properties.language == "de"
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("A2", "A1:B3", "$1:$1")
    assert [cell.font.bold for cell in (*sheet[1], *sheet[2])] == [True, True, False, False]
    assert all(sheet.column_dimensions[name].width >= 20 for name in "AB")


def test_the_second_sheet_tells_what_the_first_one_is(reader):
    lines = dict(values(sheet_of(reader, "/contracts.xlsx?status=own&q=N", 1)))
    made_at = datetime.datetime.strptime(lines.pop("Prepared on"), "%d/%m/%Y, %H:%M")  # noqa: DTZ007
    assert abs(made_at - datetime.datetime.now(BERLIN).replace(tzinfo=None)) < datetime.timedelta(minutes=5)
    assert lines == {
        "Report": "Contracts", "Prepared for": "Klara Muster, Nordwerk Gruppe", "Rows": "1",
        "Search": "N", "Status": "Managed by us",
    }  # fmt: skip


def test_amounts_of_one_currency_have_a_total(make, holder, reader):
    make.contract(holder, number="N-3", currency="EUR", premium_net="0.55")
    columns = "columns=number,premium_net&currency=EUR&sort=number"
    sheet = sheet_of(reader, f"/contracts.xlsx?{columns}")

    assert values(sheet)[-1] == ["Total", 1235.05, "EUR"]
    assert all(cell.font.bold for cell in sheet[4])
    # Filtering leaves it where it is.
    assert sheet.auto_filter.ref == "A1:C3"


def test_amounts_of_several_currencies_have_none(reader):
    assert len(values(sheet_of(reader, "/contracts.xlsx?columns=number,premium_net"))) == 3


def test_converted_amounts_have_a_total_unless_a_rate_is_missing(make, rates, sign_in):
    holder = make.policyholder()
    organization = make.organization(holder, profile_currency="XTA")
    for number, currency, amount in (("N-1", "XTA", 10), ("N-2", "XTB", "10.01")):
        make.contract(holder, number=number, currency=currency, premium_net=amount)
    reader = sign_in(make.member(organization))
    path = "/contracts.xlsx?columns=number,premium_net&sort=number"

    sheet, about = sheet_of(reader, path), dict(values(sheet_of(reader, path, 1)))
    assert values(sheet)[1:] == [
        ["N-1", 10, "XTA", "XTA", 10, None],
        ["N-2", 10.01, "XTB", "XTA", 4, moment(2020, 1, 1)],
        ["Total", None, None, "XTA", 14, None],
    ]
    assert about["Converted to XTA"] == "ECB euro reference rate"
    assert about["1 EUR = 5 XTB"] == "01/01/2020"

    make.contract(holder, number="N-3", currency="XTD", premium_net=1)
    assert [row[0] for row in values(sheet_of(reader, path))] == ["Policy number", "N-1", "N-2", "N-3"]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.plural)
def test_every_record_type_says_in_every_column_what_its_csv_file_says(source, make, sign_in):
    mandate, user = make.mandate(), make.user()
    for word in ("Nord", "Süd"):
        one_of_everything(make, word, mandate, [user])
    document_profile(make)
    reader = sign_in(user=make.user(is_staff=True, profile_id=make.profile(is_staff=True)))
    for columns in ("", f"?columns={','.join(source.schema.declared())}"):
        rows = values(sheet_of(reader, f"/{source.plural}.xlsx{columns}"))
        file = reader.get(f"/{source.plural}.csv{columns}", headers=ENGLISH).data.decode("utf-8-sig")
        told = list(csv.reader(io.StringIO(file)))
        assert rows[0] == told[0]
        for row, line in zip(rows[1:], told[1:], strict=False):
            texts = [(one, other) for one, other in zip(row, line, strict=True) if isinstance(one, str)]
            assert all(one == other for one, other in texts)
            assert [one is None for one in row] == [not other for other in line]


def test_a_file_in_many_pieces_holds_every_row(make, holder, reader, monkeypatch):
    for number in range(40):
        make.contract(holder, number=f"M-{number:02}")
    monkeypatch.setattr(overview, "PIECE", 100)
    sheet = sheet_of(reader, "/contracts.xlsx?columns=number&q=M-&sort=-number")
    assert [row[0] for row in values(sheet)[1:]] == [f"M-{number:02}" for number in reversed(range(40))]
    assert sheet.auto_filter.ref == "A1:A41"


def test_more_rows_than_a_sheet_has_are_refused_in_words(reader, monkeypatch):
    monkeypatch.setattr(cells, "MOST_ROWS", 2)
    answer = reader.get("/contracts.xlsx", headers=ENGLISH)
    assert answer.status_code == 422
    assert "room for 1 rows" in answer.text
    assert reader.get("/contracts.xlsx?number=N-1").status_code == 200


def test_nothing_found_is_a_sheet_with_a_heading(reader):
    assert len(values(sheet_of(reader, "/contracts.xlsx?q=nobody"))) == 1


def test_a_profile_decides_what_stands_in_the_file(make, holder, sign_in):
    subjects = ("menu:contracts", "function:export", "field:contract.number", "field:contract.product")
    organization = make.organization(holder)
    masked = sign_in(make.member(organization, make.profile(*subjects, **{"field:contract.product": "mask"})))
    without = sign_in(make.member(organization, make.profile("menu:contracts", "field:contract.number")))

    assert values(sheet_of(masked, "/contracts.xlsx?columns=number,product&sort=number")) == [
        ["Policy number", "Product"], ["N-1", "•••"], ["N-2", "••• (A1)"]
    ]  # fmt: skip
    for path in (
        "/contracts.xlsx?columns=premium_net",
        "/contracts.xlsx?product=x",
        "/contracts.xlsx?sort=product",
    ):
        assert masked.get(path).status_code == 422, path
    assert without.get("/contracts.xlsx").status_code == 403
    assert 'popovertarget="out"' not in without.get("/contracts").text


def test_groups_stand_with_their_figures_and_total(make, holder, reader):
    make.contract(
        holder, number="N-3", status="own", currency="EUR", premium_net=1, starts_on=DAY(2025, 1, 2)
    )
    words = "by=status&show=count,sum.premium_net,avg.insurer_share,max.starts_on&currency=EUR"
    sheet = sheet_of(reader, f"/contracts.xlsx?{words}")

    latest = moment(2025, 1, 2)
    assert values(sheet) == [
        ["Status", "Number", "Sum: Premium excl. tax", "Sum: Premium excl. tax: Currency", "Average: Insurer’s share",
         "Latest: Inception date"],
        ["Managed by us", 2, 1235.5, "EUR", 0.125, latest],
        ["Total", 2, 1235.5, "EUR", 0.125, latest],
    ]  # fmt: skip
    assert formats(sheet, 2) == ["General", "#,##0", "#,##0.00", "General", "0.00%", "mm-dd-yy"]
    assert sheet.auto_filter.ref == "A1:F2"


def test_a_pivot_table_stands_in_cells_with_totals_both_ways(make, holder, reader):
    make.contract(
        holder, number="N-3", status="own", currency="EUR", premium_net=1, starts_on=DAY(2025, 1, 2)
    )
    sheet = sheet_of(
        reader, "/contracts.xlsx?by=status&across=starts_on.year&show=count,sum.premium_net&currency=EUR"
    )
    assert values(sheet) == [
        [None, "2024", None, "2025", None, "Total", None],
        ["Status", *["Number", "Sum: Premium excl. tax (EUR)"] * 3],
        ["Managed by us", 1, 1234.5, 1, 1, 2, 1235.5],
        ["Total", 1, 1234.5, 1, 1, 2, 1235.5],
    ]
    assert formats(sheet, 3)[1:3] == ["#,##0", "#,##0.00"]
    assert [cell.font.bold for cell in (sheet["A2"], sheet["B1"], sheet["C3"], sheet["C4"])] == [
        True,
        True,
        False,
        True,
    ]
    assert sorted(map(str, sheet.merged_cells.ranges)) == ["B1:C1", "D1:E1", "F1:G1"]
    assert sheet.freeze_panes == "B3"
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$1:$2", "$A:$A")
    assert sheet.auto_filter.ref is None


def test_a_pivot_table_says_the_currency_of_each_amount_where_there_are_several(reader):
    words = "by=status&across=starts_on.year&show=sum.premium_net"
    assert values(sheet_of(reader, f"/contracts.xlsx?{words}")) == [
        [None, "1899", None, "2024", None, "Total", None],
        ["Status", *["Sum: Premium excl. tax", "Sum: Premium excl. tax: Currency"] * 3],
        ["Managed by us", None, None, 1234.5, "EUR", 1234.5, "EUR"],
        ["Quote", 7000, "JPY", None, None, 7000, "JPY"],
        ["Total", 7000, "JPY", 1234.5, "EUR", None, None],
    ]
    alone = sheet_of(reader, f"/contracts.xlsx?{words.replace('sum.premium_net', 'count')}")
    assert values(alone)[0] == ["Status", "1899", "2024", "Total"]
    assert alone.freeze_panes == "B2"
    assert values(sheet_of(reader, f"/contracts.xlsx?{words}&number=X"))[-1] == ["Total", None, None]


def test_groups_never_mix_currencies_and_name_days_as_days(reader):
    sheet = sheet_of(reader, "/contracts.xlsx?by=starts_on,status&show=sum.premium_net")
    assert values(sheet)[1:] == [
        ["1899-05-01", "Quote", 7000, "JPY"],
        [MARCH, "Managed by us", 1234.5, "EUR"],
        ["Total", None, None, None],
    ]


def test_the_zip_file_is_whole(reader):
    with zipfile.ZipFile(io.BytesIO(reader.get("/contracts.xlsx").data)) as zipped:
        assert zipped.testzip() is None
        assert zipped.namelist()[0] == "[Content_Types].xml"
