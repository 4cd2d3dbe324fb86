"""Organizations: what each shows, and how its members find it."""

from __future__ import annotations

import datetime
import enum
import uuid
from typing import Any

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Currency, Keyed, TenantOwned, belongs_to, keyed, tenant_index, text_list


class Shown(enum.StrEnum):
    """Whether a rule takes everything, future things included, or a selection."""

    ALL = "all"
    SELECTED = "selected"


class ClaimsShown(enum.StrEnum):
    ALL = "all"
    MEMBERS = "members"


class Valuation(enum.StrEnum):
    """The day whose rate converts an amount."""

    TODAY = "today"
    CONTRACT_START = "contract_start"
    YEAR_END = "year_end"


class MailboxPlace(enum.StrEnum):
    """Where the members of an organization find their mailbox: see app/home/mailbox/placing.py."""

    SIDEBAR = "sidebar"
    MENU_BAR = "menu_bar"


class WelcomeMode(enum.StrEnum):
    """Whose welcome message an organization shows."""

    BROKER = "broker"
    OWN = "own"
    HIDDEN = "hidden"


HOME_VIEWS = ("overview", "private", "reporter", "cards", "tiles")
"""How a home page can be laid out: for commercial clients, for private ones, for who reports claims, as cards of all
areas, or as tiles that the broker chose."""

STATE_BOXES = (
    "inquiry", "quote", "application", "policy", "own", "third_party", "third_party_part",
    "blocked", "info", "dormant", "cancelled",
)  # fmt: skip
"""The boxes that share contracts automatically, in the order people see them."""


class Organization(Keyed, Base):
    """Policyholders bundled into one view for the client, with the rules of what it shows."""

    __tablename__ = "organizations"

    name: Mapped[str]
    parent_id: Mapped[uuid.UUID | None]
    starts_on: Mapped[datetime.date | None]
    ends_on: Mapped[datetime.date | None]
    """Last day of access."""
    corporate_groups: Mapped[list[str]] = text_list()
    intermediaries: Mapped[list[str]] = text_list()
    """All clients of these, future ones included, as of corporate groups."""
    share_automatically: Mapped[bool] = mapped_column(server_default=text("false"))
    states: Mapped[list[str]] = text_list()
    lines_of_business: Mapped[list[str]] = text_list()
    contract_types: Mapped[list[str]] = text_list()
    objects: Mapped[str] = mapped_column(server_default="all")
    include_claims: Mapped[bool] = mapped_column(server_default=text("false"))
    claim_types: Mapped[list[str]] = text_list()
    claims: Mapped[str] = mapped_column(server_default="all")
    reference_addresses: Mapped[bool] = mapped_column(server_default=text("false"))
    document_profile_id: Mapped[uuid.UUID | None]
    case_sharing: Mapped[bool] = mapped_column(server_default=text("false"))
    profile_currency: Mapped[Currency | None]
    valuation: Mapped[str] = mapped_column(server_default="today")
    logo: Mapped[str | None]
    """Storage name of the logo."""
    theme: Mapped[str | None]
    """A folder of themes/ in place of the broker's theme."""
    links: Mapped[dict[str, str]] = mapped_column(JSONB, server_default=text("'{}'"))
    report_functions_off: Mapped[list[str]] = text_list()
    """What its members cannot do with reports, besides what nobody can."""
    welcome_mode: Mapped[str] = mapped_column(server_default="broker")
    welcome: Mapped[dict[str, dict[str, str]]] = mapped_column(JSONB, server_default=text("'{}'"))
    home_view: Mapped[str | None]
    """Empty for the broker's own choice."""
    home_fixed: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether its members keep that view; else they choose between an overview and icons."""
    home_tiles: Mapped[list[str]] = text_list()
    """Keys of app/home/tiles.py, in their order."""
    home_widgets: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """Widgets by place, those that are off, and whether they are locked; empty for the view's, see app/home/layout.py."""
    caretakers_shown: Mapped[bool] = mapped_column(server_default=text("true"))
    """Whether its members see who of the broker's people looks after them."""
    four_eyes_claims: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether a colleague releases each claim report before it becomes a claim."""
    private_user_id: Mapped[uuid.UUID | None]
    """The client whose private portal it is: nobody else is ever its member. It goes with him."""
    mailbox: Mapped[str] = mapped_column(server_default="sidebar")
    announced_ends_on: Mapped[datetime.date | None]
    """The last day of access of which mails have told, and when they did."""
    announced_on: Mapped[datetime.date | None]

    __table_args__ = keyed(
        "organizations",
        belongs_to("organizations", "parent_id"),
        belongs_to("document_profiles", "document_profile_id", optional=True),
        belongs_to("users", "private_user_id", ondelete="CASCADE"),
        Index("uq_organizations_private_user_id", "tenant_id", "private_user_id", unique=True),
        tenant_index("organizations", "parent_id"),
        tenant_index("organizations", "document_profile_id"),
        CheckConstraint("objects in ('all', 'selected')", name="objects"),
        CheckConstraint("claims in ('all', 'members')", name="claims"),
        CheckConstraint("valuation in ('today', 'contract_start', 'year_end')", name="valuation"),
        CheckConstraint("parent_id <> id", name="parent"),
        CheckConstraint("welcome_mode in ('broker', 'own', 'hidden')", name="welcome_mode"),
    )


class OrganizationPolicyholder(TenantOwned, Base):
    """A policyholder named in an organization."""

    __tablename__ = "organization_policyholders"

    organization_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    policyholder_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)

    __table_args__ = (
        belongs_to("organizations", "organization_id", ondelete="CASCADE"),
        belongs_to("policyholders", "policyholder_id", ondelete="CASCADE"),
        tenant_index("organization_policyholders", "policyholder_id"),
    )


class OrganizationMandate(TenantOwned, Base):
    """A mandate in an organization: taken as a whole, future policyholders included, or as a narrowing list."""

    __tablename__ = "organization_mandates"

    organization_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    mandate_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    part: Mapped[str] = mapped_column(primary_key=True)

    __table_args__ = (
        belongs_to("organizations", "organization_id", ondelete="CASCADE"),
        # Not in cascade: a narrowing list that lost its last mandate would narrow nothing any more.
        belongs_to("mandates", "mandate_id"),
        tenant_index("organization_mandates", "mandate_id"),
        CheckConstraint("part in ('whole', 'narrowing')", name="part"),
    )


class OrganizationContract(TenantOwned, Base):
    """A contract shared by hand, of any policyholder, or excluded by hand."""

    __tablename__ = "organization_contracts"

    organization_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    contract_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    part: Mapped[str]

    __table_args__ = (
        belongs_to("organizations", "organization_id", ondelete="CASCADE"),
        belongs_to("contracts", "contract_id", ondelete="CASCADE"),
        tenant_index("organization_contracts", "contract_id"),
        CheckConstraint("part in ('shared', 'excluded')", name="part"),
    )


class OrganizationObject(TenantOwned, Base):
    """A selected object of an organization."""

    __tablename__ = "organization_objects"

    organization_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    object_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)

    __table_args__ = (
        belongs_to("organizations", "organization_id", ondelete="CASCADE"),
        belongs_to("objects", "object_id", ondelete="CASCADE"),
        tenant_index("organization_objects", "object_id"),
    )
