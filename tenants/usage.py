"""How much the portal is used: what each person did in each month, counted as it happens.

The audit log knows every act; counting them off it would take longer the longer a broker is with us. A sign-in counts for
the organization it begins in, also when somebody goes on in another one.
"""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import Connection, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, TenantOwned, belongs_to, tenant_index
from tenants import current, visibility


class UsageMonth(TenantOwned, Base):
    """What somebody did in one month, in one organization of his or at the desk, counted."""

    __tablename__ = "usage_months"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=text("uuidv7()"))
    user_id: Mapped[uuid.UUID]
    organization_id: Mapped[uuid.UUID | None]
    """Empty at the desk, and once the organization is gone."""
    month_on: Mapped[datetime.date]
    """Its first day."""
    sign_ins: Mapped[int] = mapped_column(server_default=text("0"))
    documents: Mapped[int] = mapped_column(server_default=text("0"))
    """How often a document was opened."""
    signed_in_at: Mapped[datetime.datetime | None]

    __table_args__ = (
        belongs_to("users", "user_id", ondelete="CASCADE"),
        belongs_to("organizations", "organization_id", optional=True),
        tenant_index("usage_months", "user_id", "month_on"),
        tenant_index("usage_months", "organization_id", "month_on"),
    )


# Of two who count for the first time in the same moment each makes a row: whoever reads adds them up.
COUNT = """
    with counted as (
        update usage_months set {counter} = {counter} + 1 {more}
         where tenant_id = :tenant
           and id = (select x.id from usage_months x
                      where x.tenant_id = :tenant and x.user_id = :user and x.month_on = :month
                        and x.organization_id is not distinct from cast(:organization as uuid) limit 1)
        returning id)
    insert into usage_months (tenant_id, user_id, organization_id, month_on, {counter}, signed_in_at)
    select :tenant, :user, :organization, :month, 1, {signed_in_at} where not exists (select 1 from counted)"""
SIGN_IN = COUNT.format(counter="sign_ins", more=", signed_in_at = now()", signed_in_at="now()")
DOCUMENT = COUNT.format(counter="documents", more="", signed_in_at="null")
ORGANIZATION = "select organization_id from memberships where tenant_id = :tenant and id = :membership"

SIGNED_IN_AT = """
    (select max(s.signed_in_at) from usage_months s where s.tenant_id = :tenant and s.user_id = u.id)"""
"""When the person `u` of a query signed in last."""


def count_sign_in(connection: Connection, user_id: uuid.UUID, membership_id: uuid.UUID | None) -> None:
    values = {"tenant": current.tenant_id(), "membership": membership_id}
    organization = connection.execute(text(ORGANIZATION), values).scalar() if membership_id else None
    _count(connection, SIGN_IN, user_id, organization)


def count_document(connection: Connection, user_id: uuid.UUID, organization_id: uuid.UUID | None) -> None:
    """A document was opened by somebody himself."""
    _count(connection, DOCUMENT, user_id, organization_id)


def _count(
    connection: Connection, statement: str, user_id: uuid.UUID, organization: uuid.UUID | None
) -> None:
    values = {"user": user_id, "organization": organization, "month": visibility.today().replace(day=1)}
    connection.execute(text(statement), {"tenant": current.tenant_id(), **values})
