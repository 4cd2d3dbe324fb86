"""Brokers, their units, organizations, people and their memberships."""

from __future__ import annotations

import datetime
import enum
import uuid
from typing import Any

from sqlalchemy import ARRAY, CheckConstraint, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import (
    Base,
    Country,
    Currency,
    Keyed,
    Record,
    TenantOwned,
    belongs_to,
    keyed,
    tenant_index,
)

TextList = Mapped[list[str]]


def text_list() -> Mapped[list[str]]:
    return mapped_column(ARRAY(Text), server_default=text("'{}'"))


class Host(Base):
    """The directory: which tenant answers under which host name. The only table without a wall that names one."""

    __tablename__ = "hosts"

    host: Mapped[str] = mapped_column(primary_key=True)
    tenant_id: Mapped[uuid.UUID]


class Tenant(TenantOwned, Base):
    """A broker."""

    __tablename__ = "tenants"

    slug: Mapped[str]
    name: Mapped[str]
    theme: Mapped[str] = mapped_column(server_default="hanse")
    """A folder of themes/, or `own`."""
    own_theme: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """The answers of which his own theme is derived, see app/shell/own_theme.py."""
    logo: Mapped[str | None]
    logo_dark: Mapped[str | None]
    """Storage names of his logo and of that for dark grounds."""
    language: Mapped[str] = mapped_column(server_default="de")
    links: Mapped[dict[str, str]] = mapped_column(JSONB, server_default=text("'{}'"))
    """Own addresses of imprint, privacy, terms and website."""
    terms_version: Mapped[str | None]
    """How he calls the terms of use that his link leads to now."""
    terms_required: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether clients have to accept them before they go on."""
    mail_sender: Mapped[str | None]
    """The address his mails come from, if he has one of his own."""
    mail_domains: TextList = text_list()
    """Domains outside addresses may belong to; empty for nobody but the portal's own users."""
    report_functions_off: TextList = text_list()
    """What nobody can do with reports, staff neither: keys of app/reports/switches.py."""
    views_may_change: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether staff who look through a client's eyes may be allowed to act there."""
    views_are_mailed: Mapped[bool] = mapped_column(server_default=text("true"))
    """Whether the client is told of it by mail, too."""
    welcome_shown: Mapped[bool] = mapped_column(server_default=text("false"))
    welcome: Mapped[dict[str, dict[str, str]]] = mapped_column(JSONB, server_default=text("'{}'"))
    """By language, as is all that the broker words himself: app/home/wording.py."""
    video: Mapped[dict[str, str]] = mapped_column(JSONB, server_default=text("'{}'"))
    """An `address`, or the `file` of a welcome video; empty for none."""
    video_words: Mapped[dict[str, dict[str, str]]] = mapped_column(JSONB, server_default=text("'{}'"))
    home_view: Mapped[str] = mapped_column(server_default="overview")
    case_sharing_allowed: Mapped[bool] = mapped_column(server_default=text("true"))
    """Off: no organization shares cases, whatever it says itself."""
    profile_currency_allowed: Mapped[bool] = mapped_column(server_default=text("true"))
    """Off: nothing is converted for anybody."""
    notice_days: Mapped[int] = mapped_column(server_default=text("30"))
    """How long before access ends mails say so; 0 for never."""
    review_months: Mapped[int] = mapped_column(server_default=text("12"))
    """How long after its last review an organization is due again; 0 for never."""
    upload_megabytes: Mapped[int] = mapped_column(server_default=text("25"))
    """The largest file that may be uploaded."""
    upload_types: TextList = text_list()
    """Document types to choose from on upload; empty for all."""
    upload_type_required: Mapped[bool] = mapped_column(server_default=text("true"))
    password_length: Mapped[int] = mapped_column(server_default=text("10"))
    """How many characters a password needs that is set from now on."""

    __table_args__ = (
        CheckConstraint("notice_days between 0 and 365", name="notice_days"),
        CheckConstraint("review_months between 0 and 60", name="review_months"),
        CheckConstraint("upload_megabytes between 1 and 60", name="upload_megabytes"),
        CheckConstraint("password_length between 8 and 64", name="password_length"),
    )


class Mandate(Keyed, Base):
    """One of the broker's legal units or locations."""

    __tablename__ = "mandates"

    name: Mapped[str]
    country: Mapped[Country | None]
    currency: Mapped[Currency | None]


