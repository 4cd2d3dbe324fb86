"""Files as they come: JSON lines and CSV in all their disorder, down to arbitrary bytes, always end in a report."""

from __future__ import annotations

import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.exchange.kinds import RECORD_TYPES
from app.exchange.lines import LONGEST_LINE, csv_rows, lines_of
from app.exchange.problems import Problems, Reason
from app.exchange.records import take

INSURER = RECORD_TYPES["insurer"]


def reasons(report):
    return [(problem.line, problem.reason) for problem in report.errors]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"key": "1", "name": "\xff"}', Reason.NOT_UTF8),
        (b'{"key": "1", "name": "a\\u0000b"}', Reason.NUL),
        (b'{"key": "1", "name": "a\0b"}', Reason.NUL),
        (b'{"key": "1", "name": "\\ud800"}', Reason.SURROGATE),
        (b'{"key": "1", "name": ', Reason.NOT_JSON),
        (b'["key"]', Reason.NOT_AN_OBJECT),
        (b'{"key": "1", "name": "' + b"x" * LONGEST_LINE + b'"}', Reason.LINE_TOO_LONG),
    ],
)
@pytest.mark.usefixtures("tenant_id")
def test_a_line_that_is_no_record_is_named(web, line, reason):
    report = take(web, "insurer", lines_of(io.BytesIO(b'{"key": "0", "name": "A"}\n\n' + line)))

    assert reasons(report) == [(3, reason)]
    assert (report.new, report.refused) == (0, 2)


@pytest.mark.usefixtures("tenant_id")
def test_a_number_too_large_for_the_database_is_named(web):
    report = take(web, "insurer", [b'{"key": "1", "name": 1e-20000}', b'{"key": "2", "name": "B"}'])

    assert [line for line, _reason in reasons(report)] == [1]


def test_a_backslash_before_u0000_is_no_nul(web, tenant_id):
    assert take(web, "insurer", [b'{"key": "1", "name": "\\\\u0000"}']).new == 1


def rows_of(data):
    problems = Problems()
    return list(csv_rows(io.BytesIO(data), INSURER, problems)), [(p.line, p.reason) for p in problems.kept]


@pytest.mark.parametrize("separator", [b";", b",", b"\t"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
def test_csv_is_read_whatever_separates_and_starts_it(separator, start):
    data = start + b'key_name\r\n1_"Erste\nZeile ""A"""\r\n\r\n2_\r\n'.replace(b"_", separator)

    assert rows_of(data) == (
        [(2, {"key": "1", "name": 'Erste\nZeile "A"'}), (5, {"key": "2", "name": None})],
        [],
    )


@pytest.mark.parametrize(
    ("data", "problems"),
    [
        (b"", [(1, Reason.NO_HEADER)]),
        (b"key;nmae\n1;A\n", [(1, Reason.UNKNOWN_FIELD)]),
        (b"key;name;key\n1;A;1\n", [(1, Reason.REPEATED_COLUMN)]),
        (b"key;name\n1;A;B\n2\n", [(2, Reason.CELLS), (3, Reason.CELLS)]),
        (b"key;name\n1;\xe4\n", [(2, Reason.NOT_UTF8)]),
        (b'key;name\n1;"' + b"x" * 200_000 + b"\n", [(2, Reason.BROKEN_CSV)]),
    ],
)
def test_csv_that_cannot_be_read_says_where(data, problems):
    assert rows_of(data)[1] == problems


@pytest.mark.usefixtures("stock")
def test_csv_brings_lists_details_links_and_flags(web, give):
    for record_type, data in (
        ("contract", 'key;co_policyholders;attributes;premium_net\nC-2;P-1|P-2;"{""a"": 1}";\n'),
        ("document", "key;tags;links\nD-1;a|b;contract:C-2|claim:L-1\n"),
        ("case", "key;is_confidential\nV-1;false\n"),
    ):
        problems = Problems()
        rows = csv_rows(io.BytesIO(data.encode()), RECORD_TYPES[record_type], problems)
        report = take(web, record_type, rows, problems=problems)

        assert report.is_good, report.errors
        assert report.changed == 1


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
OFTEN = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@OFTEN
@given(data=st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
@pytest.mark.usefixtures("tenant_id")
def test_arbitrary_bytes_end_in_a_report(web, data):
    for record_type in ("insurer", "contract"):
        take(web, record_type, lines_of(io.BytesIO(data)), dry_run=True)
        problems = Problems()
        head = b"key;number\n" if record_type == "contract" else b""
        rows = csv_rows(io.BytesIO(head + data), RECORD_TYPES[record_type], problems)
        take(web, record_type, rows, dry_run=True, problems=problems)


@OFTEN
@given(data=st.data())
@pytest.mark.usefixtures("stock")
def test_arbitrary_values_end_in_a_report(give, data):
    record_type = data.draw(st.sampled_from(sorted(RECORD_TYPES)))
    fields = st.dictionaries(st.sampled_from(sorted(RECORD_TYPES[record_type].fields)), ANY_JSON)
    keys = st.sampled_from(["C-1", "P-1", "M-1", "S-1", "O-1", "L-1", "R-1", "T-1", "V-1", "D-1", "new"])
    rows = [{"key": data.draw(keys), **row} for row in data.draw(st.lists(fields, min_size=1, max_size=4))]

    report = give(record_type, *rows, dry_run=True)

    assert Reason.COLLISION not in [problem.reason for problem in report.errors]
    assert report.new + report.changed + report.unchanged + report.refused == len(rows)
