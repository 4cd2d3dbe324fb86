"""Reading GDV lines: where fields lie, what values mean, and what a damaged file is told."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.text import speaking
from app.exchange.gdv import Reason, read, summary
from app.exchange.gdv.catalogue import layout_of, layouts_of, record_types
from app.exchange.gdv.codes import role
from tests.exchange.gdv_lines import contract, footer, header, holder, line, only, package


def reasons(data: bytes) -> list[Reason]:
    return [problem.reason for found in read(io.BytesIO(data)) for problem in found.problems]


def test_the_catalogue_knows_every_record_of_the_standard():
    assert {
        "0001",
        "0052",
        "0100",
        "0200",
        "0210",
        "0300",
        "0400",
        "0500",
        "0550",
        "9951",
        "9999",
    } <= record_types()
    assert "0800" not in record_types()


@pytest.mark.parametrize(
    ("record", "lob", "byte"),
    [
        ("0100", "", 256),
        ("0210", "000", 43),
        ("0210", "080", 43),
        ("0210", "170", 43),
        ("0210", "190", 43),
        ("0210", "550", 43),
        ("0270", "550", 43),
        ("0220", "000", 47),
        ("0221", "000", 47),
        ("0220", "080", 49),
        ("0220", "190", 49),
        ("0220", "170", 50),
        ("0220", "040", 51),
        ("0221", "140", 51),
        ("0250", "190", 51),
        ("0450", "", 51),
        ("0220", "070", 53),
        ("0550", "", 66),
        ("0210", "130", 251),
    ],
)
def test_the_part_number_stands_where_the_standard_puts_it(record, lob, byte):
    for layout in layouts_of(record, lob):
        assert any(mark.at == byte - 1 and layout.part in mark.values for mark in layout.marks)


def test_accident_parts_are_told_apart_by_four_different_bytes():
    for part in "12349":
        found = layout_of(line("0220", "030", part))
        assert found is not None
        assert found.part == part


@pytest.mark.parametrize("kind", "123456789")
def test_life_layouts_are_chosen_by_the_kind_of_risk(kind):
    written = line("0220", "010", "1")
    written = written[:59] + kind + written[60:]
    found = layout_of(written)
    assert found is not None
    assert any(mark.at == 59 and kind in mark.values for mark in found.marks)


def test_lines_of_business_without_a_layout_use_that_of_their_group_or_the_general_one():
    assert layouts_of("0210", "081") == layouts_of("0210", "080")
    assert layouts_of("0220", "100") == layouts_of("0220", "080")
    assert layouts_of("0220", "192") == layouts_of("0220", "190")
    assert layouts_of("0210", "296") == layouts_of("0210", "000")
    assert layouts_of("0800", "130") == ()


def test_addresses_of_one_role_are_recognised():
    assert [role(code) for code in ("01", "31", "61", "14", "44", "A1", "D1", "ZB", "")] == [
        ("01", 0),
        ("01", 1),
        ("01", 2),
        ("14", 0),
        ("14", 1),
        ("A1", 0),
        ("A1", 1),
        ("XB", 2),
        ("", 0),
    ]


# Without line ends, only a file of one byte per character can be cut into lines.
@pytest.mark.parametrize(
    ("end", "encoding"),
    [
        ("", "iso-8859-1"),
        *((end, code) for end in ("\r\n", "\n", "\r") for code in ("cp1252", "utf-8", "utf-8-sig")),
    ],
)
def test_line_ends_and_characters_of_any_sender_are_read(end, encoding):
    written = end.join([header(), *holder(), contract(), footer(3, Gesbeitrag=Decimal("100.00"))]).encode(
        encoding
    )
    found = only(written)
    assert not found.refused
    assert found.rows["policyholders"][0]["name"] == "Grün"
    assert [p.reason for p in found.problems] == ([Reason.UTF8] if "utf" in encoding else [])


def test_short_and_long_lines_are_read_and_reported():
    short = contract().rstrip()[:130]
    person, numbers = holder()
    found = only(package(person + "   ", numbers + " more", short, Gesbeitrag=Decimal("100.00")))
    assert found.refused is False
    assert [(p.line, p.reason) for p in found.problems] == [
        (3, Reason.LINE_TOO_LONG),
        (4, Reason.SHORT_LINE),
    ]
    assert found.rows["contracts"][0]["premium_net"] == "100.00"


def test_the_part_number_of_an_older_sender_may_be_blank():
    person, numbers = holder()
    found = only(package(person[:255] + " ", numbers, contract()[:255] + "0", Gesbeitrag=Decimal("100.00")))
    assert not found.refused
    assert found.rows["contracts"][0]["policyholder"] == "4242-K77"


def test_a_nul_byte_refuses_the_package():
    found = only(package(*holder(), contract(), Gesbeitrag=Decimal("100.00")).replace(b"Gr", b"G\0"))
    assert found.refused
    assert Reason.NUL_BYTE in {p.reason for p in found.problems if p.is_fatal}


def test_a_package_without_footer_is_refused_and_the_next_one_stays():
    lines = [header(), *holder(), contract()]
    whole = package(*holder(), contract(), Gesbeitrag=Decimal("100.00"))
    first, second = read(io.BytesIO("\r\n".join([*lines, ""]).encode("iso-8859-1") + whole))
    assert first.refused
    assert (first.problems[-1].line, first.problems[-1].reason) == (4, Reason.NO_FOOTER)
    assert not second.refused


def test_a_package_without_header_is_refused():
    data = package(*holder(), contract(), Gesbeitrag=Decimal("100.00")).split(b"\r\n", 1)[1]
    assert reasons(data) == [Reason.NO_HEADER]


def test_an_empty_file_is_a_report():
    found = only(b"")
    assert found.refused
    assert summary([found])["errors"][0]["reason"] == "empty_file"
    assert reasons(b"\r\n \r\n\x1a") == [Reason.EMPTY_FILE]


@pytest.mark.parametrize(
    ("name", "amount"),
    [("GesbeitragBruttoInkasso", "1.00"), ("GesprovisionsBetrag", "-3.00"), ("Verssleistungen", "9.99")],
)
def test_the_other_totals_are_checked_when_the_footer_fills_them(name, amount):
    data = package(*holder(), contract(), Gesbeitrag=Decimal("100.00"), **{name: Decimal(amount)})
    (problem,) = only(data).problems
    assert (problem.reason, problem.is_fatal) == (Reason.FOOTER_TOTAL, True)
    assert problem.params == {"announced": Decimal(amount), "found": Decimal("0.00")}


@pytest.mark.parametrize("written", ["0000000000", " " * 10])
def test_a_footer_without_a_count_proves_nothing(written):
    data = package(*holder(), contract(), Gesbeitrag=Decimal("100.00"))
    data = data.replace(b"99990000000003", b"9999" + written.encode())
    found = only(data)
    assert found.refused
    assert found.footer is not None
    assert found.footer.records is None
    (problem,) = found.problems
    assert (problem.line, problem.reason, problem.params) == (5, Reason.FOOTER_EMPTY, {"found": 3})


def test_a_total_the_footer_leaves_blank_is_not_checked_and_says_so():
    lines = package(*holder(), contract(), Gesbeitrag=Decimal("100.00")).splitlines(keepends=True)
    found = only(b"".join([*lines[:-1], lines[-1][:24]]))
    assert not found.refused
    assert [(p.reason, p.field, p.params) for p in found.problems][1:] == [
        (Reason.FOOTER_UNFILLED, "Gesamtbeitrag", {"found": Decimal("100.00")})
    ]


def test_an_unreadable_premium_cannot_be_proved_by_any_footer():
    damaged = contract().replace("EUR000000010000", "EUR0000000l0000")
    data = package(*holder(), damaged, Gesbeitrag=Decimal("0.00"))
    found = only(data)
    assert found.refused
    problem = next(p for p in found.problems if p.is_fatal)
    assert (problem.line, problem.record, problem.value) == (4, "0200", "0000000l0000")
    assert problem.reason is Reason.TOTAL_UNPROVEN
    accepted = only(data, accept_mismatch=True)
    assert accepted.mismatch_accepted
    assert "premium_net" not in accepted.rows["contracts"][0]


@pytest.mark.parametrize(
    ("written", "expected", "reason"),
    [
        ("31122025", "2025-12-31", None),
        ("00000000", None, None),
        ("        ", None, None),
        ("31129999", None, None),
        ("00012025", None, Reason.NO_EXACT_DAY),
        ("00002025", None, Reason.NO_EXACT_DAY),
        ("01010000", None, Reason.NO_EXACT_DAY),
        ("29022025", None, Reason.NOT_A_DAY),
        ("99999999", None, Reason.NOT_A_DAY),
        ("1.1.2025", None, Reason.NOT_A_DAY),
    ],
)
def test_days_as_senders_write_them(written, expected, reason):
    found = only(package(*holder(), contract(Vertragsablauf=written), Gesbeitrag=Decimal("100.00")))
    assert not found.refused
    assert found.rows["contracts"][0].get("ends_on") == expected
    assert [(p.reason, p.value) for p in found.problems] == ([(reason, written)] if reason else [])


def test_an_unknown_code_is_left_out_and_reported_in_the_readers_language():
    found = only(package(*holder(LKZ="QQQ"), contract(Zahlungsweise="7"), Gesbeitrag=Decimal("100.00")))
    assert not found.refused
    country, frequency = found.problems
    assert (country.line, country.field, country.value) == (2, "Länderkennzeichen", "QQQ")
    assert (frequency.line, frequency.field, frequency.value) == (4, "Zahlungsweise", "7")
    assert "payment_frequency" not in found.rows["contracts"][0]
    with speaking("en"):
        assert frequency.text() == "This is not a known code or number. It was not taken over."


def test_a_file_of_nonsense_gives_a_bounded_report():
    found = only(b"nonsense\n" * 20_000)
    assert found.records == 20_000
    assert len(found.problems) < 2_100
    assert found.problems[-1].reason is Reason.MORE_PROBLEMS


def test_a_premium_may_be_a_return_and_is_never_a_float():
    found = only(
        package(
            *holder(),
            contract(),
            line(
                "0400",
                "040",
                Sollstellungsart="30",
                Buchungsdatum=date(2024, 1, 5),
                GesbeitragNettoInWE=Decimal("-10.10"),
                GesbeitragBruttoInWE=Decimal("-12.02"),
                Waehrungsschluessel="EUR",
            ),
            Gesbeitrag=Decimal("100.00"),
            GesbeitragBruttoInkasso=Decimal("-12.02"),
        )
    )
    assert not found.refused
    (invoice,) = found.rows["invoices"]
    assert (invoice["kind"], invoice["net"], invoice["gross"]) == ("credit", "-10.10", "-12.02")


whole = package(*holder(), contract(), Gesbeitrag=Decimal("100.00"))


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=2_000))
def test_no_bytes_whatever_raise_an_error(data):
    packages = list(read(io.BytesIO(data)))
    assert packages
    assert all(found.refused and found.problems for found in packages)
    assert summary(packages)["errors"]


@settings(deadline=None, max_examples=200)
@given(st.lists(st.tuples(st.integers(0, len(whole) - 1), st.integers(0, 255)), max_size=12), st.booleans())
def test_a_damaged_file_is_read_or_refused_but_never_an_error(damages, accept_mismatch):
    data = bytearray(whole)
    for at, byte in damages:
        data[at] = byte
    for found in read(io.BytesIO(bytes(data)), accept_mismatch=accept_mismatch):
        assert found.refused == any(p.is_fatal for p in found.problems)
        assert found.rows == {} or not found.refused
        assert all("\0" not in p.value for p in found.problems)


@settings(deadline=None, max_examples=150)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted(record_types() - {"0001", "9999"})),
            st.sampled_from(
                [
                    "000",
                    "010",
                    "020",
                    "030",
                    "040",
                    "050",
                    "051",
                    "070",
                    "080",
                    "130",
                    "140",
                    "170",
                    "190",
                    "580",
                ]
            ),
            st.text(st.sampled_from("0123456789 ABX+-é"), max_size=230),
        ),
        max_size=12,
    )
)
def test_lines_of_any_content_are_read(contents):
    lines = [f"{record}4242  {lob}{'P1':>17}01{'':10}{text}" for record, lob, text in contents]
    found = only(package(*lines), accept_mismatch=True)
    assert found.records == len(lines)
    assert sum(found.counts.values()) == len(lines) + 2
