"""What the things are called that an act names by the broker system's key, as settings do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, text

from tenants import current

KEYS = {
    "parent": "organizations",
    "profile": "profiles",
    "inherits": "profiles",
    "document_profile": "document_profiles",
    "mandates": "mandates",
    "whole_mandates": "mandates",
    "policyholders": "policyholders",
    "shared_contracts": "contracts",
    "excluded_contracts": "contracts",
    "objects": "objects",
}
"""Fields whose values are keys, and the table of what they name."""
NAMES = {
    "contracts": "number",
    "objects": "label",
    "policyholders": "concat_ws(' ', first_name, name)",
}
"""How something is called, where that is not its name."""

Keyed = Mapping[tuple[str, str], str]
"""Names by table and key."""


def keyed_in(name: str, said: Any) -> Iterator[tuple[str, str]]:
    """The things named by key in a field and in the parts of it."""
    if isinstance(said, Mapping):
        for word, inner in said.items():
            yield from keyed_in(name if word in ("added", "removed") else word, inner)
    elif isinstance(said, list):
        for inner in said:
            yield from keyed_in(name, inner)
    elif isinstance(said, str) and name in KEYS:
        yield KEYS[name], said


def names_of_keys(connection: Connection, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """What they are called now, in one query; what is no more has no name."""
    by_table: dict[str, set[str]] = defaultdict(set)
    for table, key in wanted:
        by_table[table].add(key)
    if not by_table:
        return {}
    query = " union all ".join(
        f"select '{table}' as place, key, {NAMES.get(table, 'name')} as name from {table}"
        f" where tenant_id = :tenant and key = any(:{table})"
        for table in by_table
    )
    values = {table: [*keys] for table, keys in by_table.items()}
    found = connection.execute(text(query), {"tenant": current.tenant_id(), **values})
    return {(row.place, row.key): row.name for row in found if row.name}
