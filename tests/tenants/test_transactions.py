"""How transactions begin and end: what is kept for the next one, and what is told when one cannot be kept."""

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError, OperationalError

from app.core.db import read
from tenants import current

QUESTION = "select 41 + 1 as answer"


def test_a_connection_still_knows_its_statements_after_a_transaction_was_dropped(make, web: Engine):
    with current.acting_for(make.tenant_id), web.connect() as connection:
        read(connection, QUESTION, {}, prepare=True)
        connection.rollback()
        known = read(connection, "select statement from pg_prepared_statements", {}).fetchall()

    assert (QUESTION,) in known


def test_what_was_dropped_is_not_there(make, web: Engine):
    with current.acting_for(make.tenant_id), web.connect() as connection:
        connection.exec_driver_sql("update tenants set name = 'Another'")
        connection.rollback()
        name = connection.exec_driver_sql("select name from tenants").scalar_one()

    assert name == "Test"


def test_what_a_transaction_may_not_leave_behind_is_told_at_its_end(owner: Engine):
    with owner.connect() as connection:
        connection.exec_driver_sql(
            "create temporary table once (n int unique deferrable initially deferred) on commit drop"
        )
        connection.exec_driver_sql("insert into once values (1), (1)")
        with pytest.raises(IntegrityError):
            connection.commit()


@pytest.mark.parametrize("end", ["commit", "rollback"])
def test_a_connection_that_is_lost_at_the_end_of_a_transaction_is_replaced(owner: Engine, end: str):
    with owner.connect() as connection, owner.connect() as other:
        lost = connection.exec_driver_sql("select pg_backend_pid()").scalar_one()
        other.exec_driver_sql(f"select pg_terminate_backend({lost}, 5000)")
        with pytest.raises(OperationalError):
            getattr(connection, end)()
    with owner.connect() as connection:
        assert connection.exec_driver_sql("select pg_backend_pid()").scalar_one() != lost
