"""What can be done with reports, switched off for a broker, an organization, a profile or one report."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from sqlalchemy import text

from app.reports.switches import SWITCHES, ReportFunction
from tenants import current
from tests.reports.test_saved import acts, ask, id_of, keep, numbers, organization, page, post, stock
from tests.reports.test_sharing import people, share

__all__ = ["organization", "people", "stock"]

SAID = {
    "report.search": "q=N-1",
    "report.filter": "status=own",
    "report.rows": "rows=25",
    "report.as_of": "as_of=2020-01-31",
    "report.columns": "columns=number",
    "report.sort": "sort=-number",
    "report.breaks": "break=status",
    "report.totals": "total=count",
    "report.compute": "compute=c1:Twice:premium_net*2",
    "report.highlight": "mark=warning::Many:premium_net>60",
    "report.tiles": "view=tiles",
    "report.groups": "by=status",
    "report.chart": "by=status&chart=bars",
    "report.pivot": "by=status&across=line_of_business",
}
"""What an address says with each function."""
CONTROLS = {
    "report.bar": 'class="rbar"',
    "report.actions": "data-print",
    "report.search": 'id="report-search"',
    "report.filter": 'popovertarget="filter"',
    "report.rows": 'name="rows"',
    "report.as_of": 'popovertarget="as-of"',
    "report.columns": 'name="column"',
    "report.sort": "sort=-number",
    "report.breaks": "break=status",
    "report.totals": "total=sum.premium_net",
    "report.compute": "/contracts/compute",
    "report.highlight": "/contracts/mark",
    "report.tiles": '<span class="t">Tiles',
    "report.groups": '#i-sigma"/></svg><span class="t">Groups',
    "report.chart": '<span class="t">Chart',
    "report.pivot": '<span class="t">Pivot table',
    "save_reports": "Save report",
    "subscribe": "Subscribe to report",
    "report.csv": "/contracts.csv",
    "report.xlsx": "/contracts.xlsx",
    "report.pdf": "/contracts.pdf",
}
"""What stands on the page for it, and only for it."""
ROUTES = {
    "report.filter": ("conditions", "rule", "values?of_column=status"),
    "report.columns": ("columns",),
    "report.compute": ("compute",),
    "report.highlight": ("mark",),
    "report.as_of": ("changes", "changes.csv"),
}
REFUSED = "Switched off here: "


@pytest.fixture
def member(make: Any, organization: Any) -> Any:
    return make.member(organization)


@pytest.fixture
def anna(member: Any, sign_in: Any) -> Any:
    return sign_in(member)


def switch_off(make: Any, organization: Any, *keys: str) -> None:
    make.change("organizations", organization, report_functions_off=list(keys))


def switch_off_for_all(make: Any, web: Any, *keys: str) -> None:
    with current.acting_for(make.tenant_id), web.begin() as connection:
        connection.execute(
            text("update tenants set report_functions_off = :keys where tenant_id = :tenant"),
            {"keys": list(keys), "tenant": make.tenant_id},
        )


def tick(reader: Any, path: str, *off: str) -> Any:
    """Send the form with all ticked but these, as far as the page lets one choose."""
    shown = re.findall(r'name="shown" value="([^"]*)"', page(reader, path.removesuffix("/functions")))
    return post(reader, path, shown=shown, on=[one for one in shown if one not in off])


def refusals(page: str) -> list[str]:
    return [html.unescape(one) for one in re.findall(r"Switched off here: ([^.]*)\.", page)]


def test_every_function_that_governs_an_address_is_tried_here():
    governing = {one.key for one in SWITCHES.values() if isinstance(one, ReportFunction) and one.control}
    assert set(SAID) == governing
    assert set(CONTROLS) == SWITCHES.keys() - {"share_reports", "report.mail"}


@pytest.mark.parametrize("key", SAID)
def test_an_address_is_read_without_what_is_switched_off_and_says_so(key, make, organization, anna):
    plain, asked = page(anna, "/contracts"), f"/contracts?{SAID[key]}"
    assert ask(anna, asked).status_code == 200

    switch_off(make, organization, key)
    answer = ask(anna, asked)

    assert answer.status_code == 422
    assert refusals(answer.text) == [str(SWITCHES[key].label)]
    assert numbers(answer.text) == numbers(plain)
    heads = re.compile(r'scope="col"[^>]*>')
    assert len(heads.findall(answer.text)) == len(heads.findall(plain))
    switch_off(make, organization)
    assert ask(anna, asked).status_code == 200


@pytest.mark.parametrize("key", SAID)
def test_the_api_and_files_refuse_what_is_switched_off(key, make, organization, anna):
    switch_off(make, organization, key)
    for path in ("/contracts.csv", "/contracts.xlsx", "/contracts.pdf", "/api/v1/contracts"):
        assert ask(anna, path).status_code == 200, path
        answer = ask(anna, f"{path}?{SAID[key]}")
        assert answer.status_code == 422, path
        assert REFUSED.encode() in answer.data
    control = SWITCHES[key].control
    assert REFUSED in ask(anna, f"/api/v1/contracts?{SAID[key]}").json["errors"][control]


@pytest.mark.parametrize("key", CONTROLS)
def test_its_control_vanishes_and_nothing_else_does(key, make, organization, anna):
    address = keep(anna, "Mine", columns="number,status,premium_net,line_of_business")
    before = page(anna, address)
    assert CONTROLS[key] in before

    switch_off(make, organization, key)
    # A report that fixes columns keeps them.
    after = page(anna, address)

    assert CONTROLS[key] not in after
    assert numbers(after) == numbers(before)
    places = {"report.bar", "report.actions"}
    if key not in places:
        others = {one for one in CONTROLS if one != key and CONTROLS[one] not in after}
        assert others == set()


@pytest.mark.parametrize(("key", "name"), [(key, name) for key, names in ROUTES.items() for name in names])
def test_a_page_of_a_switched_off_function_is_not_there(key, name, make, organization, anna):
    assert ask(anna, f"/contracts/{name}").status_code == 200
    switch_off(make, organization, key)
    assert ask(anna, f"/contracts/{name}").status_code == 403


def test_without_the_bar_it_is_still_told_that_a_view_is_filtered(make, organization, anna):
    switch_off(make, organization, "report.bar")
    assert "This view is filtered." in page(anna, "/contracts?status=own")
    assert "This view is filtered." not in page(anna, "/contracts")


@pytest.mark.parametrize("ending", ["csv", "xlsx", "pdf"])
def test_a_file_of_a_switched_off_kind_is_not_there(ending, make, organization, anna):
    switch_off(make, organization, f"report.{ending}")
    found = {one: ask(anna, f"/contracts.{one}").status_code for one in ("csv", "xlsx", "pdf")}
    assert found == {"csv": 200, "xlsx": 200, "pdf": 200} | {ending: 403}


def test_an_organization_switches_off_for_its_members_only(
    make, organization, anna, stock, neighbour, sign_in
):
    sibling = sign_in(make.member(make.organization(stock, name="Hafenbau")))
    switch_off(make, organization, "report.search")
    assert CONTROLS["report.search"] not in page(anna, "/contracts")
    assert CONTROLS["report.search"] in page(sibling, "/contracts")
    assert ask(sibling, "/contracts?q=N-1").status_code == 200


def test_a_broker_switches_off_for_everybody_of_his_staff_too(make, web, anna, neighbour, sign_in):
    desk = sign_in(user=make.user(is_staff=True, profile_id=make.profile(is_staff=True)))
    theirs = neighbour.member(neighbour.organization(neighbour.policyholder()))
    other = sign_in(theirs, at=neighbour)
    switch_off_for_all(make, web, "report.search")
    found = [ask(reader, "/contracts?q=N-1").status_code for reader in (anna, desk, other)]
    assert found == [422, 422, 200]


def test_a_profile_that_does_not_grant_it_has_it_off(make, organization, sign_in):
    plain = make.profile(without=("function:report.search", "function:report.csv"))
    ben = sign_in(make.member(organization, plain))
    assert CONTROLS["report.search"] not in page(ben, "/contracts")
    assert ask(ben, "/contracts?q=N-1").status_code == 422
    assert ask(ben, "/contracts.csv").status_code == 403


def test_each_level_only_takes_away(make, web, organization, member, anna):
    """What the broker switched off, an organization with nothing switched off does not bring back, nor a profile."""
    switch_off_for_all(make, web, "report.search")
    switch_off(make, organization, "report.sort")
    found = [ask(anna, f"/contracts?{words}").status_code for words in ("q=N-1", "sort=number", "status=own")]
    assert found == [422, 422, 200]


@pytest.fixture
def fixed(people: Any) -> str:
    """A report of Anna's, shared with Ben, of which he may change nothing."""
    address = keep(
        people.anna, "Own by number", status="own", sort="-number", **{"break": "status"}, rows="1",
        columns="number,status,premium_net", mark="warning::Many:premium_net>60",
    )  # fmt: skip
    share(people.anna, address, "organization")
    answer = tick(people.anna, f"/reports/{id_of(address)}/functions", *SAID, "report.bar", "report.actions")
    assert answer.status_code == 303
    return address


