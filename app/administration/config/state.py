"""What is declared of a broker now, in the words of the configuration document."""

from __future__ import annotations

import copy
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, text

from app.administration.config.beginnings import NEW_ORGANIZATION, NEW_TENANT, NEW_USER, Item
from app.home.layout import WIDGETS
from app.home.tiles import TILES
from app.reports.switches import SWITCHES
from permissions.catalogue import catalogue
from permissions.editing import ProfileText, read_profiles
from tenants import current
from tenants.models import STATE_BOXES

Member = tuple[str, str]
"""Key of the organization, email of the user."""

STORED = "stored:"
"""How a document names a logo that is in storage already."""


@dataclass(frozen=True)
class LinkTable:
    """A list of an organization that is kept as rows: the table, what it points to, and which part of it."""

    table: str
    record: str
    column: str
    part: str | None = None

    @property
    def only(self) -> str:
        return f"and l.part = '{self.part}'" if self.part else ""


LINKS = {
    "policyholders": LinkTable("organization_policyholders", "policyholders", "policyholder_id"),
    "whole_mandates": LinkTable("organization_mandates", "mandates", "mandate_id", "whole"),
    "mandates": LinkTable("organization_mandates", "mandates", "mandate_id", "narrowing"),
    "shared_contracts": LinkTable("organization_contracts", "contracts", "contract_id", "shared"),
    "excluded_contracts": LinkTable("organization_contracts", "contracts", "contract_id", "excluded"),
    "objects": LinkTable("organization_objects", "objects", "object_id"),
}


@dataclass
class State:
    """A broker's configuration. Items are told as in the document, without the name they are found by."""

    tenant: Item = field(default_factory=dict)
    profiles: dict[str, Item] = field(default_factory=dict)
    document_profiles: dict[str, Item] = field(default_factory=dict)
    users: dict[str, Item] = field(default_factory=dict)
    organizations: dict[str, Item] = field(default_factory=dict)
    members: dict[Member, Item] = field(default_factory=dict)
    """In the order they were made."""
    password_hashes: dict[str, str | None] = field(default_factory=dict, repr=False)

    def copy(self) -> State:
        return copy.deepcopy(self)


def read_state(connection: Connection, organizations: Collection[str] | None = None) -> State:
    """The present configuration; the long lists (contracts, objects …) of the named organizations only,
    since a broker may share tens of thousands of contracts by hand."""
    named = None if organizations is None else list(organizations)
    state = State(tenant=read_tenant(connection))
    state.profiles = {key: profile_item(told) for key, told in read_profiles(connection).items()}
    state.document_profiles = {
        row.key: {"name": row.name, "tags": sorted(row.tags)}
        for row in _rows(
            connection, "select key, name, tags from document_profiles where tenant_id = :tenant"
        )
    }
    _read_users(connection, state)
    _read_organizations(connection, state, named)
    _read_members(connection, state, named)
    return state


def _rows(connection: Connection, statement: str, **values: Any) -> Any:
    return connection.execute(text(statement), {"tenant": current.tenant_id(), **values})


def read_tenant(connection: Connection) -> Item:
    """The broker's own settings."""
    row = _rows(
        connection,
        f"select {', '.join(NEW_TENANT)} from tenants where tenant_id = :tenant",
    ).one()
    logos = {word: STORED + name if (name := row._mapping[word]) else None for word in ("logo", "logo_dark")}
    return dict(row._mapping) | logos | {"report_functions_off": _switched_off(row.report_functions_off)}


def _switched_off(keys: list[str]) -> list[str]:
    """Those that there still are: a function may have gone with a release."""
    return [key for key in sorted(keys) if key in SWITCHES]


def profile_item(told: ProfileText) -> Item:
    """A profile's rules grouped as people write them. Grants of what no longer exists are left out."""
    known = {subject for subject, _actions in catalogue.subjects()}
    return {
        "name": told.name,
        "staff": told.is_staff,
        "inherits": told.inherits,
        "grants": grants_of({subject: action for subject, action in told.rules.items() if subject in known}),
    }


def profile_text(key: str, item: Item) -> ProfileText:
    """The other way round."""
    return ProfileText(key, item["name"], item["staff"], list(item["inherits"]), rules_of(item["grants"]))


def grants_of(rules: dict[str, str]) -> Item:
    """Rules grouped as people write them; nothing is told that is empty."""
    menu: list[str] = []
    functions: list[str] = []
    fields: dict[str, dict[str, list[str]]] = {}
    for subject, action in sorted(rules.items()):
        kind, _colon, name = subject.partition(":")
        if kind == "menu":
            menu.append(name)
        elif kind == "function":
            functions.append(name)
        else:
            record, _dot, seen = name.partition(".")
            fields.setdefault(record, {}).setdefault(action, []).append(seen)
    grants = {"menu": menu, "functions": functions, "fields": fields}
    return {word: granted for word, granted in grants.items() if granted}


