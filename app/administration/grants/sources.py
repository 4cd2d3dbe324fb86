"""Lists of access grants as reports see them. Whoever is limited to some mandates has no desk, and so none of them."""

from __future__ import annotations

from sqlalchemy import Date, DateTime, Integer, Text, Uuid, false

from app.administration.grants import rows
from app.administration.grants.access import BY_CLIENT, BY_CONTRACT, USAGE, WITHOUT_ACCESS
from app.administration.grants.schemas import (
    ClientWithoutAccessSchema,
    OrganizationClientSchema,
    OrganizationContractSchema,
    UsageSchema,
)
from app.administration.organizations.access import MANAGE_ORGANIZATIONS
from app.core.text import _l
from app.policyholders.models import Policyholder
from app.reports.source import Door, Source, rows_of
from tenants.scopes import VisibleContract, VisiblePolicyholder
from tenants.usage import UsageMonth

FIGURES = {
    **dict.fromkeys(("members", "sign_ins", "sign_ins_this_month", "sign_ins_last_month"), Integer()),
    "signed_in_at": DateTime(timezone=True),
    "claimed_on": Date(),
}
IDS = dict.fromkeys(("organization_id", "policyholder_id", "mandate_id"), Uuid())

BY_CLIENT_SOURCE = Source(
    OrganizationClientSchema,
    VisiblePolicyholder,
    BY_CLIENT,
    title=("organization",),
    sort="organization",
    icon="flow",
    rows=rows_of(rows.BY_CLIENT, "organization_clients", **FIGURES, **IDS),
    identity=("organization_id", "policyholder_id"),
    mandated=lambda t: false(),
    has_page=False,
)

BY_CONTRACT_SOURCE = Source(
    OrganizationContractSchema,
    VisibleContract,
    BY_CONTRACT,
    title=("organization",),
    sort="organization",
    icon="flow",
    rows=rows_of(
        rows.BY_CONTRACT,
        "organization_contracts_seen",
        **FIGURES,
        **IDS,
        contract_id=Uuid(),
        line_of_business=Text(),
        status=Text(),
    ),
    identity=("organization_id", "contract_id"),
    mandated=lambda t: false(),
    has_page=False,
)

WITHOUT_ACCESS_SOURCE = Source(
    ClientWithoutAccessSchema,
    Policyholder,
    WITHOUT_ACCESS,
    title=("name", "first_name"),
    sort="name",
    icon="users",
    rows=rows_of(
        rows.WITHOUT_ACCESS,
        "clients_without_access",
        **dict.fromkeys(
            ("name", "first_name", "kind", "corporate_group", "email", "phone", "city", "country"), Text()
        ),
        **dict.fromkeys(("mandate_id", "account_manager_id", "clerk_id"), Uuid()),
        customer_since_on=Date(),
        contracts=Integer(),
    ),
    mandated=lambda t: false(),
    entrance=Door(MANAGE_ORGANIZATIONS, _l("Invite several clients"), "invitation", "send"),
    has_page=False,
)

USAGE_SOURCE = Source(
    UsageSchema,
    UsageMonth,
    USAGE,
    title=("organization",),
    sort="-month_on",
    icon="chart",
    rows=rows_of(
        rows.USAGE,
        "usage_of_organizations",
        **dict.fromkeys(("organization_id", "user_id"), Uuid()),
        **dict.fromkeys(("sign_ins", "documents", "claims"), Integer()),
        month_on=Date(),
        signed_in_at=DateTime(timezone=True),
        profile=Text(),
    ),
    identity=("organization_id", "user_id", "month_on"),
    mandated=lambda t: false(),
    has_page=False,
)

SOURCES = [BY_CLIENT_SOURCE, BY_CONTRACT_SOURCE, WITHOUT_ACCESS_SOURCE, USAGE_SOURCE]
