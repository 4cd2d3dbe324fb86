"""House rules about records with a history: whoever writes them keeps what they were."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import app.models
from app.core.db import Base
from app.core.history import history_of

ROOT = Path(app.__file__).parents[1]
WRITES = re.compile(
    r"\b(?:insert\s+into|update|delete\s+from|merge\s+into|truncate)\s+(?:only\s+)?(\{|\w+)", re.IGNORECASE
)
METHODS = {
    "insert",
    "update",
    "delete",
    "add",
    "add_all",
    "merge",
    "bulk_insert_mappings",
    "bulk_update_mappings",
}
KNOWN = {
    ("app/exchange/merging.py", "merge_sql"): "keeps what was, by app/core/history.py",
    ("app/exchange/merging.py", "link_sql"): "tables of links only",
    ("app/exchange/records.py", "_merge"): "changed_at only: the links of a record changed, not its state",
    ("app/claims/opening.py", "open_claim"): "a claim that was not there before",
    ("app/demo/history.py", "_date"): "moments of the demonstration only",
    ("app/core/history.py", "keeping"): "the table of past states itself",
    ("app/administration/config/writing.py", "_add"): "what an organization is made of",
    ("app/administration/config/writing.py", "_drop"): "what an organization is made of",
}
"""Statements that name their table only when they are made, or that make what was not there, and why they may."""


def remembered() -> dict[str, str]:
    """Tables with a history, and their models' names."""
    models = {mapper.local_table.name: mapper.class_.__name__ for mapper in Base.registry.mappers}
    return {t.name: models[t.name] for t in Base.metadata.sorted_tables if history_of(t) is not None}


def said(node: ast.AST) -> str | None:
    """A text of the source, with `{` where something is filled in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(one.value if isinstance(one, ast.Constant) else "{" for one in node.values)
    return None


def writers(source: str, tables: dict[str, str]) -> Iterator[tuple[str, str]]:
    """What a module writes that could be a table with a history: within which function, and what."""

    def look(node: ast.AST, within: str) -> Iterator[tuple[str, str]]:
        if isinstance(node, ast.FunctionDef):
            within = node.name
        if (text := said(node)) is not None:
            for table in WRITES.findall(text):
                if table == "{" or table.strip('"') in tables:
                    yield within, " ".join(text.split())[:80]
            return
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            told = ast.unparse(node)
            if name in METHODS and any(re.search(rf"\b{model}\b", told) for model in tables.values()):
                yield within, told[:80]
        for child in ast.iter_child_nodes(node):
            yield from look(child, within)

    return look(ast.parse(source), "")


def test_contracts_claims_and_invoices_are_remembered():
    assert set(remembered()) == {"contracts", "claims", "invoices"}


def test_the_check_sees_whoever_writes_past_the_history():
    tables = remembered()
    for source in (
        'run("update contracts set status = 1")',
        'run(f"insert into {table} (a)")',
        'run("delete from claims where x")',
        "connection.execute(Invoice.__table__.update().values(a=1))",
        "connection.execute(insert(Claim))",
        "session.add(Claim(a=1))",
    ):
        assert list(writers(source, tables)), source
    for source in ('run("update users set a = 1")', 'say("Update contracts")', "rows.update(a=1)"):
        assert not [one for one in writers(source, tables) if "users" in one[1] or "rows" in one[1]], source


def test_every_writer_of_a_record_with_a_history_keeps_what_it_was():
    tables, unknown, met = remembered(), [], set()
    for part in ("app", "tenants", "permissions"):
        for path in sorted((ROOT / part).rglob("*.py")):
            module = str(path.relative_to(ROOT))
            for within, what in writers(path.read_text(), tables):
                met.add((module, within))
                if (module, within) not in KNOWN:
                    unknown.append(f"{module} {within}: {what}")
    assert unknown == []
    assert set(KNOWN) - met == set()


def test_a_history_has_the_columns_of_its_table_in_its_types():
    for name in remembered():
        table = Base.metadata.tables[name]
        past = history_of(table)
        assert {c.name: (str(c.type), c.nullable) for c in past.columns if c.name != "valid_to"} == {
            c.name: (str(c.type), c.nullable) for c in table.columns
        }
