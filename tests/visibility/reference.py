"""Who sees what, once more in plain Python: written from the rules in words, never from the queries.

`World.load` reads the rows of the tenant acted for; `seen_by` answers for one person on one day; `scopes_of`
answers for every stored scope. Slow and simple on purpose: whatever it says that the portal does not say is
a fault of one of the two.
"""

from __future__ import annotations

import datetime
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection

from tenants import current

KINDS = ("policyholder", "contract", "object", "claim", "invoice", "certificate", "document")
Id = uuid.UUID
Day = datetime.date
Seen = dict[str, set[uuid.UUID]]
Rows = dict[uuid.UUID, Any]


def nothing() -> Seen:
    return {kind: set() for kind in KINDS}


@dataclass
class World:
    """One tenant's stock and rules: rows by id, links as sets. `tags` of an organization are its document profile's,
    None without one."""

    policyholders: Rows = field(default_factory=dict)
    contracts: Rows = field(default_factory=dict)
    objects: Rows = field(default_factory=dict)
    claims: Rows = field(default_factory=dict)
    invoices: Rows = field(default_factory=dict)
    certificates: Rows = field(default_factory=dict)
    documents: Rows = field(default_factory=dict)
    organizations: Rows = field(default_factory=dict)
    memberships: Rows = field(default_factory=dict)
    users: Rows = field(default_factory=dict)

    @classmethod
    def load(cls, connection: Connection) -> World:
        """The rows of the tenant acted for, as this transaction sees them."""
        tenant = {"tenant": current.tenant_id()}

        def rows(table: str, columns: str) -> list[Any]:
            query = f"select {columns} from {table} where tenant_id = %(tenant)s"
            return list(connection.exec_driver_sql(query, tenant))

        def pairs(table: str, columns: str, condition: str = "true") -> dict[Id, set[Id]]:
            found = defaultdict(set)
            for one, other in rows(f"(select * from {table} where {condition}) x", columns):
                found[one].add(other)
            return found

        def records(table: str, columns: str, **links: dict[Id, set[Any]]) -> Rows:
            names = columns.split(", ")
            return {
                row[0]: SimpleNamespace(
                    **dict(zip(names, row[1:], strict=True)),
                    **{name: found[row[0]] for name, found in links.items()},
                )
                for row in rows(table, f"id, {columns}")
            }

        hangs_on = defaultdict(set)
        for document, *ends in rows(
            "document_links", "document_id, " + ", ".join(f"{k}_id" for k in KINDS[:6])
        ):
            hangs_on[document] |= {(kind, end) for kind, end in zip(KINDS[:6], ends, strict=True) if end}
        world = cls(
            policyholders=records("policyholders", "mandate_id, corporate_group"),
            contracts=records(
                "contracts",
                "policyholder_id, line_of_business, contract_type, status, quote_on, application_on, document_on",
                co_policyholders=pairs("contract_policyholders", "contract_id, policyholder_id"),
                objects=pairs("contract_objects", "contract_id, object_id"),
            ),
            objects=records("objects", "policyholder_id"),
            claims=records("claims", "contract_id, object_id, policyholder_id, claim_type, reported_by_id"),
            invoices=records("invoices", "contract_id, policyholder_id"),
            certificates=records("certificates", "contract_id"),
            documents=records("documents", "tags, uploaded_by_id", links=hangs_on),
            organizations=records(
                "organizations",
                "parent_id, starts_on, ends_on, corporate_groups, share_automatically, states, lines_of_business,"
                " contract_types, objects, include_claims, claim_types, claims, document_profile_id",
                policyholders=pairs("organization_policyholders", "organization_id, policyholder_id"),
                mandates=pairs("organization_mandates", "organization_id, mandate_id", "part = 'whole'"),
                only_mandates=pairs(
                    "organization_mandates", "organization_id, mandate_id", "part = 'narrowing'"
                ),
                shared=pairs("organization_contracts", "organization_id, contract_id", "part = 'shared'"),
                excluded=pairs("organization_contracts", "organization_id, contract_id", "part = 'excluded'"),
                selected=pairs("organization_objects", "organization_id, object_id"),
            ),
            memberships=records(
                "memberships",
                "user_id, organization_id, objects, starts_on, ends_on",
                selected=pairs("membership_objects", "membership_id, object_id"),
            ),
            users=records(
                "users", "is_staff, is_active", mandates=pairs("staff_mandates", "user_id, mandate_id")
            ),
        )
        tags = dict(rows("document_profiles", "id, tags"))
        for organization in world.organizations.values():
            organization.tags = tags.get(organization.document_profile_id)
        return world


