"""Who sees what, once more in plain Python: written from the rules in words, never from the queries.

`seen_by` answers for one person on one day; `scopes_of` answers for every stored scope. Slow and simple on
purpose: whatever it says that the portal does not say is a fault of one of the two.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from tests.visibility.world import EVERY, KINDS, Id, World

Day = datetime.date
Seen = dict[str, set[Id]]


def nothing(kinds: Iterable[str] = KINDS) -> Seen:
    return {kind: set() for kind in kinds}


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
        by_intermediary = p.intermediary is not None and p.intermediary in o.intermediaries
        if key in o.policyholders or p.mandate_id in o.mandates or in_group or by_intermediary:
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


def mandates_of(world: World, kind: str, record: Any) -> set[Id]:
    """The mandates a record belongs to: a policyholder's own, any other's those of the policyholder, contract and
    claim it names."""
    if kind == "policyholder":
        return {record.mandate_id}
    found = set()
    for other in ("policyholder", "contract", "claim"):
        named = getattr(world, f"{other}s").get(getattr(record, f"{other}_id", None))
        found |= mandates_of(world, other, named) if named else set()
    return found


def staff_stock(world: World, mandates: set[Id]) -> Seen:
    """What staff limited to these mandates sees; without a limit, everything. Documents follow the records they
    hang on."""
    if not mandates:
        return {kind: set(getattr(world, f"{kind}s")) for kind in EVERY}
    seen = nothing(EVERY)
    for kind in EVERY:
        for key, record in getattr(world, f"{kind}s").items():
            if kind != "document" and mandates_of(world, kind, record) & mandates:
                seen[kind].add(key)
    seen["document"] = {key for key, d in world.documents.items() if hangs_on(d, seen)}
    return seen


def shared_cases(world: World, user_id: Id, day: Day) -> set[Id]:
    """Cases of members of any organization of his that shares cases. Only memberships that run count, his and theirs,
    and only while the organization's access runs."""
    running = [m for m in world.memberships.values() if runs(m, day)]
    colleagues = set()
    for mine in running:
        organization = world.organizations[mine.organization_id]
        if mine.user_id == user_id and organization.case_sharing and runs(organization, day):
            colleagues |= {
                theirs.user_id for theirs in running if theirs.organization_id == mine.organization_id
            }
    return {
        key
        for key, c in world.cases.items()
        if c.owner_id in colleagues and not c.is_confidential and not is_private(world, c)
    }


def is_private(world: World, case: Any) -> bool:
    """Whether a case is about a client for whom its owner has a private portal, about a contract or claim of his, or
    about a contract shared there by hand."""
    claim = world.claims.get(case.claim_id)
    about = {case.policyholder_id, claim.policyholder_id if claim else None}
    contracts = {case.contract_id, claim.contract_id if claim else None} - {None}
    for contract in map(world.contracts.__getitem__, contracts):
        about |= {contract.policyholder_id, *contract.co_policyholders}
    owners = (o for o in world.organizations.values() if o.private_user_id == case.owner_id)
    return case.owner_id is not None and any(about & o.policyholders or contracts & o.shared for o in owners)


def seen_by(world: World, user_id: Id, membership_id: Id | None, day: Day) -> Seen:
    """What a person sees on a day, working in one organization; without a membership, as staff."""
    user = world.users[user_id]
    if not user.is_active:
        return nothing(EVERY)
    shared_tags: set[str] = set()
    if membership_id is None:
        if not user.is_staff:
            return nothing(EVERY)
        seen = staff_stock(world, user.mandates)
    else:
        membership = world.memberships[membership_id]
        organization = world.organizations[membership.organization_id]
        if membership.user_id != user_id or not runs(membership, day) or not runs(organization, day):
            return nothing(EVERY)
        seen = member_stock(world, membership_id, day) | {"case": shared_cases(world, user_id, day)}
        shared_tags = set(organization.tags or ())
    reported = {key for key, claim in world.claims.items() if claim.reported_by_id == user_id}
    seen["claim"] |= reported
    for key, d in world.documents.items():
        hangs_on_reported = any(("claim", claim) in d.links for claim in reported)
        if d.uploaded_by_id == user_id or (hangs_on_reported and set(d.tags) & shared_tags):
            seen["document"].add(key)
    # Whoever owns a case takes part in it.
    seen["case"] |= {key for key, c in world.cases.items() if user_id in {c.owner_id, *c.participants}}
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