def rules_of(grants: Item) -> dict[str, str]:
    """Grants as rules. Of a field listed twice the further-reaching action holds."""
    rules = {f"menu:{name}": "show" for name in grants.get("menu", ())}
    rules |= {f"function:{name}": "use" for name in grants.get("functions", ())}
    for record, granted in grants.get("fields", {}).items():
        for action in ("mask", "read", "edit"):
            rules |= {f"field:{record}.{name}": action for name in granted.get(action, ())}
    return rules


def _read_users(connection: Connection, state: State) -> None:
    for row in _rows(
        connection,
        """select u.email, u.name, u.salutation, u.phone, u.role, u.is_staff as staff, u.key,
                  u.is_active as active, u.language, p.key as profile, u.password_hash,
                  array(select m.key from staff_mandates s
                          join mandates m on m.tenant_id = :tenant and m.id = s.mandate_id
                         where s.tenant_id = :tenant and s.user_id = u.id) as mandates
             from users u left join profiles p on p.tenant_id = :tenant and p.id = u.profile_id
            where u.tenant_id = :tenant order by u.email""",
    ):
        told = row._mapping
        state.users[row.email] = {word: told[word] for word in NEW_USER} | {"mandates": sorted(row.mandates)}
        state.password_hashes[row.email] = row.password_hash


def read_organization(connection: Connection, key: str) -> Item:
    """One organization, its long lists included, in the words of the document."""
    state = State()
    _read_organizations(connection, state, [key])
    return state.organizations[key]


def read_members(connection: Connection, key: str) -> dict[str, Item]:
    """The members of one organization by their email addresses, in the words of the document."""
    state = State()
    _read_members(connection, state, [key])
    return {email: item for (organization, email), item in state.members.items() if organization == key}


def known_users(connection: Connection, emails: list[str]) -> set[str]:
    """Those of the addresses that somebody of the broker or his clients has already."""
    query = "select email from users where tenant_id = :tenant and email = any(:emails)"
    return set(_rows(connection, query, emails=emails).scalars())


def _read_organizations(connection: Connection, state: State, named: list[str] | None) -> None:
    for row in _rows(
        connection,
        """select o.*, p.key as parent, d.key as document_profile, u.email as private_for
             from organizations o
             left join organizations p on p.tenant_id = :tenant and p.id = o.parent_id
             left join document_profiles d on d.tenant_id = :tenant and d.id = o.document_profile_id
             left join users u on u.tenant_id = :tenant and u.id = o.private_user_id
            where o.tenant_id = :tenant order by o.key""",
    ):
        told = {word: value for word, value in row._mapping.items() if word in NEW_ORGANIZATION}
        for word in (
            "corporate_groups",
            "intermediaries",
            "lines_of_business",
            "contract_types",
            "claim_types",
        ):
            told[word] = sorted(told[word])
        told["states"] = sorted(told["states"], key=STATE_BOXES.index)
        told["report_functions_off"] = _switched_off(told["report_functions_off"])
        told["home_widgets"] = _widgets(told["home_widgets"])
        told["home_tiles"] = [tile for tile in told["home_tiles"] if tile in TILES]
        told["starts_on"], told["ends_on"] = _day(row.starts_on), _day(row.ends_on)
        told["logo"] = STORED + row.logo if row.logo else None
        if told["objects"] == "selected":
            told["objects"] = []
        state.organizations[row.key] = {**NEW_ORGANIZATION, **told}
    for word, link in LINKS.items():
        for row in _rows(
            connection,
            f"""select o.key, array_agg(r.key) as keys
                  from organizations o
                  join {link.table} l on l.tenant_id = :tenant and l.organization_id = o.id {link.only}
                  join {link.record} r on r.tenant_id = :tenant and r.id = l.{link.column}
                 where o.tenant_id = :tenant and (cast(:named as text[]) is null or o.key = any(:named))
                 group by o.key""",
            named=named,
        ):
            item = state.organizations[row.key]
            if item[word] != "all":
                item[word] = sorted(row.keys)


def _widgets(told: Item | None) -> Item | None:
    """Without those that went with a release."""
    return told and {
        part: [key for key in said if key in WIDGETS] if isinstance(said, list) else said
        for part, said in told.items()
    }


def _read_members(connection: Connection, state: State, named: list[str] | None) -> None:
    for row in _rows(
        connection,
        """select o.key, u.email, p.key as profile, m.is_main, m.objects, m.starts_on, m.ends_on,
                  case when m.objects = 'selected' and (cast(:named as text[]) is null or o.key = any(:named))
                       then array(select b.key from membership_objects s
                                    join objects b on b.tenant_id = :tenant and b.id = s.object_id
                                   where s.tenant_id = :tenant and s.membership_id = m.id)
                  end as selected
             from memberships m
             join organizations o on o.tenant_id = :tenant and o.id = m.organization_id
             join users u on u.tenant_id = :tenant and u.id = m.user_id
             join profiles p on p.tenant_id = :tenant and p.id = m.profile_id
            where m.tenant_id = :tenant order by m.created_at, m.id""",
        named=named,
    ):
        state.members[row.key, row.email] = {
            "profile": row.profile,
            "main": row.is_main,
            "objects": "all" if row.objects == "all" else sorted(row.selected or ()),
            "starts_on": _day(row.starts_on),
            "ends_on": _day(row.ends_on),
        }


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None
