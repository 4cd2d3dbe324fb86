"""What holds of a private portal: nobody but one client is in it, and nothing leads there from his company or back."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import Connection, text

from app.administration.config.beginnings import NEW_MEMBER, NEW_ORGANIZATION
from app.administration.config.merging import Wanted
from app.administration.config.state import Item, State, profile_text
from app.administration.profiles.grants import granted
from app.core.text import _
from permissions.catalogue import catalogue
from tenants import current

TOOK_WHOLE = ("whole_mandates", "corporate_groups", "intermediaries")
"""Lists that would bring in clients whom nobody has named."""
COMPANIES = """
    select key from policyholders where tenant_id = :tenant and key = any(:keys) and kind <> 'private' order by key"""


def check_private(connection: Connection, wanted: Wanted, before: State) -> None:
    """Note in `wanted` what cannot be of private portals. What was there and stays is not questioned."""
    state = wanted.state
    portals = {key: item for key, item in state.organizations.items() if item["private_for"]}
    was_private = {key for key, item in before.organizations.items() if item["private_for"]}
    if not portals and not was_private:
        return
    owners = Counter(item["private_for"] for item in portals.values())
    for key in was_private | portals.keys():
        item = state.organizations[key]
        if item != before.organizations.get(key):
            _check_itself(wanted, before, key, item, owners)
    for key, item in state.organizations.items():
        if item["parent"] in portals and item != before.organizations.get(key):
            wanted.refuse(f"organizations[{key}].parent", _("Nothing stands below a private portal."))
    _check_members(wanted, before)
    _check_holders(connection, wanted, before, portals)


def _check_itself(wanted: Wanted, before: State, key: str, item: Item, owners: Counter[str]) -> None:
    place, owner = f"organizations[{key}]", item["private_for"]
    was = before.organizations.get(key, NEW_ORGANIZATION)["private_for"]
    if was and owner != was:
        wanted.refuse(f"{place}.private_for", _("A private portal stays that of its user."))
        return
    user = wanted.state.users.get(owner)
    if user is None:
        wanted.refuse(f"{place}.private_for", _("There is no user with this email address."))
    elif user["staff"]:
        wanted.refuse(f"{place}.private_for", _("Only clients have a private portal."))
    elif owners[owner] > 1:
        wanted.refuse(f"{place}.private_for", _("This person has a private portal already."))
    if item["parent"] is not None:
        wanted.refuse(f"{place}.parent", _("A private portal stands below no other organisation."))
    for word in TOOK_WHOLE:
        if item[word]:
            wanted.refuse(f"{place}.{word}", _("In a private portal every client is named."))


def _check_members(wanted: Wanted, before: State) -> None:
    state = wanted.state
    looks_after = {area.subject for area in catalogue.areas() if area.key in catalogue.of_clients()}
    profiles = {key: profile_text(key, item) for key, item in state.profiles.items()}
    of_company = {email for key, email in state.members if not state.organizations[key]["private_for"]}
    for (key, email), member in state.members.items():
        owner = state.organizations[key]["private_for"]
        if not owner:
            continue
        place = f"organizations[{key}].members[{email}]"
        # What the profile has gained since keeps nobody from ending the access.
        is_new = (
            member["profile"] != before.members.get((key, email), NEW_MEMBER)["profile"]
            or key not in before.organizations
        )
        if email != owner:
            wanted.refuse(f"{place}.user", _("Nobody but its user belongs to a private portal."))
        if member["main"] and email in of_company:
            wanted.refuse(f"{place}.main", _("A private portal is not the main organisation."))
        if (
            is_new
            and member["profile"] in profiles
            and looks_after & granted(profiles, member["profile"]).keys()
        ):
            wanted.refuse(f"{place}.profile", _("This profile looks after colleagues; there are none here."))


def _check_holders(connection: Connection, wanted: Wanted, before: State, portals: dict[str, Item]) -> None:
    """All that are new in the portals at once."""
    new = {}
    for key, item in portals.items():
        was = before.organizations.get(key, NEW_ORGANIZATION)
        new[key] = set(item["policyholders"]) - set(was["policyholders"] if was["private_for"] else ())
    asked = set().union(*new.values()) if new else set()
    if not asked:
        return
    values = {"tenant": current.tenant_id(), "keys": list(asked)}
    companies = set(connection.execute(text(COMPANIES), values).scalars())
    for key, keys in new.items():
        if found := sorted(keys & companies):
            wanted.refuse(
                f"organizations[{key}].policyholders",
                _("Not a private client: {keys}", keys=", ".join(found[:5])),
            )
