"""The last days to give notice that a contract's own dates fix, as SQL that the database computes when they change.

Dates name the day on which one insurance period follows the other (a car policy renews on 1 January and is cancelled by
30 November), but for a month's end: that is the last insured day (31 December, 24:00). Other last insured days cannot be
told apart from such dates; read so they give the day before, and notice a day early is in time, one a day late costs a
year. Months are counted back from the last insured day to the same day (§§ 187, 188 BGB), and from a month's end to a
month's end: three months before 31 May is the last of February, before 30 June it is 31 March.

A day is kept as the number 20261130; 0229 stands for the last of February in any year. What follows for any today takes
comparing numbers, where counting months for each row of a million takes seconds.
"""

from __future__ import annotations

LONGEST_NOTICE = 120
"""Months. A longer notice period is a slip: the law allows one to three (§ 11 VVG), old contracts twelve or more."""
LAST_OF_FEBRUARY = 229


def _notice(date: str) -> str:
    """The last day to give notice before the insurance period ends at this date; none without both."""
    day = f"extract(day from {date})::integer"
    months = (
        f"(extract(year from {date})::integer * 12 + extract(month from {date})::integer - 1"
        f" - ({day} = 1)::integer - notice_period_months)"
    )
    last_insured = f"case when {day} = 1 or extract(day from {date} + 1) = 1 then 31 else {day} - 1 end"
    longest = f"(array[31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])[{months} % 12 + 1]"
    return (
        f"case when notice_period_months between 0 and {LONGEST_NOTICE} and {date} >= '0100-01-01'"
        f" then {months} / 12 * 10000 + ({months} % 12 + 1) * 100 + least({last_insured}, {longest}) end"
    )


EXPIRY_NOTICE, RENEWAL_NOTICE = _notice("ends_on"), _notice("annual_due_on")
