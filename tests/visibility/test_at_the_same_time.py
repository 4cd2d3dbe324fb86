"""Two desks at once: one changes stock while the other changes rules, and nothing slips through between them."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from tenants import current
from tests.conftest import make_tenant
from tests.visibility.proof import ProvedStock


def found(stock: ProvedStock) -> None:
    """A company with four contracts, and an organization that shows them."""
    stock.put("mandate", "Hamburg")
    stock.put("policyholder", "Nordwerk", mandate="Hamburg")
    for n in range(4):
        stock.put("contract", f"Contract {n}", policyholder="Nordwerk")
        stock.put("invoice", f"Invoice {n}", policyholder="Nordwerk", contract=f"Contract {n}")
    stock.organization("Nordwerk", policyholders=["Nordwerk"], share_automatically=True, states=["own"])


def cancel(stock: ProvedStock, turn: int) -> None:
    name = f"Contract {turn % 4}"
    stock.put("contract", name, policyholder="Nordwerk", status=("own", "cancelled")[turn // 4 % 2])


def widen(stock: ProvedStock, turn: int) -> None:
    stock.organization(
        "Nordwerk", policyholders=["Nordwerk"], states=(["own"], ["own", "cancelled"])[turn % 2]
    )


@pytest.mark.parametrize("first", [cancel, widen])
def test_whoever_writes_first_the_other_settles_what_both_wrote(owner: Engine, web: Engine, first: Callable):
    second = {cancel: widen, widen: cancel}[first]
    with current.acting_for(make_tenant(owner)):
        with web.begin() as connection:
            stock = ProvedStock(connection, day=None)
            found(stock)
            stock.settle()
        with web.connect() as here, web.connect() as there:
            mine, theirs = ProvedStock(here, day=None), ProvedStock(there, day=None)
            # Both have written and neither sees the other's rows; settling takes turns.
            first(mine, 5)
            second(theirs, 5)
            mine.settle()
            waiting = threading.Thread(target=contextvars.copy_context().run, args=[theirs.settle])
            waiting.start()
            waiting.join(0.3)
            assert waiting.is_alive()
            here.commit()
            waiting.join(10)
            there.commit()
        with web.connect() as connection:
            ProvedStock(connection, day=None).proved()


def test_two_desks_busy_for_a_while_leave_no_difference(owner: Engine, web: Engine):
    tenant, failed = make_tenant(owner), []
    with current.acting_for(tenant), web.begin() as connection:
        stock = ProvedStock(connection, day=None)
        found(stock)
        stock.settle()

    def work(change: Callable[[ProvedStock, int], None]) -> None:
        try:
            for turn in range(15):
                with current.acting_for(tenant), web.begin() as connection:
                    stock = ProvedStock(connection, day=None)
                    change(stock, turn)
                    stock.settle()
        except Exception as error:
            failed.append(error)

    desks = [threading.Thread(target=work, args=[change]) for change in (cancel, widen)]
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.join()
    assert failed == []
    with current.acting_for(tenant), web.connect() as connection:
        ProvedStock(connection, day=None).proved()
