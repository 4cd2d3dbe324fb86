"""Writing a configuration: the rows that lead from what there is to what is wanted."""

from __future__ import annotations

import json
import uuid
from typing import Any

from sqlalchemy import Connection, text

from app.accounts.passwords import set_password
from app.administration.config.beginnings import NEW_MEMBER, NEW_ORGANIZATION, NEW_USER
from app.administration.config.changes import Change, membership_name
from app.administration.config.merging import Wanted
from app.administration.config.settling import ids_of, note, settle
from app.administration.config.state import LINKS, STORED, LinkTable, State, profile_text
from app.core.settings import Settings
from app.core.storage import Storage
from permissions.editing import save_profiles
from tenants import current, directory

ORGANIZATION_COLUMNS = (
    "name", "starts_on", "ends_on", "corporate_groups", "intermediaries", "share_automatically", "states",
    "lines_of_business", "contract_types", "objects", "include_claims", "claim_types", "claims",
    "reference_addresses", "case_sharing", "profile_currency", "valuation", "logo", "theme", "links",
    "report_functions_off", "welcome_mode", "welcome", "home_view", "home_fixed", "home_tiles", "home_widgets",
    "caretakers_shown", "four_eyes_claims", "mailbox",
)  # fmt: skip
STAFF_MANDATES = LinkTable("staff_mandates", "mandates", "mandate_id")
MEMBER_OBJECTS = LinkTable("membership_objects", "objects", "object_id")


def write(
    connection: Connection,
    before: State,
    wanted: Wanted,
    changes: list[Change],
    actor_id: uuid.UUID | None,
    storage: Storage | None,
    may_wait: bool,
) -> None:
    """Make the changes that lead from one state to the other, in the caller's transaction."""
    tenant = current.tenant_id()
    for picture in wanted.logos.values():
        # Before any row names it: a row without its file would be a broken picture.
        (storage or Storage(Settings.from_environment())).store_bytes(tenant, picture, "image/png")
    # What is about to be removed is known by its id now, and what is made, afterwards.
    ids = ids_of(connection)
    after = wanted.state
    changed: dict[str, set[str]] = {}
    for change in changes:
        changed.setdefault(change.what, set()).add(change.key)
    if "tenant" in changed:
        _run(
            connection,
            """update tenants set name = :name, theme = :theme, language = :language,
                      links = cast(:links as jsonb), mail_sender = :mail_sender, mail_domains = :mail_domains,
                      report_functions_off = :report_functions_off, views_may_change = :views_may_change,
                      views_are_mailed = :views_are_mailed, own_theme = cast(:own_theme as jsonb), logo = :logo,
                      logo_dark = :logo_dark, terms_version = :terms_version, terms_required = :terms_required,
                      welcome_shown = :welcome_shown, welcome = cast(:welcome as jsonb),
                      video = cast(:video as jsonb), video_words = cast(:video_words as jsonb), home_view = :home_view,
                      case_sharing_allowed = :case_sharing_allowed,
                      profile_currency_allowed = :profile_currency_allowed, notice_days = :notice_days,
                      review_months = :review_months, upload_megabytes = :upload_megabytes,
                      upload_types = :upload_types, upload_type_required = :upload_type_required,
                      password_length = :password_length
                where tenant_id = :tenant""",
            **{
                **_as_json(after.tenant, "links", "own_theme", "welcome", "video", "video_words"),
                "logo": _stored(after.tenant["logo"]),
                "logo_dark": _stored(after.tenant["logo_dark"]),
            },
        )
        directory.forget(tenant)
    save_profiles(
        connection, [profile_text(key, after.profiles[key]) for key in changed.get("profile", ())], actor_id
    )
    for key in changed.get("document_profile", ()):
        _run(
            connection,
            """insert into document_profiles (tenant_id, key, name, tags) values (:tenant, :key, :name, :tags)
               on conflict (tenant_id, key) do update
                  set name = excluded.name, tags = excluded.tags, changed_at = now()""",
            key=key,
            **after.document_profiles[key],
        )
    _write_users(connection, before, wanted, changed.get("user", set()))
    _write_organizations(connection, before, after, changed.get("organization", set()))
    _write_members(connection, before, after, changed.get("membership", set()))
    ids |= ids_of(connection)
    note(connection, changes, ids, actor_id)
    settle(connection, after, changes, ids, may_wait)


