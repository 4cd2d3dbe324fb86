"""From a cookie or a bearer token to the person looking: one query, and the rights of the profile's version."""

from __future__ import annotations

import datetime
import enum
import hashlib
import uuid
from typing import Any

from sqlalchemy import Connection

from app.core.db import read
from permissions.catalogue import catalogue
from permissions.rights import NOTHING, Rights, rights_of, shared, without
from permissions.viewer import Look, Viewer
from tenants import arrangement, current, visibility

BY_SESSION = """
      from sessions k
     where k.tenant_id = %(tenant)s and k.token_hash = %(hash)s and k.expires_at > now()"""
BY_TOKEN = """
      from api_tokens k
     where k.tenant_id = %(tenant)s and k.token_hash = %(hash)s and (k.expires_at is null or k.expires_at > now())"""
BY_USER = """
      from (select u.id as user_id, m.id as membership_id from users u
              left join memberships m on m.tenant_id = u.tenant_id and m.user_id = u.id and m.id = %(membership)s
             where u.tenant_id = %(tenant)s and u.id = %(user)s) k"""
BY_ANYBODY = """
      from (select u.id as user_id, m.id as membership_id from users u
              left join memberships m on m.tenant_id = u.tenant_id and m.user_id = u.id and not u.is_staff
             where u.tenant_id = %(tenant)s
               and (%(organization)s::uuid is null or m.organization_id = %(organization)s)) k"""
BY_ADDRESS = """
      from calendar_feeds k
     where k.tenant_id = %(tenant)s and k.token_hash = %(hash)s"""

BY_LOOK = """, k.id as look_id, a.id as actor_id, a.name as actor_name, k.reason, k.until,
           k.may_act and t.views_may_change as may_act, a.profile_id as actor_profile_id, ap.version as actor_version
      from looks k
      join tenants t on t.tenant_id = %(tenant)s
      join sessions own on own.tenant_id = %(tenant)s and own.token_hash = k.session_hash and own.expires_at > now()
      join users a on a.tenant_id = %(tenant)s and a.id = own.user_id and a.is_active and a.is_staff
       and not exists (select 1 from staff_mandates x where x.tenant_id = %(tenant)s and x.user_id = a.id)
      join profiles ap on ap.tenant_id = %(tenant)s and ap.id = a.profile_id
     where k.tenant_id = %(tenant)s and k.token_hash = %(look)s and k.session_hash = %(hash)s
       and k.ended_at is null and k.until > now()"""
"""Somebody of the staff through a client's eyes: asked anew, and only together with the session he began it in."""
VIEW_AS, ACT_AS = "user.view_as", "user.act_as"
"""The functions that let him."""
API_TOKENS = "api_tokens"
"""The function that lets a program come for somebody: one that was withdrawn opens nothing any more."""

WHO = """
    with k as (select k.user_id, k.membership_id {by})
    select u.id, u.name, u.email, u.is_staff, u.salutation, u.language, u.scheme, u.density,
           p.id, p.version,
           m.id, o.id, o.name, o.logo,
           case when t.profile_currency_allowed then o.profile_currency end, o.valuation,
           coalesce(t.report_functions_off, '{{}}'), coalesce(o.report_functions_off, '{{}}'),
           coalesce(tree.id, s.id), case when tree.id is null then s.fresh_until else tree.fresh_until end,
           coalesce(f.tags, '{{}}'),
           case when u.is_staff then
               (select array_agg(x.mandate_id) from staff_mandates x where x.tenant_id = u.tenant_id and x.user_id = u.id)
           end,
           (select count(*) from memberships x where x.tenant_id = u.tenant_id and x.user_id = u.id),
           o.theme, coalesce(o.links, '{{}}'),
           case when t.terms_required and not u.is_staff
                 and not exists (select 1 from terms_acceptances x
                                  where x.tenant_id = %(tenant)s and x.user_id = u.id and x.version = t.terms_version)
                then t.terms_version end,
           coalesce(o.caretakers_shown, true), o.private_user_id is not null,
           coalesce(o.home_view, t.home_view), o.home_fixed, o.mailbox, k.*
      from k
      left join tenants t on t.tenant_id = %(tenant)s
      join users u on u.tenant_id = %(tenant)s and u.id = k.user_id and u.is_active
      left join memberships m
        on m.tenant_id = %(tenant)s and m.id = k.membership_id and not u.is_staff
       and (m.starts_on is null or m.starts_on <= %(today)s) and (m.ends_on is null or m.ends_on >= %(today)s)
      left join organizations o
        on o.tenant_id = %(tenant)s and o.id = m.organization_id
       and (o.starts_on is null or o.starts_on <= %(today)s) and (o.ends_on is null or o.ends_on >= %(today)s)
      left join document_profiles f on f.tenant_id = %(tenant)s and f.id = o.document_profile_id
      left join profiles p
        on p.tenant_id = %(tenant)s
       and p.id = case when u.is_staff then u.profile_id when o.id is not null then m.profile_id end
      left join scopes s
        on s.tenant_id = %(tenant)s
       and s.id = case when o.id is null then null when m.objects = 'selected' then m.id else o.id end
      left join scopes tree
        on tree.tenant_id = %(tenant)s and m.objects = 'all' and tree.id = """
