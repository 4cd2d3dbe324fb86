"""Values are written as the tone guide's table says, and as CLDR says where the guide follows it."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from babel import Locale
from babel.numbers import format_currency, format_decimal
from hypothesis import given
from hypothesis import strategies as st

from app.core.formats import MINUS, Formats, currency_digits, formats_for

MARCH = date(2025, 3, 7)
AFTERNOON = datetime(2025, 3, 7, 13, 5, tzinfo=UTC)

AMOUNTS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=6)


@pytest.mark.parametrize(
    ("language", "day", "in_text", "first", "clock", "clock_in_text", "moment"),
    [
        (
            "de",
            "07.03.2025",
            "7. März 2025",
            "1. März 2025",
            "14:05\xa0Uhr",
            "14:05\xa0Uhr",
            "07.03.2025, 14:05\xa0Uhr",
        ),
        ("en", "07/03/2025", "7 March 2025", "1 March 2025", "14:05", "14:05", "07/03/2025, 14:05"),
        ("fr", "07/03/2025", "7 mars 2025", "1er mars 2025", "14:05", "14\xa0h\xa005", "07/03/2025 14:05"),
        (
            "es",
            "07/03/2025",
            "7 de marzo de 2025",
            "1 de marzo de 2025",
            "14:05",
            "14:05\xa0h",
            "07/03/2025, 14:05",
        ),
    ],
)
def test_days_and_times_follow_the_table(language, day, in_text, first, clock, clock_in_text, moment):
    formats = formats_for(language)

    assert formats.day(MARCH) == day
    assert formats.day_long(MARCH) == in_text
    assert formats.day_long(date(2025, 3, 1)) == first
    assert formats.time(time(14, 5)) == clock
    assert formats.time(AFTERNOON, in_text=True) == clock_in_text
    assert formats.moment(AFTERNOON) == moment


@pytest.mark.parametrize(
    ("locale", "number", "code", "symbol", "per_cent", "size"),
    [
        ("de", "1.234.567,89", "1.234,50\xa0EUR", "1.234,50\xa0€", "12,5\xa0%", "3,8\xa0MB"),
        ("en", "1,234,567.89", "EUR\xa01,234.50", "€1,234.50", "12.5%", "3.8\xa0MB"),
        (
            "fr",
            "1\u202f234\u202f567,89",
            "1\u202f234,50\xa0EUR",
            "1\u202f234,50\xa0€",
            "12,5\xa0%",
            "3,8\xa0Mo",
        ),
        ("es", "1.234.567,89", "1.234,50\xa0EUR", "1.234,50\xa0€", "12,5\xa0%", "3,8\xa0MB"),
        ("de-AT", "1.234.567,89", "EUR\xa01.234,50", "€\xa01.234,50", "12,5\xa0%", "3,8\xa0MB"),
        ("de-CH", "1’234’567.89", "EUR\xa01’234.50", "EUR\xa01’234.50", "12.5\xa0%", "3.8\xa0MB"),
        ("fr_CH", "1’234’567.89", "1’234.50\xa0EUR", "1’234.50\xa0€", "12.5\xa0%", "3.8\xa0Mo"),
    ],
)
def test_numbers_and_money_follow_the_table(locale, number, code, symbol, per_cent, size):
    formats = formats_for(locale)

    assert formats.number(Decimal("1234567.89"), 2) == number
    assert formats.money(Decimal("1234.5"), "EUR") == code
    assert formats.money(Decimal("1234.5"), "EUR", style="symbol") == symbol
    assert formats.percent(Decimal("12.5")) == per_cent
    assert formats.file_size(3_812_000) == size


@pytest.mark.parametrize(
    ("locale", "code", "symbol"),
    [
        ("de", "−5,00\xa0EUR", "−5,00\xa0€"),
        ("en", "EUR\xa0−5.00", "−€5.00"),
        ("de-AT", "EUR\xa0−5,00", "€\xa0−5,00"),
    ],
)
def test_an_amount_below_zero_carries_a_minus_sign_and_no_brackets(locale, code, symbol):
    formats = formats_for(locale)

    assert formats.money(Decimal(-5), "EUR") == code
    assert formats.money(Decimal(-5), "EUR", style="symbol") == symbol


def test_what_rounds_to_zero_is_not_negative():
    assert formats_for("de").money(Decimal("-0.004"), "EUR") == "0,00\xa0EUR"
    assert formats_for("de").number(Decimal("-0.0004")) == "0"


def test_decimals_follow_the_currency_and_round_half_to_even():
    formats = formats_for("en")

    assert [currency_digits(code) for code in ("EUR", "JPY", "KWD")] == [2, 0, 3]
    assert formats.money(Decimal("1234.5"), "JPY") == "JPY\xa01,234"
    assert formats.money(Decimal("1235.5"), "JPY") == "JPY\xa01,236"
    assert formats.amount(Decimal("1.2345"), "KWD") == "1.234"
    assert formats.money(Decimal("412380.49"), "EUR", digits=0) == "EUR\xa0412,380"


def test_nothing_is_written_as_nothing():
    formats = formats_for("fr")

    assert formats.day(None) == formats.day_long(None) == formats.moment(None) == formats.time(None) == ""
    assert formats.number(None) == formats.money(None, "EUR") == formats.percent(None) == ""
    assert formats.integer(None) == formats.file_size(None) == formats.amount(None, "EUR") == ""


def test_a_moment_without_zone_is_utc_and_summer_time_is_kept():
    formats = formats_for("de", zone="Europe/Zurich")

    assert formats.moment(datetime(2025, 7, 1, 22, 30)) == "02.07.2025, 00:30\xa0Uhr"  # noqa: DTZ001
    assert formats.moment(datetime(2025, 1, 1, 22, 30, tzinfo=UTC)) == "01.01.2025, 23:30\xa0Uhr"


def test_sizes_move_to_the_next_unit():
    formats = formats_for("en")

    assert [formats.file_size(size) for size in (0, 999, 1_000, 412_300, 25_000_000, 10**12)] == [
        "0\xa0bytes", "999\xa0bytes", "1\xa0kB", "412\xa0kB", "25\xa0MB", "1\xa0TB",
    ]  # fmt: skip


def test_quotation_marks_of_each_language():
    marks = {code: (formats_for(code).quote("a"), formats_for(code).quote("a", is_inner=True)) for code in
             ("de", "en", "fr", "es", "de-CH")}  # fmt: skip

    assert marks == {
        "de": ("„a“", "‚a‘"),
        "en": ("‘a’", "“a”"),
        "fr": ("«\u202fa\u202f»", "“a”"),
        "es": ("«a»", "“a”"),
        "de-CH": ("«a»", "‹a›"),
    }


def test_the_formats_of_a_language_are_compiled_once():
    assert formats_for("de") is formats_for("de")


@given(value=AMOUNTS, language=st.sampled_from(["de", "en", "fr", "es"]))
def test_numbers_agree_with_cldr(value: Decimal, language: str):
    assert formats_for(language).number(value) == _as_we_write(format_decimal(value, locale=_cldr(language)))


@given(
    value=AMOUNTS,
    locale=st.sampled_from(["de", "fr", "es", "de_AT"]),
    currency=st.sampled_from(["EUR", "USD", "JPY", "KWD"]),
)
def test_money_agrees_with_cldr(value: Decimal, locale: str, currency: str):
    ours = formats_for(locale).money(value, currency, style="symbol")
    theirs = _as_we_write(format_currency(value, currency, locale=_cldr(locale)))
    # CLDR puts the Austrian sign before the currency; we keep it at the figure it belongs to.
    assert ours.replace(MINUS, "") == theirs.replace(MINUS, "")
    assert (MINUS in ours) == (MINUS in theirs)


@given(value=st.dates(), language=st.sampled_from(["de", "en", "fr", "es"]))
def test_every_day_has_ten_characters(value: date, language: str):
    assert len(Formats(language).day(value)) == 10


def _cldr(locale: str) -> Locale:
    return Locale.parse("en_GB" if locale == "en" else locale)


def _as_we_write(text: str) -> str:
    """CLDR's text with our minus sign, and without the sign CLDR leaves on a zero."""
    digits = text.replace("-", "")
    is_zero = not any(character in "123456789" for character in digits)
    return digits if is_zero else text.replace("-", MINUS)
