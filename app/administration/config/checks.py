"""Everything that speaks against a configuration: unknown names, circles, staff among members."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, text

from app.administration.access import APPLY_CONFIG
from app.administration.config.beginnings import NEW_MEMBER, NEW_ORGANIZATION, NEW_USER
from app.administration.config.face import check_face
from app.administration.config.merging import Wanted
from app.administration.config.private import check_private
from app.administration.config.state import Item, State, profile_text
from app.administration.profiles.access import MANAGE_PROFILES, PROFILES
from app.administration.profiles.grants import granted
from app.claims.codes import CLAIM_TYPES
from app.contracts.codes import CONTRACT_TYPES, LINES
from app.core.text import _
from permissions.editing import problems_of
from tenants import current

POINTS_TO = {
    "policyholders": "policyholders",
    "whole_mandates": "mandates",
    "mandates": "mandates",
    "shared_contracts": "contracts",
    "excluded_contracts": "contracts",
    "objects": "objects",
}
"""Lists whose words are keys of records, and the table of the records."""
CODES = {
    "lines_of_business": (LINES, "contracts", "line_of_business"),
    "contract_types": (CONTRACT_TYPES, "contracts", "contract_type"),
    "claim_types": (CLAIM_TYPES, "claims", "claim_type"),
}
"""Open code lists: a code we do not know is taken when the stock has it."""
MOST_NAMED = 20


def check(connection: Connection, wanted: Wanted, before: State) -> None:
    """Note in `wanted` all that cannot be. What was there before and stays as it is, is not questioned."""
    _check_welcome(connection, wanted, before)
    _check_profiles(wanted, before)
    _check_users(wanted, before)
    _check_way_in(wanted, before)
    _check_organizations(connection, wanted, before)
    _check_members(wanted, before)
    check_private(connection, wanted, before)
    _check_records(connection, wanted, before)
    _check_codes(connection, wanted, before)
    check_face(connection, wanted, before)


def _check_welcome(connection: Connection, wanted: Wanted, before: State) -> None:
    """What is to be shown has words; a video is in one place, and a file of this portal if it is said to be one."""
    tenant, untitled = wanted.state.tenant, _("A title is missing. One language is enough to begin with.")
    if tenant != before.tenant:
        if tenant["welcome_shown"] and not tenant["welcome"]:
            wanted.refuse("tenant.welcome", untitled)
        video = tenant["video"]
        if len(video) > 1:
            wanted.refuse("tenant.video", _("Either an address or a file, not both."))
        if video and not tenant["video_words"]:
            wanted.refuse("tenant.video_words", untitled)
        if name := video.get("file"):
            known = "select sha256 from welcome_videos where tenant_id = :tenant and sha256 = any(:words)"
            if not _existing(connection, known, {name}):
                wanted.refuse("tenant.video.file", _unknown([name]))
    for key, organization in wanted.state.organizations.items():
        widgets = organization["home_widgets"] or {}
        twice = [one for one, times in Counter(_in_lists(widgets)).items() if times > 1]
        if twice and organization != before.organizations.get(key):
            place = f"organizations[{key}].home_widgets"
            wanted.refuse(place, _("In two places at once: {keys}", keys=_few(twice)))
        if organization != before.organizations.get(key) and (
            organization["welcome_mode"] == "own" and not organization["welcome"]
        ):
            wanted.refuse(f"organizations[{key}].welcome", untitled)


def _in_lists(told: Item) -> list[str]:
    return [one for said in told.values() if isinstance(said, list) for one in said]


def _check_profiles(wanted: Wanted, before: State) -> None:
    profiles = wanted.state.profiles
    changed = [key for key, item in profiles.items() if item != before.profiles.get(key) and item["name"]]
    told = {key: profile_text(key, item) for key, item in profiles.items()}
    for (key, part), sentence in problems_of(told, changed).items():
        place = part if part == "inherits" else "grants." + _grant_place(part)
        wanted.refuse(f"profiles[{key}].{place}", sentence)


def _grant_place(subject: str) -> str:
    kind, _colon, name = subject.partition(":")
    if kind == "field":
        return "fields." + name
    return ("menu" if kind == "menu" else "functions") + f".{name}"


def _check_users(wanted: Wanted, before: State) -> None:
    state = wanted.state
    owners: dict[str, str] = {}
    for email, user in state.users.items():
        place = f"users[{email}]"
        profile = state.profiles.get(user["profile"])
        if user["key"] is not None and owners.setdefault(user["key"], email) != email:
            wanted.refuse(f"{place}.key", _("{user} has this key already.", user=owners[user["key"]]))
        if user == before.users.get(email) and _is_staff(state, user["profile"]) == _is_staff(
            before, user["profile"]
        ):
            continue
        if user["profile"] is not None and profile is None:
            wanted.refuse(f"{place}.profile", _unknown([user["profile"]]))
        elif profile is not None and not (user["staff"] and profile["staff"]):
            wanted.refuse(
                f"{place}.profile",
                _("Only staff have a profile here, one made for staff. Clients have theirs as members."),
            )
        if user["mandates"] and not user["staff"]:
            wanted.refuse(f"{place}.mandates", _("Only staff are limited to broker units."))


def _check_way_in(wanted: Wanted, before: State) -> None:
    """Whoever shuts the last way to change profiles could never open it again. Said where it was shut."""
    lost = _keepers(before)
    if not lost or _keepers(wanted.state):
        return
    sentence = _("Nobody could change profiles any more. Give this right to somebody else first.")
    for email in lost:
        user, was = wanted.state.users[email], before.users[email]
        changed = [word for word in ("active", "staff", "mandates", "profile") if user[word] != was[word]]
        place = f"users[{email}].{changed[0]}" if changed else f"profiles[{user['profile']}].grants"
        wanted.refuse(place, sentence)


def _keepers(state: State) -> list[str]:
    """Active staff of all mandates whose profile may change profiles."""
    profiles = {key: profile_text(key, item) for key, item in state.profiles.items()}
    keeping = {key for key in profiles if _is_way_in(granted(profiles, key))}
    return [
        email
        for email, user in state.users.items()
        if user["active"] and user["staff"] and not user["mandates"] and user["profile"] in keeping
    ]


def _is_way_in(rights: Mapping[str, str]) -> bool:
    return APPLY_CONFIG.subject in rights or {PROFILES.subject, MANAGE_PROFILES.subject} <= rights.keys()


def _check_organizations(connection: Connection, wanted: Wanted, before: State) -> None:
    state = wanted.state
    for key, organization in state.organizations.items():
        place = f"organizations[{key}]"
        if organization == before.organizations.get(key):
            continue
        _check_days(wanted, place, organization)
        if organization["document_profile"] not in {None, *state.document_profiles}:
            wanted.refuse(f"{place}.document_profile", _unknown([organization["document_profile"]]))
        both = set(organization["shared_contracts"]) & set(organization["excluded_contracts"])
        if both:
            told = _("Shared and excluded at once: {contracts}", contracts=_few(_contracts(connection, both)))
            wanted.refuse(f"{place}.excluded_contracts", told)
        seen, parent = {key}, organization["parent"]
        while parent is not None:
            if parent not in state.organizations:
                wanted.refuse(f"{place}.parent", _unknown([parent]))
                break
            if parent in seen:
                wanted.refuse(f"{place}.parent", _("An organisation cannot stand below itself."))
                break
            seen.add(parent)
            parent = state.organizations[parent]["parent"]


def _contracts(connection: Connection, keys: set[str]) -> list[str]:
    """What people call these contracts; a key that names none stays as it is."""
    query = """
        select r.key, concat(r.number, ' (', p.name, ')') from contracts r
          join policyholders p on p.tenant_id = :tenant and p.id = r.policyholder_id
         where r.tenant_id = :tenant and r.key = any(:keys)"""
    values = {"tenant": current.tenant_id(), "keys": sorted(keys)}
    called = {row[0]: row[1] for row in connection.execute(text(query), values)}
    return [called.get(key, key) for key in keys]


def _check_members(wanted: Wanted, before: State) -> None:
    state = wanted.state
    for (key, email), member in state.members.items():
        place = f"organizations[{key}].members[{email}]"
        user, profile = state.users.get(email), state.profiles.get(member["profile"])
        told = (member, user and user["staff"], _is_staff(state, member["profile"]))
        former = before.users.get(email)
        if told == (
            before.members.get((key, email)),
            former and former["staff"],
            _is_staff(before, member["profile"]),
        ):
            continue
        _check_days(wanted, place, member)
        if user is None:
            wanted.refuse(f"{place}.user", _("There is no user with this email address."))
        elif user["staff"]:
            wanted.refuse(
                f"{place}.user", _("The broker’s staff see the broker’s records and are not members.")
            )
        if member["profile"] is not None and profile is None:
            wanted.refuse(f"{place}.profile", _unknown([member["profile"]]))
        elif profile is not None and profile["staff"]:
            wanted.refuse(f"{place}.profile", _("This profile is for the broker’s staff only."))


def _is_staff(state: State, profile: str | None) -> bool | None:
    """Whether a profile is for staff; None when there is none."""
    return state.profiles[profile]["staff"] if profile in state.profiles else None


def _check_days(wanted: Wanted, place: str, item: Item) -> None:
    if item["starts_on"] and item["ends_on"] and item["ends_on"] < item["starts_on"]:
        wanted.refuse(f"{place}.ends_on", _("The last day is before the first."))


def _check_records(connection: Connection, wanted: Wanted, before: State) -> None:
    """Keys that are new in a list must be those of records; asked once per table, however many there are."""
    asked: list[tuple[str, str, set[str]]] = []
    for key, item in wanted.state.organizations.items():
        was = before.organizations.get(key, NEW_ORGANIZATION)
        for word, table in POINTS_TO.items():
            asked.append((f"organizations[{key}].{word}", table, _new_words(item[word], was[word])))
    for member, item in wanted.state.members.items():
        was = before.members.get(member, NEW_MEMBER)
        place = f"organizations[{member[0]}].members[{member[1]}].objects"
        asked.append((place, "objects", _new_words(item["objects"], was["objects"])))
    for email, item in wanted.state.users.items():
        was = before.users.get(email, NEW_USER)
        asked.append((f"users[{email}].mandates", "mandates", _new_words(item["mandates"], was["mandates"])))
    for table in set(POINTS_TO.values()):
        keys = set().union(*(words for _place, where, words in asked if where == table))
        known = _existing(
            connection, f"select key from {table} where tenant_id = :tenant and key = any(:words)", keys
        )
        for place, where, words in asked:
            if where == table and words - known:
                wanted.refuse(place, _unknown(words - known))


def _check_codes(connection: Connection, wanted: Wanted, before: State) -> None:
    for word, (codes, table, column) in CODES.items():
        new = {
            key: _new_words(item[word], before.organizations.get(key, NEW_ORGANIZATION)[word]) - set(codes)
            for key, item in wanted.state.organizations.items()
        }
        in_stock = _existing(
            connection,
            f"""select w from unnest(cast(:words as text[])) w
                 where exists (select 1 from {table} where tenant_id = :tenant and {column} = w)""",
            set().union(*new.values()),
        )
        for key, words in new.items():
            if words - in_stock:
                wanted.refuse(f"organizations[{key}].{word}", _unknown(words - in_stock))


def _new_words(now: Any, before: Any) -> set[str]:
    return set() if now == "all" else set(now) - set(() if before == "all" else before)


def _existing(connection: Connection, query: str, words: set[str]) -> set[str]:
    if not words:
        return set()
    return set(
        connection.execute(text(query), {"tenant": current.tenant_id(), "words": list(words)}).scalars()
    )


def _unknown(words: Iterable[str]) -> str:
    return _("Not known: {keys}", keys=_few(words))


def _few(words: Iterable[str]) -> str:
    ordered = sorted(words)
    return ", ".join(ordered[:MOST_NAMED]) + (" …" if len(ordered) > MOST_NAMED else "")