def test_a_fixed_report_shows_what_its_author_meant(make, web, people, fixed):
    shown = page(people.ben, fixed)
    assert numbers(shown) == ["N-2"]
    assert "This view is filtered." not in shown
    assert "Highlight" in html.unescape(page(people.anna, fixed))
    assert [CONTROLS[key] in shown for key in ("report.bar", "report.actions", "report.search")] == [
        False
    ] * 3
    further = re.search(r'rel="next" href="([^"]*)"', shown)
    assert further
    second = page(people.ben, html.unescape(further[1]))
    assert numbers(second) == ["N-1"]
    assert "hl-warning" in second
    assert acts(make, web)[-1] == "report.switch"


@pytest.mark.parametrize(
    "words", ["status=quote", "status=", "sort=number", "break=", "mark=", "q=N-2", "by=status"]
)
def test_nobody_else_changes_a_fixed_report(words, people, fixed):
    answer = ask(people.ben, f"{fixed}&{words}")
    assert answer.status_code == 422
    assert len(refusals(answer.text)) == 1
    assert numbers(answer.text) == ["N-2"]
    assert ask(people.anna, f"{fixed}&{words}").status_code == 200


def test_the_report_switches_off_only_where_it_is_open(people, fixed):
    assert ask(people.ben, "/contracts?status=quote").status_code == 200
    assert CONTROLS["report.bar"] in page(people.ben, "/contracts")


