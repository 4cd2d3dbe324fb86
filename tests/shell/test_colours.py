"""Colours come out as CSS says they do, and contrast as WCAG does."""

import random

import pytest

from app.shell.colours import contrast, mixed, oklch_of, shown
from app.shell.own_theme import FIRST, Tokens, weak_places


@pytest.mark.parametrize(
    ("colour", "lightness", "chroma", "hue"),
    [
        ("#ff0000", 0.62796, 0.25768, 29.234),
        ("#00ff00", 0.86644, 0.29483, 142.495),
        ("#0000ff", 0.45201, 0.31321, 264.052),
        ("#ffff00", 0.96798, 0.21101, 109.769),
        ("#663399", 0.44027, 0.16030, 303.373),
        ("#808080", 0.59987, 0.0, None),
        ("#000000", 0.0, 0.0, None),
        ("#ffffff", 1.0, 0.0, None),
    ],
)
def test_known_colours_have_their_known_coordinates(colour, lightness, chroma, hue):
    found = oklch_of(colour)

    assert found.lightness == pytest.approx(lightness, abs=1e-4)
    assert found.chroma == pytest.approx(chroma, abs=1e-4)
    assert hue is None or found.hue == pytest.approx(hue, abs=0.01)


def test_there_and_back_again():
    chance = random.Random(1)
    for _ in range(2000):
        colour = f"#{chance.randrange(1 << 24):06x}"
        assert shown(oklch_of(colour)) == colour


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48), ("#767676", "#ffffff", 4.54), ("#ff0000", "#ffffff", 4.0)],
)  # fmt: skip
def test_contrast_is_that_of_wcag(one, other, ratio):
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.005)


def test_mixing_ends_at_either_colour():
    assert (mixed("#6b3fa0", 1), mixed("#6b3fa0", 0)) == ("#6b3fa0", "#ffffff")


def test_what_the_form_begins_with_can_be_read():
    assert weak_places(FIRST) == []


def test_a_bright_green_on_paper_tinted_black_cannot():
    (weak,) = weak_places(Tokens("#00ff00", "#000000", "text", 6, 100))

    assert (weak.word, weak.role, weak.ground, weak.is_dark) == ("accent", "link", "page", False)
    assert 4 < weak.ratio < 4.5
