"""The audit's chain: whoever changes it by hand is found, and nobody waits for a long transaction."""

from __future__ import annotations

import secrets
import threading
import uuid
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from app.core import audit, chain
from tenants import current


@pytest.fixture
def acts(web: Engine, tenant_id: uuid.UUID) -> Callable[..., None]:
    """So many acts, each in a transaction of its own."""

    def acts(count: int, act: str = "thing.changed") -> None:
        for n in range(count):
            with web.begin() as connection:
                audit.write(connection, tenant_id, act, before={"name": "Anna"}, after={"name": f"Berta {n}"})

    return acts


@pytest.fixture
def by_hand(owner: Engine, tenant_id: uuid.UUID) -> Callable[..., None]:
    """Statements of somebody who has the owner's password."""

    def run(*statements: str) -> None:
        with owner.begin() as connection:
            for statement in statements:
                assert connection.execute(text(statement), {"tenant": tenant_id}).rowcount

    return run


def look(engine: Engine, tenant_id: uuid.UUID, **noted: dict[int, bytes]) -> chain.Verdict:
    with current.acting_for(tenant_id), engine.connect() as connection:
        return chain.verify(connection, tenant_id, **noted)


def test_acts_are_numbered_without_a_gap_and_follow_from_one_another(acts, web, tenant_id):
    acts(3)
    with web.begin() as connection:
        for _ in range(2):
            audit.write(connection, tenant_id, "thing.removed", before={"Größe": 1.50, "list": [None, True]})

    verdict = look(web, tenant_id)

    assert (verdict.rows, verdict.fault) == (5, None)
    with web.connect() as connection:
        numbers = connection.scalars(
            text("select number from audit_seals where tenant_id = :t order by number"), {"t": tenant_id}
        ).all()
    assert numbers == [1, 2, 3, 4, 5]


def test_what_is_rolled_back_leaves_neither_row_nor_number(acts, web, tenant_id):
    with web.connect() as connection:
        audit.write(connection, tenant_id, "thing.changed")
        connection.rollback()
        audit.write(connection, tenant_id, "thing.changed")
        with connection.begin_nested() as savepoint:
            audit.write(connection, tenant_id, "thing.removed")
            savepoint.rollback()
        connection.commit()
    acts(1)

    verdict = look(web, tenant_id)

    assert (verdict.rows, verdict.fault) == (2, None)


def test_an_act_that_cannot_be_chained_does_not_happen(web, tenant_id):
    """Somebody took the next number by hand: the change is undone with its row."""
    with web.begin() as connection:
        audit.write(connection, tenant_id, "thing.changed")
    before = look(web, tenant_id)

    def change() -> None:
        with web.begin() as connection:
            connection.execute(
                text("insert into mandates (tenant_id, key, name) values (:t, 'm', 'm')"), {"t": tenant_id}
            )
            audit.write(connection, tenant_id, "thing.changed")
            connection.execute(
                text(
                    """insert into audit_seals (tenant_id, number, row_id, digest, hash)
                       select tenant_id, 2, id, '', '' from audit where tenant_id = :t order by id desc limit 1"""
                ),
                {"t": tenant_id},
            )

    with pytest.raises(IntegrityError):
        change()

    assert look(web, tenant_id) == before
    with web.connect() as connection:
        assert (
            connection.scalar(text("select count(*) from mandates where tenant_id = :t"), {"t": tenant_id})
            == 0
        )


LAST = "(select row_id from audit_seals where tenant_id = :tenant and number = 3)"


