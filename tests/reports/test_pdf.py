"""Overviews, data sheets and the insurance summary as PDFs, read back: what stands in them, and what does not."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from typing import Any
from unittest import mock

import pytest
import typst
from sqlalchemy import text

from app.core import typeset
from app.reports import making, printed
from tests.pdf import Pdf

EN = {"Accept-Language": "en"}
HOSTILE = (
    '#panic("x") #read("/etc/passwd") $x^2$ *a* _b_ `c` \\u{41} = h <l> @r // no /* more */ [c] {d} ~ -- ‘q’ "q" %{n}',
    "Überlänge" + "ß" * 300,
)


@pytest.fixture
def rates(owner: Any) -> Any:
    """Two of a currency nobody else trades in make a euro; of the other there is no rate."""
    with owner.begin() as connection:
        connection.execute(
            text("insert into exchange_rates values ('XTA', :d, 2, 'test of pdf')"),
            {"d": datetime.date(2020, 1, 1)},
        )
    yield
    with owner.begin() as connection:
        connection.execute(text("delete from exchange_rates where source = 'test of pdf'"))


@pytest.fixture
def holder(make: Any) -> Any:
    """A company with three contracts of two lines and two currencies, one of them with a hall and a claim."""
    holder = make.policyholder("Nordwerk GmbH")
    insurer = make.insurer("Merkur Industrie")
    day = datetime.date
    of = {
        number: make.contract(
            holder, number=number, insurer_id=insurer, line_of_business=line, currency=currency,
            premium_net=premium, sum_insured=1_000_000, deductible=500, starts_on=day(2024, 3, 1), ends_on=day(2027, 3, 1),
        )
        for number, line, currency, premium in (
            ("N-1", "040", "EUR", "1234.50"), ("N-2", "040", "XTA", 100), ("N-3", "081", "EUR", 7),
        )
    }  # fmt: skip
    hall = make.object(holder, (of["N-1"],), label="Hall 7")
    make.claim(of["N-1"], object_id=hall, policyholder_id=holder, broker_number="S-1")
    make.contract(make.policyholder("Fremd AG"), number="F-1", currency="EUR", premium_net=9999)
    return holder


@pytest.fixture
def organization(make: Any, holder: Any) -> Any:
    return make.organization(holder)


@pytest.fixture
def reader(make: Any, organization: Any, sign_in: Any) -> Any:
    return sign_in(make.member(organization))


def read(person: Any, path: str, language: str = "en") -> Pdf:
    answer = person.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/pdf"
    return Pdf(answer.data)


def without(*subjects: str) -> list[str]:
    """Everything the catalogue knows but these."""
    from permissions.catalogue import catalogue

    return [subject for subject, _actions in catalogue.subjects() if subject not in subjects]


def address_of(person: Any, plural: str, name: str) -> str:
    page = person.get(f"/{plural}", headers=EN).text
    found = re.search(rf'href="(/{plural}/[0-9a-f-]+)"[^>]*>{name}<', page)
    assert found
    return found[1]


# The overview


def test_an_overview_says_on_paper_what_it_says_on_its_page(reader):
    paper = read(reader, "/contracts.pdf?columns=number,policyholder,ends_on,premium_net&sort=-number")
    assert paper.rows == [
        ["Policy number", "Policyholder", "Expiry date", "Premium excl. tax"],
        ["N-3\nIndustrial fire", "Nordwerk GmbH", "01/03/2027", "EUR\xa07.00"],
        ["N-2\nLiability", "Nordwerk GmbH", "01/03/2027", "XTA\xa0100.00"],
        ["N-1\nLiability", "Nordwerk GmbH", "01/03/2027", "EUR\xa01,234.50"],
        ["Total", "", "", "EUR\xa01,241.50\nXTA\xa0100.00"],
    ]
    assert paper.titles == ["Contracts"]
    assert "Nordwerk Gruppe" in paper.text
    assert "Page 1 of 1" in paper.outside


def test_an_overview_on_paper_tells_its_filters_and_what_it_is_limited_to(reader):
    of = address_of(reader, "policyholders", "Nordwerk GmbH").split("/")[-1]
    paper = read(reader, f"/contracts.pdf?columns=number&premium_net.ge=100&of=policyholder:{of}&q=N-")
    assert [row[0].split("\n")[0] for row in paper.rows] == ["Policy number", "N-1", "N-2"]
    for words in ("Policyholder Nordwerk GmbH", "Premium excl. tax is at least 100", "Search N-"):
        assert words in paper.text


def test_headings_and_totals_stand_on_paper_as_on_the_page(make, holder, reader):
    make.contract(
        holder, number="N-4", line_of_business="040", currency="EUR", status="quote", premium_net=65.50
    )
    words = "columns=number,premium_net&break=line_of_business,currency&sort=number"
    totals = "total=sum.premium_net,avg.premium_net,share.premium_net,max.ends_on&currency=EUR"
    paper = read(reader, f"/contracts.pdf?{words}&{totals}")

    assert paper.rows == [
        ["Policy number", "Premium excl. tax", "Percentage of total: Premium excl. tax"],
        ["Line of business: Industrial fire · 1 entry"],
        ["Currency: EUR · 1 entry"],
        ["N-3", "EUR\xa07.00", "0.5%"],
        ["Total EUR · Expiry date: Latest 01/03/2027", "EUR\xa07.00\nAverage EUR\xa07.00", "0.5%"],
        [
            "Total Industrial fire · Expiry date: Latest 01/03/2027",
            "EUR\xa07.00\nAverage EUR\xa07.00",
            "0.5%",
        ],
        ["Line of business: Liability · 2 entries"],
        ["Currency: EUR · 2 entries"],
        ["N-1", "EUR\xa01,234.50", "94.5%"],
        ["N-4", "EUR\xa065.50", "5.0%"],
        ["Total EUR · Expiry date: Latest 01/03/2027", "EUR\xa01,300.00\nAverage EUR\xa0650.00", "99.5%"],
        [
            "Total Liability · Expiry date: Latest 01/03/2027",
            "EUR\xa01,300.00\nAverage EUR\xa0650.00",
            "99.5%",
        ],
        ["Total · Expiry date: Latest 01/03/2027", "EUR\xa01,307.00\nAverage EUR\xa0435.67", "100.0%"],
    ]


def test_what_stands_out_does_so_on_paper(reader):
    shown = "/contracts.pdf?columns=number,premium_net&sort=number"
    marks = "mark=warning::High:premium_net > 1000&mark=info:premium_net:Low:premium_net < 10"
    paper = read(reader, f"{shown}&{marks}")
    assert [row[0].split("\n")[0] for row in paper.rows] == ["Policy number", "N-1", "N-2", "N-3", "Total"]
    for words in ("Highlight High", "Highlight Low"):
        assert words in paper.text

    def colours(pdf: Pdf) -> Counter[bytes]:
        """How often something is filled with a colour."""
        return Counter(
            colour for page in pdf.drawn() for colour in re.findall(rb"([\d.]+ [\d.]+ [\d.]+) scn", page)
        )

    plain = colours(read(reader, shown))
    found = {colour: count for colour, count in colours(paper).items() if colour not in plain}
    pale = [count for colour, count in found.items() if all(float(part) > 0.7 for part in colour.split())]
    # Two cells of a row and the chip that says why; one cell and its chip, and the figure in it.
    assert sorted(pale) == [2, 3]
    assert len(found) == 3


def test_amounts_are_converted_and_the_rates_are_told(make, holder, rates, sign_in):
    person = sign_in(make.member(make.organization(holder, profile_currency="EUR")))
    paper = read(person, "/contracts.pdf?columns=number,premium_net", "de")
    assert paper.rows[0] == ["Versicherungsscheinnummer", "Beitrag netto", "Umgerechneter Betrag"]
    assert paper.rows[2] == ["N-2\nHaftpflichtversicherung", "100,00\xa0XTA", "50,00\xa0EUR"]
    assert paper.rows[-1] == ["Gesamt", "1.241,50\xa0EUR\n100,00\xa0XTA", "1.291,50\xa0EUR"]
    assert "1 EUR = 2 XTA (01.01.2020)" in paper.text


def test_groups_stand_on_paper_with_their_total(reader):
    paper = read(reader, "/contracts.pdf?by=line_of_business&show=count,sum.sum_insured,sum.premium_net")
    assert paper.rows[0][1:] == ["Number", "Sum: Sum insured", "Sum: Premium excl. tax"]
    figures = {tuple(row[1:]) for row in paper.rows[1:]}
    assert figures == {
        ("2", "several currencies", "several currencies"),
        ("1", "EUR\xa01,000,000.00", "EUR\xa07.00"),
        ("3", "several currencies", "several currencies"),
    }
    assert "2 groups" in paper.text


def test_a_pivot_table_stands_on_paper_as_on_its_page(reader):
    paper = read(reader, "/contracts.pdf?by=line_of_business&across=currency&show=count,sum.premium_net")
    assert paper.rows == [
        ["Line of business", "EUR", "XTA", "Total"],
        ["Number", "Sum: Premium excl. tax"] * 3,
        ["Industrial fire", "1", "EUR\xa07.00", "–", "–", "1", "EUR\xa07.00"],
        ["Liability", "1", "EUR\xa01,234.50", "1", "XTA\xa0100.00", "2", "several currencies"],
        ["Total", "2", "EUR\xa01,241.50", "1", "XTA\xa0100.00", "3", "several currencies"],
    ]
    assert "Rows: 2 · Columns: 2" in paper.text
    alone = read(
        reader, "/contracts.pdf?by=line_of_business&across=currency&show=sum.premium_net&currency=EUR"
    )
    assert alone.rows[0] == ["Line of business", "EUR", "Total"]
    assert alone.rows[1][1] == "7.00"
    assert "Columns: 1 · Sum: Premium excl. tax (EUR)" in alone.text


def test_a_pivot_table_too_wide_for_a_page_goes_on_beside_it_and_names_its_rows_again(make, holder, reader):
    for year in range(2000, 2014):
        make.contract(
            holder, number=f"Y-{year}", starts_on=datetime.date(year, 1, 1), line_of_business="040",
            premium_net=1_000_000, sum_insured=100_000_000,
        )  # fmt: skip
    words = "by=line_of_business&across=starts_on.year&show=count,sum.sum_insured,sum.premium_net"
    paper = read(reader, f"/contracts.pdf?{words}")
    parts = [title for title in paper.titles if title.startswith("Part ")]
    assert parts == [f"Part {n} of {len(parts)}" for n in range(1, len(parts) + 1)]
    assert len(parts) > 1
    named = [row[0] for row in paper.rows if len(row) > 1]
    assert named.count("Line of business") == named.count("Liability") == named.count("Total") == len(parts)
    years = [cell for row in paper.rows if row[0] == "Line of business" for cell in row[1:]]
    assert years == [*map(str, range(2000, 2014)), "2024", "Total"]


def test_a_pivot_table_nobody_could_follow_is_refused_on_the_page(reader, monkeypatch):
    monkeypatch.setattr("app.reports.pivot.MOST_COLUMNS", 1)
    answer = reader.get("/contracts.pdf?by=status&across=currency", headers=EN)
    assert (answer.status_code, answer.mimetype) == (422, "text/html")
    assert "It would have 2 columns; there is room for 1." in answer.text


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        ("bars", "Number by Line of business"),
        ("stacked", "Number by Line of business, Currency"),
        ("donut", "Number by Line of business"),
        ("scatter", "Number / Sum: Sum insured"),
    ],
)
def test_the_chart_of_a_report_stands_above_its_table(kind, title, reader):
    words = "by=line_of_business,currency&show=count,sum.sum_insured&currency=EUR"
    plain = read(reader, f"/contracts.pdf?{words}")
    paper = read(reader, f"/contracts.pdf?{words}&chart={kind}")
    assert paper.rows == plain.rows
    assert paper.titles[1].startswith(title)
    assert "pdfuaid" in paper.raw.decode("latin-1")
    drawn = b"".join(paper.drawn())
    blue = b"0.12156863 0.34509805 0.5803922"
    assert blue in drawn
    assert blue not in b"".join(plain.drawn())


def test_a_chart_that_cannot_be_drawn_says_why(reader):
    paper = read(reader, "/contracts.pdf?by=status&show=sum.premium_net&chart=donut")
    assert "Amounts in several currencies cannot stand in one chart." in paper.text


def test_an_empty_overview_says_so(reader):
    assert "No results" in read(reader, "/contracts.pdf?q=nothing-like-it").text


@pytest.mark.parametrize("language", ["de", "en", "fr", "es"])
def test_a_pdf_says_what_it_is_and_in_which_language(reader, language):
    paper = read(reader, "/contracts.pdf", language)
    assert paper.told("Lang") == language
    assert paper.told("Title") == paper.titles[0]
    assert paper.told("Author") == "Test"
    # Readable aloud, by the standard that says how.
    assert b"pdfuaid:part" in paper.raw


def test_the_same_overview_gives_the_same_bytes(reader):
    assert read(reader, "/contracts.pdf").raw == read(reader, "/contracts.pdf").raw


def test_many_columns_lie_on_their_side_and_too_many_are_refused_on_the_page(reader):
    def width(paper: Pdf) -> bool:
        box = re.search(rb"/MediaBox\[0 0 ([\d.]+) ([\d.]+)\]", paper.raw)
        return float(box[1]) > float(box[2])

    wide = "number,policyholder,insurer,status,contract_type,starts_on,ends_on,premium_net,premium_gross,sum_insured"
    assert not width(read(reader, "/contracts.pdf?columns=number,status"))
    assert width(read(reader, f"/contracts.pdf?columns={wide}"))
    more = "product,insurance_tax,currency,payment_frequency,deductible,annual_due_on,notice_period_months,intermediary"
    answer = reader.get(
        f"/contracts.pdf?columns={wide},{more},inquiry_on,quote_on,application_on", headers=EN
    )
    assert answer.status_code == 422
    assert 'id="columns-error"' in answer.text
    assert "These columns do not fit on a page." in answer.text


def test_more_rows_than_anybody_reads_are_refused_on_the_page_beside_the_csv(reader):
    with mock.patch.dict(making.MOST, pdf=2):
        answer = reader.get("/contracts.pdf?columns=number", headers=EN)
    assert answer.status_code == 422
    assert "A PDF holds at most 2 rows" in answer.text
    assert 'href="/contracts.csv?columns=number"' in answer.text


def test_a_heading_is_repeated_on_every_page_and_no_row_is_broken(make, holder, reader):
    for number in range(60):
        make.contract(holder, number=f"M-{number:03}", currency="EUR", product="one two three " * 6)
    paper = read(reader, "/contracts.pdf?columns=number,product")
    assert len(paper.pages) > 2
    assert paper.raw.count(b"/S/TH/") >= 2
    assert [row[0] for row in paper.rows if row[0].startswith("M-")] == [
        f"M-{number:03}" for number in range(60)
    ]


@pytest.mark.parametrize(
    "words", ["sort=nothing", "columns=nothing", "nothing=1", "by=nothing", "q=" + "x" * 300, "of=claim:1"]
)
def test_an_address_that_is_not_understood_is_answered_with_the_page_and_the_reason(reader, words):
    answer = reader.get(f"/contracts.pdf?{words}", headers=EN)
    assert answer.status_code == 422
    assert 'class="err"' in answer.text


# Whoever may not


def test_who_may_not_export_gets_no_pdf_and_no_button(make, organization, sign_in):
    person = sign_in(make.member(organization, make.profile(*without("function:export"))))
    assert person.get("/contracts.pdf").status_code == 403
    assert ".pdf" not in person.get("/contracts").text


def test_who_may_not_print_sheets_gets_none_and_no_button(make, organization, reader, sign_in):
    contract, holder = (
        address_of(reader, "contracts", "N-1"),
        address_of(reader, "policyholders", "Nordwerk GmbH"),
    )
    person = sign_in(make.member(organization, make.profile(*without("function:print_sheets"))))
    for path in (f"{contract}/sheet.pdf", f"{holder}/summary.pdf"):
        page = path.rpartition("/")[0]
        assert f'href="{path}"' in reader.get(page).text
        assert path not in person.get(page).text
        assert person.get(path).status_code == 403


def test_a_hidden_column_is_not_there_and_a_masked_one_is_masked(make, organization, sign_in, reader):
    contract = address_of(reader, "contracts", "N-1")
    profile = make.profile(*without("field:contract.premium_net"), **{"field:contract.number": "mask"})
    person = sign_in(make.member(organization, profile))
    assert person.get("/contracts.pdf?columns=number,premium_net", headers=EN).status_code == 422
    for paper in (read(person, "/contracts.pdf"), read(person, f"{contract}/sheet.pdf")):
        assert "1,234.50" not in paper.text
        assert "N-1" not in paper.text
        assert "•••" in paper.text


def test_nobody_reads_the_sheet_of_a_record_he_does_not_see(make, reader, neighbour, sign_in):
    theirs = make.contract(make.policyholder("Sibling AG"), number="X-1")
    foreign = neighbour.contract(number="Y-1")
    for record in (theirs, foreign):
        assert reader.get(f"/contracts/{record}/sheet.pdf").status_code == 404
    for holder in (make.policyholder("Nobody’s"), neighbour.policyholder()):
        assert reader.get(f"/policyholders/{holder}/summary.pdf").status_code == 404


# The data sheet


def test_a_contracts_sheet_says_what_its_page_says(reader):
    path = address_of(reader, "contracts", "N-1")
    paper = read(reader, f"{path}/sheet.pdf")
    page = reader.get(path, headers=EN).text
    assert paper.text.startswith("Contract data sheet\nN-1")
    for title in re.findall(r'<h2 id="group-\d+">([^<]*)</h2>', page):
        assert title in paper.titles
    facts = re.findall(r"<dt>([^<]*)</dt><dd>([^<]*)", page)
    assert facts
    for label, value in facts:
        assert f"{label}\n{value}" in paper.text
    assert ["Hall 7"] in [row[:1] for row in paper.rows]
    assert ["S-1"] in [row[:1] for row in paper.rows]


def test_a_sheet_shows_no_claims_to_who_has_no_area_for_them(make, organization, reader, sign_in):
    path = address_of(reader, "contracts", "N-1")
    person = sign_in(make.member(organization, make.profile(*without("menu:claims"))))
    paper = read(person, f"{path}/sheet.pdf")
    assert "Claims" not in paper.titles
    assert "S-1" not in paper.text


@pytest.mark.parametrize("plural", ["policyholders", "objects", "claims"])
def test_every_record_has_a_sheet(reader, plural):
    path = re.search(rf'href="(/{plural}/[0-9a-f-]+)"', reader.get(f"/{plural}").text)[1]
    assert read(reader, f"{path}/sheet.pdf").text.startswith("Data sheet")


# The insurance summary


def test_a_summary_has_the_contracts_of_a_policyholder_by_line_of_business(make, holder, rates, sign_in):
    person = sign_in(make.member(make.organization(holder, profile_currency="EUR")))
    paper = read(person, f"/policyholders/{holder}/summary.pdf")
    assert paper.titles == ["Nordwerk GmbH"]
    heads, first, *rows = paper.rows
    assert heads == [
        "Policy number", "Insurer", "Status", "Inception date", "Expiry date", "Sum insured", "Premium excl. tax",
        "Converted amount",
    ]  # fmt: skip
    start = ["Merkur Industrie", "Managed by us", "01/03/2024", "01/03/2027"]
    two = [
        ["N-1", *start, "EUR\xa01,000,000.00", "EUR\xa01,234.50", "EUR\xa01,234.50"],
        ["N-2", *start, "XTA\xa01,000,000.00", "XTA\xa0100.00", "EUR\xa050.00"],
        ["Subtotal", "", "", "", "", "", "EUR\xa01,234.50\nXTA\xa0100.00", "EUR\xa01,284.50"],
    ]
    one = [["N-3", *start, "EUR\xa01,000,000.00", "EUR\xa07.00", "EUR\xa07.00"]]
    total = ["Total", "", "", "", "", "", "EUR\xa01,241.50\nXTA\xa0100.00", "EUR\xa01,291.50"]
    assert rows[-1] == total
    parts = [[first, *rows[: rows.index(total)]]]
    assert [row for row in parts[0] if len(row) > 1] in ([*two, *one], [*one, *two])
    assert "F-1" not in paper.text


def test_who_may_not_go_from_a_policyholder_to_contracts_gets_no_summary(make, organization, holder, sign_in):
    person = sign_in(make.member(organization, make.profile(*without("field:contract.policyholder"))))
    assert person.get(f"/policyholders/{holder}/summary.pdf").status_code == 404
    assert "summary.pdf" not in person.get(f"/policyholders/{holder}").text
    person = sign_in(make.member(organization, make.profile(*without("menu:contracts"))))
    assert person.get(f"/policyholders/{holder}/summary.pdf").status_code == 403
    assert "summary.pdf" not in person.get(f"/policyholders/{holder}").text


# What stands in records is words


@pytest.mark.parametrize("words", HOSTILE)
def test_what_looks_like_markup_stands_there_as_it_was_written(make, holder, reader, words):
    contract = make.contract(holder, number="H-1", product=words, remarks=words, currency="EUR")
    listed = read(reader, "/contracts.pdf?columns=number,product&q=H-1").rows[1][1]
    sheet = read(reader, f"/contracts/{contract}/sheet.pdf").text
    assert "".join(listed.replace("\u200b", "").split()) == "".join(words.split())
    assert "".join(words.split()) in "".join(sheet.split())


def test_what_is_written_from_right_to_left_is_set_so(make, holder, reader):
    make.contract(holder, number="H-1", product="שלום Nordwerk", currency="EUR")
    # A page holds its signs from left to right.
    assert (
        read(reader, "/contracts.pdf?columns=number,product&q=H-1").rows[1][1] == "שלום"[::-1] + " Nordwerk"
    )


def test_what_has_no_glyph_and_what_nobody_can_see_breaks_nothing(make, holder, reader):
    words = "a\x07b\x1b[31m\u202ered\u2066 😀 漢字\nnext\r\nlast\u0085end"
    contract = make.contract(holder, number="H-1", product=words, remarks=words, currency="EUR")
    sheet = read(reader, f"/contracts/{contract}/sheet.pdf")
    assert "\u202e" not in sheet.text
    for word in ("red", "next", "last"):
        assert word in sheet.text
    # Signs without a glyph keep a PDF from being one for everybody, not from being one.
    assert b"pdfuaid:part" not in sheet.raw


def test_a_template_reads_nothing_outside_its_folder(tmp_path):
    (tmp_path / "secret.txt").write_text("secret")
    inside = tmp_path / "paper"
    inside.mkdir()
    for path in ("../secret.txt", "/secret.txt", str(tmp_path / "secret.txt"), "/etc/passwd"):
        template = inside / "probe.typ"
        template.write_text(f'#set document(title: "x")\n#read("{path}")')
        with pytest.raises(typeset.Unprintable):
            typeset.pdf(template, {}, datetime.date(2026, 1, 1))


def test_a_pdf_that_fails_or_takes_too_long_is_refused_in_words(reader, tmp_path):
    (tmp_path / "list.typ").write_text('#panic("no")')

    def panics(*_one: Any, **_more: Any) -> None:
        raise BaseException("panicked")  # As what goes wrong deep in typst comes.

    for patch in (
        mock.patch.object(printed, "TEMPLATES", tmp_path),
        mock.patch.object(typst, "compile", panics),
        mock.patch.object(typeset, "PATIENCE", 0.0001),
    ):
        with patch:
            answer = reader.get("/contracts.pdf", headers=EN)
        assert answer.status_code == 422
        assert "This PDF could not be made." in answer.text