def _run(connection: Connection, statement: str, **values: Any) -> Any:
    return connection.execute(text(statement), {"tenant": current.tenant_id(), **values})


def _stored(logo: str | None) -> str | None:
    """A logo's name in storage."""
    return logo.removeprefix(STORED) if logo else None


def _as_json(values: dict[str, Any], *words: str) -> dict[str, Any]:
    """None stays what is not there."""
    return values | {word: json.dumps(values[word]) for word in words if values[word] is not None}


def _write_users(connection: Connection, before: State, wanted: Wanted, emails: set[str]) -> None:
    # Two people may swap keys; each is let go before it is given again.
    _run(
        connection,
        "update users set key = null where tenant_id = :tenant and email = any(:emails)",
        emails=list(emails),
    )
    for email in emails:
        user, was = wanted.state.users[email], before.users.get(email, NEW_USER)
        user_id = _run(
            connection,
            """insert into users (tenant_id, email, name, salutation, phone, role, is_staff, key, is_active,
                                  language, profile_id)
               values (:tenant, :email, :name, :salutation, :phone, :role, :staff, :key, :active, :language,
                       (select p.id from profiles p where p.tenant_id = :tenant and p.key = :profile))
               on conflict (tenant_id, email) do update
                  set name = excluded.name, salutation = excluded.salutation, phone = excluded.phone,
                      role = excluded.role, is_staff = excluded.is_staff, key = excluded.key,
                      is_active = excluded.is_active, language = excluded.language,
                      profile_id = excluded.profile_id, changed_at = now()
               returning id""",
            email=email,
            **user,
        ).scalar_one()
        if user["mandates"] != was["mandates"]:
            _drop(connection, STAFF_MANDATES, "user_id", user_id, user["mandates"])
            _add(connection, STAFF_MANDATES, "user_id", user_id, user["mandates"])
        if email in wanted.passwords:
            set_password(connection, user_id, wanted.passwords[email])
        if not user["active"]:
            _run(connection, "delete from sessions where tenant_id = :tenant and user_id = :id", id=user_id)


def _write_organizations(connection: Connection, before: State, after: State, keys: set[str]) -> None:
    columns = ", ".join(ORGANIZATION_COLUMNS)
    places = ", ".join(
        f"cast(:{column} as jsonb)" if column in ("links", "welcome", "home_widgets") else f":{column}"
        for column in ORGANIZATION_COLUMNS
    )
    updates = ", ".join(f"{column} = excluded.{column}" for column in ORGANIZATION_COLUMNS)
    ids = {}
    for key in keys:
        organization = after.organizations[key]
        values = {column: organization[column] for column in ORGANIZATION_COLUMNS}
        values["objects"] = _shown(organization["objects"])
        values["logo"] = _stored(organization["logo"])
        values = _as_json(values, "links", "welcome", "home_widgets")
        ids[key] = _run(
            connection,
            f"""insert into organizations (tenant_id, key, document_profile_id, private_user_id, {columns})
                values (:tenant, :key, (select d.id from document_profiles d
                                         where d.tenant_id = :tenant and d.key = :document_profile),
                        (select u.id from users u where u.tenant_id = :tenant and u.email = :private_for), {places})
                on conflict (tenant_id, key) do update
                   set document_profile_id = excluded.document_profile_id,
                       private_user_id = excluded.private_user_id, {updates}, changed_at = now()
                returning id""",
            key=key,
            document_profile=organization["document_profile"],
            private_for=organization["private_for"],
            **values,
        ).scalar_one()
    # Parents and lists afterwards: a parent may have been made a moment ago.
    for key, organization_id in ids.items():
        organization, was = after.organizations[key], before.organizations.get(key, NEW_ORGANIZATION)
        _run(
            connection,
            """update organizations o set parent_id =
                      (select p.id from organizations p where p.tenant_id = :tenant and p.key = :parent)
                where o.tenant_id = :tenant and o.id = :id""",
            id=organization_id,
            parent=organization["parent"],
        )
        changed = {word: link for word, link in LINKS.items() if organization[word] != was[word]}
        # A contract may move from excluded to shared: every list lets go before any takes.
        for word, link in changed.items():
            _drop(connection, link, "organization_id", organization_id, _keys(organization[word]))
        for word, link in changed.items():
            _add(connection, link, "organization_id", organization_id, _keys(organization[word]))


