"""Opening access for several clients at once: organizations, their first members, and the invitations."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, text

from app.administration import config
from app.administration.config.state import Item, known_users, read_organization
from app.administration.grants.proposing import Line
from app.administration.members.inviting import invite_all
from app.administration.organizations.lifecycle import NOT_COPIED, beginning, new_keys
from app.core.errors import Unacceptable
from tenants import current

OF_CLIENTS = {
    "policyholders", "whole_mandates", "corporate_groups", "intermediaries", "shared_contracts", "excluded_contracts",
    "objects", "logo", "starts_on", "ends_on",
}  # fmt: skip
"""What of an organization's settings is about its own clients, and no pattern for others."""
PATTERNS = (
    "select key, name from organizations where tenant_id = :tenant order by folded(name), key limit :most"
)
MOST_PATTERNS = 500
PLACE = re.compile(r"^(?:organizations\[(?P<key>[^\]]*)\]|users\[(?P<email>[^\]]*)\])(?P<rest>.*)$")


@dataclass(frozen=True)
class Numbers:
    """What will be created."""

    organizations: int
    clients: int
    contracts: int
    people: int
    known: int
    """Of the people, those whom the broker knows already."""
    skipped: int
    """Lines with nobody to invite."""


class Refused(Exception):
    """Something is wrong with some of the lines; nothing was done."""

    def __init__(self, lines: list[Line], sentence: str | None) -> None:
        self.lines, self.sentence = lines, sentence


def patterns(connection: Connection) -> list[tuple[str, str]]:
    """Organizations whose rules can be copied: key and name."""
    values = {"tenant": current.tenant_id(), "most": MOST_PATTERNS}
    return [(row.key, row.name) for row in connection.execute(text(PATTERNS), values)]


def numbers_of(connection: Connection, lines: list[Line]) -> Numbers:
    made = [line for line in lines if line.is_made]
    emails = {line.email for line in made}
    return Numbers(
        organizations=len(made),
        clients=sum(len(line.clients) for line in made),
        contracts=sum(line.contracts for line in made),
        people=len(emails),
        known=len(known_users(connection, list(emails))),
        skipped=sum(line.is_skipped for line in lines),
    )


def open_access(
    connection: Connection, lines: list[Line], profile: str, pattern: str, actor_id: uuid.UUID
) -> tuple[int, int]:
    """Make the organizations of the lines that are taken, with one member each, and invite those who have no password
    yet: how many of each. `pattern` is the key of the organization whose rules are copied, if any. Refused with what is
    wrong, and then nothing is made."""
    made = [line for line in lines if line.is_made]
    keys = dict(zip(new_keys(connection, [line.name for line in made]), made, strict=True))
    known = known_users(connection, [line.email for line in made])
    rules = _rules(connection, pattern)
    people = {line.email: line.person for line in made if line.email not in known}
    document = {
        "users": [{"email": email, "name": name} for email, name in people.items()],
        "organizations": [
            {
                **rules,
                "key": key,
                "name": line.name,
                "policyholders": sorted(one.key for one in line.clients),
                "members": [{"user": line.email, "profile": profile}],
            }
            for key, line in keys.items()
        ],
    }
    try:
        config.apply(connection, document, actor_id)
    except Unacceptable as refused:
        raise _beside(lines, keys, refused) from None
    return len(made), invite_all(connection, sorted({line.email for line in made}), actor_id)


def _rules(connection: Connection, pattern: str) -> Item:
    if not pattern:
        return beginning(connection)
    copied = read_organization(connection, pattern)
    return {word: value for word, value in copied.items() if word not in NOT_COPIED | OF_CLIENTS}


def _beside(lines: list[Line], keys: dict[str, Line], refused: Unacceptable) -> Refused:
    """What is wrong, beside the lines it is about."""
    wrong: dict[str, dict[str, str]] = {}
    sentence = None
    for place, said in refused.problems.items():
        about = PLACE.match(place)
        if about and about["key"] in keys:
            part = "name" if about["rest"] == ".name" else "email" if ".user" in about["rest"] else "line"
            wrong.setdefault(keys[about["key"]].id, {})[part] = str(said)
        elif about and about["email"]:
            for line in (one for one in keys.values() if one.email == about["email"]):
                wrong.setdefault(line.id, {})["email"] = str(said)
        else:
            sentence = str(said)
    told: list[Any] = [replace(line, errors=wrong.get(line.id, {})) for line in lines]
    return Refused(told, sentence)
