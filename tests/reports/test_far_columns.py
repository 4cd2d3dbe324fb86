"""Columns one step further: what claims tell of their contracts, under the rights to contracts and for those one sees."""

from __future__ import annotations

import io
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest
from openpyxl import load_workbook

from permissions.catalogue import catalogue
from tests.factories.past import lived
from tests.pdf import Pdf
from tests.reports.test_groups import rows_of
from tests.security.stock import unpacked

JANUARY, MARCH = "2026-01-10", "2026-03-10"


@dataclass
class Scene:
    """Klara sees two claims on her organization's contracts, and a third because she reported it: its contract is
    somebody else's. The broker's clerk sees all."""

    make: Any
    klara: Any
    clerk: Any
    organization: uuid.UUID
    contracts: list[uuid.UUID]
    stranger: uuid.UUID
    claims: list[uuid.UUID]
    sign_in: Any

    def looks(self, *gone: str, is_staff: bool = False, **levels: str) -> Any:
        """Somebody whose profile lacks these subjects, of the same organization or of the broker."""
        subjects = [subject for subject, _actions in catalogue.subjects() if subject not in gone]
        profile = self.make.profile(*subjects, is_staff=is_staff, **levels)
        if is_staff:
            return self.sign_in(user=self.make.user(is_staff=True, profile_id=profile))
        return self.sign_in(self.make.member(self.organization, profile))


@pytest.fixture
def scene(make: Any, sign_in: Any) -> Scene:
    ours, theirs = (
        make.policyholder("Nordwerk GmbH", city="Kiel"),
        make.policyholder("Südwerk AG", city="Ulm"),
    )
    alpha, zeta = make.insurer("Alpha"), make.insurer("Zeta")
    contracts = [
        make.contract(ours, number="N-1", insurer_id=zeta, premium_net=1200, status="own"),
        make.contract(ours, number="N-2", insurer_id=alpha, premium_net=90, currency="CHF", status="quote"),
    ]
    stranger = make.contract(theirs, number="S-1", insurer_id=alpha, premium_net=7777, status="blocked")
    organization = make.organization(ours)
    member = make.member(organization)
    claims = [
        make.claim(contracts[0], broker_number="C-1", reserve=10, currency="EUR", policyholder_id=ours),
        make.claim(contracts[1], broker_number="C-2", reserve=20, currency="EUR", policyholder_id=ours),
        make.claim(
            stranger, broker_number="C-3", reserve=30, currency="EUR", policyholder_id=theirs,
            reported_by_id=make.user_of(member),
        ),
    ]  # fmt: skip
    clerk = sign_in(user=make.user(is_staff=True, profile_id=make.profile(is_staff=True)))
    return Scene(make, sign_in(member), clerk, organization, contracts, stranger, claims, sign_in)


def ask(reader: Any, path: str = "/claims", language: str = "en", **words: str) -> Any:
    return reader.get(f"{path}?{urlencode(words)}", headers={"Accept-Language": language})


def shown(reader: Any, **words: str) -> list[list[str]]:
    answer = ask(reader, **words)
    assert answer.status_code == 200, answer.text
    return rows_of(answer.text)


def test_a_claim_tells_its_contracts_insurer_and_premium(scene):
    words = {"columns": "broker_number,contract__insurer,contract__premium_net", "sort": "broker_number"}

    page = ask(scene.klara, **words)

    assert rows_of(page.text) == [
        ["C-1", "Zeta", "EUR1,200.00"], ["C-2", "Alpha", "CHF90.00"], ["C-3", "", ""],
    ]  # fmt: skip
    assert "Contract: Insurer" in page.text
    assert "Vertrag: Versicherer" in ask(scene.klara, language="de", **words).text
    assert rows_of(ask(scene.clerk, **words).text)[2] == ["C-3", "Alpha", "EUR7,777.00"]


