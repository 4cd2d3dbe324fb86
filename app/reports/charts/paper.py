"""A chart as it stands on paper: the same marks in the colours of a light page, and no ways to follow."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from app.reports.charts.parts import Chart
from app.shell.stationery import series_of
from tenants.directory import House

GREY, INK, HAIR = "#5c636b", "#1d2126", "#dfe2e6"
LOOK = (
    f"text{{font-family:Inter;font-size:11.5px;fill:{GREY}}}.lab{{fill:{INK};font-size:13px}}"
    f".gridline{{stroke:{HAIR};stroke-width:1}}.axis{{stroke:#8a9099;stroke-width:1}}"
)
"""What a style sheet says of drawings on a page, see lists.css, in fixed colours."""
LOOK_OF_MARKS = (
    ".ln{fill:none;stroke-width:2;stroke-linejoin:round}.ar{opacity:.12}.dot,.point{stroke:#fff;stroke-width:1}"
    ".slice{stroke:#fff;stroke-width:2}.point{fill-opacity:.75}"
)
WAY = re.compile(r"</?a\b[^>]*>|<title>.*?</title>", re.S)
OPENING = re.compile(r'<svg class="chart" viewBox="([^"]*)" role="group" aria-label="([^"]*)">')


def chart_told(chart: Chart, house: House, theme: str | None) -> dict[str, Any]:
    """As the template takes it, in the broker's colours or those of a `theme` in place of his: bars are drawn there, a
    drawing is a picture with its name."""
    colours = series_of(house, theme)
    told: dict[str, Any] = {
        "title": chart.title,
        "notes": chart.notes,
        "colours": colours,
        "legend": list(zip(chart.series, colours, strict=False)),
        "bars": [
            (name, _plain(figure), [part[:3] for part in parts]) for name, _way, figure, parts in chart.bars
        ],
        "drawing": "",
        "name": "",
        "beside": [],
    }
    if chart.drawing is not None:
        told["drawing"], told["name"] = _picture(chart.drawing, colours)
    if chart.is_beside and chart.numbers:
        told["beside"] = [
            (colours[colour - 1], [words for words, _way in line])
            for colour, line in zip(chart.numbers.colours, chart.numbers.lines, strict=True)
        ]
    return told


def _plain(markup: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", markup))


def _picture(drawing: str, colours: list[str]) -> tuple[str, str]:
    """The drawing as a file of its own, and what it is called."""
    found = OPENING.match(drawing)
    assert found
    marks = "".join(
        f".s{n}{{fill:{colour}}}.ln.s{n}{{stroke:{colour};fill:none}}" for n, colour in enumerate(colours, 1)
    )
    # Drawn from a space for the names at the sides, which a page lets stand out.
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{found[1]}">'
        f"<style>{LOOK}{marks}{LOOK_OF_MARKS}</style>"
    )
    return opening + WAY.sub("", drawing[found.end() :]), unescape(found[2])