@pytest.mark.parametrize(
    ("statements", "fault", "number"),
    [
        ([f"update audit set act = 'thing.created' where tenant_id = :tenant and id = {LAST}"], "unchained", 3),
        ([f"update audit set actor_id = uuidv7() where tenant_id = :tenant and id = {LAST}"], "unchained", 3),
        ([f"update audit set at = at - interval '1 us' where tenant_id = :tenant and id = {LAST}"], "unchained", 3),
        ([f"update audit set after = '{{}}' where tenant_id = :tenant and id = {LAST}"], "changed", 3),
        ([f"update audit set before = null, after = null, salt = null where tenant_id = :tenant and id = {LAST}"],
         "emptied", 3),
        ([f"delete from audit where tenant_id = :tenant and id = {LAST}"], "missing", 3),
        ([f"delete from audit where tenant_id = :tenant and id = {LAST}",
          "delete from audit_seals where tenant_id = :tenant and number = 3"], "missing", 3),
        (["insert into audit (tenant_id, act) values (:tenant, 'thing.changed')"], "added", None),
        (["update audit_seals set number = number + 10 where tenant_id = :tenant and number > 2",
          "update audit_seals set number = 4 where tenant_id = :tenant and number = 13",
          "update audit_seals set number = 3 where tenant_id = :tenant and number = 14",
          "update audit_seals set number = 5 where tenant_id = :tenant and number = 15"], "unchained", 3),
    ],
)  # fmt: skip
def test_what_is_done_by_hand_is_found(acts, by_hand, web, tenant_id, statements, fault, number):
    acts(5)
    assert look(web, tenant_id).fault is None

    by_hand(*statements)

    verdict = look(web, tenant_id)
    assert (verdict.fault, verdict.number) == (fault, number)


def test_rows_cut_off_at_the_end_are_found_by_a_hash_kept_elsewhere(acts, by_hand, web, tenant_id):
    acts(5)
    kept = look(web, tenant_id)
    by_hand(
        "delete from audit using audit_seals s where audit.tenant_id = :tenant and s.tenant_id = :tenant and s.row_id = audit.id and s.number > 3",
        "delete from audit_seals where tenant_id = :tenant and number > 3",
    )
    assert look(web, tenant_id).fault is None

    assert look(web, tenant_id, noted={kept.rows: kept.head}).fault == "missing"
    acts(4)
    assert look(web, tenant_id, noted={kept.rows: kept.head}).fault == "rewritten"


def test_the_portal_adds_to_the_audit_and_takes_nothing_away(acts, web, tenant_id):
    acts(1)
    for statement in (
        "update audit set act = 'x' where tenant_id = :t",
        "delete from audit where tenant_id = :t",
        "update audit_seals set number = 7 where tenant_id = :t",
        "delete from audit_seals where tenant_id = :t",
        "truncate audit, audit_seals",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), web.begin() as connection:
            connection.execute(text(statement), {"t": tenant_id})


def test_many_at_once_make_one_chain(web, tenant_id):
    failed: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(15):
                with current.acting_for(tenant_id), web.begin() as connection:
                    audit.write(connection, tenant_id, "thing.changed", after={"token": secrets.token_hex(4)})
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert (look(web, tenant_id).rows, look(web, tenant_id).fault) == (60, None)


def test_nobody_waits_for_a_long_transaction_that_wrote_a_row(acts, web, tenant_id):
    """An import that notes itself and goes on for minutes; two people sign in meanwhile."""
    with web.begin() as long:
        audit.write(long, tenant_id, "import")
        long.execute(text("select 1"))

        with web.connect() as quick:
            quick.execute(text("set local lock_timeout = '2s'"))
            for _ in range(2):
                audit.write(quick, tenant_id, "session.start")
            quick.commit()

        assert look(web, tenant_id).rows == 2
    assert (look(web, tenant_id).rows, look(web, tenant_id).fault) == (3, None)


def test_each_broker_has_a_chain_of_his_own(acts, web, tenant_id, neighbour):
    acts(2)
    with current.acting_for(neighbour.tenant_id), web.begin() as connection:
        audit.write(connection, neighbour.tenant_id, "thing.changed")

    assert look(web, tenant_id).rows == 2
    assert look(web, neighbour.tenant_id).rows == 1