def test_nothing_of_it_is_there_before_somebody_chooses_it(scene):
    assert "Contract: Insurer" not in ask(scene.klara).text
    first = scene.klara.get("/api/v1/claims").json["claims"][0]
    assert [key for key in first if "__" in key] == []


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ({"contract__status": "own"}, ["C-1"]),
        ({"contract__insurer.contains": "alp"}, ["C-2"]),
        ({"contract__premium_net.ge": "90"}, ["C-1", "C-2"]),
        ({"contract__premium_net.is_empty": "1"}, ["C-3"]),
        ({"contract__status.not": "own"}, ["C-2", "C-3"]),
        ({"match": '{"any":[["contract__status","quote"],["broker_number","C-3"]]}'}, ["C-2", "C-3"]),
        ({"where": "contract__premium_net is empty or contract__status = 'quote'"}, ["C-2", "C-3"]),
        ({"where": "[Contract: Premium excl. tax] > reserve"}, None),
        ({"where": 'convert(contract__premium_net, "EUR") > 10 * convert(reserve, "EUR")'}, ["C-1"]),
        ({"policyholder__city": "Kiel"}, ["C-1", "C-2"]),
    ],
)  # fmt: skip
def test_rows_are_found_by_it_among_contracts_one_sees(scene, words, numbers):
    answer = ask(scene.klara, columns="broker_number", sort="broker_number", **words)

    if numbers is None:
        assert answer.status_code == 422
        assert "may be in different currencies" in answer.text
    else:
        assert [row[0] for row in rows_of(answer.text)] == numbers


@pytest.mark.parametrize(
    ("sort", "numbers"),
    [
        ("contract__insurer", ["C-2", "C-1", "C-3"]),
        ("-contract__insurer", ["C-1", "C-2", "C-3"]),
        ("contract__premium_net.first", ["C-3", "C-2", "C-1"]),
        ("-contract__number", ["C-2", "C-1", "C-3"]),
        ("contract__status,-broker_number", ["C-1", "C-2", "C-3"]),
    ],
)
@pytest.mark.parametrize("rows", [50, 1])
def test_it_orders_rows_page_by_page(scene, sort, numbers, rows):
    found, after = [], {}
    while True:
        words = {"fields": "broker_number", "sort": sort, "limit": rows, **after}
        page = ask(scene.klara, "/api/v1/claims", **words).json
        found += [one["broker_number"] for one in page["claims"]]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert found == numbers


def test_it_makes_groups_breaks_totals_and_lists_of_values(scene):
    words = {"by": "contract__insurer", "show": "count,sum.contract__premium_net"}
    assert shown(scene.klara, **words) == [
        ["Alpha", "1", "CHF90.00"], ["Zeta", "1", "EUR1,200.00"], ["Without a value", "1", ""],
        ["Total", "3", "several currencies"],
    ]  # fmt: skip
    assert shown(scene.klara, by="contract__insurer", across="contract__status", show="count")
    assert "<svg" in ask(scene.klara, by="contract__status", show="count", chart="bars").text
    broken = ask(
        scene.klara,
        columns="broker_number",
        total="max.contract__premium_net",
        **{"break": "contract__insurer"},
    )
    assert rows_of(broken.text)[0][0].startswith("Contract: Insurer Alpha")
    values = ask(scene.klara, "/claims/values", of_column="contract__insurer").text
    assert [word in values for word in ("Alpha", "Zeta", "Without a value")] == [True] * 3


def test_it_is_computed_with_and_stands_out(scene):
    words = {
        "compute": "c1:Share:convert(reserve, 'EUR') / convert(contract__premium_net, 'EUR')",
        "columns": "broker_number,c1",
    }
    assert shown(scene.klara, sort="broker_number", **words)[0][0] == "C-1"
    marked = ask(
        scene.klara,
        columns="contract__insurer",
        mark="warning:contract__insurer:Big:contract__premium_net is not empty",
    )
    assert marked.text.count("hl-warning") == 2


