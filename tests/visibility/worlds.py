"""Random small worlds and random changes of them, as plain values that Hypothesis can shrink."""

from __future__ import annotations

import datetime
from typing import Any

from hypothesis import strategies as st

from tenants.models import STATE_BOXES
from tests.visibility.stock import TODAY, Stock

MANDATES = ["north", "south"]
GROUPS = [None, "", "alpha", "beta"]
LINES = [None, "fire", "motor"]
TYPES = [None, "basic", "premium"]
CLAIM_TYPES = [None, "hail", "theft"]
TAGS = ["red", "green", "blue"]
STATUSES = ["inquiry", "quote", "own", "own", "own", "third_party", "blocked", "cancelled"]
POLICYHOLDERS = ["p1", "p2", "p3"]
OBJECTS = ["o1", "o2", "o3"]
CONTRACTS = ["c1", "c2", "c3", "c4", "c5"]
CLAIMS = ["l1", "l2", "l3", "l4"]
INVOICES = ["i1", "i2", "i3"]
CERTIFICATES = ["t1", "t2"]
DOCUMENTS = ["d1", "d2", "d3"]
ORGANIZATIONS = ["g1", "g2", "g3", "g4"]
CASES = ["k1", "k2", "k3"]
USERS = ["u1", "u2", "u3"]
STAFF = ["s1", "s2"]
PEOPLE = [*USERS, *STAFF]
PROFILES = ["f1", "f2"]

maybe_set = st.one_of(st.none(), st.just(TODAY))
days = st.one_of(st.none(), st.integers(-2, 3).map(lambda n: TODAY + datetime.timedelta(days=n)))
one = st.sampled_from


def some(values: list[Any], most: int = 2) -> st.SearchStrategy[list[Any]]:
    return st.lists(one(values), unique=True, max_size=most)


def chosen(values: list[Any]) -> st.SearchStrategy[list[Any]]:
    """A narrowing list: mostly empty, for else nothing would be seen."""
    return st.one_of(st.just([]), some([value for value in values if value]))


STOCK = {
    "policyholder": (
        POLICYHOLDERS,
        st.fixed_dictionaries(
            {"mandate": one(MANDATES), "corporate_group": one(GROUPS), "intermediary": one(GROUPS)}
        ),
    ),
    "object": (
        OBJECTS,
        st.fixed_dictionaries({"policyholder": one(POLICYHOLDERS), "contracts": st.none() | some(CONTRACTS)}),
    ),
    "contract": (
        CONTRACTS,
        st.fixed_dictionaries(
            {
                "policyholder": one(POLICYHOLDERS),
                "co_policyholders": some(POLICYHOLDERS),
                "objects": some(OBJECTS, 3),
                "line_of_business": one(LINES),
                "contract_type": one(TYPES),
                "status": one(STATUSES),
                "quote_on": maybe_set,
                "application_on": maybe_set,
                "document_on": maybe_set,
                "number": one(["A", "B"]),
            }
        ),
    ),
    "claim": (
        CLAIMS,
        st.fixed_dictionaries(
            {
                "contract": st.one_of(st.none(), one(CONTRACTS), one(CONTRACTS)),
                "object": st.one_of(st.none(), one(OBJECTS)),
                "policyholder": st.none() | one(POLICYHOLDERS),
                "claim_type": one(CLAIM_TYPES),
                "reported_by": st.none() | one(PEOPLE),
            }
        ),
    ),
    "invoice": (
        INVOICES,
        st.fixed_dictionaries(
            {"contract": st.one_of(st.none(), one(CONTRACTS)), "policyholder": one(POLICYHOLDERS)}
        ),
    ),
    "certificate": (CERTIFICATES, st.fixed_dictionaries({"contract": one(CONTRACTS)})),
    "document": (
        DOCUMENTS,
        st.fixed_dictionaries(
            {
                "tags": some(TAGS),
                "uploaded_by": st.none() | one(PEOPLE),
                "links": st.lists(
                    st.one_of(
                        *(
                            st.tuples(st.just(kind), one(names))
                            for kind, names in (
                                ("policyholder", POLICYHOLDERS),
                                ("contract", CONTRACTS),
                                ("object", OBJECTS),
                                ("claim", CLAIMS),
                                ("invoice", INVOICES),
                                ("certificate", CERTIFICATES),
                            )
                        )
                    ),
                    max_size=3,
                ),
            }
        ),
    ),
    "case": (
        CASES,
        st.fixed_dictionaries(
            {
                "owner": one(USERS) | one(PEOPLE) | st.none(),
                "participants": some(PEOPLE),
                "is_confidential": st.booleans(),
                "contract": st.none() | one(CONTRACTS),
                "claim": st.none() | one(CLAIMS),
                "policyholder": st.none() | one(POLICYHOLDERS),
            }
        ),
    ),
}
"""Per kind of record the names it may have, in the order in which one refers to another, and its fields."""

