"""Which columns a table of an overview has, on its page and on paper."""

from __future__ import annotations

from app.core.errors import NotFound
from app.reports.columns import Column
from app.reports.source import Source
from app.reports.state import State
from permissions import Rights


def shown_columns(source: Source, state: State, rights: Rights) -> tuple[tuple[str, ...], str | None]:
    """The columns that a table of this state has, and the one whose words stand below the first."""
    columns, broken = state.columns_in(source, rights), state.layout.break_keys
    listable = [key for key, column in columns.items() if column.is_listable and key not in broken]
    shown = tuple(key for key in state.columns if key in listable) or tuple(listable[:1])
    if not shown:
        raise NotFound
    return shown, _sub(source, columns, (*shown, *broken))


def _sub(source: Source, columns: dict[str, Column], shown: tuple[str, ...]) -> str | None:
    name = source.subtitle
    if name and shown[0] == source.title[0] and name in columns and name not in shown:
        return name
    return None
