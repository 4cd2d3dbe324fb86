"""The reasons say what the portal shows: for anybody and any record of any world, all hold or one is missing."""

from __future__ import annotations

import random
import uuid
from unittest import mock

import pytest
from hypothesis import given, settings
from sqlalchemy import Engine

from app.administration.seen.answers import stock_reasons
from app.administration.seen.people import Place, places
from app.administration.seen.records import Record
from app.reports.source import SOURCES
from permissions import Viewer, arrival
from permissions.rights import NOTHING
from tenants import current
from tests.visibility import worlds
from tests.visibility.portal import shown_to
from tests.visibility.proof import ProvedStock
from tests.visibility.test_random_worlds import PATIENT
from tests.visibility.world import EVERY

ASKED = 25
"""Pairs of a person and a record, of each world."""


def pairs_of(stock: ProvedStock) -> list[tuple[Place, str, uuid.UUID]]:
    staff = Viewer(stock.tenant, stock.tenant, "", "", True, NOTHING, today=stock.day)
    people = places(stock.connection, staff, "true")
    records = [
        (kind, row[0])
        for kind in EVERY
        for row in stock.sql(f"select id from {kind}s where tenant_id = %(tenant)s")
    ]
    return [(place, *record) for place in people for record in records]


def agreed(web: Engine, world: list[worlds.Change], seed: int) -> None:
    with current.acting_for(uuid.uuid4()), web.connect() as connection:
        stock = ProvedStock(connection)
        play = worlds.Play(stock)
        for change in world:
            play.change(*change)
        stock.settle()
        pairs = pairs_of(stock)
        with stock.calendar():
            for place, kind, record_id in random.Random(seed).sample(pairs, min(ASKED, len(pairs))):
                cookie = place.user_id if place.is_staff else place.membership_id
                shown = record_id in shown_to(connection, str(cookie))[kind]
                with mock.patch.object(arrival, "rights_of", return_value=NOTHING):
                    person = arrival.viewer_of(connection, place.user_id, place.membership_id)
                reasons = stock_reasons(connection, place, Record(SOURCES[kind], record_id), person)
                met = all(reason.is_met for reason in reasons)
                assert met == shown, (place.name, place.organization, kind, stock.names[record_id], reasons)


@PATIENT
@given(world=worlds.worlds, seed=...)
def test_reasons_hold_where_a_record_is_shown_and_nowhere_else(web, world, seed: int):
    agreed(web, world, seed)


@pytest.mark.deep
@settings(PATIENT, max_examples=1000)
@given(world=worlds.worlds, seed=...)
def test_reasons_hold_where_a_record_is_shown_in_a_thousand_worlds(web, world, seed: int):
    agreed(web, world, seed)