def test_its_files_pages_and_mails_can_be_switched_off_too(people, fixed):
    report = id_of(fixed)
    assert ask(people.ben, fixed.replace("?", ".csv?")).status_code == 200
    assert ask(people.ben, f"/contracts/columns?report={report}").status_code == 403

    tick(people.anna, f"/reports/{report}/functions", *SWITCHES.keys() - {"report.pdf"})

    found = [
        ask(people.ben, fixed.replace("?", f".{ending}?")).status_code for ending in ("csv", "xlsx", "pdf")
    ]
    assert found == [403, 403, 200]
    assert ask(people.anna, fixed.replace("?", ".csv?")).status_code == 200
    for act in ("subscriptions", "mail"):
        assert post(people.ben, f"/reports/{report}/{act}").status_code == 403, act
    assert 'id="subscriptions"' not in page(people.ben, f"/reports/{report}")


def test_only_who_may_change_a_report_says_what_can_be_done_with_it(people, fixed):
    report = id_of(fixed)
    assert 'id="functions"' in page(people.anna, f"/reports/{report}")
    assert 'id="functions"' not in page(people.ben, f"/reports/{report}")
    assert post(people.ben, f"/reports/{report}/functions", shown="report.bar").status_code == 404


def test_nothing_switched_off_is_saved_but_what_a_report_below_says(make, organization, people):
    """Ben copies Anna's report as it is, though he may not filter; he cannot save a filter of his own."""
    address = keep(people.anna, "Own ones", status="own", sort="-number")
    share(people.anna, address, "organization")
    switch_off(make, organization, "report.filter", "report.sort")
    found = re.search(r'name="words" value="([^"]*)"', page(people.ben, address))
    assert found
    words = html.unescape(found[1])

    copied = post(people.ben, "/reports", source="contract", name="Copy", words=words)
    own = post(people.ben, "/reports", source="contract", name="Own", words="status=own")
    other = post(people.ben, "/reports", source="contract", name="Other", words=words.replace("own", "quote"))

    assert [one.status_code for one in (copied, own, other)] == [303, 422, 422]
    assert REFUSED in own.text
    assert numbers(page(people.ben, copied.headers["Location"])) == ["N-2", "N-1"]
    changed = post(people.ben, f"/reports/{id_of(copied.headers['Location'])}/state", words="status=quote")
    assert changed.status_code == 422


def test_a_group_leads_nowhere_for_whoever_may_not_filter(make, organization, anna):
    asked = "/contracts?by=status&show=count"
    behind = "status=own"
    assert behind in page(anna, asked)
    for words in ("", "&chart=bars", "&across=line_of_business"):
        switch_off(make, organization, "report.filter")
        assert behind not in page(anna, asked + words), words


