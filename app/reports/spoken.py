"""What a piece of our own HTML says, as lines of plain words for paper."""

from __future__ import annotations

from html.parser import HTMLParser

Run = tuple[str, bool]
"""Words, and whether they stand smaller than the rest."""


class _Listener(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[list[Run]] = [[]]
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.lines.append([])
        elif tag != "use":
            self.open.append(dict(attrs).get("class") or tag)

    def handle_endtag(self, tag: str) -> None:
        if tag != "use" and self.open:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        # What stands there for those who listen only, is said by the sheet's own words.
        if "vh" not in self.open:
            self.lines[-1].append((data, any(name.split()[0] == "cur" for name in self.open)))


def spoken(markup: str) -> list[list[Run]]:
    """The lines of a value as its page shows it; a currency beside an amount is small."""
    listener = _Listener()
    listener.feed(markup)
    listener.close()
    return listener.lines