organizations = st.fixed_dictionaries(
    {
        "parent": st.one_of(st.none(), one(ORGANIZATIONS)),
        "starts_on": days,
        "ends_on": days,
        "policyholders": some(POLICYHOLDERS),
        "mandates": some(MANDATES, 1),
        "only_mandates": chosen(MANDATES),
        "corporate_groups": some(["", "alpha", "beta"], 1),
        "intermediaries": some(["", "alpha", "beta"], 1),
        "share_automatically": st.booleans() | st.just(True),
        "states": st.lists(one(STATE_BOXES), unique=True) | st.just(["policy", "application", "own"]),
        "lines_of_business": chosen(LINES),
        "contract_types": chosen(TYPES),
        "shared": some(CONTRACTS),
        "excluded": some(CONTRACTS, 1),
        "objects": one(["all", "all", "selected"]),
        "selected": some(OBJECTS),
        "include_claims": st.booleans() | st.just(True),
        "claim_types": chosen(CLAIM_TYPES),
        "claims": one(["all", "members"]),
        "document_profile": st.one_of(st.none(), one(PROFILES), one(PROFILES)),
        "case_sharing": st.booleans(),
        "private_user": st.one_of(st.none(), st.none(), st.none(), one(USERS)),
    }
)
members = st.fixed_dictionaries(
    {"selected": st.one_of(st.none(), some(OBJECTS, 3)), "starts_on": days, "ends_on": days}
)

Change = tuple[Any, ...]
people = st.one_of(
    st.tuples(st.just("user"), one(PEOPLE), st.booleans()),
    st.tuples(st.just("staff"), one(STAFF), some(MANDATES, 1)),
)
puts = st.one_of(
    *(st.tuples(st.just("put"), st.just(kind), one(names), fields) for kind, (names, fields) in STOCK.items())
)
removals = st.one_of(
    *(st.tuples(st.just("remove"), st.just(kind), one(names)) for kind, (names, _) in STOCK.items())
)
rules = st.one_of(
    st.tuples(st.just("organization"), one(ORGANIZATIONS), organizations),
    st.tuples(st.just("member"), one(USERS), one(ORGANIZATIONS), members),
    st.tuples(st.just("leave"), one(USERS), one(ORGANIZATIONS)),
    st.tuples(st.just("tags"), one(PROFILES), some(TAGS)),
    st.tuples(st.just("dissolve"), one(ORGANIZATIONS)),
    people,
)
steps = st.lists(
    st.one_of(
        st.lists(puts | puts | removals, min_size=1, max_size=3),
        st.lists(rules, min_size=1, max_size=2),
        st.lists(puts | removals | rules, min_size=1, max_size=4),
        st.integers(1, 2),
    ),
    min_size=1,
    max_size=8,
)
"""Each step is what one transaction changes, or a number of days that pass."""
worlds = st.tuples(
    *(
        st.lists(st.tuples(st.just("put"), st.just(kind), one(names), fields), unique_by=lambda put: put[2])
        for kind, (names, fields) in STOCK.items()
    ),
    st.lists(
        st.tuples(st.just("organization"), one(ORGANIZATIONS), organizations), unique_by=lambda put: put[1]
    ),
    st.lists(st.tuples(st.just("member"), one(USERS), one(ORGANIZATIONS), members), max_size=5),
    st.lists(people, max_size=2),
).map(lambda parts: [change for part in parts for change in part])


NEEDS = {
    ("object", "policyholder"), ("contract", "policyholder"), ("invoice", "policyholder"), ("certificate", "contract"),
}  # fmt: skip
"""Records that do not exist without another."""