def _write_members(connection: Connection, before: State, after: State, names: set[str]) -> None:
    changed = [member for member in after.members if membership_name(*member) in names]
    gone = [member for member in before.members if member not in after.members]
    of_member = """m.tenant_id = :tenant and exists (
        select 1 from unnest(cast(:organizations as text[]), cast(:emails as text[])) x(organization, email)
          join organizations o on o.tenant_id = :tenant and o.key = x.organization
          join users u on u.tenant_id = :tenant and u.email = x.email
         where o.id = m.organization_id and u.id = m.user_id)"""
    for statement, members in (
        (f"delete from memberships m where {of_member}", gone),
        # Nobody may have two main ones, not even between two statements.
        (f"update memberships m set is_main = false where {of_member}", changed),
    ):
        organizations, emails = [member[0] for member in members], [member[1] for member in members]
        _run(connection, statement, organizations=organizations, emails=emails)
    for key, email in changed:
        member, was = after.members[key, email], before.members.get((key, email), NEW_MEMBER)
        membership_id = _run(
            connection,
            """insert into memberships (tenant_id, user_id, organization_id, profile_id, is_main, objects,
                                        starts_on, ends_on)
               select :tenant, u.id, o.id, p.id, :main, :objects, cast(:starts_on as date),
                      cast(:ends_on as date)
                 from users u, organizations o, profiles p
                where u.tenant_id = :tenant and u.email = :email and o.tenant_id = :tenant and o.key = :key
                  and p.tenant_id = :tenant and p.key = :profile
               on conflict (tenant_id, user_id, organization_id) do update
                  set profile_id = excluded.profile_id, is_main = excluded.is_main,
                      objects = excluded.objects, starts_on = excluded.starts_on,
                      ends_on = excluded.ends_on, changed_at = now()
               returning id""",
            key=key,
            email=email,
            **{**member, "objects": _shown(member["objects"])},
        ).scalar_one()
        if member["objects"] != was["objects"]:
            _drop(connection, MEMBER_OBJECTS, "membership_id", membership_id, _keys(member["objects"]))
            _add(connection, MEMBER_OBJECTS, "membership_id", membership_id, _keys(member["objects"]))


def _shown(objects: Any) -> str:
    return "all" if objects == "all" else "selected"


def _keys(words: Any) -> list[str]:
    return [] if words == "all" else words


def _drop(connection: Connection, link: LinkTable, owner: str, owner_id: uuid.UUID, keys: list[str]) -> None:
    """Take from a list what is not among the keys."""
    _run(
        connection,
        f"""delete from {link.table} l where l.tenant_id = :tenant and l.{owner} = :owner {link.only}
               and l.{link.column} not in (select r.id from unnest(cast(:keys as text[])) k
                                             join {link.record} r on r.tenant_id = :tenant and r.key = k)""",
        owner=owner_id,
        keys=keys,
    )


def _add(connection: Connection, link: LinkTable, owner: str, owner_id: uuid.UUID, keys: list[str]) -> None:
    part, value = (", part", f", '{link.part}'") if link.part else ("", "")
    _run(
        connection,
        f"""insert into {link.table} (tenant_id, {owner}, {link.column}{part})
            select :tenant, :owner, r.id{value} from unnest(cast(:keys as text[])) k
              join {link.record} r on r.tenant_id = :tenant and r.key = k
            on conflict do nothing""",
        owner=owner_id,
        keys=keys,
    )
