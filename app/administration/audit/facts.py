"""What stood in a thing before an act and after it, field by field and in words."""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from app.administration.audit.fields import CODES, LEVELS, OF_PARTS, OF_RECORDS, label_of
from app.administration.audit.keyed import KEYS
from app.administration.config.state import STORED
from app.core.formats import formats_for
from app.core.text import _, labelled, language
from app.reports.source import SOURCES
from app.reports.switches import SWITCHES
from app.shell.own_theme import HEADINGS
from permissions.catalogue import catalogue

Names = Mapping[Any, str]
"""What the things are called now of which a row knows the id, or the table and the key."""

DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Fact:
    """What a field said before and after; empty where it said nothing."""

    label: str
    was: str
    became: str


def facts_of(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, names: Names) -> list[Fact]:
    """The fields of an act that it changed; of something made or removed, all that said anything."""
    former, present = (dict(_flat(said or {}, names)) for said in (before, after))
    return [
        Fact(label, former.get(label, ""), present.get(label, ""))
        for label in dict.fromkeys((*former, *present))
        if former.get(label, "") != present.get(label, "")
    ]


def ids_in(said: Any) -> Iterator[uuid.UUID]:
    """The ids among the values of a row, whose names are worth knowing."""
    if isinstance(said, Mapping):
        for value in said.values():
            yield from ids_in(value)
    elif isinstance(said, list):
        for value in said:
            yield from ids_in(value)
    elif (found := _id(said)) is not None:
        yield found


def _flat(said: Mapping[str, Any], names: Names) -> Iterator[tuple[str, str]]:
    """Labels and words. A list that was changed is told as what came and what went."""
    for name, value in said.items():
        if name == "rules":
            yield from _rights(value)
        elif name == "grants":
            yield from _rights(dict(_granted(value)))
        elif isinstance(value, dict) and set(value) in ({"added"}, {"removed"}):
            ((way, changed),) = value.items()
            words = in_words(name, changed, names)
            yield (
                label_of(name),
                labelled(_("Added") if way == "added" else _("Removed"), words) if words else "",
            )
        elif isinstance(value, dict):
            for part, inner in value.items():
                of_part = str(OF_PARTS[name][part]) if name in OF_PARTS else label_of(part)
                yield f"{label_of(name)}, {of_part}", in_words(part, inner, names)
        else:
            yield label_of(name), in_words(name, value, names)


def _rights(rules: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    labels = _labels_of_rights()
    for subject, action in rules.items():
        yield labels.get(subject, subject), str(LEVELS.get(action, action))


def _granted(grants: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from ((f"menu:{one}", "show") for one in grants.get("menu", ()))
    yield from ((f"function:{one}", "use") for one in grants.get("functions", ()))
    for record, levels in grants.get("fields", {}).items():
        yield from ((f"field:{record}.{one}", level) for level, some in levels.items() for one in some)


def _labels_of_rights() -> dict[str, str]:
    """Every right a profile can grant, as people call it."""
    found = {area.subject: labelled(_("Menu area"), area.label) for area in catalogue.areas()}
    found |= {function.subject: labelled(_("Function"), function.label) for function in catalogue.functions()}
    for schema, name in catalogue.fields():
        of = SOURCES[schema.record].area.label if schema.record in SOURCES else schema.record
        found[f"field:{schema.record}.{name}"] = labelled(of, schema.field(name).label)
    return found


def in_words(name: str, value: Any, names: Names = MappingProxyType({})) -> str:
    """A field's value as people read it."""
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(in_words(name, one, names) for one in value)
    if isinstance(value, dict):
        parts = OF_PARTS.get(name, {})
        said = {str(parts.get(word, word)): in_words(word, inner, names) for word, inner in value.items()}
        return "; ".join(labelled(part, words) for part, words in said.items() if words)
    if isinstance(value, int):
        return formats_for(language()).integer(value)
    return _word(name, str(value), names)


def _word(name: str, value: str, names: Names) -> str:
    if value in CODES.get(name, ()):
        return str(CODES[name][value])
    if name in OF_RECORDS:
        record, field = OF_RECORDS[name]
        return str(SOURCES[record].schema.field(field).words(value))
    if name in ("logo", "logo_dark"):
        # Its name in storage is the checksum: enough of it to tell one picture from another.
        return _("Picture {name}", name=value.removeprefix(STORED)[:6])
    if name == "heading" and value in HEADINGS:
        return str(HEADINGS[value][0])
    if name in ("report_functions_off", "functions_off") and value in SWITCHES:
        return str(SWITCHES[value].label)
    if name in ("source", "record", "record_type") and value in SOURCES:
        return str(SOURCES[value].area.label)
    if (known := names.get((KEYS.get(name), value))) is not None:
        return known
    if (found := _id(value)) is not None:
        return names.get(found, value)
    return _day(value) if DAY.fullmatch(value) else value


def _parsed(parse: Callable[[str], Any], value: str) -> Any:
    try:
        return parse(value)
    except ValueError:
        return None


def _id(value: Any) -> uuid.UUID | None:
    return _parsed(uuid.UUID, value) if isinstance(value, str) and len(value) == 36 else None


def _day(value: str) -> str:
    day = _parsed(datetime.date.fromisoformat, value)
    return formats_for(language()).day(day) if day else value
