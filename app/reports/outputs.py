"""What an overview or its groups can be put out as."""

from __future__ import annotations

from app.core.text import LazyText, _l
from app.reports.state import State
from app.reports.switches import FILES, is_on
from permissions import Rights

OUTPUTS: tuple[tuple[str, LazyText, str], ...] = (
    ("xlsx", _l("Download as Excel"), "table"),
    ("pdf", _l("Download as PDF"), "docs"),
    ("csv", _l("Download as CSV"), "columns"),
)
"""How the file's name ends, the words of the menu, their icon."""


def outputs_of(state: State, plural: str, rights: Rights) -> list[tuple[str, str, str]]:
    """The menu: address, words, icon."""
    return [
        (state.address(f"/{plural}.{ending}"), str(words), icon)
        for ending, words, icon in OUTPUTS
        if is_on(rights, FILES[ending])
    ]