def test_files_and_the_api_have_it_too(scene):
    words = {"columns": "broker_number,contract__insurer,contract__premium_net", "sort": "broker_number"}

    lines = ask(scene.klara, "/claims.csv", **words).get_data(as_text=True).splitlines()
    book = load_workbook(io.BytesIO(ask(scene.klara, "/claims.xlsx", **words).data)).worksheets[0]
    paper = Pdf(ask(scene.klara, "/claims.pdf", **words).data).text
    api = ask(scene.klara, "/api/v1/claims", **words).json["claims"]

    assert lines[0].endswith('"Contract: Premium excl. tax","Contract: Premium excl. tax: Currency"')
    assert lines[1:] == ["C-1,Zeta,1200,EUR", "C-2,Alpha,90,CHF", "C-3,,,"]
    assert [cell.value for cell in book["B"]][-3:] == ["Zeta", "Alpha", None]
    assert [word in paper for word in ("Contract: Insurer", "Zeta", "7,777")] == [True, True, False]
    assert api[0]["contract__premium_net"] == {"amount": "1200", "currency": "EUR"}
    assert (api[2]["contract__insurer"], api[2]["contract__premium_net"]) == (None, None)


def test_the_description_of_the_api_names_it(scene):
    known = scene.klara.get("/api/openapi.json").json

    properties = known["components"]["schemas"]["Claim"]["properties"]
    assert properties["contract__insurer"]["title"].endswith(
        known["components"]["schemas"]["Contract"]["properties"]["insurer"]["title"]
    )
    assert properties["contract__premium_net"]["properties"]["currency"]
    asked = {one["name"] for one in known["paths"]["/api/v1/claims"]["get"]["parameters"]}
    assert {"contract__status", "contract__premium_net"} <= asked


@pytest.mark.parametrize(
    ("gone", "lost", "kept"),
    [
        ("field:contract.premium_net", "contract__premium_net", "contract__insurer"),
        ("field:contract.currency", "contract__premium_net", "contract__insurer"),
        ("field:insurer.name", "contract__insurer", "contract__status"),
        ("field:claim.contract", "contract__status", "policyholder__city"),
        ("field:contract.number", "contract__status", "policyholder__city"),
        ("menu:contracts", "contract__status", "policyholder__city"),
        ("field:contract.ends_on", "contract__last_day_to_cancel", "contract__status"),
    ],
)
def test_who_lacks_a_right_at_either_end_has_no_such_column(scene, gone, lost, kept):
    reader = scene.looks(gone)

    refused, unknown = (ask(reader, "/api/v1/claims", fields=name) for name in (lost, "contract__nobody"))

    assert refused.status_code == unknown.status_code == 422
    assert refused.text.replace(lost, "contract__nobody") == unknown.text
    assert ask(reader, "/api/v1/claims", fields=kept).status_code == 200
    assert f'value="{lost}"' not in ask(reader, "/claims/columns").text
    described = reader.get("/api/openapi.json").json
    assert lost not in described["components"]["schemas"]["Claim"]["properties"]
    asked = described["paths"]["/api/v1/claims"]["get"]["parameters"]
    assert lost not in {one["name"].partition(".")[0] for one in asked}


def test_what_is_masked_there_is_masked_here_and_serves_for_nothing_else(scene):
    reader = scene.looks(**{"field:contract.premium_net": "mask", "field:contract.insurer": "mask"})
    words = {"fields": "contract__premium_net,contract__insurer", "sort": "broker_number"}

    found = ask(reader, "/api/v1/claims", **words).json["claims"]

    assert [one["contract__premium_net"] for one in found] == ["•••", "•••"]
    assert [one["contract__insurer"] for one in found] == ["•••", "•••"]
    for name in ("sort", "by", "break"):
        assert ask(reader, **{name: "contract__premium_net"}).status_code == 422
    assert ask(reader, **{"contract__premium_net.ge": "1"}).status_code == 422
    assert ask(reader, where="contract__premium_net is empty").status_code == 422


def test_a_masked_reference_leads_nowhere(scene):
    reader = scene.looks(**{"field:claim.contract": "mask"})
    assert ask(reader, "/api/v1/claims", fields="contract__status").status_code == 422


CHANNELS = [
    {"columns": "broker_number,contract__insurer,contract__premium_net,contract__status,contract__ends_on"},
    {"sort": "contract__premium_net"}, {"sort": "-contract__insurer,contract__status"},
    {"contract__premium_net.ge": "100"}, {"contract__status.is_empty": "1"}, {"contract__insurer.contains": "a"},
    {"by": "contract__status,contract__insurer", "show": "count,sum.contract__premium_net,distinct.contract__insurer"},
    {"by": "contract__ends_on.year", "across": "contract__status"}, {"where": "contract__premium_net > contract__sum_insured"},
    {"compute": "c1:C:if_empty(contract__product, contract__number)", "columns": "c1"},
    {"break": "contract__status", "total": "sum.contract__premium_net"}, {"q": "7777"}, {"q": "Alpha"},
    {"mark": "info::M:contract__premium_net > 5 EUR"},
]  # fmt: skip


