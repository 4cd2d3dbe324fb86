"""Writing stock and rules as the product does: the rows, then `follow` or `arrange`; names instead of ids."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import Any
from unittest import mock

from psycopg.types.json import Jsonb
from sqlalchemy import Connection

from permissions.arrival import hashed
from tenants import arrangement, current, visibility
from tests.visibility.world import KINDS

TODAY = datetime.date(2026, 3, 10)
A_FILE = {
    "document_type": "policy",
    "file_name": "a.pdf",
    "media_type": "application/pdf",
    "size": 1,
    "sha256": "0",
}
NEEDED: dict[str, dict[str, Any]] = {
    "policyholder": {"kind": "company"},
    "contract": {"status": "own"},
    "object": {"kind": "building"},
    "claim": {"status": "reported"},
    "invoice": {"kind": "premium", "status": "open"},
    "certificate": {"status": "issued"},
    "document": A_FILE,
    "case": {"status": "open"},
}
"""Columns that must have a value and that no rule reads, or that tests rarely care about."""
TITLE = {"policyholder": "name", "object": "label", "document": "title", "case": "subject"}
REFERENCES = {
    "mandate", "policyholder", "contract", "object", "claim", "organization", "parent", "profile", "document_profile",
    "user", "reported_by", "uploaded_by", "owner",
}  # fmt: skip
KIND_OF = {"reported_by": "user", "uploaded_by": "user", "owner": "user", "parent": "organization"}


class Stock:
    """The stock and rules of the tenant acted for. What `put` and `remove` change is settled by `settle`."""

    def __init__(self, connection: Connection, *, day: datetime.date | None = TODAY) -> None:
        """On a day of the test's choice; with None on the real one, as threads need that share a calendar."""
        self.connection = connection
        # More different statements than a driver keeps by itself; planning them anew each time costs minutes.
        connection.connection.driver_connection.prepared_max = 1000
        self.tenant = current.tenant_id()
        self.names: dict[uuid.UUID, str] = {}
        self.day = day or visibility.today()
        self.calendar = self._chosen_day if day else nullcontext
        self._changed: dict[str, set[uuid.UUID]] = {kind: set() for kind in KINDS}
        self._rules: tuple[set[uuid.UUID], set[uuid.UUID]] = (set(), set())

    def _chosen_day(self) -> AbstractContextManager[Any]:
        return mock.patch.object(visibility, "today", return_value=self.day)

    def id(self, kind: str, name: str) -> uuid.UUID:
        found = uuid.uuid5(self.tenant, f"{kind} {name}")
        self.names[found] = name
        return found

    def sql(self, statement: str, **values: Any) -> list[Any]:
        result = self.connection.exec_driver_sql(statement, {"tenant": self.tenant, **values})
        return list(result) if result.returns_rows else []

    def _row(self, table: str, kind: str, name: str, fields: dict[str, Any]) -> uuid.UUID:
        """Insert or change a row; a field that names a record becomes its id."""
        row: dict[str, Any] = {"id": self.id(kind, name)}
        for column, value in fields.items():
            if column in REFERENCES:
                row[f"{column}_id"] = value and self.id(KIND_OF.get(column, column), value)
            else:
                row[column] = Jsonb(value) if isinstance(value, dict) else value
        columns = ", ".join(row)
        update = ", ".join(f"{column} = excluded.{column}" for column in row)
        self.sql(
            f"insert into {table} (tenant_id, {columns}) values (%(tenant)s, {', '.join(f'%({c})s' for c in row)})"
            f" on conflict (tenant_id, id) do update set {update}",
            **row,
        )
        return row["id"]

    def _links(
        self, table: str, column: str, id: uuid.UUID, other: str, wanted: Iterable[uuid.UUID], **more: Any
    ) -> set[uuid.UUID]:
        """Make the links of one record exactly those wanted; the other ends that went."""
        condition = "".join(f" and {extra} = %({extra})s" for extra in more)
        where = f"from {table} where tenant_id = %(tenant)s and {column} = %(id)s{condition}"
        before, after = {row[0] for row in self.sql(f"select {other} {where}", id=id, **more)}, set(wanted)
        self.sql(f"delete {where} and {other} = any(%(gone)s)", id=id, gone=list(before - after), **more)
        extras = "".join(f", {extra}" for extra in more)
        for end in after - before:
            values = "".join(f", %({extra})s" for extra in more)
            self.sql(
                f"insert into {table} (tenant_id, {column}, {other}{extras})"
                f" values (%(tenant)s, %(id)s, %(end)s{values})",
                id=id, end=end, **more,
            )  # fmt: skip
        return before - after

    def put(
        self,
        kind: str,
        name: str,
        *,
        co_policyholders: Iterable[str] = (),
        objects: Iterable[str] = (),
        contracts: Iterable[str] | None = None,
        participants: Iterable[str] = (),
        links: Iterable[tuple[str, str]] = (),
        **fields: Any,
    ) -> None:
        """Make or change a record of the stock. Fields left out are left alone, links are replaced;
        those between contract and object from either side. What changed is named as sparingly as `follow` allows."""
        if kind in ("mandate", "insurer"):
            self._row(f"{kind}s", kind, name, {"key": name, "name": name})
            return
        former = self.sql(
            f"select policyholder_id from {kind}s where tenant_id = %(tenant)s and id = %(id)s",
            id=self.id(kind, name),
        ) if kind == "contract" else []  # fmt: skip
        needed = {"key": name, TITLE.get(kind, "number"): name} | NEEDED[kind]
        if kind == "claim":
            needed["number"] = name
        record = self._row(f"{kind}s", kind, name, needed | fields)
        if kind == "case":
            people = {self.id("user", name) for name in participants}
            self._links("case_participants", "case_id", record, "user_id", people)
            return
        self._changed[kind].add(record)
        if kind == "object" and contracts is not None:
            ids = {self.id("contract", other) for other in contracts}
            self._changed["contract"] |= self._links(
                "contract_objects", "object_id", record, "contract_id", ids
            )
        if kind == "contract":
            ids = {self.id("policyholder", other) for other in co_policyholders}
            moved = {row[0] for row in former} - {self.id("policyholder", fields["policyholder"])}
            self._changed["policyholder"] |= moved | self._links(
                "contract_policyholders", "contract_id", record, "policyholder_id", ids
            )
            ids = {self.id("object", other) for other in objects}
            self._changed["object"] |= self._links(
                "contract_objects", "contract_id", record, "object_id", ids
            )
        if kind == "document":
            self.sql(
                "delete from document_links where tenant_id = %(tenant)s and document_id = %(id)s", id=record
            )
            for other, end in links:
                self.sql(
                    f"insert into document_links (tenant_id, document_id, {other}_id)"
                    " values (%(tenant)s, %(id)s, %(end)s) on conflict do nothing",
                    id=record, end=self.id(other, end),
                )  # fmt: skip

    def remove(self, kind: str, name: str) -> None:
        """Delete a record of the stock, with what cannot stand without it."""
        record = self.id(kind, name)
        for table, column, other in LINKS.get(kind, ()):
            ends = self.sql(
                f"select {other}_id from {table} where tenant_id = %(tenant)s and {column} = %(id)s",
                id=record,
            )
            self._changed[other] |= {row[0] for row in ends if row[0]}
        for other, column in CHILDREN.get(kind, ()):
            for child in self.sql(
                f"select id from {other}s where tenant_id = %(tenant)s and {column} = %(id)s", id=record
            ):
                self.remove(other, self.names[child[0]])
        self.sql(f"delete from {kind}s where tenant_id = %(tenant)s and id = %(id)s", id=record)
        if kind in KINDS:
            self._changed[kind].add(record)

    def tags(self, profile: str, *tags: str) -> None:
        """Make or change a document profile."""
        changed = self._row(
            "document_profiles",
            "document_profile",
            profile,
            {"key": profile, "name": profile, "tags": list(tags)},
        )
        self._rules[0].update(
            row[0]
            for row in self.sql(
                "select id from organizations where tenant_id = %(tenant)s and document_profile_id = %(id)s",
                id=changed,
            )
        )

    def organization(
        self,
        name: str,
        *,
        policyholders: Iterable[str] = (),
        mandates: Iterable[str] = (),
        only_mandates: Iterable[str] = (),
        shared: Iterable[str] = (),
        excluded: Iterable[str] = (),
        selected: Iterable[str] = (),
        **fields: Any,
    ) -> None:
        """Make or change an organization. Settings left out are left alone, lists of records are replaced."""
        if owner := fields.pop("private_user", None):
            fields["private_user_id"] = self.id("user", owner)
        id = self._row("organizations", "organization", name, {"key": name, "name": name} | fields)

        def link(kind: str, names: Iterable[str], **more: Any) -> None:
            ids = [self.id(kind, other) for other in names]
            self._links(f"organization_{kind}s", "organization_id", id, f"{kind}_id", ids, **more)

        link("policyholder", policyholders)
        link("mandate", mandates, part="whole")
        link("mandate", only_mandates, part="narrowing")
        # A contract is either shared or excluded: what moves from one to the other must leave first.
        link("contract", (), part="excluded")
        link("contract", set(shared) - set(excluded), part="shared")
        link("contract", excluded, part="excluded")
        link("object", selected)
        self._rules[0].add(id)

    def user(self, name: str, **fields: Any) -> None:
        self._row("users", "user", name, {"email": name.lower(), "name": name} | fields)

    def staff(self, name: str, *, mandates: Iterable[str] = ()) -> None:
        """Make or change one of the broker's people; `mandates` limits him."""
        self.user(name, is_staff=True)
        id = self.id("user", name)
        ids = [self.id("mandate", mandate) for mandate in mandates]
        self._links("staff_mandates", "user_id", id, "mandate_id", ids)
        self._cookie(id, user_id=id)

    def _cookie(self, token: uuid.UUID, **whose: Any) -> None:
        """A session that lasts, with the id of the membership, or of the staff member, for its cookie."""
        columns = ", ".join(whose)
        self.sql(
            f"insert into sessions (tenant_id, token_hash, expires_at, {columns})"
            f" values (%(tenant)s, %(hash)s, 'infinity', {', '.join(f'%({c})s' for c in whose)}) on conflict do nothing",
            hash=hashed(str(token)), **whose,
        )  # fmt: skip

    def member(
        self, user: str, organization: str, *, selected: Iterable[str] | None = None, **fields: Any
    ) -> None:
        """Make or change a membership; `selected` narrows it to these objects."""
        self._row("profiles", "profile", "member", {"key": "member", "name": "member"})
        name = f"{user} in {organization}"
        fields |= {"user": user, "organization": organization, "profile": "member"}
        fields["objects"] = "all" if selected is None else "selected"
        id = self._row("memberships", "membership", name, fields)
        objects = [self.id("object", other) for other in selected or ()]
        self._links("membership_objects", "membership_id", id, "object_id", objects)
        self._cookie(id, user_id=self.id("user", user), membership_id=id)
        self._rules[1].add(id)

    def leave(self, user: str, organization: str) -> None:
        """Take a membership away."""
        id = self.id("membership", f"{user} in {organization}")
        self.sql("delete from memberships where tenant_id = %(tenant)s and id = %(id)s", id=id)
        self._rules[0].add(self.id("organization", organization))

    def dissolve(self, organization: str) -> None:
        """Delete an organization; its children become nobody's."""
        id = self.id("organization", organization)
        children = self.sql(
            "update organizations set parent_id = null where tenant_id = %(tenant)s and parent_id = %(id)s returning id",
            id=id,
        )
        parent = self.sql(
            "select parent_id from organizations where tenant_id = %(tenant)s and id = %(id)s and parent_id is not null",
            id=id,
        )
        self._rules[0].update([id, *(row[0] for row in children + parent)])
        self.sql("delete from organizations where tenant_id = %(tenant)s and id = %(id)s", id=id)

    def settle(self) -> None:
        """Make visibility follow what changed since the last time."""
        changed, rules = self._changed, self._rules
        self._changed, self._rules = {kind: set() for kind in KINDS}, (set(), set())
        with self.calendar():
            visibility.follow(self.connection, changed)
            if any(rules):
                arrangement.arrange(self.connection, *rules)

    def wait_until(self, day: datetime.date) -> None:
        """Let a day come. Nobody has arrived yet, so nothing is settled."""
        self.day = day


LINKS = {
    "policyholder": (
        ("contract_policyholders", "policyholder_id", "contract"),
        ("document_links", "policyholder_id", "document"),
    ),
    "contract": (
        ("contracts", "id", "policyholder"),
        ("contract_policyholders", "contract_id", "policyholder"),
        ("contract_objects", "contract_id", "object"),
        ("document_links", "contract_id", "document"),
    ),
    "object": (("contract_objects", "object_id", "contract"), ("document_links", "object_id", "document")),
    "claim": (("document_links", "claim_id", "document"),),
    "invoice": (("document_links", "invoice_id", "document"),),
    "certificate": (("document_links", "certificate_id", "document"),),
}  # fmt: skip
"""The links that end with a record: table, its column, and the kind at the other end."""
CHILDREN = {
    "policyholder": tuple((kind, "policyholder_id") for kind in ("contract", "object", "claim", "invoice")),
    "contract": (("claim", "contract_id"), ("invoice", "contract_id"), ("certificate", "contract_id")),
    "object": (("claim", "object_id"),),
}  # fmt: skip
"""What cannot stand without a record."""
