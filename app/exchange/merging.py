"""Bringing checked rows into their tables, set-wise: the statements, generated from schema and model.

In the statements `x` is a staged row (see checks.py), `s` the stored record with its key, `n` both side by side:
`n."new name"` what a column will hold and `n."old name"` what it holds, null for a new record.
"""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy.dialects import postgresql

from app.core.history import keeping, stamped, stamps_of
from app.exchange.checks import Shape, by_key, elements, linked_id, literal, staged
from app.exchange.kinds import TABLES, LinkTable, RecordType
from tenants.rules import LINKED

DIALECT = postgresql.dialect()
NOBODY = "'00000000-0000-0000-0000-000000000000'::uuid"


def columns(kind: RecordType, shape: Shape) -> dict[str, str]:
    """The columns a batch writes besides the key, by field. Lists of links are written elsewhere."""
    return {
        name: kind.column(name)
        for name, seen in kind.fields.items()
        if name in shape and name != "key" and seen.kind not in ("references", "links")
    }


def _carried(kind: RecordType, shape: Shape) -> list[str]:
    """Columns no row brings that a row to be inserted must have all the same: PostgreSQL looks at NOT NULL and
    CHECK before it finds that the record exists and is to be updated."""
    written = {"tenant_id", "id", "key", *columns(kind, shape).values(), *kind.constants}
    return [
        column.name
        for column in kind.table.columns
        if column.name not in written
        and ((not column.nullable and column.server_default is None) or column.name == "currency")
    ]


def _value(kind: RecordType, name: str) -> str:
    """A field of a row as its column holds it."""
    seen, column = kind.fields[name], kind.table.c[kind.column(name)]
    if seen.kind == "reference":
        # A key nobody has becomes an id nobody has, and the foreign key refuses the batch.
        key = f'x."{name}"'
        return f"case when {key} is not null then coalesce({by_key(seen.to, key)}, {NOBODY}) end"
    if seen.kind == "words":
        return f"array(select e #>> '{{}}' from {elements(name)})"
    if seen.kind == "details":
        value = f"nullif(x.given -> {literal(name)}, 'null')"
    elif name == "email" and kind.name == "staff":
        value = 'lower(x."email")'
    elif seen.kind in ("text", "long_text", "code"):
        value = f'x."{name}"'
    else:
        value = f'x."{name}"::{column.type.compile(DIALECT)}'
    if not column.nullable and column.server_default is not None:
        value = f"coalesce({value}, {column.server_default.arg.text})"  # type: ignore[attr-defined]
    return value


def compared(kind: RecordType, shape: Shape) -> str:
    """New beside old. A field the row leaves out keeps what is stored; for a new record, the column's default."""
    parts = ['x.line, x.given, x."key", s.id as stored_id']
    for name, column in columns(kind, shape).items():
        new = _value(kind, name)
        if name in shape.sometimes:
            default = kind.table.c[column].server_default
            before = f's."{column}"' if default is None else f's."{column}", {default.arg.text}'  # type: ignore[attr-defined]
            new = f"case when x.given ? {literal(name)} then {new} else coalesce({before}) end"
        parts.append(f'{new} as "new {column}", s."{column}" as "old {column}"')
    parts += [f's."{column}" as "new {column}"' for column in _carried(kind, shape)]
    # A lateral look-up per row: a join could be planned as a scan of the whole table for a small batch.
    return f"""(select {", ".join(parts)}
                  from {staged(kind, shape)}
                  left join lateral (select * from {kind.table.name} r
                                      where r.tenant_id = %(tenant)s and r.key = x."key" offset 0) s on true
                offset 0) n"""


def _differs(kind: RecordType, shape: Shape, names: dict[str, str] | None = None) -> str:
    names = columns(kind, shape) if names is None else names
    return " or ".join(f'n."new {c}" is distinct from n."old {c}"' for c in names.values()) or "false"


@lru_cache(maxsize=64)
def merge_sql(kind: RecordType, shape: Shape) -> str:
    """Write what is new or differs. Returns for each such record: id, whether it is new, whether a rule of
    visibility reads what changed, and the policyholder it belonged to and belongs to when that changed.

    The rows are put in order, so all are compared before the first is written: else each look-up by key would pass
    over the rows that this statement wrote before it, wherever the planner knows no better index for a new broker.
    Of records with a history, what they were is kept.
    """
    written = columns(kind, shape)
    taken = [*written.values(), *_carried(kind, shape)]
    more = {**kind.constants, **stamps_of(kind.table)}
    into = "".join(f', "{c}"' for c in (*taken, *more))
    new = "".join([*(f', n."new {c}"' for c in taken), *(f", {value}" for value in more.values())])
    update = ", ".join(
        [
            *(f'"{c}" = excluded."{c}"' for c in written.values()),
            "changed_at = now()",
            *stamped(kind.table, "t"),
        ]
    )
    moved = kind.name == "contract"
    returned = {
        "id": "new.id",
        "is_new": "old.id is null",
        "is_seen": " or ".join(f'old."{c}" is distinct from new."{c}"' for c in kind.watched) or "false",
        "held_by": "old.policyholder_id" if moved else "null",
        "holder": "new.policyholder_id" if moved else "null",
    }
    change = f"""
        insert into {kind.table.name} as t (tenant_id, key{into})
        select %(tenant)s, n."key"{new}
          from {compared(kind, shape)}
         where n.stored_id is null or {_differs(kind, shape)}
         order by n.line
        on conflict (tenant_id, key) do update set {update}"""
    return keeping(kind.table, change, returned)


