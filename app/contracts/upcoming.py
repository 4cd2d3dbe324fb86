"""The days a contract's reader should not miss: the next ones among what he sees."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from app.contracts.source import CONTRACT_SOURCE
from app.core.formats import formats_for
from app.core.text import language
from app.reports import query
from app.reports.asking import state_with
from app.reports.columns import columns_of
from app.reports.table import words_of
from permissions import Viewer


@dataclass(frozen=True)
class Deadline:
    """A day of a contract that its reader should not miss."""

    contract_id: str
    day: datetime.date
    name: str
    """What the contract is about, as far as he may read it; else its number."""
    more: tuple[str, ...]
    """What else tells it from others."""


def upcoming(
    connection: Connection, viewer: Viewer, key: str, most: int, *words: tuple[str, str]
) -> list[Deadline]:
    """The next days in one column of the contracts the viewer sees, the earliest first. None where his profile does
    not reach that far; `words` limit them further."""
    columns = columns_of(CONTRACT_SOURCE, viewer.rights)
    state = state_with(viewer, CONTRACT_SOURCE, (f"{key}.ge", str(viewer.today)), ("sort", key), *words)
    if state is None or "number" not in columns:
        return []
    chosen = tuple(one for one in (key, "line_of_business", "number", "policyholder") if one in columns)
    page = query.page(
        connection,
        replace(viewer, profile_currency=None),
        CONTRACT_SOURCE,
        replace(state, columns=chosen, size=most),
    )
    formats, found = formats_for(language()), []
    for row in page.rows:
        day, *values = page.values(row)
        said = [
            words_of(columns[one], value, None, formats)
            for one, value in zip(chosen[1:], values, strict=True)
            if value
        ]
        found.append(Deadline(row[0], day, said[0], tuple(said[1:])))
    return found
