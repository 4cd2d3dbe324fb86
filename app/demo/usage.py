"""How much the demonstration's clients have used their portal so far: as if they had come in for a year."""

from __future__ import annotations

from sqlalchemy import Engine, text

from tenants import current, visibility

# Only in the months in which somebody had access from the first day to the last.
# Some sign in often and some never; who does is the same each time, since it follows from the address.
USED = """
    insert into usage_months (tenant_id, user_id, organization_id, month_on, sign_ins, documents, signed_in_at)
    select :tenant, x.user_id, x.organization_id, x.month_on, x.often, x.often / 3,
           least(x.month_on + make_interval(days => 2 + x.often, hours => 9), now() - interval '1 day')
      from (select m.user_id, m.organization_id, cast(cast(:month as date) - make_interval(months => g) as date) as month_on,
                   mod(('x' || substr(md5(u.email || g), 1, 4))::bit(16)::int, 14) as often
              from memberships m
              join users u on u.tenant_id = :tenant and u.id = m.user_id
              join organizations o on o.tenant_id = :tenant and o.id = m.organization_id
              cross join generate_series(0, 12) g
             where m.tenant_id = :tenant and m.is_main and u.is_active and md5(u.email) > '2'
               and coalesce(greatest(m.starts_on, o.starts_on) <= cast(:month as date) - make_interval(months => g), true)
               and coalesce(least(m.ends_on, o.ends_on) >= cast(:month as date) - make_interval(months => g - 1), true)) x
     where x.often > 2
       and not exists (select 1 from usage_months s where s.tenant_id = :tenant)"""

OPENED_LONG_AGO = """
    update organizations set created_at = now() - interval '14 months'
     where tenant_id = :tenant and key = any(array['alsterblick', 'musterbestand'])
       and created_at > now() - interval '1 month'"""
"""So that somebody is due for a review."""
BELONGING_AS_LONG = """
    update memberships m set created_at = o.created_at
      from organizations o
     where m.tenant_id = :tenant and o.tenant_id = :tenant and o.id = m.organization_id and m.ends_on is null
       and o.created_at < now() - interval '1 year'"""

KNOWN_AS_LONG = """
    update users u set created_at = s.since
      from (select user_id, min(month_on) as since from usage_months where tenant_id = :tenant group by user_id) s
     where u.tenant_id = :tenant and u.id = s.user_id and s.since < u.created_at"""
"""Nobody signs in before he is a user."""


def look_back(web: Engine) -> None:
    """Count their sign-ins of a year, unless something is counted already; and let some have been clients for longer."""
    values = {"tenant": current.tenant_id(), "month": visibility.today().replace(day=1)}
    with web.begin() as connection:
        connection.execute(text(USED), values)
        connection.execute(text(KNOWN_AS_LONG), values)
        connection.execute(text(OPENED_LONG_AGO), values)
        connection.execute(text(BELONGING_AS_LONG), values)