def test_the_home_page_leads_only_where_one_may_go(make, stock, organization, anna):
    make.contract(stock, number="N-9", status="own", ends_on="2030-01-01")
    filtered = re.compile(r'href="/contracts\?[^"]*"|href="/claims\?[^"]*"')
    assert filtered.findall(page(anna, "/"))
    switch_off(make, organization, "report.filter")
    for link in re.findall(r'href="(/(?:contracts|claims|invoices)[^"]*)"', page(anna, "/")):
        assert ask(anna, html.unescape(link)).status_code == 200


def test_the_api_describes_no_parameter_that_is_switched_off(make, organization, anna):
    def parameters() -> set[str]:
        found = anna.get("/api/openapi.json").json["paths"]["/api/v1/contracts"]["get"]["parameters"]
        return {one["name"] for one in found}

    before = parameters()
    switch_off(make, organization, "report.filter", "report.columns", "report.rows")
    assert parameters() == {"q", "sort", "after", "of", "as_of"}
    assert {"status", "fields", "limit"} <= before


@pytest.fixture
def boss(make: Any, sign_in: Any) -> Any:
    return sign_in(user=make.user("Boss", is_staff=True, profile_id=make.profile(is_staff=True)))


def ticked(page: str) -> set[str]:
    return set(re.findall(r'name="on" value="([^"]*)" checked', page))


def test_the_broker_switches_functions_off_on_a_page(make, web, boss, organization, anna):
    everybody, theirs = "/report-functions", f"/report-functions/{organization}"
    assert ticked(page(boss, everybody)) == set(SWITCHES)
    assert f'<a href="/organizations/{organization}">' in page(boss, theirs)
    assert '<button class="btn main">Save report functions' in page(boss, theirs)

    tick(boss, everybody, "report.pivot")
    answer = tick(boss, theirs, "report.search")

    assert answer.headers["Location"] == f"{theirs}?done=1"
    assert ticked(page(boss, theirs)) == set(SWITCHES) - {"report.pivot", "report.search"}
    found = [ask(anna, f"/contracts?{SAID[key]}").status_code for key in ("report.pivot", "report.search")]
    assert found == [422, 422]
    assert "switched off for everybody" in page(boss, theirs)
    assert "1 function switched off" in page(boss, everybody)
    assert ask(boss, f"{everybody}?organization={organization}").headers["Location"] == theirs
    # What was switched off for everybody is not the organization's own once it is back.
    tick(boss, everybody)
    assert ask(anna, f"/contracts?{SAID['report.pivot']}").status_code == 200
    with current.acting_for(make.tenant_id), web.begin() as connection:
        told = connection.execute(
            text(
                "select act, after from audit where tenant_id = :t and record in ('tenant', 'organization') order by id"
            ),
            {"t": make.tenant_id},
        ).all()
    assert [row.act for row in told] == ["tenant.changed", "organization.changed", "tenant.changed"]
    assert told[1].after["report_functions_off"] == {"added": ["report.search"]}


def test_what_an_organization_had_off_itself_stays_off_below_a_broker_who_switches_it_off(
    make, web, boss, organization, anna
):
    switch_off(make, organization, "report.search")
    switch_off_for_all(make, web, "report.search")
    tick(boss, f"/report-functions/{organization}")
    switch_off_for_all(make, web)
    assert ask(anna, "/contracts?q=N-1").status_code == 422


def test_a_form_that_says_nothing_switches_nothing_off(boss, anna):
    assert post(boss, "/report-functions").status_code == 303
    assert post(boss, "/report-functions", shown="export", on="nothing").status_code == 303
    assert ticked(page(boss, "/report-functions")) == set(SWITCHES)


@pytest.mark.parametrize("path", ["/report-functions", "/report-functions/{}"])
def test_nobody_else_comes_to_the_page(path, make, organization, anna, neighbour, sign_in):
    limited = make.user(is_staff=True, profile_id=make.profile(is_staff=True))
    make.row("staff_mandates", user_id=limited, mandate_id=make.mandate("Wien"))
    clerk = make.user(is_staff=True, profile_id=make.profile("menu:contracts", is_staff=True))
    address = path.format(organization)
    for reader in (anna, sign_in(user=limited), sign_in(user=clerk)):
        assert [ask(reader, address).status_code, post(reader, address).status_code] == [403, 403]
    theirs = neighbour.user(is_staff=True, profile_id=neighbour.profile(is_staff=True))
    stranger = sign_in(user=theirs, at=neighbour)
    if address != "/report-functions":
        assert [ask(stranger, address).status_code, post(stranger, address).status_code] == [404, 404]
    assert ask(anna, "/contracts?q=N-1").status_code == 200