def runs(access: Any, day: Day) -> bool:
    """`starts_on` is the first day of access, `ends_on` the last."""
    if access.starts_on is not None and day < access.starts_on:
        return False
    return access.ends_on is None or day <= access.ends_on


def passes(chosen: Any, value: Any) -> bool:
    """An empty list lets everything pass; any other only what it names."""
    return not chosen or value in chosen


def box_of(contract: Any) -> set[str]:
    """The state boxes that match a contract."""
    boxes = set()
    if contract.status == "own":
        if contract.document_on is not None:
            boxes.add("policy")
        elif contract.application_on is not None:
            boxes.add("application")
        else:
            boxes.add("own")
    else:
        boxes.add(contract.status)
        if contract.status == "quote" and contract.quote_on is not None:
            boxes.add("own")
    return boxes


def hangs_on(document: Any, seen: Seen) -> bool:
    return any(record in seen[kind] for kind, record in document.links)


def own_stock(world: World, organization_id: Id, day: Day) -> Seen:
    """What an organization sees by its own rules."""
    o = world.organizations[organization_id]
    seen = nothing()
    for key, p in world.policyholders.items():
        in_group = p.corporate_group is not None and p.corporate_group in o.corporate_groups
        if key in o.policyholders or p.mandate_id in o.mandates or in_group:
            seen["policyholder"].add(key)
    for key, c in world.contracts.items():
        automatically = (
            o.share_automatically
            and bool(({c.policyholder_id} | c.co_policyholders) & seen["policyholder"])
            and passes(o.only_mandates, world.policyholders[c.policyholder_id].mandate_id)
            and passes(o.lines_of_business, c.line_of_business)
            and passes(o.contract_types, c.contract_type)
            and bool(box_of(c) & set(o.states))
            and (o.objects == "all" or bool(c.objects & o.selected))
        )
        if key not in o.excluded and (key in o.shared or automatically):
            seen["contract"].add(key)
    for key in world.objects:
        insured = any(key in world.contracts[contract].objects for contract in seen["contract"])
        if insured and (o.objects == "all" or key in o.selected):
            seen["object"].add(key)
    members = {
        m.user_id for m in world.memberships.values() if m.organization_id == organization_id and runs(m, day)
    }
    for key, c in world.claims.items():
        if (
            o.include_claims
            and c.contract_id in seen["contract"]
            and passes(o.claim_types, c.claim_type)
            and (c.object_id is None or c.object_id in seen["object"])
            and (o.claims == "all" or c.reported_by_id in members)
        ):
            seen["claim"].add(key)
    for key, i in world.invoices.items():
        if i.contract_id is None:
            if i.policyholder_id in seen["policyholder"]:
                seen["invoice"].add(key)
        elif i.contract_id in seen["contract"]:
            seen["invoice"].add(key)
    for key, c in world.certificates.items():
        if c.contract_id in seen["contract"]:
            seen["certificate"].add(key)
    for key, d in world.documents.items():
        if set(d.tags) & set(o.tags or ()) and hangs_on(d, seen):
            seen["document"].add(key)
    return seen


def tree_stock(world: World, organization_id: Id, day: Day) -> Seen:
    """What an organization sees with its children: the union, each by its own rules. A child whose access does not
    run brings nothing, nor does anything below it."""
    seen = own_stock(world, organization_id, day)
    for key, child in world.organizations.items():
        if child.parent_id == organization_id and runs(child, day):
            for kind, records in tree_stock(world, key, day).items():
                seen[kind] |= records
    return seen