WHO += arrangement.TREE_ID
"""Scopes are found by the ids they are given: the membership's if it is narrowed, else the organization's; or that of
the tree that unites the organization with its children."""
IS_STAFF, ORGANIZATION, FRESH_UNTIL = 3, 11, 19
"""Places in a row of it."""


_LATELY = """
     where tenant_id = %(tenant)s and token_hash = %(hash)s
       and (used_at is null or used_at < now() - interval '1 minute')"""
"""When a token or a calendar was last used, to the minute: a program that asks often should not write as often."""


def hashed(token: str) -> bytes:
    """What is stored of a cookie, an API token or a calendar's address. They are long and random: a plain hash
    suffices."""
    return hashlib.sha256(token.encode("ascii", "replace")).digest()


class Key(enum.Enum):
    """What somebody comes with; its value is the table that knows it."""

    SESSION = "sessions"
    LOOK = "looks"
    TOKEN = "api_tokens"
    ADDRESS = "calendar_feeds"
    PERSON = "users"


USED = {
    Key.TOKEN: "update api_tokens set used_at = now()" + _LATELY,
    Key.ADDRESS: "update calendar_feeds set used_at = now()" + _LATELY,
}


def arrive(
    connection: Connection, token: str, key: Key = Key.SESSION, look: str | None = None
) -> Viewer | None:
    """The viewer a cookie, token or address stands for now; None when it stands for nobody any more. A look needs its
    own cookie beside that of its actor's session."""
    values: dict[str, Any] = {
        "tenant": current.tenant_id(),
        "hash": hashed(token),
        "look": look and hashed(look),
        "today": visibility.today(),
    }
    return _found(connection, key, values)


def viewer_of(connection: Connection, user_id: uuid.UUID, membership_id: uuid.UUID | None) -> Viewer | None:
    """A person as the portal would see him now, for what is done for him while he is away; None if it would not let
    him in."""
    values = {
        "tenant": current.tenant_id(),
        "user": user_id,
        "membership": membership_id,
        "today": visibility.today(),
        "hash": None,
    }
    return _found(connection, Key.PERSON, values)


def everybody(connection: Connection, organization_id: uuid.UUID | None = None) -> list[Viewer]:
    """Everybody the portal would let in now, once for each organization he works in; or only an organization's members."""
    values: dict[str, Any] = {
        "tenant": current.tenant_id(),
        "organization": organization_id,
        "today": visibility.today(),
        "hash": None,
    }
    query = WHO.format(by=BY_ANYBODY) + " order by u.name, o.name, u.id, m.id"
    let_in = [row for row in read(connection, query, values) if _is_let_in(row)]
    if any(_is_stale(row, values["today"]) for row in let_in):
        arrangement.freshen(connection)
        return everybody(connection, organization_id)
    return [viewer for row in let_in if (viewer := _viewer(connection, row, Key.PERSON, values))]


def _found(connection: Connection, key: Key, values: dict[str, Any]) -> Viewer | None:
    known_by = {
        Key.SESSION: BY_SESSION,
        Key.LOOK: BY_LOOK,
        Key.TOKEN: BY_TOKEN,
        Key.ADDRESS: BY_ADDRESS,
        Key.PERSON: BY_USER,
    }
    row = read(connection, WHO.format(by=known_by[key]), values).fetchone()
    if row is None or not _is_let_in(row):
        return None
    if _is_stale(row, values["today"]):
        arrangement.freshen(connection)
        return _found(connection, key, values)
    person = _viewer(connection, row, key, values)
    if key is Key.TOKEN and person and not person.may(API_TOKENS):
        return None
    if key in USED:
        connection.exec_driver_sql(USED[key], values)
    return person


