"""How far somebody has come into the portal: said once, for the overview of users and for the members of organizations."""

from __future__ import annotations

from app.core.text import _lp
from tenants.rules import RUNS

STATES = {
    "active": _lp("member_state", "Active"),
    "invited": _lp("member_state", "Invited"),
    "expired": _lp("member_state", "Invitation expired"),
    "new": _lp("member_state", "Not invited yet"),
    "no_access": _lp("member_state", "No access"),
    "inactive": _lp("member_state", "Inactive"),
}
TONES = {
    "active": "positive",
    "invited": "info",
    "expired": "warning",
    "new": "warning",
    "no_access": "warning",
    "inactive": "off",
}

PORTALS = {
    "open": _lp("private_portal", "Unlocked"),
    "locked": _lp("private_portal", "Locked"),
    "none": _lp("private_portal", "None"),
}
"""Whether a client has a private portal."""


def runs(alias: str) -> str:
    """Whether a membership or an organization runs today, in queries that know `:today`."""
    return RUNS.format(alias).replace("%(today)s", ":today")


HAS_ACCESS = f"""exists (
    select 1 from memberships m join organizations o on o.tenant_id = :tenant and o.id = m.organization_id
     where m.tenant_id = :tenant and m.user_id = u.id and {runs("m")} and {runs("o")})"""
"""Whether the client `u` of a query belongs to an organization whose access runs, and his there."""
HERE = " and o.id = :id)"
"""The end of it where members of the organization `:id` are told of: nothing there tells of where else they belong."""

INVITED_UNTIL = """
    (select max(i.expires_at) from invitations i
      where i.tenant_id = :tenant and i.user_id = u.id and i.used_at is null and not i.is_reset)"""

STATE = f"""
    case when not u.is_active then 'inactive'
         when u.password_hash is null then
              case when {INVITED_UNTIL} > now() then 'invited' when {INVITED_UNTIL} is null then 'new' else 'expired' end
         when not u.is_staff and not {HAS_ACCESS} then 'no_access'
         else 'active' end"""
"""A code of STATES for the person `u` of a query that knows `:tenant` and `:today`."""
STATE_OF_MEMBER = STATE.replace(HAS_ACCESS, HAS_ACCESS[:-1] + HERE)
"""The same of the members of the organization `:id`, for that one alone."""
