"""Statistics of what rows are found by"""

from alembic import op

revision = "0003"
down_revision = "0002"

STATISTICS = """
create or replace function take_statistics(tables text[]) returns void
    language plpgsql security definer set search_path = public, pg_temp
as $$
declare
    one text;
    columns text;
begin
    foreach one in array tables loop
        select string_agg(distinct quote_ident(a.attname), ', ') into columns
          from pg_class c
          join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
          join pg_index i on i.indrelid = c.oid
          join pg_attribute a on a.attrelid = c.oid and a.attnum = any(i.indkey)
         where c.relname = one and c.relkind in ('r', 'p');
        if columns is not null then
            execute format('analyze public.%I (%s)', one, columns);
        end if;
    end loop;
end $$"""
"""As before, but of the indexed columns only: a plan chooses among indexes, and a wide table has five times as many
columns."""


def upgrade() -> None:
    op.execute(STATISTICS)
