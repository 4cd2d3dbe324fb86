"""A big broker and a small one, made set-wise: what the measurements run on."""

from __future__ import annotations

import datetime
import secrets
import uuid
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, text

from permissions.arrival import hashed
from permissions.catalogue import catalogue
from tenants import arrangement, current

FILL = """
insert into mandates (tenant_id, key, name, country, currency) values (:t, 'm1', 'Hamburg', 'DE', 'EUR');
insert into insurers (tenant_id, key, name) select :t, 'i' || n, 'Insurer ' || n from generate_series(1, 40) n;
insert into policyholders (tenant_id, key, mandate_id, kind, name, city, country)
select :t, 'p' || n, (select id from mandates where tenant_id = :t), 'company', 'Holder ' || n, 'Town ' || n %% 100, 'DE'
  from generate_series(1, greatest(:n / 50, 200)) n;
insert into contracts (tenant_id, key, policyholder_id, number, insurer_id, line_of_business, contract_type, status,
                       starts_on, ends_on, annual_due_on, notice_period_months, payment_frequency, currency,
                       premium_net, insurance_tax, premium_gross, sum_insured, deductible, document_on, product, remarks)
select :t, 'c' || n, p.id, 'P-' || lpad((n::bigint * 7919 %% 10000019)::text, 8, '0'), i.id, (array['081','040','051','192','171','010','020','030','060','070'])[1 + n %% 10],
       'single', (array['own','own','own','cancelled','quote'])[1 + n %% 5], date '2015-01-01' + n %% 4380,
       date '2026-01-01' + n %% 1500, date '2027-01-01', 3, 'yearly', (array['EUR','CHF','USD'])[1 + n %% 3],
       (n %% 100000)::numeric + 0.5, (n %% 19000)::numeric, (n %% 119000)::numeric, n %% 10000000, 1000,
       case when n %% 2 = 0 then date '2020-01-01' end, 'Product ' || n %% 50, 'Remark on contract ' || n
  from generate_series(1, :n) n
  join lateral (select id from policyholders where tenant_id = :t and key = 'p' || (1 + n %% greatest(:n / 50, 200))) p on true
  join lateral (select id from insurers where tenant_id = :t and key = 'i' || (1 + n %% 40)) i on true;
""".replace("%%", "%")


@dataclass(frozen=True)
class House:
    tenant_id: uuid.UUID
    host: str
    tokens: dict[str, str]
    scopes: dict[str, uuid.UUID]


def build(owner: Engine, web: Engine, size: int, wide: int, narrow: int = 69) -> House:
    """A broker of `size` contracts; one organization sees about `wide` of them, one exactly `narrow`."""
    tenant = uuid.uuid4()
    host = f"{tenant.hex}.bench"
    with current.acting_for(tenant), owner.begin() as connection:
        connection.execute(
            text("insert into tenants (tenant_id, slug, name) values (:t, :s, 'Bench')"),
            {"t": tenant, "s": tenant.hex},
        )
        connection.execute(text("insert into hosts values (:h, :t)"), {"h": host, "t": tenant})
    for statement in filter(str.strip, FILL.split(";\n")):
        # Each needs to be known to the planner before the next looks keys up in it.
        with current.acting_for(tenant), web.begin() as connection:
            connection.execute(text(statement), {"t": tenant, "n": size})
        _analyze(owner)
    with current.acting_for(tenant), web.begin() as connection:
        profile = _profile(connection, tenant)
        tokens, scopes = {}, {}
        for name, holders in (("wide", wide), ("narrow", narrow)):
            scopes[name], tokens[name] = _organization(connection, tenant, profile, name, holders, size)
        tokens["staff"] = _session(connection, tenant, None, profile)
    _analyze(owner)
    return House(tenant, host, tokens, scopes)


def _analyze(owner: Engine) -> None:
    connection = owner.raw_connection()
    try:
        for table in (
            "mandates",
            "insurers",
            "policyholders",
            "contracts",
            "visible_contracts",
            "visible_policyholders",
        ):
            connection.driver_connection.execute(f"vacuum analyze {table}")  # type: ignore[union-attr]
    finally:
        connection.close()


def _profile(connection: Connection, tenant: uuid.UUID) -> uuid.UUID:
    profile = connection.execute(
        text("insert into profiles (tenant_id, key, name) values (:t, 'all', 'All') returning id"),
        {"t": tenant},
    ).scalar_one()
    for subject, actions in catalogue.subjects():
        connection.execute(
            text("insert into profile_rules values (:t, :p, :s, :a)"),
            {"t": tenant, "p": profile, "s": subject, "a": actions[-1]},
        )
    return profile


def _organization(
    connection: Connection, tenant: uuid.UUID, profile: uuid.UUID, name: str, count: int, size: int
) -> tuple[uuid.UUID, str]:
    """An organization that sees `count` contracts: whole policyholders while they fit, the rest shared by hand."""
    organization = connection.execute(
        text(
            """insert into organizations (tenant_id, key, name, share_automatically, states, include_claims)
               values (:t, :n, :n, true, array['own','policy','quote','cancelled','application','dormant'], true)
               returning id"""
        ),
        {"t": tenant, "n": name},
    ).scalar_one()
    holders = count // 50 if count >= 1000 else 0
    connection.execute(
        text(
            """insert into organization_policyholders select :t, :o, id from policyholders
                where tenant_id = :t and substr(key, 2)::int <= :n"""
        ),
        {"t": tenant, "o": organization, "n": holders},
    )
    if not holders:
        connection.execute(
            text(
                """insert into organization_contracts select :t, :o, id, 'shared' from contracts
                    where tenant_id = :t and substr(key, 2)::int %% (:size / :n) = 0 limit :n""".replace(
                    "%%", "%"
                )
            ),
            {"t": tenant, "o": organization, "n": count, "size": size},
        )
    arrangement.arrange(connection, {organization}, set())
    membership_user = _user(connection, tenant, name)
    membership = connection.execute(
        text(
            """insert into memberships (tenant_id, user_id, organization_id, profile_id, is_main)
               values (:t, :u, :o, :p, true) returning id"""
        ),
        {"t": tenant, "u": membership_user, "o": organization, "p": profile},
    ).scalar_one()
    return organization, _session(connection, tenant, membership, profile, membership_user)


def _user(
    connection: Connection,
    tenant: uuid.UUID,
    name: str,
    is_staff: bool = False,
    profile: uuid.UUID | None = None,
) -> uuid.UUID:
    return connection.execute(
        text(
            """insert into users (tenant_id, email, name, is_staff, profile_id) values (:t, :e, :n, :s, :p) returning id"""
        ),
        {"t": tenant, "e": f"{name}@bench.example", "n": name, "s": is_staff, "p": profile},
    ).scalar_one()


def _session(
    connection: Connection,
    tenant: uuid.UUID,
    membership: uuid.UUID | None,
    profile: uuid.UUID,
    user: uuid.UUID | None = None,
) -> str:
    user = user or _user(connection, tenant, "staff", True, profile)
    token = secrets.token_urlsafe(16)
    connection.execute(
        text(
            """insert into sessions (tenant_id, token_hash, user_id, membership_id, expires_at)
               values (:t, :h, :u, :m, :e)"""
        ),
        {
            "t": tenant, "h": hashed(token), "u": user, "m": membership,
            "e": datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1),
        },
    )  # fmt: skip
    return token
