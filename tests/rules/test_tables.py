"""House rules about tables: every tenant's row stands behind the wall, and every key begins with the tenant."""

from sqlalchemy import text

from app.core.db import Base, TenantOwned
from tenants.isolation import walled_tables

GLOBAL = {"hosts", "exchange_rates"}
"""Tables that belong to nobody: the directory and the rates."""


def test_every_table_belongs_to_a_tenant_or_is_known_not_to():
    owned = {m.local_table.name for m in Base.registry.mappers if issubclass(m.class_, TenantOwned)}
    assert {table.name for table in Base.metadata.sorted_tables} - owned == GLOBAL


def test_every_tenant_table_is_behind_its_wall(owner):
    with owner.connect() as connection:
        walled = set(
            connection.scalars(
                text(
                    """select c.relname from pg_class c join pg_policy p on p.polrelid = c.oid
                        where c.relrowsecurity and c.relforcerowsecurity and p.polpermissive
                          and pg_get_expr(p.polqual, c.oid) = pg_get_expr(p.polwithcheck, c.oid)
                          and pg_get_expr(p.polqual, c.oid) like '(tenant_id = %app.tenant_id%'"""
                )
            )
        )
        present = set(connection.scalars(text("select tablename from pg_tables where schemaname = 'public'")))
    assert walled == set(walled_tables())
    assert present - walled == GLOBAL | {"alembic_version"}


def test_every_key_and_index_of_a_tenant_table_begins_with_the_tenant():
    for name in walled_tables():
        table = Base.metadata.tables[name]
        assert next(iter(table.primary_key.columns)).name == "tenant_id", name
        for index in table.indexes:
            assert index.expressions[0].name == "tenant_id", index.name
        for key in table.foreign_key_constraints:
            assert key.column_keys[0] == "tenant_id", key.name
            assert key.elements[0].column.name == "tenant_id", key.name


def test_every_foreign_key_has_an_index_to_find_its_rows_by():
    for name in walled_tables():
        table = Base.metadata.tables[name]
        known = [tuple(column.name for column in table.primary_key.columns)]
        known += [tuple(getattr(e, "name", str(e)) for e in index.expressions) for index in table.indexes]
        for key in table.foreign_key_constraints:
            columns = tuple(key.column_keys)
            assert any(one[: len(columns)] == columns for one in known), f"{name}: {columns}"


def test_the_models_and_the_migrations_make_the_same_tables(owner):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with owner.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_the_web_role_owns_nothing_and_cannot_step_over_the_wall(web):
    with web.connect() as connection:
        rights = connection.execute(
            text(
                "select rolsuper, rolbypassrls, rolcreatedb, rolcreaterole from pg_roles where rolname = current_user"
            )
        ).one()
        owned = connection.scalar(
            text(
                "select count(*) from pg_class where relowner = (select oid from pg_roles where rolname = current_user)"
            )
        )
        can_create = connection.scalar(text("select has_schema_privilege(current_user, 'public', 'create')"))
        can_temp = connection.scalar(
            text("select has_database_privilege(current_user, current_database(), 'temp')")
        )
        can_truncate = connection.scalar(
            text(
                "select bool_or(has_table_privilege(current_user, c.oid, 'truncate')) from pg_class c where relkind = 'r' and relnamespace = 'public'::regnamespace"
            )
        )
        may_rewrite_audit = connection.scalar(
            text("select has_table_privilege(current_user, 'audit', 'update, delete')")
        )
    assert not any(rights)
    assert (owned, can_create, can_temp, can_truncate, may_rewrite_audit) == (0, False, False, False, False)


def test_without_a_tenant_nothing_is_seen(make, web):
    make.contract()
    with web.connect() as connection:
        assert connection.scalar(text("select count(*) from contracts")) == 0
