"""What can be taken in: every record type with its table, its fields and the links it brings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import Table

from app.cases.models import Case, Message
from app.cases.schemas import CaseSchema, MessageSchema
from app.certificates.models import Certificate
from app.certificates.schemas import CertificateSchema
from app.claims.models import Claim
from app.claims.schemas import ClaimSchema
from app.contracts.models import Contract, Insurer
from app.contracts.schemas import ContractSchema, InsurerSchema
from app.core.schema import Flag, Label, RecordSchema, Reference, References, Seen, Text
from app.core.text import _l, _lp
from app.documents.models import Document
from app.documents.schemas import DocumentSchema
from app.finance.models import Invoice
from app.finance.schemas import InvoiceSchema
from app.objects.models import InsuredObject
from app.objects.schemas import ObjectSchema
from app.policyholders.models import Policyholder
from app.policyholders.schemas import PolicyholderSchema
from tenants.models import Mandate, User
from tenants.schemas import MandateSchema

LONGEST_INDEXED = 200
"""Characters. Folded to a sort key, each may take 12 bytes, and an index entry holds 2,700."""
LONGEST_LINE_OF_TEXT = 1_000
LONGEST_TEXT = 100_000


class StaffSchema(RecordSchema):
    """The broker's people, as an import brings them: users with `is_staff`, known by key."""

    record, plural = "staff", "staff"
    noun, nouns = _l("Staff member"), _l("Staff")

    name = Text(_lp("person", "Name"), required=True)
    email = Text(_l("Email"), required=True)
    phone = Text(_l("Phone"))
    role = Text(_l("Role"))
    active = Flag(_l("Active"))
    mandates = References(_l("Broker units"), "mandate")
    key = Text(_l("Broker system key"), required=True)


class Links(Seen):
    """The records a document hangs on, as `{"type": "contract", "key": "C-1"}` each."""

    kind = "links"
    required = False

    def __init__(self, label: Label) -> None:
        self.label, self.given = label, True


@dataclass(frozen=True)
class LinkTable:
    """Where a list of references is kept: the record's own column and the other's."""

    table: str
    own: str
    other: str
    is_seen: bool = False
    """Whether a rule of visibility reads the link; then it concerns both records."""


@dataclass(frozen=True, eq=False)
class RecordType:
    """One record type as imports see it. `watched` are the columns a rule of visibility reads."""

    schema: type[RecordSchema]
    table: Table
    watched: tuple[str, ...] = ()
    links: Mapping[str, LinkTable] = field(default_factory=dict)
    more: Mapping[str, Seen] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    """Columns that are not called what the field is called."""
    constants: Mapping[str, str] = field(default_factory=dict)
    """What a new row has besides its fields, in SQL."""
    kept: frozenset[str] = frozenset()
    """Fields that come with the stored file, never from the row itself."""

    @property
    def name(self) -> str:
        return self.schema.record

    @property
    def fields(self) -> dict[str, Any]:
        """The fields a row may have."""
        given = {
            name: seen for name, seen in self.schema.declared().items() if seen.given or name in self.kept
        }
        return {**given, **self.more}

    def column(self, name: str) -> str:
        seen = self.fields[name]
        if isinstance(seen, Reference):
            return f"{name}_id"
        return self.columns.get(name, name)

    def longest(self, name: str) -> int:
        """How many characters a text may have."""
        if self.fields[name].kind == "long_text":
            return LONGEST_TEXT
        return LONGEST_INDEXED if self.column(name) in _indexed(self.table) else LONGEST_LINE_OF_TEXT

    def target(self, name: str) -> str:
        """The table a reference points into."""
        return TABLES[self.fields[name].to]


@cache
def _indexed(table: Table) -> frozenset[str]:
    """Columns that stand in an index, by themselves or through the folded key made of them."""
    names = {column.name for index in table.indexes for column in index.columns}
    # An index on an expression names its columns in text only.
    names |= {
        c.name for c in table.columns if any(c.name in str(e) for i in table.indexes for e in i.expressions)
    }
    return frozenset(names | {name.removesuffix("_key") for name in names})


def _type(schema: type[RecordSchema], model: Any, *watched: str, **more: Any) -> RecordType:
    return RecordType(schema, model.__table__, watched, **more)


STAFF = _type(
    StaffSchema,
    User,
    columns={"active": "is_active"},
    constants={"is_staff": "true"},
    links={"mandates": LinkTable("staff_mandates", "user_id", "mandate_id")},
)
RECORD_TYPES: dict[str, RecordType] = {
    kind.name: kind
    for kind in (
        _type(MandateSchema, Mandate),
        STAFF,
        _type(InsurerSchema, Insurer),
        _type(PolicyholderSchema, Policyholder, "mandate_id", "corporate_group", "intermediary"),
        _type(
            ContractSchema,
            Contract,
            "policyholder_id",
            "number",
            "status",
            "quote_on",
            "application_on",
            "document_on",
            "line_of_business",
            "contract_type",
            links={
                "co_policyholders": LinkTable(
                    "contract_policyholders", "contract_id", "policyholder_id", is_seen=True
                )
            },
        ),
        _type(
            ObjectSchema,
            InsuredObject,
            links={"contracts": LinkTable("contract_objects", "object_id", "contract_id", is_seen=True)},
        ),
        _type(ClaimSchema, Claim, "contract_id", "object_id", "claim_type", "reported_by_id"),
        _type(InvoiceSchema, Invoice, "contract_id", "policyholder_id"),
        _type(CertificateSchema, Certificate, "contract_id"),
        _type(
            DocumentSchema,
            Document,
            "tags",
            more={"links": Links(_l("Linked to"))},
            kept=frozenset({"media_type", "size", "sha256"}),
        ),
        _type(CaseSchema, Case, links={"participants": LinkTable("case_participants", "case_id", "user_id")}),
        _type(MessageSchema, Message),
    )
}
"""In the order in which one may name the other: importing them so leaves no reference open."""

TABLES = {kind.name: kind.table.name for kind in RECORD_TYPES.values()} | {"user": "users"}
