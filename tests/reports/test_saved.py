"""Reports under a name: kept, changed, reset, deleted, and shown to each reader with his own rights."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import text

from tenants import current

ENGLISH = {"Accept-Language": "en"}
NARROW = (
    "menu:contracts", "field:contract.number", "field:contract.status", "field:contract.starts_on",
    "function:save_reports", "function:export",
)  # fmt: skip


@pytest.fixture
def stock(make: Any) -> Any:
    holder = make.policyholder("Nordwerk GmbH")
    for number, status, premium in (("N-1", "own", 100), ("N-2", "own", 50), ("N-3", "quote", 7)):
        make.contract(holder, number=number, status=status, premium_net=premium, starts_on="2024-01-01")
    return holder


@pytest.fixture
def organization(make: Any, stock: Any) -> Any:
    return make.organization(stock)


def ask(reader: Any, path: str) -> Any:
    return reader.get(path, headers=ENGLISH)


def page(reader: Any, path: str) -> str:
    answer = ask(reader, path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.text


def post(reader: Any, path: str, **form: str) -> Any:
    return reader.post(path, data=form, headers=ENGLISH)


def keep(reader: Any, name: str, source: str = "contract", **words: str) -> str:
    """Save a view; the address that opens it."""
    answer = post(reader, "/reports", source=source, name=name, words=urlencode(words))
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def id_of(address: str) -> str:
    return address.partition("report=")[2]


def numbers(page: str) -> list[str]:
    return re.findall(r"N-\d", re.sub(r"^.*<tbody|</tbody>.*$", "", page, flags=re.S))


def button(page: str) -> str:
    """What the button above the overview says."""
    found = re.search(r'popovertarget="saved">(.*?)</button>', page, re.S)
    assert found
    return html.unescape(re.sub(r"<[^>]*>", " ", found[1])).split(":", 1)[1].strip()


def links(page: str, words: str) -> list[str]:
    return [html.unescape(one) for one in re.findall(r'href="([^"]*)"', page) if words in html.unescape(one)]


def acts(make: Any, web: Any) -> list[str]:
    with current.acting_for(make.tenant_id), web.begin() as connection:
        return list(
            connection.execute(
                text("select act from audit where tenant_id = :t and record = 'report' order by id"),
                {"t": make.tenant_id},
            ).scalars()
        )


def test_a_view_is_kept_under_a_name_and_opens_by_it(make, web, organization, sign_in):
    anna = sign_in(make.member(organization))

    address = keep(anna, "  Own   ones ", status="own", sort="-number", columns="number,status")
    shown = page(anna, address)

    assert button(shown) == "Own ones"
    assert numbers(shown) == ["N-2", "N-1"]
    assert "Premium" not in shown[shown.index("<thead") : shown.index("</thead>")]
    assert links(page(anna, "/contracts"), id_of(address))
    assert numbers(page(anna, "/contracts")) == ["N-1", "N-2", "N-3"]
    assert acts(make, web) == ["report.create"]


def test_what_is_said_beside_a_report_changes_it_until_it_is_reset(make, organization, sign_in):
    anna = sign_in(make.member(organization))
    address = keep(anna, "Own ones", status="own", sort="-number")

    changed = page(anna, f"{address}&sort=number")
    without = page(anna, f"{address}&status=")

    assert numbers(changed) == ["N-1", "N-2"]
    assert button(changed).split() == ["Own", "ones", "changed"]
    assert numbers(without) == ["N-3", "N-2", "N-1"]
    assert address in links(without, address)
    assert button(page(anna, f"{address}&status=own")) == "Own ones"


def test_every_way_onward_stays_with_the_report(make, organization, sign_in):
    """The chip that takes a filter away, sorting by another column, and turning to the second page."""
    anna = sign_in(make.member(organization))
    address = keep(anna, "Own ones", status="own", sort="-number", columns="number,status", q="N-")

    shown = page(anna, address)
    removed = next(one for one in links(shown, "report=") if "status=&" in f"{one}&")
    resorted = next(one for one in links(shown, "sort=status") if "report=" in one)

    assert numbers(page(anna, removed)) == ["N-3", "N-2", "N-1"]
    assert numbers(page(anna, resorted)) == ["N-1", "N-2"]
    assert page(anna, f"{address}&columns=").count("<th ") > page(anna, address).count("<th ")
    second = next(one for one in links(page(anna, f"{address}&rows=1"), "after="))
    assert numbers(page(anna, second)) == ["N-1"]
    assert (
        page(anna, removed).count('name="report"') == page(anna, removed).count('name="status" value=""') > 1
    )


def test_changes_are_saved_over_the_report_or_beside_it(make, web, organization, sign_in):
    anna = sign_in(make.member(organization))
    address = keep(anna, "Mine", status="own")

    post(anna, f"/reports/{id_of(address)}/state", words="status=quote")
    other = keep(anna, "Other", status="own")

    assert numbers(page(anna, address)) == ["N-3"]
    assert numbers(page(anna, other)) == ["N-1", "N-2"]
    assert acts(make, web) == ["report.create", "report.save", "report.create"]


def test_words_that_nobody_wrote_this_for_are_kept_as_well(make, organization, sign_in):
    anna = sign_in(make.member(organization))

    address = keep(anna, "By state", by="status", show="count,sum.premium_net", order="-count", chart="bars")

    assert "Managed by us" in page(anna, address)
    assert page(anna, address).count('class="card chart-card"') == 1
    assert numbers(page(anna, f"{address}&by=&show=&order=&chart=")) == ["N-1", "N-2", "N-3"]


def test_a_file_and_the_api_take_a_report_too(make, organization, sign_in):
    anna = sign_in(make.member(organization))
    address = keep(anna, "Own ones", status="own", columns="number")

    file = ask(anna, address.replace("/contracts", "/contracts.csv")).text
    listed = ask(anna, f"/api/v1{address}&fields=status,number").json["contracts"]

    assert file.replace("\ufeff", "").splitlines() == ['"Policy number"', "N-1", "N-2"]
    assert [list(one) for one in listed] == [["id", "status", "number"]] * 2


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("", "Enter a name."), (" \t ", "Enter a name."), ("x" * 81, "At most 80 characters"),
     ("OWN ones", "You already have a report of this name. Choose another.")],
)  # fmt: skip
def test_a_name_is_refused_beside_its_field_and_nothing_is_lost(name, sentence, make, organization, sign_in):
    anna = sign_in(make.member(organization))
    keep(anna, "Own ones", status="own")

    answer = post(anna, "/reports", source="contract", name=name, words="status=quote")

    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'name="words" value="status=quote"' in answer.text


def test_a_name_is_free_for_another_overview_and_for_another_person(make, organization, sign_in):
    anna, ben = sign_in(make.member(organization)), sign_in(make.member(organization))

    for reader, source in ((anna, "contract"), (anna, "claim"), (ben, "contract")):
        keep(reader, "Mine", source)


def test_a_report_that_is_too_long_or_one_too_many_is_refused(make, organization, sign_in, monkeypatch):
    anna = sign_in(make.member(organization))
    long = urlencode([("number.contains", f"{n}" + "x" * 190) for n in range(30)] * 4)
    keep(anna, "First")
    monkeypatch.setattr("app.reports.saved.actions.MOST_REPORTS", 1)

    assert post(anna, "/reports", source="contract", name="Long", words=long).status_code == 422
    refused = post(anna, "/reports", source="contract", name="Second")
    assert (refused.status_code, "Keep at most 1 reports" in refused.text) == (422, True)


def test_a_report_is_deleted_after_a_question(make, web, organization, sign_in):
    anna = sign_in(make.member(organization))
    address = keep(anna, "Mine", status="own")
    path = f"/reports/{id_of(address)}/deletion"

    assert "Delete report ‘Mine’?" in page(anna, path)
    assert post(anna, path).headers["Location"] == "/contracts"
    assert ask(anna, address).status_code == 404
    assert acts(make, web)[-1] == "report.delete"


def test_nobody_elses_private_report_leaves_a_trace(make, neighbour, organization, sign_in):
    anna, ben = sign_in(make.member(organization)), sign_in(make.member(organization))
    staff = sign_in(user=make.user(is_staff=True, profile_id=make.profile(is_staff=True)))
    stranger = sign_in(
        user=neighbour.user(is_staff=True, profile_id=neighbour.profile(is_staff=True)), at=neighbour
    )
    address = keep(anna, "Annas own", status="own")
    report = id_of(address)

    for reader in (ben, staff, stranger):
        for path in (address, f"/contracts.csv?report={report}", f"/api/v1/contracts?report={report}",
                     f"/reports/{report}/deletion"):  # fmt: skip
            assert ask(reader, path).status_code == 404, path
        for act in ("state", "deletion", "default"):
            assert post(reader, f"/reports/{report}/{act}", on="1").status_code == 404
        assert "Annas own" not in page(reader, "/contracts")
    assert numbers(page(anna, address)) == ["N-1", "N-2"]


@pytest.mark.parametrize("report", ["x", "00000000-0000-0000-0000-000000000007", "", "standard%00"])
def test_a_report_that_is_none_is_not_found(report, make, organization, sign_in):
    anna = sign_in(make.member(organization))
    assert ask(anna, f"/contracts?report={report}").status_code in (404, 422)


def test_a_report_of_another_overview_is_not_found(make, organization, sign_in):
    anna = sign_in(make.member(organization))
    address = keep(anna, "Mine", status="own")
    assert ask(anna, address.replace("contracts", "claims")).status_code == 404


def test_who_may_not_save_reports_is_offered_nothing_and_saves_nothing(make, organization, sign_in):
    reader = sign_in(make.member(organization, make.profile("menu:contracts", "field:contract.number")))

    assert 'id="saved"' not in page(reader, "/contracts")
    assert post(reader, "/reports", source="contract", name="Mine").status_code == 403


def test_what_was_withdrawn_after_saving_is_gone_and_counted_without_a_name(make, organization, sign_in):
    """Columns, a filter, an order and a group of fields that the profile loses."""
    wide, narrow = make.profile(), make.profile(*NARROW)
    member = make.member(organization, wide)
    anna = sign_in(member)
    address = keep(
        anna, "Premiums", columns="number,premium_net", sort="-premium_net", **{"premium_net.ge": "64.37"}
    )
    groups = keep(anna, "Groups", by="line_of_business", show="count,sum.premium_net")
    assert numbers(page(anna, address)) == ["N-1"]

    make.change("memberships", member, profile_id=narrow)
    shown, grouped = page(anna, address), page(anna, groups)

    assert "3 parts of this report are not available to you." in shown
    assert not re.search(r"premium|64[.,]37", re.sub(r'(value|href|action)="[^"]*"', "", shown))
    assert "premium_net" not in shown
    assert numbers(shown) == ["N-1", "N-2", "N-3"]
    assert "3 parts of this report are not available to you." in grouped
    assert numbers(grouped) == ["N-1", "N-2", "N-3"]


def test_saving_keeps_only_what_its_author_has(make, organization, sign_in):
    reader = sign_in(make.member(organization, make.profile(*NARROW)))
    answer = post(reader, "/reports", source="contract", name="Mine", words="columns=number,premium_net")
    assert answer.status_code == 422
    assert post(reader, "/reports", source="claim", name="Mine").status_code == 404


def test_a_file_of_references_that_stand_in_no_table_is_not_broken(make, organization, sign_in):
    anna = sign_in(make.member(organization))
    assert ask(anna, "/contracts.csv?columns=co_policyholders").status_code == 404
    both = ask(anna, "/contracts.csv?columns=number,co_policyholders")
    assert both.text.replace("\ufeff", "").splitlines()[0] == '"Policy number"'
