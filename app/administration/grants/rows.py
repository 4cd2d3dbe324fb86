"""The rows of lists of access grants, in SQL that knows `:tenant` and `:today`.

Which clients and contracts an organization shows is read off what is stored of its own scope, which has its id: what
stands below it are rows of their own.
"""

from __future__ import annotations

from app.administration.users.source import SIGN_INS

REPORTS_HERE = """
    (exists (select 1 from visible_contracts seen
              where seen.tenant_id = :tenant and seen.scope_id = m.organization_id and seen.contract_id = c.contract_id)
     or (c.contract_id is null and m.is_main))"""
"""Whether the claim `c` that the member `m` reported belongs to this organization of his: one without a contract belongs
to his main one."""

FIGURES = """
           coalesce(people.members, 0) as members, used.signed_in_at, reported.claimed_on,
           coalesce(used.sign_ins_this_month, 0) as sign_ins_this_month,
           coalesce(used.sign_ins_last_month, 0) as sign_ins_last_month, coalesce(used.sign_ins, 0) as sign_ins"""
# One row for each organization: the server leaves out those that a report does not ask for, and looks up one by one those
# of a page's few rows.
OF_ORGANIZATION = f"""
      left join (select m.organization_id, count(*) as members from memberships m
                  where m.tenant_id = :tenant and (m.ends_on is null or m.ends_on >= :today)
                  group by m.organization_id) people on people.organization_id = o.id
      left join (select s.organization_id, {SIGN_INS} from usage_months s
                  where s.tenant_id = :tenant group by s.organization_id) used on used.organization_id = o.id
      left join (select m.organization_id, max(c.reported_on) as claimed_on
                   from memberships m
                   join claims c on c.tenant_id = :tenant and c.reported_by_id = m.user_id
                  where m.tenant_id = :tenant and {REPORTS_HERE}
                  group by m.organization_id) reported on reported.organization_id = o.id"""

BY_CLIENT = f"""
    select v.tenant_id, cast(md5(v.scope_id || ' ' || v.policyholder_id) as uuid) as id, v.scope_id as organization_id,
           v.policyholder_id, p.mandate_id, {FIGURES}
      from visible_policyholders v
      join organizations o on o.tenant_id = :tenant and o.id = v.scope_id
      join policyholders p on p.tenant_id = :tenant and p.id = v.policyholder_id
      {OF_ORGANIZATION}
     where v.tenant_id = :tenant"""

BY_CONTRACT = f"""
    select v.tenant_id, cast(md5(v.scope_id || ' ' || v.contract_id) as uuid) as id, v.scope_id as organization_id,
           v.contract_id, k.policyholder_id, p.mandate_id, k.line_of_business, k.status, {FIGURES}
      from visible_contracts v
      join organizations o on o.tenant_id = :tenant and o.id = v.scope_id
      join contracts k on k.tenant_id = :tenant and k.id = v.contract_id
      join policyholders p on p.tenant_id = :tenant and p.id = k.policyholder_id
      {OF_ORGANIZATION}
     where v.tenant_id = :tenant"""

# Not `not exists`: without statistics the server would compare each client with all that any organization shows.
WITHOUT_ACCESS = """
    select p.tenant_id, p.id, p.key, p.name, p.first_name, p.kind, p.mandate_id, p.corporate_group, p.email, p.phone, p.city,
           p.country, p.account_manager_id, p.clerk_id, p.customer_since_on,
           (select count(*) from contracts k where k.tenant_id = :tenant and k.policyholder_id = p.id) as contracts
      from policyholders p
     where p.tenant_id = :tenant
       and p.id not in (select v.policyholder_id from visible_policyholders v
                          join organizations o on o.tenant_id = :tenant and o.id = v.scope_id
                         where v.tenant_id = :tenant)"""

DONE = f"""
    select s.tenant_id, s.organization_id, s.user_id, s.month_on, s.sign_ins, s.documents, 0 as claims, s.signed_in_at
      from usage_months s where s.tenant_id = :tenant and s.organization_id is not null
    union all
    select c.tenant_id, m.organization_id, m.user_id, cast(date_trunc('month', c.reported_on) as date), 0, 0, 1, null
      from claims c
      join memberships m on m.tenant_id = :tenant and m.user_id = c.reported_by_id
     where c.tenant_id = :tenant and c.reported_on is not null and {REPORTS_HERE}"""
USAGE = f"""
    select x.tenant_id, cast(md5(x.organization_id || ' ' || x.user_id || ' ' || x.month_on) as uuid) as id,
           x.organization_id, x.user_id, x.month_on, sum(x.sign_ins) as sign_ins, sum(x.documents) as documents,
           sum(x.claims) as claims, max(x.signed_in_at) as signed_in_at,
           (select p.name from memberships m join profiles p on p.tenant_id = :tenant and p.id = m.profile_id
             where m.tenant_id = :tenant and m.user_id = x.user_id and m.organization_id = x.organization_id) as profile
      from ({DONE}) x
     where x.tenant_id = :tenant
     group by x.tenant_id, x.organization_id, x.user_id, x.month_on"""
