"""Saving a profile: what it grants, what it inherits, and that nobody keeps a right that was taken away."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, text

from app.core import audit
from app.core.errors import Refusal, Unacceptable
from app.core.text import _
from permissions.catalogue import catalogue
from permissions.ready import READY, rules_of
from permissions.rights import raise_version
from tenants import current


@dataclass
class ProfileText:
    """A profile as it is written down: by names and keys only."""

    key: str
    name: str
    is_staff: bool = False
    inherits: list[str] = field(default_factory=list)
    """Keys of the profiles it inherits from, sorted."""
    rules: dict[str, str] = field(default_factory=dict)
    """Subject of the catalogue to action."""

    def told(self) -> dict[str, Any]:
        """As the audit keeps it."""
        return {
            "name": self.name,
            "staff": self.is_staff,
            "inherits": self.inherits,
            "rules": dict(sorted(self.rules.items())),
        }


def read_profiles(connection: Connection) -> dict[str, ProfileText]:
    """Every profile of the broker by key, with what it grants itself."""
    values = {"tenant": current.tenant_id()}
    found = {
        row.id: ProfileText(row.key, row.name, row.is_staff)
        for row in connection.execute(
            text("select id, key, name, is_staff from profiles where tenant_id = :tenant order by key"),
            values,
        )
    }
    for row in connection.execute(
        text("select profile_id, subject, action from profile_rules where tenant_id = :tenant"), values
    ):
        found[row.profile_id].rules[row.subject] = row.action
    for row in connection.execute(
        text("select profile_id, parent_id from profile_parents where tenant_id = :tenant"), values
    ):
        found[row.profile_id].inherits.append(found[row.parent_id].key)
    for profile in found.values():
        profile.inherits.sort()
    return {profile.key: profile for profile in found.values()}


def problems_of(profiles: Mapping[str, ProfileText], changed: Iterable[str]) -> dict[tuple[str, str], str]:
    """What forbids saving the changed ones among these profiles: by key and part, `inherits` or a subject."""
    problems: dict[tuple[str, str], str] = {}
    known = dict(catalogue.subjects())
    for_staff = catalogue.for_staff()
    for key in changed:
        profile = profiles[key]
        for subject, action in profile.rules.items():
            if subject not in known:
                problems[key, subject] = _("There is nothing of this name to grant.")
            elif action not in known[subject]:
                problems[key, subject] = _(
                    "This can be granted as: {actions}.", actions=", ".join(known[subject])
                )
            elif subject in for_staff and not profile.is_staff:
                problems[key, subject] = _("Only profiles of the broker’s staff can grant this.")
    # Inheritance is looked at for all: making a profile one of the staff may also break its heirs.
    for key, profile in profiles.items():
        for parent in profile.inherits:
            if parent not in profiles:
                problems[key, "inherits"] = _("There is no profile with the key {key}.", key=parent)
            elif key == parent or key in _ancestors(profiles, parent):
                problems[key, "inherits"] = _(
                    "A profile cannot inherit from itself, not even through others."
                )
            elif profiles[parent].is_staff and not profile.is_staff:
                problems[key, "inherits"] = _(
                    "A client’s profile cannot inherit from one of the broker’s staff."
                )
    return problems


def _ancestors(profiles: Mapping[str, ProfileText], key: str) -> set[str]:
    found: set[str] = set()
    todo = [key]
    while todo:
        profile = profiles.get(todo.pop())
        new = set(profile.inherits) - found if profile else set()
        found |= new
        todo.extend(new)
    return found


def save_profile(connection: Connection, profile: ProfileText, actor_id: uuid.UUID | None) -> None:
    """Write a profile as given, all its rules and parents; whoever has it, or inherits it, obeys on the next
    request. Unacceptable when a rule or an inheritance cannot be; nothing is written then."""
    save_profiles(connection, [profile], actor_id)


def save_profiles(connection: Connection, profiles: list[ProfileText], actor_id: uuid.UUID | None) -> None:
    """Write several profiles that may inherit from one another."""
    tenant = current.tenant_id()
    # Two administrators saving at once could each add one half of a circle.
    connection.execute(
        text("select pg_advisory_xact_lock(hashtextextended(:tenant, 11))"), {"tenant": str(tenant)}
    )
    before = read_profiles(connection)
    after = before | {profile.key: profile for profile in profiles}
    problems = problems_of(after, [profile.key for profile in profiles])
    if problems:
        raise Unacceptable({f"{key}.{part}": sentence for (key, part), sentence in problems.items()})
    changed = [profile for profile in profiles if before.get(profile.key) != profile]
    ids = {profile.key: _write_head(connection, profile) for profile in changed}
    for profile in changed:
        _write_rules(connection, ids[profile.key], profile)
    # Heirs are found along the new inheritance; a heir that was let go is itself among the changed.
    for profile in changed:
        raise_version(connection, tenant, ids[profile.key])
        was = before.get(profile.key)
        audit.write(
            connection,
            tenant,
            "profile.changed" if was else "profile.created",
            actor_id=actor_id,
            record="profile",
            record_id=ids[profile.key],
            before=was.told() if was else None,
            after=profile.told(),
        )


def _write_head(connection: Connection, profile: ProfileText) -> uuid.UUID:
    return connection.execute(
        text(
            """insert into profiles (tenant_id, key, name, is_staff) values (:tenant, :key, :name, :staff)
               on conflict (tenant_id, key) do update set name = excluded.name, is_staff = excluded.is_staff
               returning id"""
        ),
        {"tenant": current.tenant_id(), "key": profile.key, "name": profile.name, "staff": profile.is_staff},
    ).scalar_one()


def _write_rules(connection: Connection, profile_id: uuid.UUID, profile: ProfileText) -> None:
    values = {
        "tenant": current.tenant_id(),
        "id": profile_id,
        "subjects": list(profile.rules),
        "actions": list(profile.rules.values()),
        "parents": profile.inherits,
    }
    for statement in (
        "delete from profile_rules where tenant_id = :tenant and profile_id = :id",
        """insert into profile_rules (tenant_id, profile_id, subject, action)
           select :tenant, :id, * from unnest(cast(:subjects as text[]), cast(:actions as text[]))""",
        "delete from profile_parents where tenant_id = :tenant and profile_id = :id",
        """insert into profile_parents (tenant_id, profile_id, parent_id)
           select :tenant, :id, p.id from profiles p where p.tenant_id = :tenant and p.key = any(:parents)""",
    ):
        connection.execute(text(statement), values)


class InUse(Refusal):
    """Somebody has the profile, or another inherits from it."""

    def __str__(self) -> str:
        return _("Somebody still has this profile, or another inherits from it.")


def delete_profile(connection: Connection, profile_id: uuid.UUID, actor_id: uuid.UUID | None) -> None:
    """Remove a profile that nobody has and none inherits from; InUse otherwise. What was shared with it stays its
    owners'."""
    values = {"tenant": current.tenant_id(), "id": profile_id}
    key = connection.execute(
        text("select key from profiles where tenant_id = :tenant and id = :id for update"), values
    ).scalar_one()
    told = read_profiles(connection)[key].told()
    is_used = connection.execute(
        text(
            """select exists (select from memberships where tenant_id = :tenant and profile_id = :id)
                   or exists (select from users where tenant_id = :tenant and profile_id = :id)
                   or exists (select from profile_parents where tenant_id = :tenant and parent_id = :id)"""
        ),
        values,
    ).scalar_one()
    if is_used:
        raise InUse
    connection.execute(text("delete from profiles where tenant_id = :tenant and id = :id"), values)
    audit.write(
        connection,
        current.tenant_id(),
        "profile.removed",
        actor_id=actor_id,
        record="profile",
        record_id=profile_id,
        before={"key": key, **told},
    )


def save_ready_profiles(connection: Connection, actor_id: uuid.UUID | None) -> None:
    """Give a new broker the ready profiles. The catalogue must be filled: they would grant nothing otherwise."""
    if not catalogue.resources:
        raise LookupError("the catalogue of rights is empty; declare the slices first")
    save_profiles(
        connection,
        [
            ProfileText(
                ready.key, ready.name, ready.is_staff, sorted(ready.inherits), rules_of(ready, catalogue)
            )
            for ready in READY
        ],
        actor_id,
    )
