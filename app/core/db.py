"""The session, the base model and the column types every table shares."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Annotated, Any

import psycopg
from flask import current_app, g
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    ARRAY,
    CHAR,
    Computed,
    Connection,
    DateTime,
    ForeignKeyConstraint,
    Index,
    MetaData,
    Numeric,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, registry

from app.core.errors import TooLong

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

Amount = Annotated[Decimal, mapped_column(Numeric(18, 4))]
"""Money, in the currency of the column beside it; four places hold every currency the ECB quotes."""
Currency = Annotated[str, mapped_column(CHAR(3))]
"""An ISO 4217 code."""
Country = Annotated[str, mapped_column(CHAR(2))]
"""An ISO 3166 code."""
Share = Annotated[Decimal, mapped_column(Numeric(7, 4))]
"""Per cent, 12.5 for twelve and a half."""


class Base(DeclarativeBase):
    """Every table. Text is `text`: PostgreSQL gains nothing from a length, input is bounded at the edge."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={
            str: Text(),
            uuid.UUID: Uuid(),
            Decimal: Numeric(),
            datetime.datetime: DateTime(timezone=True),
        },
    )


class TenantOwned:
    """A row of one broker. The key begins with the tenant, so no reference can ever cross brokers."""

    tenant_id: Mapped[uuid.UUID] = mapped_column(primary_key=True, sort_order=-20)


class Record(TenantOwned):
    """A tenant's row with an id of its own and the moments it was made and last changed."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=text("uuidv7()"), sort_order=-19)
    created_at: Mapped[datetime.datetime] = mapped_column(server_default=func.now(), sort_order=90)
    changed_at: Mapped[datetime.datetime] = mapped_column(server_default=func.now(), sort_order=91)


BORN_HERE = "portal-"
"""What the key begins with of a record that the broker's own system did not send; its id follows."""


class Keyed(Record):
    """A record the broker's own system knows by `key`; imports are upserts by it."""

    key: Mapped[str] = mapped_column(sort_order=-18)

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:
        return keyed(cls.__tablename__)  # type: ignore[attr-defined]


def keyed(table: str, *more: Any) -> tuple[Any, ...]:
    """Table arguments of a keyed record: its key is unique per tenant; `more` are its references and indexes."""
    return (Index(f"uq_{table}_key", "tenant_id", "key", unique=True), *more)


def folded(column: str) -> Mapped[str]:
    """A stored key of a text column by which it sorts and is found: lower case, without accents."""
    return mapped_column(Computed(f"folded({column})", persisted=True))


def text_list() -> Mapped[list[str]]:
    """A list of words or keys, empty at first."""
    return mapped_column(ARRAY(Text), server_default=text("'{}'"))


def belongs_to(
    target: str, column: str, *, optional: bool = False, ondelete: str | None = None
) -> ForeignKeyConstraint:
    """A reference within the tenant. With `optional`, deleting the target empties the column only."""
    if optional:
        ondelete = f"SET NULL ({column})"
    return ForeignKeyConstraint(
        ["tenant_id", column], [f"{target}.tenant_id", f"{target}.id"], ondelete=ondelete
    )


def tenant_index(table: str, *columns: str, **options: Any) -> Index:
    """An index of a tenant's table: it begins with the tenant, as every query does."""
    name = "ix_" + "_".join([table, *(c.split(" ")[0].strip("()") for c in columns)])
    return Index(
        name[:63], "tenant_id", *[text(c) if " " in c or "(" in c else c for c in columns], **options
    )


def one_per_person(table: str) -> tuple[Any, ...]:
    """Table arguments of what a person has once in each organization he works in, or at the desk; it ends with him."""
    owner = ("tenant_id", "user_id", "membership_id")
    return (
        Index(f"uq_{table}_owner", *owner, unique=True, postgresql_nulls_not_distinct=True),
        belongs_to("users", "user_id", ondelete="CASCADE"),
        belongs_to("memberships", "membership_id", ondelete="CASCADE"),
        tenant_index(table, "membership_id"),
    )


db = SQLAlchemy(model_class=Base, disable_autonaming=True)


def transaction() -> Connection:
    """The transaction of this request, begun at its first statement. The edge keeps it, or drops it."""
    connection: Connection | None = g.get("transaction")
    if connection is None:
        connection = g.transaction = db.engine.connect()
    return connection


@contextmanager
def within(connection: Connection) -> Iterator[None]:
    """Lets what answers requests work in a job, in the job's transaction."""
    with current_app.app_context():
        g.transaction = connection
        try:
            yield
        finally:
            g.pop("transaction", None)


def keep() -> None:
    """Commit what the request did, and give its connection back."""
    if begun := g.pop("transaction", None):
        with begun:
            begun.commit()


def drop() -> None:
    """Undo what the request did and has not kept."""
    if begun := g.pop("transaction", None):
        begun.close()


def is_away(connection: Connection, error: psycopg.OperationalError) -> OperationalError:
    """The error as SQLAlchemy would tell it, so that a server that is away is known as such everywhere. A connection
    that is lost leaves the pool."""
    driver: Any = connection.connection.driver_connection
    is_lost = bool(driver.broken)
    if is_lost:
        connection.invalidate(error)
    return OperationalError(None, None, error, connection_invalidated=is_lost)


def read(
    connection: Connection, sql: str, values: Mapping[str, Any], *, prepare: bool | None = None
) -> psycopg.Cursor[Any]:
    """Ask the driver itself, within the connection's transaction: a page costs a third less than through
    SQLAlchemy's result objects. With `prepare=False` the statement's plan is made anew and not kept."""
    if not connection.in_transaction():
        connection.begin()
    driver: Any = connection.connection.driver_connection
    try:
        return driver.execute(sql, values, prepare=prepare)
    except psycopg.errors.QueryCanceled as error:
        raise TooLong from error
    except psycopg.OperationalError as error:
        raise is_away(connection, error) from error


def chunks(items: Iterable[Any], size: int) -> Iterable[list[Any]]:
    """The items in lists of at most `size`."""
    batch: list[Any] = []
    for item in items:
        batch.append(item)
        if len(batch) >= size:
            yield batch
            batch = []
    if batch:
        yield batch
