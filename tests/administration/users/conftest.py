"""A broker with clients in organizations, and somebody at his desk."""

from __future__ import annotations

import csv
import datetime
import io
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text

from tenants import current, visibility

MONTH = visibility.today().replace(day=1)
LAST_MONTH = (MONTH - datetime.timedelta(days=1)).replace(day=1)
LONG_AGO = datetime.date(2024, 2, 1)


@dataclass
class Reader:
    """Somebody who opens overviews."""

    browser: Any

    def rows(self, plural: str, words: str = "") -> list[dict[str, Any]]:
        answer = self.browser.get(f"/api/v1/{plural}?{words}")
        assert answer.status_code == 200, answer.text
        return answer.json[plural]

    def file(self, path: str) -> list[list[str]]:
        answer = self.browser.get(path, headers={"Accept-Language": "en"})
        assert answer.status_code == 200, answer.text
        return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))

    def words(self, path: str) -> str:
        answer = self.browser.get(path, headers={"Accept-Language": "en"})
        assert answer.status_code == 200, answer.text
        return answer.text


@pytest.fixture
def desk_profile(make: Any) -> uuid.UUID:
    return make.profile(is_staff=True)


@pytest.fixture
def clerk(make: Any, desk_profile: uuid.UUID) -> uuid.UUID:
    return make.user("Aylin Kaya", is_staff=True, profile_id=desk_profile)


@pytest.fixture
def desk(clerk: uuid.UUID, sign_in: Any) -> Reader:
    return Reader(sign_in(user=clerk))


@pytest.fixture
def used(make: Any) -> Callable[..., None]:
    """So often somebody signed in during a month."""

    def used(user: uuid.UUID, organization: uuid.UUID | None, month: datetime.date, **counted: int) -> None:
        at = datetime.datetime.combine(month, datetime.time(9), visibility.BERLIN)
        make.row(
            "usage_months", user_id=user, organization_id=organization, month_on=month,
            signed_in_at=at if counted.get("sign_ins") else None, **counted,
        )  # fmt: skip

    return used


@pytest.fixture
def house(make: Any, neighbour: Any, used: Any) -> SimpleNamespace:
    """Two organizations, Klara in both and Urs in one; the neighbour has people of the same names, who use it more."""
    north, south = make.policyholder("Nordwerk Guss GmbH"), make.policyholder("Südbau AG")
    group = make.organization(north, name="Nordwerk Gruppe")
    site = make.organization(south, name="Südbau")
    manager, reporter = make.profile(), make.profile()
    make.change("profiles", manager, key="manager", name="Versicherungsmanagement")
    make.change("profiles", reporter, key="reporter", name="Schadenmelder")
    klara, urs = make.user("Klara Muster", password_hash="x"), make.user("Urs Nef", password_hash="x")
    first = make.member(group, manager, klara, is_main=True)
    second = make.member(site, reporter, klara)
    third = make.member(group, reporter, urs, is_main=True)
    for month, number in ((MONTH, 3), (LAST_MONTH, 2), (LONG_AGO, 4)):
        used(klara, group, month, sign_ins=number)
    used(klara, site, MONTH, sign_ins=1)
    there = neighbour.organization(neighbour.policyholder("Nordwerk Guss GmbH"))
    other = neighbour.user("Klara Muster", password_hash="x")
    neighbour.member(there, user=other, is_main=True)
    neighbour.row(
        "usage_months", user_id=other, organization_id=there, month_on=MONTH, sign_ins=70,
        signed_in_at=datetime.datetime.now(datetime.UTC),
    )  # fmt: skip
    return SimpleNamespace(
        group=group, site=site, north=north, south=south, klara=klara, urs=urs, manager=manager,
        memberships=(first, second, third),
    )  # fmt: skip


@pytest.fixture
def ask(make: Any) -> Callable[..., list[Any]]:
    """Rows of this broker; `:tenant` is at hand."""

    def ask(query: str, **values: Any) -> list[Any]:
        with current.acting_for(make.tenant_id), make.engine.begin() as connection:
            return list(connection.execute(text(query), {"tenant": make.tenant_id, **values}))

    return ask