@lru_cache(maxsize=64)
def link_sql(kind: RecordType, field: str) -> str:
    """Make a list of links what the rows say. Returns the record and the other of each link that went or came."""
    link = kind.links[field]
    key = "e #>> '{}'"
    return f"""
        with wanted as materialized (
            select distinct o.id as own_id, {by_key(kind.fields[field].to, key)} as other_id
              from {_owners(kind, field)} cross join lateral {elements(field, "o")}),
        gone as (
            delete from {link.table} l using {_owners(kind, field)}
             where l.tenant_id = %(tenant)s and l.{link.own} = o.id
               and not exists (select from wanted w where w.own_id = l.{link.own} and w.other_id = l.{link.other})
            returning l.{link.own}, l.{link.other}),
        come as (
            insert into {link.table} (tenant_id, {link.own}, {link.other})
            select %(tenant)s, own_id, other_id from wanted
            on conflict do nothing
            returning {link.own}, {link.other})
        select * from gone union all select * from come"""


def _owners(kind: RecordType, field: str) -> str:
    """The rows that bring a list, each with the id of its record."""
    return f"""(select x.given, {by_key(kind.name, "x.given ->> 'key'")} as id from incoming_rows x
                 where x.tenant_id = %(tenant)s and x.batch_id = %(batch)s and x.given ? {literal(field)} offset 0) o"""


@lru_cache(maxsize=1)
def document_link_sql(kind: RecordType) -> str:
    """The same for the records documents hang on, which stand in one column per record type."""
    ids = ", ".join(f"{other}_id" for other in LINKED)
    new = ", ".join(f"case type when {literal(other)} then other_id end" for other in LINKED)
    return f"""
        with wanted as materialized (
            select distinct o.id as own_id, e ->> 'type' as type, {linked_id()} as other_id
              from {_owners(kind, "links")} cross join lateral {elements("links", "o")}),
        gone as (
            delete from document_links l using {_owners(kind, "links")}
             where l.tenant_id = %(tenant)s and l.document_id = o.id
               and not exists (select from wanted w
                                where w.own_id = l.document_id and w.other_id = coalesce({ids}))
            returning l.document_id),
        come as (
            insert into document_links (tenant_id, document_id, {ids})
            select %(tenant)s, own_id, {new} from wanted
            on conflict do nothing
            returning document_id)
        select document_id, null from gone union all select document_id, null from come"""


EXAMPLES = 20


@lru_cache(maxsize=64)
def difference_sql(kind: RecordType, shape: Shape) -> str:
    """Which fields of stored records would change: field, how many, and the first twenty as key, old, new."""
    rows = []
    for name, column in columns(kind, shape).items():
        old, new = f'n."old {column}"', f'n."new {column}"'
        if kind.fields[name].kind == "reference":
            old, new = (f"(select r.key from {kind.target(name)} r where r.tenant_id = %(tenant)s and r.id = {id})"
                        for id in (old, new))  # fmt: skip
        rows.append(f"({literal(name)}, ({old})::text, ({new})::text)")
    for name, link in kind.links.items():
        if name in shape:
            rows.append(f"({literal(name)}, {_list_before(kind, name, link)}, {_list_after(name)})")
    if not rows:
        return ""
    return f"""
        select d.field, count(*),
               (array_agg(jsonb_build_array(n."key", left(d.before, 100), left(d.after, 100)) order by n.line))[1:{EXAMPLES}]
          from {compared(kind, shape)} cross join lateral (values {", ".join(rows)}) d(field, before, after)
         where n.stored_id is not null and d.before is distinct from d.after
         group by d.field order by d.field"""


def _list_before(kind: RecordType, name: str, link: LinkTable) -> str:
    target = TABLES[kind.fields[name].to]
    return f"""(select string_agg(o.key, ', ' order by o.key)
                  from {link.table} l join {target} o on o.tenant_id = l.tenant_id and o.id = l.{link.other}
                 where l.tenant_id = %(tenant)s and l.{link.own} = n.stored_id and n.given ? {literal(name)})"""


def _list_after(name: str) -> str:
    return (
        f"(select string_agg(distinct e #>> '{{}}', ', ' order by e #>> '{{}}') from {elements(name, 'n')})"
    )
