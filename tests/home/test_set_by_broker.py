"""The home page as the broker sets it for an organization: at the start, taken away, and locked."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from app.administration import config
from app.core.errors import Unacceptable
from tenants import current
from tests.home.test_layout import lines, organization, put

__all__ = ["organization"]

EVERY = (
    "messages",
    "welcome",
    "figures",
    "deadlines",
    "own_claims",
    "claims",
    "contracts",
    "documents",
    "contacts",
)


@pytest.fixture
def house(make: Any, organization: Any, sign_in: Any, neighbour: Any) -> SimpleNamespace:
    """Klara and Urs in one organization, Eva in its sibling; the neighbour's organization is its own."""
    sibling = make.organization(make.policyholder(), name="Sibling")
    neighbour.organization(neighbour.policyholder())
    return SimpleNamespace(
        klara=sign_in(make.member(organization)), urs=sign_in(make.member(organization)),
        eva=sign_in(make.member(sibling)), path=f"/organizations/{organization}/home-widgets",
        key=next(row.key for row in make.rows("organizations") if row.id == organization),
    )  # fmt: skip


def layout(*order: str, shown: tuple[str, ...], **more: Any) -> dict[str, Any]:
    return {"order": list(order), "shown": list(shown), **more}


ORDER = (
    "contracts", "messages", "main", "claims", "welcome", "side", "contacts", "documents", "figures", "deadlines",
    "own_claims",
)  # fmt: skip
SET = layout(*ORDER, shown=("contracts", "claims", "documents"), off=["documents", "own_claims"])


def apply(make: Any, **document: Any) -> None:
    with current.acting_for(make.tenant_id), make.engine.begin() as connection:
        config.apply(connection, document, None)


def test_members_begin_with_what_the_broker_set_and_have_no_more_to_choose(house, clerk, headings, neighbour):
    before = lines(house.eva)
    assert clerk.post(house.path, data=SET).status_code == 303

    order, shown = lines(house.klara)
    assert shown == ["contracts", "claims"]
    assert order[: order.index("side")] == ["contracts", "main", "claims"]
    assert not {"documents", "own_claims"} & set(order)
    assert headings(house.klara)[:2] == ["Ihre Verträge", "Offene Schäden"]
    put(house.klara, [*order, "documents"], ["documents", "claims"])
    assert "documents" not in lines(house.klara)[0]
    assert lines(house.eva) == before
    assert [row.home_widgets for row in neighbour.rows("organizations")] == [None]


def test_ones_own_layout_loses_what_is_taken_away_and_gets_what_is_added(house, clerk, headings):
    order, shown = lines(house.klara)
    put(house.klara, ["claims", *(one for one in order if one != "claims")], shown)
    assert headings(house.klara)[0] == "Offene Schäden"

    clerk.post(house.path, data=SET)
    mine, still = lines(house.klara)
    assert mine[0] == "claims"
    assert "documents" not in mine
    assert "figures" in still
    clerk.post(house.path, data=layout(*ORDER, shown=("contracts", "documents"), off=["claims"]))

    mine, still = lines(house.klara)
    assert "claims" not in mine
    assert mine.index("side") < mine.index("documents")
    assert "documents" in still
    clerk.post(house.path, data={"way": "standard"})
    assert lines(house.klara)[0][0] == "claims"
    assert lines(house.urs) == (order, shown)


def test_what_is_locked_is_moved_by_nobody(house, clerk, headings):
    order, shown = lines(house.klara)
    put(house.klara, order, [one for one in shown if one != "claims"])
    assert "Offene Schäden" not in headings(house.klara)

    clerk.post(house.path, data={**SET, "locked": "1"})

    assert headings(house.klara)[:2] == ["Ihre Verträge", "Offene Schäden"]
    assert "/home/widgets" not in house.klara.get("/").text
    assert house.klara.get("/home/widgets").status_code == 404
    assert put(house.klara, order, shown).status_code == 404
    assert house.eva.get("/home/widgets").status_code == 200
    clerk.post(house.path, data={"way": "standard"})
    assert "claims" not in lines(house.klara)[1]


def test_a_line_is_moved_without_a_script_and_nothing_is_kept_before_it_is_applied(house, clerk):
    before = lines(house.klara)
    answer = clerk.post(house.path, data={**SET, "move": "claims-up"})
    assert answer.status_code == 200
    claims, main = (answer.text.index(f'name="order" value="{one}"') for one in ("claims", "main"))
    assert claims < main
    assert 'name="off" value="documents" checked' in answer.text
    assert lines(house.klara) == before
    assert clerk.post(house.path, data={"order": "nonsense"}).status_code == 422


def test_the_page_shows_what_is_set_and_undoes_it(house, clerk, make):
    clerk.post(house.path, data=SET)
    page = clerk.get(house.path, headers={"Accept-Language": "en"}).text
    assert 'name="off" value="documents" checked' in page
    assert all(f'name="order" value="{one}"' in page for one in EVERY)
    shown = clerk.get(house.path.removesuffix("/home-widgets"), headers={"Accept-Language": "en"}).text
    assert "Set here" in shown
    assert "Widgets of the home page, Not available" in shown


def test_a_document_says_it_and_says_it_again(house, make):
    said = {"top": ["claims"], "off": ["documents"], "locked": True}
    apply(make, organizations=[{"key": house.key, "home_widgets": said}])
    with current.acting_for(make.tenant_id), make.engine.begin() as connection:
        told = config.export(connection)
        assert not config.plan(connection, told)
    assert next(one for one in told["organizations"] if one["key"] == house.key)["home_widgets"] == said
    for wrong, place in (
        ({"top": ["claims"], "main": ["claims"]}, "home_widgets"),
        ({"top": ["nonsense"]}, "home_widgets.top"),
        ({"elsewhere": []}, "home_widgets.elsewhere"),
        ({"locked": "yes"}, "home_widgets.locked"),
    ):
        with pytest.raises(Unacceptable) as refused:
            apply(make, organizations=[{"key": house.key, "home_widgets": wrong}])
        assert any(one.startswith(f"organizations[{house.key}].{place}") for one in refused.value.problems), (
            wrong
        )
    apply(make, organizations=[{"key": house.key, "home_widgets": None}])
    assert next(row.home_widgets for row in make.rows("organizations") if row.key == house.key) is None
