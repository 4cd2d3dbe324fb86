"""What a file says of itself: the report, its moment and filters, whom it was made for, the rates behind it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from sqlalchemy import Connection

from app.core.formats import formats_for
from app.core.text import _, language
from app.reports.as_of import Said
from app.reports.chips import chips
from app.reports.rates import rates_used
from app.reports.source import Source
from app.reports.state import State
from permissions import Viewer


def about(
    connection: Connection,
    viewer: Viewer,
    source: Source,
    state: State,
    rows: int,
    of_name: str | None,
    currencies: Iterable[str],
) -> list[tuple[str, str]]:
    """Lines of a label and what it says; `currencies` are those that amounts were converted from."""
    formats = formats_for(language())
    lines = [
        (_("Report"), str(source.area.label)),
        (_("Prepared on"), formats.moment(datetime.datetime.now(datetime.UTC))),
        (_("Prepared for"), ", ".join(filter(None, (viewer.name, viewer.organization_name)))),
        (_("Rows"), formats.integer(rows)),
    ]
    found = chips(source, state, state.columns_in(source, viewer.rights), f"/{source.plural}", of_name)
    lines += [(one.label, one.value) for one in found if not one.is_off]
    if state.as_of:
        lines.append((_("As at"), str(Said(state.as_of))))
    if viewer.profile_currency and (used := set(currencies)):
        rates = rates_used(connection, viewer, used, state.day(viewer.today))
        source_of_rates = _("ECB euro reference rate")
        lines.append((_("Converted to {currency}", currency=viewer.profile_currency), source_of_rates))
        lines += [(f"1 EUR = {rate} {currency}", day) for currency, rate, day in rates.lines]
        lines += [(_("Exchange rates"), rates.missing)] if rates.missing else []
    return lines
