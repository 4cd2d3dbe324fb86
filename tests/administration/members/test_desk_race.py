"""What is withdrawn while a clerk’s form about somebody else waits for its turn stays withdrawn."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Connection, text

from tenants import current, visibility
from tests.administration.waiting import until_somebody_waits


def waited(make: Any, act: Callable[[], Any], change: Callable[[Connection], None]) -> list[int]:
    """The status of `act`, begun while the broker’s lock is held, and of what is changed before it is let go."""
    answers: list[int] = []
    with current.acting_for(make.tenant_id), make.engine.begin() as connection:
        visibility.lock(connection)
        thread = threading.Thread(target=lambda: answers.append(act().status_code))
        thread.start()
        until_somebody_waits(connection)
        change(connection)
    thread.join(30)
    return answers


@pytest.fixture
def clerk(make: Any, sign_in: Any) -> Any:
    return sign_in(user=make.user("Aylin", is_staff=True, profile_id=make.profile(is_staff=True)))


@pytest.fixture
def team(make: Any, clerk: Any) -> SimpleNamespace:
    """Klara and Ben, and Klara’s form sent as it stands."""
    organization, profile = make.organization(name="Nordwerk"), make.profile()
    klara, ben = (
        make.member(organization, profile, make.user(name), is_main=True) for name in ("Klara", "Ben")
    )
    key = next(row.key for row in make.rows("profiles") if row.id == profile)
    path = f"/organizations/{organization}/members/{klara}"
    return SimpleNamespace(ben=ben, save=lambda: clerk.post(path, data={"profile": key, "objects": "all"}))


def test_access_that_ended_meanwhile(make, team):
    def ended(connection):
        connection.execute(
            text("update memberships set ends_on = current_date - 1 where tenant_id = :t and id = :m"),
            {"t": make.tenant_id, "m": team.ben},
        )

    answers = waited(make, team.save, ended)
    assert answers in ([303], [409])
    assert next(row for row in make.rows("memberships") if row.id == team.ben).ends_on is not None


def test_a_member_removed_meanwhile(make, team):
    def gone(connection):
        connection.execute(
            text("delete from memberships where tenant_id = :t and id = :m"),
            {"t": make.tenant_id, "m": team.ben},
        )

    waited(make, team.save, gone)
    assert len(make.rows("memberships")) == 1


@pytest.fixture
def shared(make: Any) -> SimpleNamespace:
    """An organization with one contract shared by hand, which can be taken out, and another that is not."""
    organization = make.organization(name="Nordwerk")
    secret, other = make.contract(number="S-1"), make.contract(number="O-1")
    make.row("organization_contracts", organization_id=organization, contract_id=secret, part="shared")
    make.arrange(organizations={organization})

    def gone(connection: Connection) -> None:
        connection.execute(
            text("delete from organization_contracts where tenant_id = :t and contract_id = :c"),
            {"t": make.tenant_id, "c": secret},
        )

    key = next(row.key for row in make.rows("contracts") if row.id == other)
    return SimpleNamespace(address=f"/organizations/{organization}", other=other, key=key, gone=gone)


def test_a_contract_taken_out_meanwhile(make, clerk, shared):
    waited(
        make,
        lambda: clerk.post(f"{shared.address}/lists/shared_contracts", data={"add": shared.key}),
        shared.gone,
    )
    assert {row.contract_id for row in make.rows("organization_contracts")} == {shared.other}


def test_a_contract_taken_out_while_another_change_is_undone(make, clerk, shared):
    made = clerk.post(f"{shared.address}/lists/shared_contracts", data={"add": shared.key})
    change = made.location.partition("?change=")[2]
    undoing = f"{shared.address}/changes/{change}/undoing"
    assert waited(make, lambda: clerk.post(undoing), shared.gone) == [303]
    assert make.rows("organization_contracts") == []


def test_a_made_up_link_waits_for_nobody(make, nobody):
    answers: list[int] = []
    with current.acting_for(make.tenant_id), make.engine.begin() as connection:
        visibility.lock(connection)
        thread = threading.Thread(
            target=lambda: answers.append(nobody.post("/invitation/made-up", data={}).status_code)
        )
        thread.start()
        thread.join(30)
        assert answers == [404]
