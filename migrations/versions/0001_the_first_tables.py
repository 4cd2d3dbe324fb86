"""The first tables"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

FOLDED = """
create function folded(text) returns text
    language sql immutable strict parallel safe
    return lower(regexp_replace(normalize(replace($1, 'ß', 'ss'), NFD), U&'[\\0300-\\036f]', '', 'g'))"""
"""How text sorts and is found: lower case, without accents; the embedded server has no ICU."""

HALF_EVEN = """
create function half_even(numeric, integer) returns numeric
    language sql immutable strict parallel safe
    return case when abs($1 * 10::numeric ^ $2 - trunc($1 * 10::numeric ^ $2)) = 0.5
                then round(2 * round($1 * 10::numeric ^ $2 / 2) / 10::numeric ^ $2, $2)
                else round($1, $2) end"""
"""How money rounds."""

TAKE_STATISTICS = """
create function take_statistics(tables text[]) returns void
    language plpgsql security definer set search_path = public, pg_temp
as $$
declare
    one text;
begin
    foreach one in array tables loop
        if exists (select 1 from pg_tables where schemaname = 'public' and tablename = one) then
            execute format('analyze public.%I', one);
        end if;
    end loop;
end $$"""
"""Lets the web role tell the planner of rows it has just written by the thousand. Reads and shows nothing."""

WALLED = (
    "api_tokens",
    "audit",
    "case_participants",
    "cases",
    "certificates",
    "claims",
    "contract_objects",
    "contract_policyholders",
    "contracts",
    "document_links",
    "document_profiles",
    "documents",
    "imports",
    "incoming_rows",
    "insurers",
    "invoices",
    "mandates",
    "membership_objects",
    "memberships",
    "objects",
    "organization_contracts",
    "organization_mandates",
    "organization_objects",
    "organization_policyholders",
    "organizations",
    "policyholders",
    "profile_parents",
    "profile_rules",
    "profiles",
    "scope_parts",
    "scopes",
    "sessions",
    "sign_in_tries",
    "staff_mandates",
    "tenants",
    "users",
    "visible_certificates",
    "visible_claims",
    "visible_contracts",
    "visible_documents",
    "visible_invoices",
    "visible_objects",
    "visible_policyholders",
)

READ_ONLY = ("hosts", "exchange_rates", "alembic_version")


def _wall(table: str) -> None:
    context = "nullif(current_setting('app.tenant_id', true), '')::uuid"
    op.execute(f"alter table {table} enable row level security")
    op.execute(f"alter table {table} force row level security")
    op.execute(
        f"create policy tenant on {table} using (tenant_id = {context}) with check (tenant_id = {context})"
    )


def upgrade() -> None:
    op.execute(FOLDED)
    op.execute(HALF_EVEN)
    op.execute(TAKE_STATISTICS)
    op.execute("revoke all on function take_statistics(text[]) from public")
    op.execute("grant execute on function take_statistics(text[]) to portico_web")
    op.create_table(
        "audit",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("as_user_id", sa.Uuid(), nullable=True),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=True),
        sa.Column("record_id", sa.Uuid(), nullable=True),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=("pk_audit")),
    )
    op.create_index("ix_audit_at", "audit", ["tenant_id", "at"], unique=False)
    op.create_index("ix_audit_record_record_id", "audit", ["tenant_id", "record", "record_id"], unique=False)
    op.create_table(
        "document_profiles",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("tags", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=("pk_document_profiles")),
    )
    op.create_index("uq_document_profiles_key", "document_profiles", ["tenant_id", "key"], unique=True)
    op.create_table(
        "exchange_rates",
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("rate", sa.Numeric(precision=18, scale=8), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("currency", "day", name=("pk_exchange_rates")),
    )
    op.create_table(
        "hosts",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("host", name=("pk_hosts")),
    )
    op.create_table(
        "imports",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=True),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "summary", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=("pk_imports")),
    )
    op.create_index("ix_imports_created_at", "imports", ["tenant_id", "created_at"], unique=False)
    op.create_table(
        "incoming_rows",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.BigInteger(), nullable=False),
        sa.Column("given", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "batch_id", "line", name=("pk_incoming_rows")),
        prefixes=["UNLOGGED"],
    )
    op.create_table(
        "insurers",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), sa.Computed("folded(name)", persisted=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=("pk_insurers")),
    )
    op.create_index("uq_insurers_key", "insurers", ["tenant_id", "key"], unique=True)
    op.create_table(
        "mandates",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("country", sa.CHAR(length=2), nullable=True),
        sa.Column("currency", sa.CHAR(length=3), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=("pk_mandates")),
    )
    op.create_index("uq_mandates_key", "mandates", ["tenant_id", "key"], unique=True)
    op.create_table(
        "profiles",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_staff", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=("pk_profiles")),
    )
    op.create_index("uq_profiles_key", "profiles", ["tenant_id", "key"], unique=True)
    op.create_table(
        "sign_in_tries",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "subject", name=("pk_sign_in_tries")),
    )
    op.create_table(
        "tenants",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("theme", sa.Text(), server_default="hanse", nullable=False),
        sa.Column("language", sa.Text(), server_default="de", nullable=False),
        sa.Column(
            "links", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.PrimaryKeyConstraint("tenant_id", name=("pk_tenants")),
    )
    op.create_table(
        "visible_certificates",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("scope_id", sa.Uuid(), nullable=False),
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "scope_id", "certificate_id", name=("pk_visible_certificates")),
    )
    op.create_index(
        "ix_visible_certificates_certificate_id",
        "visible_certificates",
        ["tenant_id", "certificate_id"],
        unique=False,
    )
    op.create_table(
        "visible_claims",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("scope_id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "scope_id", "claim_id", name=("pk_visible_claims")),
    )
    op.create_index("ix_visible_claims_claim_id", "visible_claims", ["tenant_id", "claim_id"], unique=False)
    op.create_table(
        "visible_contracts",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("scope_id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("number_key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "scope_id", "contract_id", name=("pk_visible_contracts")),
    )
    op.create_index(
        "ix_visible_contracts_contract_id", "visible_contracts", ["tenant_id", "contract_id"], unique=False
    )
    op.create_index(
        "ix_visible_contracts_number",
        "visible_contracts",
        ["tenant_id", "scope_id", "number_key", "contract_id"],
        unique=False,
    )
    op.create_table(
        "visible_documents",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("scope_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "scope_id", "document_id", name=("pk_visible_documents")),
    )
    op.create_index(
        "ix_visible_documents_document_id", "visible_documents", ["tenant_id", "document_id"], unique=False
    )
    op.create_table(
        "visible_invoices",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("scope_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "scope_id", "invoice_id", name=("pk_visible_invoices")),
    )
    op.create_index(
        "ix_visible_invoices_invoice_id", "visible_invoices", ["tenant_id", "invoice_id"], unique=False
    )
    op.create_table(
        "visible_objects",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("scope_id", sa.Uuid(), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "scope_id", "object_id", name=("pk_visible_objects")),
    )
    op.create_index(
        "ix_visible_objects_object_id", "visible_objects", ["tenant_id", "object_id"], unique=False
    )
    op.create_table(
        "visible_policyholders",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("scope_id", sa.Uuid(), nullable=False),
        sa.Column("policyholder_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id", "scope_id", "policyholder_id", name=("pk_visible_policyholders")
        ),
    )
    op.create_index(
        "ix_visible_policyholders_policyholder_id",
        "visible_policyholders",
        ["tenant_id", "policyholder_id"],
        unique=False,
    )
    op.create_table(
        "organizations",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("corporate_groups", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("share_automatically", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("states", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("lines_of_business", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("contract_types", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("objects", sa.Text(), server_default="all", nullable=False),
        sa.Column("include_claims", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("claim_types", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("claims", sa.Text(), server_default="all", nullable=False),
        sa.Column("reference_addresses", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("document_profile_id", sa.Uuid(), nullable=True),
        sa.Column("case_sharing", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("profile_currency", sa.CHAR(length=3), nullable=True),
        sa.Column("valuation", sa.Text(), server_default="today", nullable=False),
        sa.Column("logo", sa.Text(), nullable=True),
        sa.Column(
            "links", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("claims in ('all', 'members')", name=("ck_organizations_claims")),
        sa.CheckConstraint("objects in ('all', 'selected')", name=("ck_organizations_objects")),
        sa.CheckConstraint(
            "valuation in ('today', 'contract_start', 'year_end')", name=("ck_organizations_valuation")
        ),
        sa.CheckConstraint("parent_id <> id", name=("ck_organizations_parent")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_profile_id"],
            ["document_profiles.tenant_id", "document_profiles.id"],
            name=("fk_organizations_tenant_id_document_profile_id"),
            ondelete="SET NULL (document_profile_id)",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["organizations.tenant_id", "organizations.id"],
            name=("fk_organizations_tenant_id_parent_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=("pk_organizations")),
    )
    op.create_index(
        "ix_organizations_document_profile_id",
        "organizations",
        ["tenant_id", "document_profile_id"],
        unique=False,
    )
    op.create_index("ix_organizations_parent_id", "organizations", ["tenant_id", "parent_id"], unique=False)
    op.create_index("uq_organizations_key", "organizations", ["tenant_id", "key"], unique=True)
    op.create_table(
        "profile_parents",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("profile_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("profile_id <> parent_id", name=("ck_profile_parents_itself")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["profiles.tenant_id", "profiles.id"],
            name=("fk_profile_parents_tenant_id_parent_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "profile_id"],
            ["profiles.tenant_id", "profiles.id"],
            name=("fk_profile_parents_tenant_id_profile_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "profile_id", "parent_id", name=("pk_profile_parents")),
    )
    op.create_index(
        "ix_profile_parents_parent_id", "profile_parents", ["tenant_id", "parent_id"], unique=False
    )
    op.create_table(
        "profile_rules",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("profile_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "action in ('show', 'use', 'mask', 'read', 'edit')", name=("ck_profile_rules_action")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "profile_id"],
            ["profiles.tenant_id", "profiles.id"],
            name=("fk_profile_rules_tenant_id_profile_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "profile_id", "subject", name=("pk_profile_rules")),
    )
    op.create_table(
        "users",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("salutation", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("is_staff", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("profile_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("scheme", sa.Text(), nullable=True),
        sa.Column("density", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=("ck_users_email")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "profile_id"],
            ["profiles.tenant_id", "profiles.id"],
            name=("fk_users_tenant_id_profile_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=("pk_users")),
    )
    op.create_index("ix_users_profile_id", "users", ["tenant_id", "profile_id"], unique=False)
    op.create_index("uq_users_email", "users", ["tenant_id", "email"], unique=True)
    op.create_index("uq_users_key", "users", ["tenant_id", "key"], unique=True)
    op.create_table(
        "documents",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("document_type", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=True),
        sa.Column("tags", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("uploaded_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "uploaded_by_id"],
            ["users.tenant_id", "users.id"],
            name=("fk_documents_tenant_id_uploaded_by_id"),
            ondelete="SET NULL (uploaded_by_id)",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=("pk_documents")),
    )
    op.create_index("ix_documents_dated_on_id", "documents", ["tenant_id", "dated_on", "id"], unique=False)
    op.create_index("ix_documents_sha256", "documents", ["tenant_id", "sha256"], unique=False)
    op.create_index("ix_documents_uploaded_by_id", "documents", ["tenant_id", "uploaded_by_id"], unique=False)
    op.create_index("uq_documents_key", "documents", ["tenant_id", "key"], unique=True)
    op.create_table(
        "memberships",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("profile_id", sa.Uuid(), nullable=False),
        sa.Column("is_main", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("objects", sa.Text(), server_default="all", nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("objects in ('all', 'selected')", name=("ck_memberships_objects")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "organization_id"],
            ["organizations.tenant_id", "organizations.id"],
            name=("fk_memberships_tenant_id_organization_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "profile_id"],
            ["profiles.tenant_id", "profiles.id"],
            name=("fk_memberships_tenant_id_profile_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["users.tenant_id", "users.id"],
            name=("fk_memberships_tenant_id_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=("pk_memberships")),
    )
    op.create_index(
        "ix_memberships_organization_id", "memberships", ["tenant_id", "organization_id"], unique=False
    )
    op.create_index("ix_memberships_profile_id", "memberships", ["tenant_id", "profile_id"], unique=False)
    op.create_index(
        "uq_memberships_main",
        "memberships",
        ["tenant_id", "user_id"],
        unique=True,
        postgresql_where=sa.text("is_main"),
    )
    op.create_index(
        "uq_memberships_user", "memberships", ["tenant_id", "user_id", "organization_id"], unique=True
    )
    op.create_table(
        "organization_mandates",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("mandate_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.CheckConstraint("part in ('whole', 'narrowing')", name=("ck_organization_mandates_part")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "mandate_id"],
            ["mandates.tenant_id", "mandates.id"],
            name=("fk_organization_mandates_tenant_id_mandate_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "organization_id"],
            ["organizations.tenant_id", "organizations.id"],
            name=("fk_organization_mandates_tenant_id_organization_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "organization_id", "mandate_id", "part", name=("pk_organization_mandates")
        ),
    )
    op.create_index(
        "ix_organization_mandates_mandate_id",
        "organization_mandates",
        ["tenant_id", "mandate_id"],
        unique=False,
    )
    op.create_table(
        "policyholders",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("mandate_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), sa.Computed("folded(name)", persisted=True), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=True),
        sa.Column("salutation", sa.Text(), nullable=True),
        sa.Column("birth_on", sa.Date(), nullable=True),
        sa.Column("legal_form", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("street", sa.Text(), nullable=True),
        sa.Column("postal_code", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("country", sa.CHAR(length=2), nullable=True),
        sa.Column("corporate_group", sa.Text(), nullable=True),
        sa.Column("account_manager_id", sa.Uuid(), nullable=True),
        sa.Column("clerk_id", sa.Uuid(), nullable=True),
        sa.Column("intermediary", sa.Text(), nullable=True),
        sa.Column("customer_since_on", sa.Date(), nullable=True),
        sa.Column("iban", sa.Text(), nullable=True),
        sa.Column("vat_id", sa.Text(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_manager_id"],
            ["users.tenant_id", "users.id"],
            name=("fk_policyholders_tenant_id_account_manager_id"),
            ondelete="SET NULL (account_manager_id)",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "clerk_id"],
            ["users.tenant_id", "users.id"],
            name=("fk_policyholders_tenant_id_clerk_id"),
            ondelete="SET NULL (clerk_id)",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "mandate_id"],
            ["mandates.tenant_id", "mandates.id"],
            name=("fk_policyholders_tenant_id_mandate_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=("pk_policyholders")),
    )
    op.create_index(
        "ix_policyholders_account_manager_id",
        "policyholders",
        ["tenant_id", "account_manager_id"],
        unique=False,
    )
    op.create_index("ix_policyholders_clerk_id", "policyholders", ["tenant_id", "clerk_id"], unique=False)
    op.create_index(
        "ix_policyholders_corporate_group", "policyholders", ["tenant_id", "corporate_group"], unique=False
    )
    op.create_index("ix_policyholders_mandate_id", "policyholders", ["tenant_id", "mandate_id"], unique=False)
    op.create_index(
        "ix_policyholders_name_key_id", "policyholders", ["tenant_id", "name_key", "id"], unique=False
    )
    op.create_index("uq_policyholders_key", "policyholders", ["tenant_id", "key"], unique=True)
    op.create_table(
        "staff_mandates",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("mandate_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "mandate_id"],
            ["mandates.tenant_id", "mandates.id"],
            name=("fk_staff_mandates_tenant_id_mandate_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["users.tenant_id", "users.id"],
            name=("fk_staff_mandates_tenant_id_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "user_id", "mandate_id", name=("pk_staff_mandates")),
    )
    op.create_index(
        "ix_staff_mandates_mandate_id", "staff_mandates", ["tenant_id", "mandate_id"], unique=False
    )
    op.create_table(
        "api_tokens",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "membership_id"],
            ["memberships.tenant_id", "memberships.id"],
            name=("fk_api_tokens_tenant_id_membership_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["users.tenant_id", "users.id"],
            name=("fk_api_tokens_tenant_id_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=("pk_api_tokens")),
    )
    op.create_index("ix_api_tokens_membership_id", "api_tokens", ["tenant_id", "membership_id"], unique=False)
    op.create_index("ix_api_tokens_user_id", "api_tokens", ["tenant_id", "user_id"], unique=False)
    op.create_index("uq_api_tokens_hash", "api_tokens", ["tenant_id", "token_hash"], unique=True)
    op.create_table(
        "contracts",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("policyholder_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("number_key", sa.Text(), sa.Computed("folded(number)", persisted=True), nullable=False),
        sa.Column("insurer_id", sa.Uuid(), nullable=True),
        sa.Column("insurer_share", sa.Numeric(precision=7, scale=4), nullable=True),
        sa.Column("co_insurance", sa.Text(), nullable=True),
        sa.Column("line_of_business", sa.Text(), nullable=True),
        sa.Column("contract_type", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("product", sa.Text(), nullable=True),
        sa.Column("inquiry_on", sa.Date(), nullable=True),
        sa.Column("quote_on", sa.Date(), nullable=True),
        sa.Column("application_on", sa.Date(), nullable=True),
        sa.Column("document_on", sa.Date(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("annual_due_on", sa.Date(), nullable=True),
        sa.Column("notice_period_months", sa.Integer(), nullable=True),
        sa.Column("payment_frequency", sa.Text(), nullable=True),
        sa.Column("currency", sa.CHAR(length=3), nullable=True),
        sa.Column("premium_net", sa.Numeric(precision=18, scale=4), nullable=True),
        sa.Column("insurance_tax", sa.Numeric(precision=18, scale=4), nullable=True),
        sa.Column("premium_gross", sa.Numeric(precision=18, scale=4), nullable=True),
        sa.Column("sum_insured", sa.Numeric(precision=18, scale=4), nullable=True),
        sa.Column("deductible", sa.Numeric(precision=18, scale=4), nullable=True),
        sa.Column("commission_rate", sa.Numeric(precision=7, scale=4), nullable=True),
        sa.Column("commission", sa.Numeric(precision=18, scale=4), nullable=True),
        sa.Column("account_manager_id", sa.Uuid(), nullable=True),
        sa.Column("clerk_id", sa.Uuid(), nullable=True),
        sa.Column("claims_handler_id", sa.Uuid(), nullable=True),
        sa.Column("intermediary", sa.Text(), nullable=True),
        sa.Column("remarks", sa.Text(), nullable=True),
        sa.Column(
            "attributes",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "status in ('inquiry', 'quote', 'own', 'third_party', 'third_party_part', 'blocked', 'info', 'dormant', 'cancelled')",
            name=("ck_contracts_status"),
        ),
        sa.CheckConstraint(
            "premium_net is null or currency is not null", name=("ck_contracts_premium_currency")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_manager_id"],
            ["users.tenant_id", "users.id"],
            name=("fk_contracts_tenant_id_account_manager_id"),
            ondelete="SET NULL (account_manager_id)",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "claims_handler_id"],
            ["users.tenant_id", "users.id"],
            name=("fk_contracts_tenant_id_claims_handler_id"),
            ondelete="SET NULL (claims_handler_id)",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "clerk_id"],
            ["users.tenant_id", "users.id"],
            name=("fk_contracts_tenant_id_clerk_id"),
            ondelete="SET NULL (clerk_id)",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "insurer_id"],
            ["insurers.tenant_id", "insurers.id"],
            name=("fk_contracts_tenant_id_insurer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "policyholder_id"],
            ["policyholders.tenant_id", "policyholders.id"],
            name=("fk_contracts_tenant_id_policyholder_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=("pk_contracts")),
    )
    op.create_index(
        "ix_contracts_account_manager_id",
        "contracts",
        ["tenant_id", "account_manager_id"],
        unique=False,
        postgresql_where=sa.text("account_manager_id is not null"),
    )
    op.create_index(
        "ix_contracts_claims_handler_id",
        "contracts",
        ["tenant_id", "claims_handler_id"],
        unique=False,
        postgresql_where=sa.text("claims_handler_id is not null"),
    )
    op.create_index(
        "ix_contracts_clerk_id",
        "contracts",
        ["tenant_id", "clerk_id"],
        unique=False,
        postgresql_where=sa.text("clerk_id is not null"),
    )
    op.create_index("ix_contracts_insurer_id", "contracts", ["tenant_id", "insurer_id"], unique=False)
    op.create_index(
        "ix_contracts_number_key_id", "contracts", ["tenant_id", "number_key", "id"], unique=False
    )
    op.create_index(
        "ix_contracts_policyholder_id", "contracts", ["tenant_id", "policyholder_id"], unique=False
    )
    op.create_index("uq_contracts_key", "contracts", ["tenant_id", "key"], unique=True)
    op.create_table(
        "objects",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("policyholder_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("label_key", sa.Text(), sa.Computed("folded(label)", persisted=True), nullable=False),
        sa.Column("street", sa.Text(), nullable=True),
        sa.Column("postal_code", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("country", sa.CHAR(length=2), nullable=True),
        sa.Column("latitude", sa.Numeric(precision=9, scale=6), nullable=True),
        sa.Column("longitude", sa.Numeric(precision=9, scale=6), nullable=True),
        sa.Column("sum_insured", sa.Numeric(precision=18, scale=4), nullable=True),
        sa.Column("currency", sa.CHAR(length=3), nullable=True),
        sa.Column("year_built", sa.Integer(), nullable=True),
        sa.Column(
            "attributes",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("responsible", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "policyholder_id"],
            ["policyholders.tenant_id", "policyholders.id"],
            name=("fk_objects_tenant_id_policyholder_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=("pk_objects")),
    )
    op.create_index("ix_objects_label_key_id", "objects", ["tenant_id", "label_key", "id"], unique=False)
    op.create_index("ix_objects_policyholder_id", "objects", ["tenant_id", "policyholder_id"], unique=False)
    op.create_index("uq_objects_key", "objects", ["tenant_id", "key"], unique=True)
    op.create_table(
        "organization_policyholders",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("policyholder_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "organization_id"],
            ["organizations.tenant_id", "organizations.id"],
            name=("fk_organization_policyholders_tenant_id_organization_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "policyholder_id"],
            ["policyholders.tenant_id", "policyholders.id"],
            name=("fk_organization_policyholders_tenant_id_policyholder_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "organization_id", "policyholder_id", name=("pk_organization_policyholders")
        ),
    )
    op.create_index(
        "ix_organization_policyholders_policyholder_id",
        "organization_policyholders",
        ["tenant_id", "policyholder_id"],
        unique=False,
    )
    op.create_table(
        "scopes",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=True),
        sa.Column("base_id", sa.Uuid(), nullable=True),
        sa.Column("fresh_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "base_id"],
            ["scopes.tenant_id", "scopes.id"],
            name=("fk_scopes_tenant_id_base_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "membership_id"],
            ["memberships.tenant_id", "memberships.id"],
            name=("fk_scopes_tenant_id_membership_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "organization_id"],
            ["organizations.tenant_id", "organizations.id"],
            name=("fk_scopes_tenant_id_organization_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=("pk_scopes")),
    )
    op.create_index("ix_scopes_base_id", "scopes", ["tenant_id", "base_id"], unique=False)
    op.create_index("ix_scopes_membership_id", "scopes", ["tenant_id", "membership_id"], unique=False)
    op.create_index("ix_scopes_organization_id", "scopes", ["tenant_id", "organization_id"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "membership_id"],
            ["memberships.tenant_id", "memberships.id"],
            name=("fk_sessions_tenant_id_membership_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["users.tenant_id", "users.id"],
            name=("fk_sessions_tenant_id_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "token_hash", name=("pk_sessions")),
    )
    op.create_index("ix_sessions_membership_id", "sessions", ["tenant_id", "membership_id"], unique=False)
    op.create_index("ix_sessions_user_id", "sessions", ["tenant_id", "user_id"], unique=False)
    op.create_table(
        "certificates",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("insured", sa.Text(), nullable=True),
        sa.Column("consignee", sa.Text(), nullable=True),
        sa.Column("goods", sa.Text(), nullable=True),
        sa.Column("packages", sa.Integer(), nullable=True),
        sa.Column("weight_kg", sa.Numeric(precision=14, scale=3), nullable=True),
        sa.Column("transport", sa.Text(), nullable=True),
        sa.Column("from_place", sa.Text(), nullable=True),
        sa.Column("to_place", sa.Text(), nullable=True),
        sa.Column("departs_on", sa.Date(), nullable=True),
        sa.Column("sum_insured", sa.Numeric(precision=18, scale=4), nullable=True),
        sa.Column("currency", sa.CHAR(length=3), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("issued_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("status in ('draft', 'issued', 'cancelled')", name=("ck_certificates_status")),
        sa.CheckConstraint("transport in ('sea', 'air', 'road', 'rail')", name=("ck_certificates_transport")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["contracts.tenant_id", "contracts.id"],
            name=("fk_certificates_tenant_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "issued_by_id"],
            ["users.tenant_id", "users.id"],
            name=("fk_certificates_tenant_id_issued_by_id"),
            ondelete="SET NULL (issued_by_id)",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=("pk_certificates")),
    )
    op.create_index("ix_certificates_contract_id", "certificates", ["tenant_id", "contract_id"], unique=False)
    op.create_index(
        "ix_certificates_departs_on_id", "certificates", ["tenant_id", "departs_on", "id"], unique=False
    )
    op.create_index(
        "ix_certificates_issued_by_id", "certificates", ["tenant_id", "issued_by_id"], unique=False
    )
    op.create_index("uq_certificates_key", "certificates", ["tenant_id", "key"], unique=True)
    op.create_table(
        "claims",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("object_id", sa.Uuid(), nullable=True),
        sa.Column("policyholder_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("broker_number", sa.Text(), nullable=True),
        sa.Column("claim_type", sa.Text(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("occurred_on", sa.Date(), nullable=True),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.Column("loss_location", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("claimed_amount", sa.Numeric(precision=18, scale=4), nullable=True),
        sa.Column("reserve", sa.Numeric(precision=18, scale=4), nullable=True),
        sa.Column("paid_amount", sa.Numeric(precision=18, scale=4), nullable=True),
        sa.Column("deductible", sa.Numeric(precision=18, scale=4), nullable=True),
        sa.Column("currency", sa.CHAR(length=3), nullable=True),
        sa.Column("claimant", sa.Text(), nullable=True),
        sa.Column("claims_handler_id", sa.Uuid(), nullable=True),
        sa.Column("reported_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "status in ('reported', 'open', 'in_clarification', 'settled', 'rejected', 'withdrawn', 'closed')",
            name=("ck_claims_status"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "claims_handler_id"],
            ["users.tenant_id", "users.id"],
            name=("fk_claims_tenant_id_claims_handler_id"),
            ondelete="SET NULL (claims_handler_id)",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["contracts.tenant_id", "contracts.id"],
            name=("fk_claims_tenant_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "object_id"],
            ["objects.tenant_id", "objects.id"],
            name=("fk_claims_tenant_id_object_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "policyholder_id"],
            ["policyholders.tenant_id", "policyholders.id"],
            name=("fk_claims_tenant_id_policyholder_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "reported_by_id"],
            ["users.tenant_id", "users.id"],
            name=("fk_claims_tenant_id_reported_by_id"),
            ondelete="SET NULL (reported_by_id)",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=("pk_claims")),
    )
    op.create_index("ix_claims_claims_handler_id", "claims", ["tenant_id", "claims_handler_id"], unique=False)
    op.create_index("ix_claims_contract_id", "claims", ["tenant_id", "contract_id"], unique=False)
    op.create_index("ix_claims_object_id", "claims", ["tenant_id", "object_id"], unique=False)
    op.create_index("ix_claims_occurred_on_id", "claims", ["tenant_id", "occurred_on", "id"], unique=False)
    op.create_index("ix_claims_policyholder_id", "claims", ["tenant_id", "policyholder_id"], unique=False)
    op.create_index("ix_claims_reported_by_id", "claims", ["tenant_id", "reported_by_id"], unique=False)
    op.create_index("uq_claims_key", "claims", ["tenant_id", "key"], unique=True)
    op.create_table(
        "contract_objects",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["contracts.tenant_id", "contracts.id"],
            name=("fk_contract_objects_tenant_id_contract_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "object_id"],
            ["objects.tenant_id", "objects.id"],
            name=("fk_contract_objects_tenant_id_object_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "contract_id", "object_id", name=("pk_contract_objects")),
    )
    op.create_index(
        "ix_contract_objects_object_id", "contract_objects", ["tenant_id", "object_id"], unique=False
    )
    op.create_table(
        "contract_policyholders",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("policyholder_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["contracts.tenant_id", "contracts.id"],
            name=("fk_contract_policyholders_tenant_id_contract_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "policyholder_id"],
            ["policyholders.tenant_id", "policyholders.id"],
            name=("fk_contract_policyholders_tenant_id_policyholder_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "contract_id", "policyholder_id", name=("pk_contract_policyholders")
        ),
    )
    op.create_index(
        "ix_contract_policyholders_policyholder_id",
        "contract_policyholders",
        ["tenant_id", "policyholder_id"],
        unique=False,
    )
    op.create_table(
        "invoices",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("policyholder_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("period_from_on", sa.Date(), nullable=True),
        sa.Column("period_to_on", sa.Date(), nullable=True),
        sa.Column("net", sa.Numeric(precision=18, scale=4), nullable=True),
        sa.Column("tax", sa.Numeric(precision=18, scale=4), nullable=True),
        sa.Column("gross", sa.Numeric(precision=18, scale=4), nullable=True),
        sa.Column("currency", sa.CHAR(length=3), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("kind in ('premium', 'credit', 'fee')", name=("ck_invoices_kind")),
        sa.CheckConstraint("status in ('open', 'paid', 'overdue', 'cancelled')", name=("ck_invoices_status")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["contracts.tenant_id", "contracts.id"],
            name=("fk_invoices_tenant_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "policyholder_id"],
            ["policyholders.tenant_id", "policyholders.id"],
            name=("fk_invoices_tenant_id_policyholder_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=("pk_invoices")),
    )
    op.create_index("ix_invoices_contract_id", "invoices", ["tenant_id", "contract_id"], unique=False)
    op.create_index("ix_invoices_due_on_id", "invoices", ["tenant_id", "due_on", "id"], unique=False)
    op.create_index("ix_invoices_policyholder_id", "invoices", ["tenant_id", "policyholder_id"], unique=False)
    op.create_index("uq_invoices_key", "invoices", ["tenant_id", "key"], unique=True)
    op.create_table(
        "membership_objects",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "membership_id"],
            ["memberships.tenant_id", "memberships.id"],
            name=("fk_membership_objects_tenant_id_membership_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "object_id"],
            ["objects.tenant_id", "objects.id"],
            name=("fk_membership_objects_tenant_id_object_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "membership_id", "object_id", name=("pk_membership_objects")),
    )
    op.create_index(
        "ix_membership_objects_object_id", "membership_objects", ["tenant_id", "object_id"], unique=False
    )
    op.create_table(
        "organization_contracts",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.CheckConstraint("part in ('shared', 'excluded')", name=("ck_organization_contracts_part")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["contracts.tenant_id", "contracts.id"],
            name=("fk_organization_contracts_tenant_id_contract_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "organization_id"],
            ["organizations.tenant_id", "organizations.id"],
            name=("fk_organization_contracts_tenant_id_organization_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "organization_id", "contract_id", name=("pk_organization_contracts")
        ),
    )
    op.create_index(
        "ix_organization_contracts_contract_id",
        "organization_contracts",
        ["tenant_id", "contract_id"],
        unique=False,
    )
    op.create_table(
        "organization_objects",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "object_id"],
            ["objects.tenant_id", "objects.id"],
            name=("fk_organization_objects_tenant_id_object_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "organization_id"],
            ["organizations.tenant_id", "organizations.id"],
            name=("fk_organization_objects_tenant_id_organization_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "organization_id", "object_id", name=("pk_organization_objects")
        ),
    )
    op.create_index(
        "ix_organization_objects_object_id", "organization_objects", ["tenant_id", "object_id"], unique=False
    )
    op.create_table(
        "scope_parts",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("scope_id", sa.Uuid(), nullable=False),
        sa.Column("part_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "part_id"],
            ["scopes.tenant_id", "scopes.id"],
            name=("fk_scope_parts_tenant_id_part_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "scope_id"],
            ["scopes.tenant_id", "scopes.id"],
            name=("fk_scope_parts_tenant_id_scope_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "scope_id", "part_id", name=("pk_scope_parts")),
    )
    op.create_index("ix_scope_parts_part_id", "scope_parts", ["tenant_id", "part_id"], unique=False)
    op.create_table(
        "cases",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("category_1", sa.Text(), nullable=True),
        sa.Column("category_2", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("is_confidential", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("claim_id", sa.Uuid(), nullable=True),
        sa.Column("policyholder_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "status in ('new', 'open', 'waiting_for_client', 'waiting_for_broker', 'done')",
            name=("ck_cases_status"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "claim_id"],
            ["claims.tenant_id", "claims.id"],
            name=("fk_cases_tenant_id_claim_id"),
            ondelete="SET NULL (claim_id)",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["contracts.tenant_id", "contracts.id"],
            name=("fk_cases_tenant_id_contract_id"),
            ondelete="SET NULL (contract_id)",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "owner_id"],
            ["users.tenant_id", "users.id"],
            name=("fk_cases_tenant_id_owner_id"),
            ondelete="SET NULL (owner_id)",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "policyholder_id"],
            ["policyholders.tenant_id", "policyholders.id"],
            name=("fk_cases_tenant_id_policyholder_id"),
            ondelete="SET NULL (policyholder_id)",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=("pk_cases")),
    )
    op.create_index("ix_cases_claim_id", "cases", ["tenant_id", "claim_id"], unique=False)
    op.create_index("ix_cases_contract_id", "cases", ["tenant_id", "contract_id"], unique=False)
    op.create_index("ix_cases_owner_id", "cases", ["tenant_id", "owner_id"], unique=False)
    op.create_index("ix_cases_policyholder_id", "cases", ["tenant_id", "policyholder_id"], unique=False)
    op.create_index("uq_cases_key", "cases", ["tenant_id", "key"], unique=True)
    op.create_table(
        "document_links",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("policyholder_id", sa.Uuid(), nullable=True),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("object_id", sa.Uuid(), nullable=True),
        sa.Column("claim_id", sa.Uuid(), nullable=True),
        sa.Column("invoice_id", sa.Uuid(), nullable=True),
        sa.Column("certificate_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "certificate_id"],
            ["certificates.tenant_id", "certificates.id"],
            name=("fk_document_links_tenant_id_certificate_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "claim_id"],
            ["claims.tenant_id", "claims.id"],
            name=("fk_document_links_tenant_id_claim_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["contracts.tenant_id", "contracts.id"],
            name=("fk_document_links_tenant_id_contract_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["documents.tenant_id", "documents.id"],
            name=("fk_document_links_tenant_id_document_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "invoice_id"],
            ["invoices.tenant_id", "invoices.id"],
            name=("fk_document_links_tenant_id_invoice_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "object_id"],
            ["objects.tenant_id", "objects.id"],
            name=("fk_document_links_tenant_id_object_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "policyholder_id"],
            ["policyholders.tenant_id", "policyholders.id"],
            name=("fk_document_links_tenant_id_policyholder_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=("pk_document_links")),
    )
    op.create_index(
        "ix_document_links_certificate_id",
        "document_links",
        ["tenant_id", "certificate_id"],
        unique=False,
        postgresql_where=sa.text("certificate_id is not null"),
    )
    op.create_index(
        "ix_document_links_claim_id",
        "document_links",
        ["tenant_id", "claim_id"],
        unique=False,
        postgresql_where=sa.text("claim_id is not null"),
    )
    op.create_index(
        "ix_document_links_contract_id",
        "document_links",
        ["tenant_id", "contract_id"],
        unique=False,
        postgresql_where=sa.text("contract_id is not null"),
    )
    op.create_index(
        "ix_document_links_invoice_id",
        "document_links",
        ["tenant_id", "invoice_id"],
        unique=False,
        postgresql_where=sa.text("invoice_id is not null"),
    )
    op.create_index(
        "ix_document_links_object_id",
        "document_links",
        ["tenant_id", "object_id"],
        unique=False,
        postgresql_where=sa.text("object_id is not null"),
    )
    op.create_index(
        "ix_document_links_policyholder_id",
        "document_links",
        ["tenant_id", "policyholder_id"],
        unique=False,
        postgresql_where=sa.text("policyholder_id is not null"),
    )
    op.create_index(
        "uq_document_links_one",
        "document_links",
        [
            "tenant_id",
            "document_id",
            "policyholder_id",
            "contract_id",
            "object_id",
            "claim_id",
            "invoice_id",
            "certificate_id",
        ],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "case_participants",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=("fk_case_participants_tenant_id_case_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["users.tenant_id", "users.id"],
            name=("fk_case_participants_tenant_id_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "case_id", "user_id", name=("pk_case_participants")),
    )
    op.create_index("ix_case_participants_case", "case_participants", ["tenant_id", "case_id"], unique=False)
    op.create_index(
        "ix_case_participants_user_id", "case_participants", ["tenant_id", "user_id"], unique=False
    )
    for table in WALLED:
        _wall(table)
        rights = "select, insert" if table == "audit" else "select, insert, update, delete"
        op.execute(f"grant {rights} on {table} to portico_web")
    for table in READ_ONLY:
        op.execute(f"grant select on {table} to portico_web")