def _is_let_in(row: Any) -> bool:
    """Staff, or whose organization is one whose access runs."""
    return row[IS_STAFF] or row[ORGANIZATION] is not None


def _is_stale(row: Any, today: datetime.date) -> bool:
    return row[FRESH_UNTIL] is not None and row[FRESH_UNTIL] < today


def _viewer(connection: Connection, row: Any, key: Key, values: dict[str, Any]) -> Viewer | None:
    """The person of a row; None for a look that its actor may no longer have."""
    (user_id, name, email, is_staff, salutation, language, scheme, density, profile_id, version, membership_id,
     organization_id, organization_name, logo, currency, valuation, off_for_all, off_here, scope_id, _fresh_until,
     tags, mandates, memberships, theme, links, terms_due, caretakers_shown, is_private, home_view, home_fixed,
     mailbox, _user_id, _membership_id, *looked) = row  # fmt: skip
    rights = NOTHING
    if profile_id is not None:
        rights = rights_of(connection, values["tenant"], profile_id, version)
        off = frozenset((*off_for_all, *off_here))
        closed = catalogue.of_clients() if is_staff else catalogue.of_desk()
        if is_private:
            closed |= catalogue.of_clients()
        if mandates:
            closed |= catalogue.of_whole_broker()
        hidden = frozenset() if caretakers_shown else catalogue.of_caretakers()
        if off or closed or hidden:
            rights = without(rights, off, closed, hidden)
    look = None
    if looked:
        look_id, actor_id, actor_name, reason, until, may_act, actor_profile, actor_version = looked
        theirs = rights_of(connection, values["tenant"], actor_profile, actor_version)
        if is_staff or not may_look(theirs):
            return None
        look = Look(look_id, actor_id, actor_name, reason, until, may_act and ACT_AS in theirs.functions)
        rights = shared(rights, theirs)
    return Viewer(
        tenant_id=values["tenant"],
        user_id=user_id,
        name=name,
        email=email,
        is_staff=is_staff,
        rights=rights,
        salutation=salutation,
        language=language,
        scheme=scheme,
        density=density,
        profile_id=profile_id,
        membership_id=membership_id,
        organization_id=organization_id,
        organization_name=organization_name,
        organization_logo=logo,
        is_private=is_private,
        organization_theme=theme,
        organization_links=tuple(links.items()),
        scope_id=scope_id,
        mandate_ids=tuple(mandates or ()),
        membership_count=memberships,
        document_tags=tuple(tags),
        profile_currency=currency.strip() if currency else None,
        valuation=valuation or "today",
        home_view=home_view if organization_id else "overview",
        is_home_fixed=bool(home_fixed),
        mailbox=mailbox or "sidebar",
        today=values["today"],
        session_hash=values["hash"] if key is Key.SESSION else None,
        look=look,
        # A program cannot accept anything, nor can whoever looks through somebody's eyes.
        terms_due=terms_due if key is Key.SESSION else None,
    )


def may_look(rights: Rights) -> bool:
    return VIEW_AS in rights.functions


def running_memberships(
    connection: Connection, user_id: uuid.UUID
) -> list[tuple[uuid.UUID, uuid.UUID, str, bool, bool]]:
    """A client's memberships whose access runs today: membership, organization, its name, whether main, whether it is his
    private portal. Main first, private last."""
    rows = connection.exec_driver_sql(
        """select m.id, o.id, o.name, m.is_main, o.private_user_id is not null as is_private from memberships m
             join organizations o on o.tenant_id = m.tenant_id and o.id = m.organization_id
            where m.tenant_id = %(tenant)s and m.user_id = %(user)s
              and (m.starts_on is null or m.starts_on <= %(today)s) and (m.ends_on is null or m.ends_on >= %(today)s)
              and (o.starts_on is null or o.starts_on <= %(today)s) and (o.ends_on is null or o.ends_on >= %(today)s)
            order by m.is_main desc, is_private, o.name, m.id""",
        {"tenant": current.tenant_id(), "user": user_id, "today": visibility.today()},
    )
    return [tuple(row) for row in rows]  # type: ignore[misc]
