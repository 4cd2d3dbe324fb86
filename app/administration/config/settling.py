"""What follows from a changed configuration: its audit, and what everybody sees from then on."""

from __future__ import annotations

import uuid
from itertools import groupby

from sqlalchemy import Connection, text

from app.administration.config.changes import Change, list_changes
from app.administration.config.state import Item, State
from app.core import audit
from tenants import current
from tenants.arrangement import arrange

Ids = dict[tuple[str, str], uuid.UUID]
"""Kind and name of a thing to its id."""

NOT_RULES = {
    "name", "reference_addresses", "case_sharing", "profile_currency", "valuation", "logo", "theme", "links",
    "report_functions_off", "welcome_mode", "welcome", "home_view", "home_fixed", "home_tiles", "caretakers_shown",
    "four_eyes_claims",
    "home_widgets", "private_for",
    "mailbox",
}  # fmt: skip
"""Settings of an organization that do not decide what it sees."""
ORDERED = {"home_tiles"}
"""Lists of which the order is part of what was changed."""
MEMBER_RULES = {"objects", "starts_on", "ends_on"}


def ids_of(connection: Connection) -> Ids:
    """What the audit and the scopes know things by: kind and name to id."""
    found = connection.execute(
        text("""select 'organization' as what, key, id from organizations where tenant_id = :tenant
           union all select 'document_profile', key, id from document_profiles where tenant_id = :tenant
           union all select 'user', email, id from users where tenant_id = :tenant
           union all select 'membership', o.key || '/' || u.email, m.id
                       from memberships m
                       join organizations o on o.tenant_id = :tenant and o.id = m.organization_id
                       join users u on u.tenant_id = :tenant and u.id = m.user_id
                      where m.tenant_id = :tenant"""),
        {"tenant": current.tenant_id()},
    )
    return {("tenant", ""): current.tenant_id()} | {(row.what, row.key): row.id for row in found}


def note(
    connection: Connection,
    changes: list[Change],
    ids: Ids,
    actor_id: uuid.UUID | None,
) -> None:
    """An audit row for each thing that changed. Profiles note themselves when they are saved."""
    for (what, key, is_password), of_one in groupby(
        changes, lambda change: (change.what, change.key, change.field == "password")
    ):
        if what == "profile":
            continue
        former: Item = {}
        present: Item = {}
        act = "password_set" if is_password else "changed"
        for change in () if is_password else of_one:
            if change.field is None:
                act = "created" if change.before is None else "removed"
                former, present = change.before, change.after
            elif (
                isinstance(change.before, list)
                and change.field not in ORDERED
                and isinstance(change.after, list)
            ):
                come, gone = list_changes(change.before, change.after)
                former[change.field], present[change.field] = {"removed": gone}, {"added": come}
            else:
                former[change.field], present[change.field] = change.before, change.after
        audit.write(
            connection,
            current.tenant_id(),
            f"{what}.{act}",
            actor_id=actor_id,
            record=what,
            record_id=ids.get((what, key)),
            before={"key": key, **former} if former else None,
            after={"key": key, **present} if present else None,
        )


def settle(
    connection: Connection,
    after: State,
    changes: list[Change],
    ids: Ids,
    may_wait: bool,
) -> None:
    """Let everybody see what the new rules say, once for all changes."""
    organizations, memberships, are_rules = set(), set(), False
    tags = {change.key for change in changes if change.what == "document_profile"}
    for key, organization in after.organizations.items():
        if organization["document_profile"] in tags:
            organizations.add(key)
    for change in changes:
        if change.what == "organization" and change.field not in NOT_RULES:
            organizations.add(change.key)
        elif change.what == "membership" and (change.field is None or change.field in MEMBER_RULES):
            are_rules = True
            key = change.key.rpartition("/")[0]
            memberships.add(change.key)
            if after.organizations[key]["claims"] == "members":
                organizations.add(key)
    if organizations or are_rules:
        arrange(
            connection,
            {ids["organization", key] for key in organizations},
            {ids["membership", name] for name in memberships if ("membership", name) in ids},
            may_wait=may_wait,
        )