def answers(reader: Any) -> list[tuple[int, bytes]]:
    asked = [(path, words) for path in ("", ".csv", ".xlsx") for words in CHANNELS]
    asked += [("/values", {"of_column": f"contract__{name}"}) for name in ("status", "insurer", "ends_on")]
    asked += [("", {"as_of": "2026-02-01", **words}) for words in CHANNELS]
    found = []
    for path, words in asked:
        one = ask(reader, f"/claims{path}", **words)
        found.append((one.status_code, unpacked(one.data)))
    return found


def test_what_changes_in_a_contract_out_of_reach_changes_no_byte(scene):
    lived(scene.make, "claims", scene.claims[2], (JANUARY, {}), since=MARCH)
    lived(scene.make, "contracts", scene.stranger, (JANUARY, {"premium_net": Decimal(5)}), since=MARCH)
    before = answers(scene.klara), answers(scene.clerk)

    scene.make.change(
        "contracts", scene.stranger, premium_net=1, insurer_id=scene.make.insurer("Omega"), status="own", product="P",
        number="Z-9", sum_insured=5, ends_on="2031-01-01", currency="CHF",
    )  # fmt: skip
    after = answers(scene.klara), answers(scene.clerk)

    assert before[0] == after[0]
    assert before[1] != after[1]


def test_a_contract_out_of_reach_looks_like_none(scene):
    before = answers(scene.klara)

    scene.make.change("claims", scene.claims[2], contract_id=None)

    assert answers(scene.klara) == before


def test_staff_of_one_broker_unit_see_of_contracts_what_belongs_to_it(scene):
    unit = scene.make.mandate("Bremen")
    ours = scene.make.policyholder("Weserwerk", unit)
    scene.make.claim(scene.stranger, broker_number="C-4", policyholder_id=ours)
    older = scene.make.claim(scene.stranger, broker_number="C-5", policyholder_id=ours)
    lived(scene.make, "claims", older, (JANUARY, {}), since=MARCH)
    lived(scene.make, "contracts", scene.stranger, (JANUARY, {}), since=MARCH)
    user = scene.make.user(is_staff=True, profile_id=scene.make.profile(is_staff=True))
    scene.make.row("staff_mandates", user_id=user, mandate_id=unit)
    reader = scene.sign_in(user=user)
    words = {"columns": "broker_number,contract__insurer", "sort": "contract__insurer"}

    rows = shown(reader, columns="broker_number,contract__insurer,policyholder__name", q="C-4")
    past = shown(reader, as_of="2026-02-01", **words)

    assert rows == [["C-4", "", "Weserwerk"]]
    assert past == [["C-5", ""]]
    assert ["C-5", "Alpha"] in shown(scene.clerk, as_of="2026-02-01", **words)


def test_a_past_report_tells_what_the_contract_was_then(scene):
    for claim in scene.claims:
        lived(scene.make, "claims", claim, (JANUARY, {}), since=MARCH)
    lived(
        scene.make,
        "contracts",
        scene.contracts[0],
        (JANUARY, {"premium_net": Decimal(500), "status": "dormant"}),
        since=MARCH,
    )
    words = {"columns": "broker_number,contract__premium_net", "sort": "-contract__premium_net"}

    assert shown(scene.klara, as_of="2026-02-01", **words)[0] == ["C-1", "EUR500.00"]
    assert shown(scene.klara, as_of="2026-04-01", **words)[0] == ["C-1", "EUR1,200.00"]
    assert shown(scene.klara, as_of="2026-02-01", columns="broker_number", contract__status="dormant") == [
        ["C-1"]
    ]
    clerk = shown(scene.clerk, as_of="2026-02-01", **words)
    assert clerk[0] == ["C-1", "EUR500.00"]
    changed = ask(scene.klara, "/claims/changes", **words, **{"from": "2026-02-01", "to": "2026-04-01"})
    assert "EUR 500.00" in changed.text.replace("\xa0", " ")


