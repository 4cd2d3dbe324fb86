"""The home page as the broker sets it for an organization: at the start, taken away, and locked."""

from __future__ import annotations

import html
import re
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


def was(page: str) -> str:
    """What the form of a page was filled with."""
    found = re.search(r'name="was" value="([^"]*)"', page)
    assert found
    return html.unescape(found[1])


def lay_out(clerk: Any, house: SimpleNamespace, said: dict[str, Any]) -> Any:
    """The form sent as the page at hand has it."""
    return clerk.post(house.path, data={"was": was(clerk.get(house.path).text), **said})


def apply(make: Any, **document: Any) -> None:
    with current.acting_for(make.tenant_id), make.engine.begin() as connection:
        config.apply(connection, document, None)


def test_members_begin_with_what_the_broker_set_and_have_no_more_to_choose(house, clerk, headings, neighbour):
    before = lines(house.eva)
    assert lay_out(clerk, house, SET).status_code == 303

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

    lay_out(clerk, house, SET)
    mine, still = lines(house.klara)
    assert mine[0] == "claims"
    assert "documents" not in mine
    assert "figures" in still
    lay_out(clerk, house, layout(*ORDER, shown=("contracts", "documents"), off=["claims"]))

    mine, still = lines(house.klara)
    assert "claims" not in mine
    assert mine.index("side") < mine.index("documents")
    assert "documents" in still
    lay_out(clerk, house, {"way": "standard"})
    assert lines(house.klara)[0][0] == "claims"
    assert lines(house.urs) == (order, shown)


def test_what_is_locked_is_moved_by_nobody(house, clerk, headings):
    order, shown = lines(house.klara)
    put(house.klara, order, [one for one in shown if one != "claims"])
    assert "Offene Schäden" not in headings(house.klara)

    lay_out(clerk, house, {**SET, "locked": "1"})

    assert headings(house.klara)[:2] == ["Ihre Verträge", "Offene Schäden"]
    assert "/home/widgets" not in house.klara.get("/").text
    assert house.klara.get("/home/widgets").status_code == 404
    assert put(house.klara, order, shown).status_code == 404
    assert house.eva.get("/home/widgets").status_code == 200
    lay_out(clerk, house, {"way": "standard"})
    assert "claims" not in lines(house.klara)[1]


def test_a_line_is_moved_without_a_script_and_nothing_is_kept_before_it_is_applied(house, clerk):
    before = lines(house.klara)
    answer = lay_out(clerk, house, {**SET, "move": "claims-up"})
    assert answer.status_code == 200
    claims, main = (answer.text.index(f'name="order" value="{one}"') for one in ("claims", "main"))
    assert claims < main
    assert 'name="off" value="documents" checked' in answer.text
    assert lines(house.klara) == before
    assert lay_out(clerk, house, {"order": "nonsense"}).status_code == 422


def test_the_page_shows_what_is_set_and_undoes_it(house, clerk, make):
    lay_out(clerk, house, SET)
    page = clerk.get(house.path, headers={"Accept-Language": "en"}).text
    assert 'name="off" value="documents" checked' in page
    assert all(f'name="order" value="{one}"' in page for one in EVERY)
    shown = clerk.get(house.path.removesuffix("/home-widgets"), headers={"Accept-Language": "en"}).text
    assert "Set here" in shown
    assert "Widgets of the home page, Not available" in shown


def test_two_clerks_at_once_the_second_compares_and_chooses(house, clerk, make):
    opened = was(clerk.get(house.path).text)
    lay_out(clerk, house, SET)
    saved = next(row.home_widgets for row in make.rows("organizations") if row.key == house.key)
    mine = {**layout(*ORDER, shown=("contracts", "figures"), off=["welcome"]), "was": opened}

    answer = clerk.post(house.path, data=mine, headers={"Accept-Language": "en"})

    assert answer.status_code == 409
    assert "Not available: Claims you reported, New documents" in answer.text
    assert "Not available: Welcome" in answer.text
    assert 'name="off" value="welcome" checked' in answer.text
    assert next(row.home_widgets for row in make.rows("organizations") if row.key == house.key) == saved
    again = {**mine, "was": was(answer.text), "wanted": "1"}
    assert clerk.post(house.path, data={**again, "yield": "home_widgets"}).status_code == 303
    assert next(row.home_widgets for row in make.rows("organizations") if row.key == house.key) == saved
    assert clerk.post(house.path, data=again).status_code == 303
    now = next(row.home_widgets for row in make.rows("organizations") if row.key == house.key)
    assert now["off"] == ["welcome"]
    # Who says the same as what was saved meanwhile is asked nothing.
    lay_out(clerk, house, SET)
    assert clerk.post(house.path, data={**SET, "was": was(answer.text)}).status_code == 303
    assert clerk.post(house.path, data=SET).status_code == 422


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