class DocumentProfile(Keyed, Base):
    """A named set of tags; documents that carry one of them may be shared."""

    __tablename__ = "document_profiles"

    name: Mapped[str]
    tags: TextList = text_list()


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
    corporate_groups: TextList = text_list()
    intermediaries: TextList = text_list()
    """All clients of these, future ones included, as of corporate groups."""
    share_automatically: Mapped[bool] = mapped_column(server_default=text("false"))
    states: TextList = text_list()
    lines_of_business: TextList = text_list()
    contract_types: TextList = text_list()
    objects: Mapped[str] = mapped_column(server_default="all")
    include_claims: Mapped[bool] = mapped_column(server_default=text("false"))
    claim_types: TextList = text_list()
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
    report_functions_off: TextList = text_list()
    """What its members cannot do with reports, besides what nobody can."""
    welcome_mode: Mapped[str] = mapped_column(server_default="broker")
    welcome: Mapped[dict[str, dict[str, str]]] = mapped_column(JSONB, server_default=text("'{}'"))
    home_view: Mapped[str | None]
    """Empty for the broker's own choice."""
    home_fixed: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether its members keep that view; else they choose between an overview and icons."""
    home_tiles: TextList = text_list()
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


class User(Record, Base):
    """A person who signs in: a client's employee, or staff of the broker."""

    __tablename__ = "users"

    key: Mapped[str | None]
    """The broker system's name of a staff member; records name him by it."""
    email: Mapped[str]
    """Lower case, unique per tenant."""
    name: Mapped[str]
    salutation: Mapped[str | None]
    phone: Mapped[str | None]
    role: Mapped[str | None]
    """What he does, in the broker's words, shown beside his name."""
    is_staff: Mapped[bool] = mapped_column(server_default=text("false"))
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    password_hash: Mapped[str | None]
    profile_id: Mapped[uuid.UUID | None]
    """The profile of staff; a client's profile stands in each membership."""
    language: Mapped[str | None]
    scheme: Mapped[str | None]
    density: Mapped[str | None]

    __table_args__ = (
        Index("uq_users_email", "tenant_id", "email", unique=True),
        Index("uq_users_key", "tenant_id", "key", unique=True),
        belongs_to("profiles", "profile_id"),
        tenant_index("users", "profile_id"),
        CheckConstraint("email = lower(email)", name="email"),
    )


class StaffMandate(TenantOwned, Base):
    """A mandate a staff member is limited to; none means the whole tenant."""

    __tablename__ = "staff_mandates"

    user_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    mandate_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)

    __table_args__ = (
        belongs_to("users", "user_id", ondelete="CASCADE"),
        belongs_to("mandates", "mandate_id", ondelete="CASCADE"),
        tenant_index("staff_mandates", "mandate_id"),
    )


class Membership(Record, Base):
    """A user in an organization, with the profile that decides what he may there."""

    __tablename__ = "memberships"

    user_id: Mapped[uuid.UUID]
    organization_id: Mapped[uuid.UUID]
    profile_id: Mapped[uuid.UUID]
    is_main: Mapped[bool] = mapped_column(server_default=text("false"))
    objects: Mapped[str] = mapped_column(server_default="all")
    starts_on: Mapped[datetime.date | None]
    ends_on: Mapped[datetime.date | None]
    announced_ends_on: Mapped[datetime.date | None]
    """The last day of access of which mails have told, and when they did."""
    announced_on: Mapped[datetime.date | None]

    __table_args__ = (
        Index("uq_memberships_user", "tenant_id", "user_id", "organization_id", unique=True),
        Index("uq_memberships_main", "tenant_id", "user_id", unique=True, postgresql_where=text("is_main")),
        belongs_to("users", "user_id", ondelete="CASCADE"),
        belongs_to("organizations", "organization_id", ondelete="CASCADE"),
        belongs_to("profiles", "profile_id"),
        tenant_index("memberships", "organization_id"),
        tenant_index("memberships", "profile_id"),
        CheckConstraint("objects in ('all', 'selected')", name="objects"),
    )


class MembershipObject(TenantOwned, Base):
    """An object a narrowed member is responsible for."""

    __tablename__ = "membership_objects"

    membership_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    object_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)

    __table_args__ = (
        belongs_to("memberships", "membership_id", ondelete="CASCADE"),
        belongs_to("objects", "object_id", ondelete="CASCADE"),
        tenant_index("membership_objects", "object_id"),
    )
