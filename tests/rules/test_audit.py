"""House rules about the audit: whatever changes something notes it, and whatever is noted has words."""

from __future__ import annotations

import ast
import dis
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import app
from app.administration.audit.fields import FIELDS
from app.administration.audit.words import ACTS
from app.administration.config import beginnings
from app.administration.config.changes import THINGS
from app.core import audit, chain

ROOT = Path(app.__file__).parents[1]
FOLDERS = ("app", "permissions", "tenants")
NOTING = {
    "audit.write": (2, "audit"),
    "note": (2, "from permissions.noting import note"),
    "change": (3, "import note\n"),
    "_note": (2, "act: str,"),
}
"""Who notes an act: which of what they are given is its code, and what a module says that knows them. Others have
functions of the same name."""
HANDED_ON = {
    ("app/core/audit.py", "act"),
    ("permissions/noting.py", "act"),
    ("app/reports/saved/actions.py", "act"),
    ("app/reports/subscriptions/actions.py", "act"),
    ("app/administration/eyes/actions.py", "act"),
}
"""Where a code is passed on that somebody else has written."""
MADE = {
    "f'{what}.{act}'": {
        *(f"{what}.{act}" for what in THINGS for act in ("created", "changed", "removed")),
        "user.password_set",
    } - {"tenant.removed"},
}  # fmt: skip
"""Codes put together from parts."""

WITHOUT = {
    "accounts.choose_language": "how one’s own pages look",
    "accounts.appearance": "how one’s own pages look",
    "config_api.plan": "only says what would change",
    "exports.close_notice": "a notice to oneself is read",
    "home.close": "a welcome to oneself is read",
    "home.put": "how one’s own pages look",
    "profile_editor.turn": "goes on to another part of a form that is not saved yet",
    "profile_editor.review": "only says what would change",
}
"""Routes that take something and note nothing, and why."""


def acts_in(source: str, path: str) -> Iterator[tuple[str, int]]:
    """The codes of acts that a module notes, each with its line; `?` for one that cannot be read."""
    tree = ast.parse(source)
    constants = {
        node.targets[0].id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        if name not in NOTING or NOTING[name][1] not in source:
            continue
        place = NOTING[name][0]
        given = [one.value for one in node.keywords if one.arg == "act"] + node.args[place : place + 1]
        for code in codes(given[0], constants, path) if given else ["?"]:
            yield code, node.lineno


def codes(node: ast.expr, constants: dict[str, Any], path: str) -> list[str]:
    if isinstance(node, ast.Constant):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return [*codes(node.body, constants, path), *codes(node.orelse, constants, path)]
    if isinstance(node, ast.JoinedStr):
        return sorted(MADE.get(ast.unparse(node), {"?"}))
    if ast.unparse(node) == "chain.ERASED":
        return [chain.ERASED]
    if isinstance(node, ast.Name):
        return [] if (path, node.id) in HANDED_ON else [constants.get(node.id, "?")]
    return ["?"]


def noted() -> dict[str, str]:
    """Every code of an act in the code, with a place where it is noted."""
    found = {}
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            where = str(path.relative_to(ROOT))
            for code, line in acts_in(path.read_text(encoding="utf-8"), where):
                found.setdefault(code, f"{where}:{line}")
    return found


def test_the_check_reads_the_codes_of_acts():
    def found(said: str) -> list[str]:
        source = f"from app.core import audit\nfrom permissions.noting import note\n{said}"
        return [code for code, _line in acts_in(source, "x.py")]

    assert found("note(c, v, 'a.b', 'thing', one)") == ["a.b"]
    assert found("audit.write(c, t, 'a.b' if x else 'c.d')") == ["a.b", "c.d"]
    assert found("MADE = 'a.b'\naudit.write(c, t, MADE)") == ["a.b"]
    assert found("audit.write(c, t, act=made())") == ["?"]
    assert found("file.write(c, t, 'a.b')") == []


def test_every_act_that_is_noted_has_words():
    found = noted()
    silent = {code: place for code, place in found.items() if code not in ACTS}
    assert silent == {}
    assert len(found) > 40


def test_every_act_that_has_words_is_noted_somewhere():
    assert set(ACTS) - set(noted()) == set()


def test_every_setting_has_a_label_in_the_log():
    items = (
        beginnings.NEW_TENANT,
        beginnings.NEW_DOCUMENT_PROFILE,
        beginnings.NEW_USER,
        beginnings.NEW_ORGANIZATION,
        beginnings.NEW_MEMBER,
    )
    assert {name for item in items for name in item} - set(FIELDS) == set()


def is_ours(thing: Any) -> bool:
    return getattr(thing, "__module__", "").split(".")[0] in FOLDERS


def names_in(code: CodeType) -> set[str]:
    """What a function's code speaks of, functions within it included."""
    found = {
        str(one.argval) for one in dis.get_instructions(code) if one.opname.startswith(("LOAD_", "IMPORT_"))
    }
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            found |= names_in(constant)
    return found


def called(function: FunctionType) -> Iterator[FunctionType]:
    """The functions of this portal that a function may call; of a class all of its methods."""
    names = names_in(function.__code__)
    known = {**function.__globals__, **inspect.getclosurevars(function).nonlocals}
    for name in names:
        value = known.get(name)
        if isinstance(value, ModuleType) and value.__name__.split(".")[0] in FOLDERS:
            things = [getattr(value, attribute, None) for attribute in names]
        else:
            things = [value]
        for thing in things:
            if isinstance(thing, FunctionType) and is_ours(thing):
                yield thing
            elif isinstance(thing, type) and is_ours(thing):
                yield from (one for one in vars(thing).values() if isinstance(one, FunctionType))


def reaches(function: Callable[..., Any], aim: Callable[..., Any]) -> bool:
    seen, todo = set(), [function]
    while todo:
        one = todo.pop()
        if one is aim:
            return True
        if one not in seen and isinstance(one, FunctionType):
            seen.add(one)
            todo.extend(called(one))
    return False


def test_every_route_that_changes_something_notes_it(portal):
    silent = {
        rule.endpoint
        for rule in portal.url_map.iter_rules()
        if rule.methods & {"POST", "PUT", "PATCH", "DELETE"}
        and not reaches(portal.view_functions[rule.endpoint], audit.write)
    }
    assert silent == set(WITHOUT)


def test_every_file_that_leaves_the_house_is_noted(portal):
    """Except the calendar, which a program fetches every few hours: its address is noted when it is made."""
    files = {
        rule.endpoint
        for rule in portal.url_map.iter_rules()
        if rule.rule.endswith((".csv", ".xlsx", ".pdf", "/file", "<token>"))
        and "GET" in rule.methods
        and not rule.endpoint.startswith(("exports.ask", "subscriptions."))
    }
    silent = {one for one in files if not reaches(portal.view_functions[one], audit.write)}
    assert len(files) > 30
    # This one leads to the file by a link that lives a minute.
    assert silent == {"document_files.open_file"}
