"""Each gate is there for something: with it its probe passes, without it the probe fails."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterator
from functools import _lru_cache_wrapper
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from app.core.storage import Storage
from tenants import directory, visibility
from tests.conftest import Browser, make_tenant
from tests.factories import Make
from tests.security.gates import GATES, Gate
from tests.security.stock import Person, document_profile, one_of_everything, with_cookie, with_token

PAST = datetime.timedelta(hours=-1)
NARROW = (
    "menu:contracts", "menu:objects", "field:contract.number", "field:contract.product", "field:contract.insurer",
    "field:contract.last_day_to_cancel", "field:contract.ends_on", "field:contract.annual_due_on", "field:contract.status",
    "field:object.label", "field:object.sum_insured", "function:export",
)  # fmt: skip


@pytest.fixture(scope="module")
def stage(portal: Flask, owner: Any, web: Any) -> SimpleNamespace:
    """Two brokers, two organizations, and everybody a gate is there for."""
    make, neighbour = Make(web, make_tenant(owner)), Make(web, make_tenant(owner))
    neighbour.contract()
    hamburg, wien = make.mandate("Hamburg"), make.mandate("Wien")
    ours, theirs = (one_of_everything(make, word, hamburg, []) for word in ("Ours", "Theirs"))
    make.change("contracts", ours["contract"], product="Gewerbepolice", intermediary="=1+1")
    make.change("objects", ours["object"], sum_insured=1000, currency="EUR")
    make.change("documents", theirs["document"], sha256=_stored(portal, make), size=5)
    make.change("documents", ours["document"], sha256=_stored(portal, make), size=5)
    shared = document_profile(make)
    organization = make.organization(ours["policyholder"], document_profile_id=shared)
    closed = make.organization(ours["policyholder"], ends_on=visibility.today() - datetime.timedelta(days=2))
    everything, desk = make.profile(), make.profile(is_staff=True)
    nothing = make.row("profiles", key="nothing", name="Nothing")
    narrow = make.profile(*NARROW, **{"field:contract.product": "mask"})
    limited, inactive = make.user(is_staff=True, profile_id=desk), make.user()
    make.row("staff_mandates", user_id=limited, mandate_id=wien)

    def member(**more: Any) -> Any:
        return make.member(more.pop("of", organization), more.pop("profile", everything), **more)

    client, reporter = member(), member()
    reported = make.claim(theirs["contract"], reported_by_id=make.user_of(reporter))
    yesterday = visibility.today() - datetime.timedelta(days=2)
    people = {
        "client": client, "reporter": reporter, "bare": member(profile=nothing), "narrow": member(profile=narrow),
        "ended": member(ends_on=yesterday), "closed": member(of=closed), "inactive": member(user=inactive),
    }  # fmt: skip
    known: dict[str, Any] = {
        name: with_cookie(portal, make, membership=membership) for name, membership in people.items()
    }
    make.change("users", inactive, is_active=False)
    return SimpleNamespace(
        portal=portal, owner=owner, make=make, neighbour=neighbour, ours=ours, theirs=theirs, reported=reported,
        organization=organization, user=make.user_of(client), nobody=Person(Browser(portal, make, None)),
        limited=with_cookie(portal, make, user=limited), expired=with_cookie(portal, make, membership=client, lasts=PAST),
        expired_token=with_token(portal, make, client, PAST), **known,
    )  # fmt: skip


def _stored(portal: Flask, make: Make) -> str:
    storage: Storage = portal.extensions["storage"]
    return storage.store_bytes(make.tenant_id, b"%PDF-").sha256


def forget() -> None:
    """Whatever was derived with a gate open or shut is derived anew."""
    directory._known.clear()
    for module in [
        module for name, module in sys.modules.items() if name.startswith(("app.reports", "app.shell"))
    ]:
        for known in vars(module).values():
            if isinstance(known, _lru_cache_wrapper):
                known.cache_clear()


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    forget()
    yield
    forget()


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.name)
def test_a_gate_is_missed_when_it_is_gone(gate: Gate, stage):
    gate.probe(stage)
    forget()
    with gate.without(), pytest.raises((AssertionError, pytest.fail.Exception)):
        gate.probe(stage)
    forget()
    gate.probe(stage)


def test_every_probe_watches_some_gate_and_every_gate_has_a_name_of_its_own():
    assert len({gate.name for gate in GATES}) == len(GATES)
