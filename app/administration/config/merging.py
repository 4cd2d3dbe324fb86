"""What a document makes of the present configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.accounts.passwords import is_right, problem_of
from app.administration.config.beginnings import (
    NEW_DOCUMENT_PROFILE,
    NEW_MEMBER,
    NEW_ORGANIZATION,
    NEW_PROFILE,
    NEW_USER,
)
from app.administration.config.logos import BadPicture, read_logo, storage_name
from app.administration.config.state import STORED, Item, Member, State, grants_of, rules_of
from app.core.text import _


@dataclass
class Wanted:
    """The configuration a document leads to. With problems it must not be written."""

    state: State
    problems: dict[str, str] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict, repr=False)
    """Of those users whose password differs from the one they have."""
    logos: dict[str, bytes] = field(default_factory=dict, repr=False)
    """New pictures by the name they get in storage."""

    def refuse(self, place: str, sentence: str) -> None:
        self.problems.setdefault(place, sentence)


def merge(
    before: State,
    data: dict[str, Any],
    folder: Path | None,
    problems: dict[str, str],
    logos: Mapping[str, bytes | None],
) -> Wanted:
    """Put what the document says over what there is. What it does not mention stays. `folder` is where files
    are looked for; None reads none. `logos` are further ones by their names in storage: new ones, and without a
    picture those that are known to be there. To the problems already found those of single entries are added."""
    wanted = Wanted(before.copy(), problems)
    state = wanted.state
    state.tenant |= data.get("tenant", {})
    for part, identity, items, new in (
        ("profiles", "key", state.profiles, NEW_PROFILE),
        ("document_profiles", "key", state.document_profiles, NEW_DOCUMENT_PROFILE),
        ("users", "email", state.users, NEW_USER),
        ("organizations", "key", state.organizations, NEW_ORGANIZATION),
    ):
        seen: set[str] = set()
        for entry in data.get(part, ()):
            name = entry.get(identity)
            if name is None:
                continue
            place = f"{part}[{name}]"
            if name in seen:
                wanted.refuse(place, _("This stands in the document twice."))
                continue
            seen.add(name)
            said = {word: value for word, value in entry.items() if word in new}
            items[name] = {**new, **items.get(name, {}), **said}
            if items[name]["name"] is None:
                wanted.refuse(f"{place}.name", _("This is required."))
    for user in data.get("users", ()):
        if "email" in user and "password" in user:
            _want_password(wanted, user["email"], user["password"])
    for profile in state.profiles.values():
        # Told in one form, so that an empty list and none at all are the same.
        profile["grants"] = grants_of(rules_of(profile["grants"]))
    known = {before.tenant.get("logo"), before.tenant.get("logo_dark")}
    known |= {organization["logo"] for organization in before.organizations.values()}
    logos = {name.removeprefix(STORED): None for name in known if name} | dict(logos)
    for word in ("logo", "logo_dark"):
        _want_logo(wanted, "tenant", data.get("tenant", {}), state.tenant, word, folder, logos)
    for entry in data.get("organizations", ()):
        if (item := state.organizations.get(entry.get("key"))) is not None:
            _want_logo(wanted, f"organizations[{entry['key']}]", entry, item, "logo", folder, logos)
    _merge_members(wanted, before, data)
    return wanted


def _want_password(wanted: Wanted, email: str, password: str) -> None:
    """One that somebody has already is not questioned, though the broker may ask for longer ones by now."""
    if is_right(wanted.state.password_hashes.get(email), password):
        return
    if problem := problem_of(password, wanted.state.tenant["password_length"]):
        wanted.refuse(f"users[{email}].password", problem)
    else:
        wanted.passwords[email] = password


def _want_logo(
    wanted: Wanted,
    of: str,
    said: Item,
    item: Item,
    word: str,
    folder: Path | None,
    logos: Mapping[str, bytes | None],
) -> None:
    logo, place = said.get(word), f"{of}.{word}"
    if logo is None:
        return
    if logo.startswith(STORED):
        name = logo.removeprefix(STORED)
        if name not in logos:
            wanted.refuse(place, _("There is no such logo in storage."))
        elif (new := logos[name]) is not None:
            wanted.logos[name] = new
    elif folder is None:
        wanted.refuse(place, _("A logo in a file can only be set from the command line."))
    else:
        try:
            picture = read_logo(folder / logo)
        except BadPicture as bad:
            wanted.refuse(place, str(bad))
            return
        name = storage_name(picture)
        wanted.logos[name] = picture
        item[word] = STORED + name


def _merge_members(wanted: Wanted, before: State, data: dict[str, Any]) -> None:
    """Replace the members of organizations that name theirs; then give everybody one main membership."""
    members = wanted.state.members
    claimed: dict[str, list[Member]] = {}
    declined: set[Member] = set()
    for entry in data.get("organizations", ()):
        key = entry.get("key")
        if key is None or "members" not in entry:
            continue
        place = f"organizations[{key}].members"
        said = {member["user"]: member for member in entry["members"] if "user" in member}
        if len(said) < sum("user" in member for member in entry["members"]):
            wanted.refuse(place, _("Somebody stands here twice."))
        for gone in [member for member in members if member[0] == key and member[1] not in said]:
            del members[gone]
        for email, told in said.items():
            member = (key, email)
            was_main = before.members.get(member, NEW_MEMBER)["main"]
            members[member] = {
                **NEW_MEMBER,
                "main": was_main,
                **{word: value for word, value in told.items() if word in NEW_MEMBER},
            }
            if told.get("main"):
                claimed.setdefault(email, []).append(member)
            elif "main" in told:
                declined.add(member)
    _settle_mains(wanted, before, claimed, declined)


def _is_private(state: State, member: Member) -> bool:
    return bool(state.organizations.get(member[0], NEW_ORGANIZATION)["private_for"])


def _settle_mains(
    wanted: Wanted, before: State, claimed: dict[str, list[Member]], declined: set[Member]
) -> None:
    """One main membership per user: the one that asks for it, else the present one, else the first."""
    members = wanted.state.members
    of_user: dict[str, list[Member]] = {}
    for member in members:
        of_user.setdefault(member[1], []).append(member)
    for email, his in of_user.items():
        asked = claimed.get(email, [])
        if len(asked) > 1:
            wanted.refuse(
                f"organizations[{asked[1][0]}].members[{email}].main",
                _("Only one membership can be the main one."),
            )
        # A private portal stands behind whatever else there is, so that nothing of it shows there.
        open_ones = [member for member in his if not _is_private(wanted.state, member)] or his
        willing = [member for member in open_ones if member not in declined] or open_ones
        present = [member for member in willing if before.members.get(member, NEW_MEMBER)["main"]]
        main = (asked or present or willing)[0]
        for member in his:
            members[member]["main"] = member == main
