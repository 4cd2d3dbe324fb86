"""Making a broker's world in a few words, on the real database, as the real role."""

from __future__ import annotations

import itertools
import uuid
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, select

from app.core.db import Base
from app.reports.switches import MAIL, OWN
from permissions.catalogue import catalogue
from tenants import arrangement, current, visibility

ALL_STATES = [
    "inquiry", "quote", "application", "policy", "own", "third_party", "third_party_part", "blocked", "info",
    "dormant", "cancelled",
]  # fmt: skip
FOLLOWED = {
    "policyholders": "policyholder",
    "contracts": "contract",
    "objects": "object",
    "claims": "claim",
    "invoices": "invoice",
    "certificates": "certificate",
    "documents": "document",
}
OF_OVERVIEWS = {f"function:{one.key}" for one in OWN if one is not MAIL}


def table(name: str) -> Any:
    return Base.metadata.tables[name]


@dataclass
class Make:
    """One broker and what a test puts into it. Every method takes what matters to the test and fills in the rest."""

    engine: Engine
    tenant_id: uuid.UUID
    count: Any = field(default_factory=lambda: itertools.count(1))

    def _key(self, kind: str) -> str:
        return f"{kind}-{next(self.count)}"

    def row(self, name: str, /, **values: Any) -> uuid.UUID:
        """A row of a table, and visibility settled after it."""
        with current.acting_for(self.tenant_id), self.engine.begin() as connection:
            statement = table(name).insert().values(tenant_id=self.tenant_id, **values)
            if "id" not in table(name).c:
                connection.execute(statement)
                return uuid.UUID(int=0)
            found = connection.execute(statement.returning(table(name).c.id)).scalar_one()
            if name in FOLLOWED:
                visibility.follow(connection, {FOLLOWED[name]: [found]})
            return found

    def change(self, name: str, record_id: uuid.UUID, /, **values: Any) -> None:
        with current.acting_for(self.tenant_id), self.engine.begin() as connection:
            rows = table(name)
            connection.execute(
                rows.update()
                .where(rows.c.tenant_id == self.tenant_id, rows.c.id == record_id)
                .values(**values)
            )
            if name in FOLLOWED:
                visibility.follow(connection, {FOLLOWED[name]: [record_id]})

    def rows(self, name: str) -> list[Any]:
        """All rows of a table that are this broker's, the oldest first where its keys rise with time."""
        rows = table(name)
        statement = select(rows).where(rows.c.tenant_id == self.tenant_id).order_by(*rows.primary_key)
        with current.acting_for(self.tenant_id), self.engine.begin() as connection:
            return list(connection.execute(statement))

    def mandate(self, name: str = "Hamburg") -> uuid.UUID:
        return self.row("mandates", key=self._key("mandate"), name=name, country="DE", currency="EUR")

    def insurer(self, name: str = "Merkur Industrie") -> uuid.UUID:
        return self.row("insurers", key=self._key("insurer"), name=name)

    def policyholder(
        self, name: str = "Nordwerk GmbH", mandate: uuid.UUID | None = None, **values: Any
    ) -> uuid.UUID:
        mandate = mandate or self.mandate()
        values = {"kind": "company", **values}
        return self.row("policyholders", key=self._key("holder"), name=name, mandate_id=mandate, **values)

    def contract(self, policyholder: uuid.UUID | None = None, **values: Any) -> uuid.UUID:
        values = {"number": self._key("P"), "status": "own", "currency": "EUR", **values}
        return self.row(
            "contracts",
            key=self._key("contract"),
            policyholder_id=policyholder or self.policyholder(),
            **values,
        )

    def object(
        self, policyholder: uuid.UUID, contracts: tuple[uuid.UUID, ...] = (), **values: Any
    ) -> uuid.UUID:
        values = {"kind": "building", "label": self._key("Hall"), **values}
        found = self.row("objects", key=self._key("object"), policyholder_id=policyholder, **values)
        for contract in contracts:
            self.row("contract_objects", contract_id=contract, object_id=found)
        with current.acting_for(self.tenant_id), self.engine.begin() as connection:
            visibility.follow(connection, {"object": [found], "contract": contracts})
        return found

    def claim(self, contract: uuid.UUID | None, **values: Any) -> uuid.UUID:
        values = {"status": "open", "broker_number": self._key("S"), **values}
        return self.row("claims", key=self._key("claim"), contract_id=contract, **values)

    def invoice(self, policyholder: uuid.UUID, contract: uuid.UUID | None = None, **values: Any) -> uuid.UUID:
        values = {"kind": "premium", "status": "open", "number": self._key("R"), "currency": "EUR", **values}
        return self.row(
            "invoices", key=self._key("invoice"), policyholder_id=policyholder, contract_id=contract, **values
        )

    def certificate(self, contract: uuid.UUID, **values: Any) -> uuid.UUID:
        values = {"status": "issued", "number": self._key("Z"), **values}
        return self.row("certificates", key=self._key("certificate"), contract_id=contract, **values)

    def document(
        self, tags: tuple[str, ...] = ("portal",), links: dict[str, uuid.UUID] | None = None, **values: Any
    ):
        values = {
            "title": self._key("Policy"), "document_type": "policy", "file_name": "policy.pdf",
            "media_type": "application/pdf", "size": 1000, "sha256": uuid.uuid4().hex * 2, **values,
        }  # fmt: skip
        found = self.row("documents", key=self._key("document"), tags=list(tags), **values)
        for kind, record_id in (links or {}).items():
            self.row("document_links", document_id=found, **{f"{kind}_id": record_id})
        with current.acting_for(self.tenant_id), self.engine.begin() as connection:
            visibility.follow(connection, {"document": [found]})
        return found

    def organization(
        self, *policyholders: uuid.UUID, name: str = "Nordwerk Gruppe", **values: Any
    ) -> uuid.UUID:
        """Shares everything of its policyholders, claims included, unless told otherwise."""
        values = {"share_automatically": True, "states": ALL_STATES, "include_claims": True, **values}
        found = self.row("organizations", key=self._key("organization"), name=name, **values)
        for policyholder in policyholders:
            self.row("organization_policyholders", organization_id=found, policyholder_id=policyholder)
        self.arrange(organizations={found})
        return found

    def arrange(
        self, organizations: set[uuid.UUID] | None = None, memberships: set[uuid.UUID] | None = None
    ) -> None:
        with current.acting_for(self.tenant_id), self.engine.begin() as connection:
            arrangement.arrange(connection, organizations or set(), memberships or set())

    def profile(
        self, *subjects: str, is_staff: bool = False, without: tuple[str, ...] = (), **levels: str
    ) -> uuid.UUID:
        """A profile granting these subjects of the catalogue, or everything if none is named. What can be done with
        an overview is granted anyway, `without` what is named there."""
        found = self.row("profiles", key=self._key("profile"), name="Profile", is_staff=is_staff)
        rules = [
            {
                "tenant_id": self.tenant_id,
                "profile_id": found,
                "subject": subject,
                "action": levels.get(subject, actions[-1]),
            }
            for subject, actions in catalogue.subjects()
            if subject not in without and (not subjects or subject in subjects or subject in OF_OVERVIEWS)
        ]
        with current.acting_for(self.tenant_id), self.engine.begin() as connection:
            connection.execute(table("profile_rules").insert(), rules)
        return found

    def user(self, name: str = "Klara Muster", **values: Any) -> uuid.UUID:
        values = {"email": f"{self._key('person')}@nordwerk.example", **values}
        return self.row("users", name=name, **values)

    def member(
        self,
        organization: uuid.UUID,
        profile: uuid.UUID | None = None,
        user: uuid.UUID | None = None,
        objects: tuple[uuid.UUID, ...] | None = None,
        **values: Any,
    ) -> uuid.UUID:
        """A membership; with objects, narrowed to them."""
        found = self.row(
            "memberships",
            user_id=user or self.user(),
            organization_id=organization,
            profile_id=profile or self.profile(),
            objects="all" if objects is None else "selected",
            **values,
        )
        for one in objects or ():
            self.row("membership_objects", membership_id=found, object_id=one)
        self.arrange(memberships={found})
        return found

    def user_of(self, membership: uuid.UUID) -> uuid.UUID:
        rows = table("memberships")
        with current.acting_for(self.tenant_id), self.engine.begin() as connection:
            return connection.execute(
                select(rows.c.user_id).where(rows.c.tenant_id == self.tenant_id, rows.c.id == membership)
            ).scalar_one()
