"""One tenant's stock and rules as plain values: what the reference and the proofs read."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection

from tenants import current

KINDS = ("policyholder", "contract", "object", "claim", "invoice", "certificate", "document")
EVERY = (*KINDS, "case")
"""What people see: what scopes see is stored, a case is looked up for the person."""
Id = uuid.UUID
Rows = dict[uuid.UUID, Any]


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
    cases: Rows = field(default_factory=dict)
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
            policyholders=records("policyholders", "mandate_id, corporate_group, intermediary"),
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
            cases=records(
                "cases",
                "owner_id, is_confidential, contract_id, claim_id, policyholder_id",
                participants=pairs("case_participants", "case_id, user_id"),
            ),
            organizations=records(
                "organizations",
                "parent_id, starts_on, ends_on, corporate_groups, intermediaries, share_automatically, states,"
                " lines_of_business, contract_types, objects, include_claims, claim_types, claims, document_profile_id, case_sharing,"
                " private_user_id",
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
