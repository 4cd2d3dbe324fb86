"""Users as reports see them."""

from __future__ import annotations

from sqlalchemy import Boolean, Date, DateTime, Integer, Text, Uuid, false

from app.administration.users.access import USERS
from app.administration.users.schemas import PortalUserSchema
from app.administration.users.standing import STATE, runs
from app.reports.source import Source, rows_of
from tenants.models import User

THIS_MONTH = "cast(date_trunc('month', cast(:today as date)) as date)"
LAST_MONTH = f"cast({THIS_MONTH} - interval '1 month' as date)"
SIGN_INS = f"""
    max(s.signed_in_at) as signed_in_at,
    coalesce(sum(s.sign_ins) filter (where s.month_on = {THIS_MONTH}), 0) as sign_ins_this_month,
    coalesce(sum(s.sign_ins) filter (where s.month_on = {LAST_MONTH}), 0) as sign_ins_last_month,
    coalesce(sum(s.sign_ins), 0) as sign_ins"""
"""What is told of sign-ins, over rows `s` of what was counted by the month."""

ROWS = f"""
    select u.tenant_id, u.id, u.name, u.email, u.is_staff, u.is_active, u.language, u.created_at, {STATE} as state,
           main.organization_id as main_organization_id,
           (select string_agg(o.name, ', ' order by m.is_main desc, folded(o.name), o.id)
              from memberships m join organizations o on o.tenant_id = :tenant and o.id = m.organization_id
             where m.tenant_id = :tenant and m.user_id = u.id) as organizations,
           (select count(*) from memberships m where m.tenant_id = :tenant and m.user_id = u.id) as memberships,
           (select string_agg(p.name, ', ' order by folded(p.name), p.id) from profiles p
             where p.tenant_id = :tenant
               and (p.id = u.profile_id or p.id in (select m.profile_id from memberships m
                                                     where m.tenant_id = :tenant and m.user_id = u.id))) as profiles,
           case when portal.id is null then 'none' when {runs("inside")} and {runs("portal")} and inside.id is not null
                then 'open' else 'locked' end as private_portal,
           inside.starts_on as private_portal_on,
           used.signed_in_at, coalesce(used.sign_ins, 0) as sign_ins,
           coalesce(used.sign_ins_this_month, 0) as sign_ins_this_month,
           coalesce(used.sign_ins_last_month, 0) as sign_ins_last_month
      from users u
      left join memberships main on main.tenant_id = :tenant and main.user_id = u.id and main.is_main
      left join organizations portal on portal.tenant_id = :tenant and portal.private_user_id = u.id
      left join memberships inside
             on inside.tenant_id = :tenant and inside.organization_id = portal.id and inside.user_id = u.id
      left join (select s.user_id, {SIGN_INS} from usage_months s where s.tenant_id = :tenant group by s.user_id) used
             on used.user_id = u.id
     where u.tenant_id = :tenant"""

USER_SOURCE = Source(
    PortalUserSchema,
    User,
    USERS,
    title=("name",),
    sort="name",
    icon="user",
    rows=rows_of(
        ROWS,
        "portal_users",
        **dict.fromkeys(
            ("name", "email", "language", "state", "organizations", "profiles", "private_portal"), Text()
        ),
        private_portal_on=Date(),
        **dict.fromkeys(("is_staff", "is_active"), Boolean()),
        **dict.fromkeys(("created_at", "signed_in_at"), DateTime(timezone=True)),
        **dict.fromkeys(("memberships", "sign_ins", "sign_ins_this_month", "sign_ins_last_month"), Integer()),
        main_organization_id=Uuid(),
    ),
    # Whoever is limited to some mandates has no desk.
    mandated=lambda t: false(),
    subtitle="email",
    has_page=False,
)