class Play:
    """Plays changes into a stock, leaving out what refers to something that is not there."""

    def __init__(self, stock: Stock) -> None:
        self.stock = stock
        self.present: dict[str, set[str]] = {kind: set() for kind in (*STOCK, "organization")}
        self.members: set[tuple[str, str]] = set()
        self.private: dict[str, str] = {}
        self.parents: dict[str, str | None] = {}
        for mandate in MANDATES:
            stock.put("mandate", mandate)
        for user in USERS:
            stock.user(user)
        for name in STAFF:
            stock.staff(name)
        for profile, tag in zip(PROFILES, TAGS, strict=False):
            stock.tags(profile, tag)

    def change(self, verb: str, *change: Any) -> None:
        getattr(self, verb)(*change)

    def put(self, kind: str, name: str, fields: dict[str, Any]) -> None:
        fields = dict(fields)
        for end in ("policyholder", "contract", "object", "claim"):
            if fields.get(end) and fields[end] not in self.present[end]:
                if (kind, end) in NEEDS:
                    return
                fields[end] = None
        for links, end in (("co_policyholders", "policyholder"), ("objects", "object")):
            if links in fields:
                fields[links] = [other for other in fields[links] if other in self.present[end]]
        if fields.get("contracts") is not None:
            fields["contracts"] = [
                other for other in fields["contracts"] if other in self.present["contract"]
            ]
        if "links" in fields:
            fields["links"] = [(end, other) for end, other in fields["links"] if other in self.present[end]]
        self.stock.put(kind, name, **fields)
        self.present[kind].add(name)

    def remove(self, kind: str, name: str) -> None:
        if name in self.present[kind]:
            self.stock.remove(kind, name)
            self._look()

    def organization(self, name: str, fields: dict[str, Any]) -> None:
        fields = dict(fields)
        # Parents come before their children in the list of names, so the tree has no circle.
        if fields["parent"] and (
            fields["parent"] not in self.present["organization"] or fields["parent"] >= name
        ):
            fields["parent"] = None
        self._settle_private(name, fields)
        for setting, kind in (
            ("policyholders", "policyholder"),
            ("shared", "contract"),
            ("excluded", "contract"),
            ("selected", "object"),
        ):
            fields[setting] = [other for other in fields[setting] if other in self.present[kind]]
        self.stock.organization(name, **fields)
        self.present["organization"].add(name)
        self.parents[name] = fields["parent"]

    def _settle_private(self, name: str, fields: dict[str, Any]) -> None:
        """As the desk has it: one portal a person, his alone, beside the tree and with its clients named. What was
        opened as one stays his."""
        user = self.private.get(name) or fields.get("private_user")
        others = {one for one, organization in self.members if organization == name} - {user}
        has_one = user in self.private.values() and name not in self.private
        if has_one or others or name in self.parents.values():
            user = None
        fields["private_user"] = user
        if user:
            self.private[name] = user
            fields |= {"parent": None, "mandates": [], "corporate_groups": [], "intermediaries": []}
        if fields["parent"] in self.private:
            fields["parent"] = None

    def user(self, name: str, is_active: bool) -> None:
        self.stock.user(name, is_active=is_active)

    def staff(self, name: str, mandates: list[str]) -> None:
        self.stock.staff(name, mandates=mandates)

    def dissolve(self, name: str) -> None:
        if name in self.present["organization"]:
            self.stock.dissolve(name)
            self.present["organization"].discard(name)
            self.private.pop(name, None)
            self.parents.pop(name, None)
            self.parents = {
                child: None if parent == name else parent for child, parent in self.parents.items()
            }
            self.members = {(user, other) for user, other in self.members if other != name}

    def member(self, user: str, organization: str, fields: dict[str, Any]) -> None:
        if organization in self.present["organization"] and self.private.get(organization) in (None, user):
            selected = fields["selected"]
            if selected is not None:
                selected = [name for name in selected if name in self.present["object"]]
            self.stock.member(user, organization, **fields | {"selected": selected})
            self.members.add((user, organization))

    def leave(self, user: str, organization: str) -> None:
        if (user, organization) in self.members:
            self.stock.leave(user, organization)
            self.members.discard((user, organization))

    def tags(self, profile: str, tags: list[str]) -> None:
        self.stock.tags(profile, *tags)

    def _look(self) -> None:
        for kind in STOCK:
            rows = self.stock.sql(f"select id from {kind}s where tenant_id = %(tenant)s")
            self.present[kind] = {self.stock.names[row[0]] for row in rows}
