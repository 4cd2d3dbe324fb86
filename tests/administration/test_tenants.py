"""Making a broker."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import text

from app.accounts.passwords import is_right
from app.administration.tenants import AlreadyThere, FirstUser, create_tenant
from app.core.errors import Unacceptable
from permissions.ready import READY
from tenants import current
from tenants.directory import find_tenant, list_tenants


def fresh() -> str:
    return f"broker-{uuid.uuid4().hex[:12]}"


def test_a_new_broker_has_ready_profiles_and_an_administrator(owner, web):
    slug = fresh()

    tenant = create_tenant(
        owner, slug=slug, name="Hafen Makler", host=f"{slug}.example", theme="alpin", language="en",
        administrator=FirstUser("Klara@Hafen.example", "Klara Kai", "a long password"),
    )  # fmt: skip

    with current.acting_for(tenant), web.connect() as connection:
        profiles = connection.execute(
            text("select key from profiles where tenant_id = :t"), {"t": tenant}
        ).scalars()
        assert set(profiles) == {ready.key for ready in READY}
        user = connection.execute(
            text(
                """select u.email, u.is_staff, u.password_hash, p.key
                     from users u join profiles p on p.tenant_id = :t and p.id = u.profile_id where u.tenant_id = :t"""
            ),
            {"t": tenant},
        ).one()
    assert (user.email, user.is_staff, user.key) == ("klara@hafen.example", True, "broker-administrator")
    assert is_right(user.password_hash, "a long password")
    found = find_tenant(web, slug)
    assert (found.tenant_id, found.name, found.hosts) == (tenant, "Hafen Makler", (f"{slug}.example",))
    assert tenant in {entry.tenant_id for entry in list_tenants(web)}


def test_a_name_or_host_that_is_taken_is_refused_and_nothing_is_left_behind(owner):
    slug, other = fresh(), fresh()
    create_tenant(owner, slug=slug, name="A", host=f"{slug}.example")

    with pytest.raises(AlreadyThere):
        create_tenant(owner, slug=slug, name="B", host=f"{other}.example")
    with pytest.raises(AlreadyThere):
        create_tenant(owner, slug=other, name="B", host=f"{slug}.example")

    assert find_tenant(owner, other) is None


def test_all_that_is_wrong_is_told_at_once(owner):
    with pytest.raises(Unacceptable) as refused:
        create_tenant(
            owner, slug="Not Good", name="A", host="a b", theme="none", language="xx",
            administrator=FirstUser("nobody", "N", "short"),
        )  # fmt: skip

    assert set(refused.value.problems) == {"slug", "host", "theme", "language", "email", "password"}


def test_nobody_has_this_name(owner):
    assert find_tenant(owner, fresh()) is None