def test_what_keeps_no_history_is_not_told_of_the_past_and_that_is_said(scene):
    page = ask(scene.klara, as_of="2026-02-01", columns="broker_number,policyholder__city")

    assert page.status_code == 422
    assert (
        "‘Policyholder: Town or city’ is known as it is today only, and not part of a past report."
        in page.text
    )
    assert "policyholder__" not in ask(scene.klara, "/claims/columns", as_of="2026-02-01").text
    changes = {"from": "2026-02-01", "to": "2026-04-01", "columns": "broker_number,policyholder__city"}
    assert ask(scene.klara, "/claims/changes", policyholder__city="Kiel", **changes).status_code == 200


def test_it_is_chosen_on_the_page_of_columns_and_moves_like_any_other(scene):
    page = ask(scene.klara, "/claims/columns").text
    assert "One step further" in page
    assert '<input class="box" type="checkbox" name="column" value="contract__insurer">' in page
    line = '<input type="hidden" name="col_key" value="contract__insurer">'
    assert line not in page

    moved = ask(
        scene.klara,
        "/claims/columns",
        col_key="broker_number",
        column="contract__insurer",
        move="contract__insurer-up",
    )
    done = ask(scene.klara, "/claims/columns", col_key="broker_number", column="contract__insurer", apply="1")

    assert line in moved.text
    assert "columns=contract__insurer" in done.headers["Location"]
    assert '"contract__insurer" checked' in ask(scene.klara, columns="contract__insurer").text


def test_a_saved_report_keeps_it_for_who_may_read_it(scene):
    document = {"columns": ["broker_number,contract__insurer"], "sort": ["contract__insurer"]}
    report = scene.make.row(
        "saved_reports", owner_id=scene.make.user(), source="claim", name="Insurers", sharing="all", document=document
    )  # fmt: skip

    assert shown(scene.klara, report=report)[0] == ["C-2", "Alpha"]
    poorer = ask(scene.looks("field:contract.insurer"), report=report)
    assert poorer.status_code == 200
    assert "Contract: Insurer" not in poorer.text


def test_a_case_tells_of_a_claim_and_of_the_contract_that_claim_names_if_one_sees_both(scene):
    member = scene.make.member(scene.organization)
    user = scene.make.user_of(member)
    for number, claim in enumerate(scene.claims[1:]):
        scene.make.row(
            "cases", key=f"k-{number}", subject=f"Matter {number}", status="open", claim_id=claim, owner_id=user
        )  # fmt: skip

    rows = shown(
        scene.sign_in(member),
        path="/cases",
        columns="subject,claim__broker_number,claim__contract",
        sort="subject",
    )

    assert [row[1:] for row in rows] == [["C-2", "N-2"], ["", ""]]


def test_a_consolidated_list_is_broken_down_to_broker_units_and_currencies(make, sign_in):
    """One organization over two units of the broker: what is told of both together is told of each, too."""
    hamburg, wien = (make.policyholder(name, make.mandate(name)) for name in ("Hamburg", "Wien"))
    for holder, currency in ((hamburg, "EUR"), (hamburg, "CHF"), (wien, "EUR"), (wien, "EUR")):
        contract = make.contract(holder, currency=currency)
        make.claim(contract, policyholder_id=holder, currency=currency)
        make.invoice(holder, contract, currency=currency)
        make.object(holder, (contract,))
    client = sign_in(make.member(make.organization(hamburg, wien)))

    for plural in ("contracts", "claims", "invoices"):
        path = f"/{plural}.csv?by=policyholder__mandate,currency&show=count"
        lines = client.get(path, headers={"Accept-Language": "en"}).data.decode("utf-8-sig").split("\r\n")
        assert {"Hamburg,EUR,1", "Hamburg,CHF,1", "Wien,EUR,2"} <= set(lines), (plural, lines)
    objects = client.get(
        "/objects.csv?by=policyholder__mandate&show=count", headers={"Accept-Language": "en"}
    )
    assert {"Hamburg,2", "Wien,2"} <= set(objects.data.decode("utf-8-sig").split("\r\n"))