def member_stock(world: World, membership_id: Id, day: Day) -> Seen:
    """What a membership shows of its organization's stock: all of it, or what has to do with the objects selected."""
    m = world.memberships[membership_id]
    whole = tree_stock(world, m.organization_id, day)
    if m.objects == "all":
        return whole
    seen = nothing()
    seen["object"] = whole["object"] & m.selected
    for key in whole["contract"]:
        if world.contracts[key].objects & seen["object"]:
            seen["contract"].add(key)
    for contract in (world.contracts[key] for key in seen["contract"]):
        seen["policyholder"] |= ({contract.policyholder_id} | contract.co_policyholders) & whole[
            "policyholder"
        ]
    for key in whole["claim"]:
        claim = world.claims[key]
        if claim.object_id in seen["object"] or (
            claim.object_id is None and claim.contract_id in seen["contract"]
        ):
            seen["claim"].add(key)
    seen["invoice"] = {key for key in whole["invoice"] if world.invoices[key].contract_id in seen["contract"]}
    seen["certificate"] = {
        key for key in whole["certificate"] if world.certificates[key].contract_id in seen["contract"]
    }
    seen["document"] = {key for key in whole["document"] if hangs_on(world.documents[key], seen)}
    return seen


def staff_stock(world: World, mandates: set[Id]) -> Seen:
    """What staff limited to these mandates sees; without a limit, everything. A record's mandate is that of its
    policyholder, for most records their contract's; documents follow the records they hang on."""
    if not mandates:
        return {kind: set(getattr(world, f"{kind}s")) for kind in KINDS}
    seen = nothing()
    seen["policyholder"] = {key for key, p in world.policyholders.items() if p.mandate_id in mandates}
    for kind in ("contract", "object", "claim", "invoice", "certificate"):
        for key, record in getattr(world, f"{kind}s").items():
            holder = getattr(record, "policyholder_id", None)
            if kind in ("claim", "invoice", "certificate") and record.contract_id is not None:
                holder = world.contracts[record.contract_id].policyholder_id
            if holder in seen["policyholder"]:
                seen[kind].add(key)
    seen["document"] = {key for key, d in world.documents.items() if hangs_on(d, seen)}
    return seen


def seen_by(world: World, user_id: Id, membership_id: Id | None, day: Day) -> Seen:
    """What a person sees on a day, working in one organization; without a membership, as staff."""
    user = world.users[user_id]
    if not user.is_active:
        return nothing()
    shared_tags: set[str] = set()
    if membership_id is None:
        if not user.is_staff:
            return nothing()
        seen = staff_stock(world, user.mandates)
    else:
        membership = world.memberships[membership_id]
        organization = world.organizations[membership.organization_id]
        if membership.user_id != user_id or not runs(membership, day) or not runs(organization, day):
            return nothing()
        seen = member_stock(world, membership_id, day)
        shared_tags = set(organization.tags or ())
    reported = {key for key, claim in world.claims.items() if claim.reported_by_id == user_id}
    seen["claim"] |= reported
    for key, d in world.documents.items():
        hangs_on_reported = any(("claim", claim) in d.links for claim in reported)
        if d.uploaded_by_id == user_id or (hangs_on_reported and set(d.tags) & shared_tags):
            seen["document"].add(key)
    return seen


def scopes_of(world: World, day: Day) -> dict[tuple[str, Id], Seen]:
    """What each stored scope should hold: (own or tree, organization) and (narrowed, membership)."""
    scopes = {}
    parents = {o.parent_id for o in world.organizations.values()}
    for key in world.organizations:
        scopes["own", key] = own_stock(world, key, day)
        if key in parents:
            scopes["tree", key] = tree_stock(world, key, day)
    for key, m in world.memberships.items():
        if m.objects == "selected":
            scopes["narrowed", key] = member_stock(world, key, day)
    return scopes
