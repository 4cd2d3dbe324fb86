"""Numbers as people type them, in each language."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.core.formats import formats_for
from app.core.text import LANGUAGES, speaking
from app.reports.typed import number_typed

AMOUNT = Decimal("12500.50")


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("space", [" ", "\u00a0", "\u202f", "'", "’"])
def test_thousands_are_kept_apart_by_a_space_or_an_apostrophe_in_every_language(code, space):
    decimal = formats_for(code).decimal
    with speaking(code):
        assert number_typed(f"12{space}500{decimal}50") == AMOUNT
        assert number_typed(f" 1{space}234{space}567 ") == 1234567
        assert number_typed(f"-1{space}234") == -1234


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_a_message_shows_can_be_typed_as_it_stands_there(code):
    with speaking(code):
        assert number_typed(formats_for(code).number(AMOUNT, 2)) == AMOUNT
        assert number_typed(f"12500{formats_for(code).decimal}50") == AMOUNT


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("typed", ["12'500.50", "12’500.50"])
def test_an_amount_is_read_as_a_swiss_house_prints_it(code, typed):
    with speaking(code):
        assert number_typed(typed) == AMOUNT


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize(
    "typed",
    ["12 50", "1 2500", "12  500", "12 500 5", "1'2", "'500", "12'500'50", "a lot", "1,2,3", "1.2.3", ""],
)
def test_what_is_not_clear_is_no_number(code, typed):
    with speaking(code):
        assert number_typed(typed) is None


def test_the_decimal_sign_stays_the_language_s_own():
    with speaking("de"):
        assert number_typed("12.500") == 12500
        assert number_typed("12.5") is None
        assert number_typed("12 500.50") is None
    with speaking("en"):
        assert number_typed("12,500") == 12500
        assert number_typed("12,5") is None
        assert number_typed("12 500,50") is None
