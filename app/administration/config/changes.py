"""The difference between two configurations, and how it is told to people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.administration.config.merging import Wanted
from app.administration.config.state import Item, State
from app.core.text import _, _l, labelled

THINGS = {
    "tenant": _l("Broker"),
    "profile": _l("Permission profile {key}"),
    "document_profile": _l("Document profile {key}"),
    "user": _l("User {key}"),
    "organization": _l("Organisation {key}"),
    "membership": _l("Membership {key}"),
}
LONGEST_LIST = 5
"""More than this is told as a number."""


@dataclass(frozen=True)
class Change:
    """One thing that changes. Without a field, something is made (`after` tells it) or removed (`before`)."""

    what: str
    key: str
    field: str | None
    before: Any
    after: Any


def differences(before: State, wanted: Wanted) -> list[Change]:
    """Every change, in the order it is written: what others refer to comes first."""
    after = wanted.state
    return [
        *_fields("tenant", "", before.tenant, after.tenant),
        *_items("profile", before.profiles, after.profiles),
        *_items("document_profile", before.document_profiles, after.document_profiles),
        *_items("user", before.users, after.users),
        # Neither the old nor the new password is ever told.
        *(Change("user", email, "password", None, None) for email in wanted.passwords),
        *_items("organization", before.organizations, after.organizations),
        *_items("membership", _members(before), _members(after)),
    ]


def _members(state: State) -> dict[str, Item]:
    return {membership_name(*member): item for member, item in state.members.items()}


def membership_name(organization: str, email: str) -> str:
    return f"{organization}/{email}"


def _items(what: str, before: Mapping[str, Item], after: Mapping[str, Item]) -> Iterator[Change]:
    for key in before.keys() - after.keys():
        yield Change(what, key, None, before[key], None)
    for key, item in after.items():
        if key not in before:
            yield Change(what, key, None, None, item)
        else:
            yield from _fields(what, key, before[key], item)


def _fields(what: str, key: str, before: Item, after: Item) -> Iterator[Change]:
    for name, value in after.items():
        if before[name] != value:
            yield Change(what, key, name, before[name], value)


def tell(change: Change) -> str:
    """The change as a line people read."""
    thing = str(THINGS[change.what]).format(key=change.key)
    if change.field is None:
        if change.before is None:
            return _("+ {thing}: new", thing=thing)
        return _("− {thing}: removed", thing=thing)
    if change.field == "password":
        return _("~ {thing}: a new password", thing=thing)
    if _is_long(change.before) or _is_long(change.after):
        come, gone = list_changes(change.before, change.after)
        return _(
            "~ {thing}, {field}: {added} added, {removed} removed",
            thing=thing,
            field=change.field,
            added=len(come),
            removed=len(gone),
        )
    return _(
        "~ {thing}, {field}: {before} → {after}",
        thing=thing,
        field=change.field,
        before=_value(change.before),
        after=_value(change.after),
    )


def list_changes(before: Any, after: Any) -> tuple[list[str], list[str]]:
    """What came and what went. `all` counts as an empty list."""
    former, present = (value if isinstance(value, list) else [] for value in (before, after))
    return sorted(set(present) - set(former)), sorted(set(former) - set(present))


def _is_long(value: Any) -> bool:
    return isinstance(value, list) and len(value) > LONGEST_LIST


def _value(value: Any) -> str:
    if value is None or value == []:
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, dict):
        return ", ".join(labelled(word, _value(inner)) for word, inner in value.items()) or "–"
    return str(value)
