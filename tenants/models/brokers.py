"""Brokers, under which host each answers, and what stands at a broker rather than with a client."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import CheckConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Country, Currency, Keyed, TenantOwned, text_list


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
    mail_domains: Mapped[list[str]] = text_list()
    """Domains outside addresses may belong to; empty for nobody but the portal's own users."""
    report_functions_off: Mapped[list[str]] = text_list()
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
    upload_types: Mapped[list[str]] = text_list()
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
    tags: Mapped[list[str]] = text_list()
