"""Making a broker: its directory entry, the ready profiles, and the first administrator."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, text

from app.accounts.passwords import STANDARD_LENGTH, hash_password, problem_of
from app.administration.config.kinds import EMAIL
from app.core import audit
from app.core.errors import Refusal, Unacceptable
from app.core.text import LANGUAGES, _
from app.shell.assets import themes
from permissions.editing import save_ready_profiles
from tenants import current
from tenants.directory import find_tenant

FIRST_PROFILE = "broker-administrator"
LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
"""One label of a host name."""


class AlreadyThere(Refusal):
    """The name is taken."""


@dataclass(frozen=True)
class FirstUser:
    """The person who sets up everything else. Without a password an invitation has to follow."""

    email: str
    name: str
    password: str | None = None


def create_tenant(
    owner: Engine,
    *,
    slug: str,
    name: str,
    host: str,
    theme: str = "hanse",
    language: str = "de",
    administrator: FirstUser | None = None,
) -> uuid.UUID:
    """Make a broker who answers under `host`, with the ready profiles. Needs the owner of the tables, since
    the portal itself may not write the directory. Unacceptable or AlreadyThere otherwise."""
    host = host.lower()
    refuse_bad(slug, host, theme, language, administrator)
    if find_tenant(owner, slug) is not None:
        raise AlreadyThere(_("There is already a broker called {name}.", name=slug))
    tenant = uuid.uuid4()
    with current.acting_for(tenant), owner.begin() as connection:
        taken = connection.execute(
            text(
                """insert into hosts (host, tenant_id) values (:host, :tenant)
                   on conflict do nothing returning host"""
            ),
            {"host": host, "tenant": tenant},
        ).first()
        if taken is None:
            raise AlreadyThere(_("Another broker already answers under {host}.", host=host))
        values = {"slug": slug, "name": name, "theme": theme, "language": language}
        connection.execute(
            text(
                """insert into tenants (tenant_id, slug, name, theme, language)
                   values (:tenant, :slug, :name, :theme, :language)"""
            ),
            {"tenant": tenant, **values},
        )
        audit.write(connection, tenant, "tenant.created", record="tenant", after={**values, "host": host})
        save_ready_profiles(connection, None)
        if administrator:
            _add_first_user(connection, administrator)
    return tenant


def refuse_bad(slug: str, host: str, theme: str, language: str, administrator: FirstUser | None) -> None:
    """Unacceptable, with every fault at once."""
    problems: dict[str, str] = {}
    if not re.fullmatch(LABEL, slug):
        problems["slug"] = _("Only small letters, digits and hyphens, 63 at most.")
    if not re.fullmatch(rf"{LABEL}(\.{LABEL})*(:[0-9]{{1,5}})?", host) or len(host) > 255:
        problems["host"] = _("This is not a host name.")
    if theme not in themes():
        problems["theme"] = _("Choose one of: {choices}.", choices=", ".join(sorted(themes())))
    if language not in LANGUAGES:
        problems["language"] = _("Choose one of: {choices}.", choices=", ".join(LANGUAGES))
    if administrator and not EMAIL.fullmatch(administrator.email):
        problems["email"] = _("This is not an email address.")
    if administrator and administrator.password:
        problem = problem_of(administrator.password, STANDARD_LENGTH)
        problems |= {"password": problem} if problem else {}
    if problems:
        raise Unacceptable(problems)


def _add_first_user(connection: Connection, user: FirstUser) -> None:
    tenant = current.tenant_id()
    values = {
        "tenant": tenant,
        "email": user.email.lower(),
        "name": user.name,
        "password": hash_password(user.password) if user.password else None,
        "profile": FIRST_PROFILE,
    }
    user_id = connection.execute(
        text(
            """insert into users (tenant_id, email, name, is_staff, password_hash, profile_id)
               select :tenant, :email, :name, true, :password, p.id
                 from profiles p where p.tenant_id = :tenant and p.key = :profile
               returning id"""
        ),
        values,
    ).scalar_one()
    told = {"email": values["email"], "name": user.name, "staff": True, "profile": FIRST_PROFILE}
    audit.write(connection, tenant, "user.created", record="user", record_id=user_id, after=told)
