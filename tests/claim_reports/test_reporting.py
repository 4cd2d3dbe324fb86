"""A claim that a client reports is one at once: for him, for whom the rules show it, and for the broker."""

from __future__ import annotations

import datetime
import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from tenants import current, visibility
from tests.claim_reports.conftest import loss, page, report, said_beside
from tests.documents.files import PDF

LATER = visibility.today() + datetime.timedelta(days=4)


def test_what_was_reported_is_a_claim_with_a_number(make, house, web):
    answer = report(house.reporter, house.contract, object=str(house.hall))

    assert answer.status_code == 303
    (claim,) = make.rows("claims")
    year = visibility.today().year
    assert (claim.broker_number, claim.status, claim.key) == (
        f"M-{year}-0001",
        "reported",
        f"portal-{claim.id}",
    )
    assert (claim.contract_id, claim.object_id, claim.policyholder_id) == (
        house.contract,
        house.hall,
        house.holder,
    )
    assert (claim.reported_on, claim.reported_by_id) == (visibility.today(), make.user_of(house.klara))
    assert (claim.claim_type, claim.cause, claim.loss_location) == ("fire", "lightning", "Hall 4")
    assert (claim.claimed_amount, claim.currency) == (Decimal("12500.50"), "EUR")
    assert claim.claims_handler_id == house.handler
    done = page(house.reporter, answer.location)
    assert f"M-{year}-0001" in done
    assert "Meike Tams has received it." in done
    assert f'href="/claims/{claim.id}"' in done
    assert "The roof burned." in page(house.reporter, f"/claims/{claim.id}")
    assert {row.act for row in make.rows("audit")} >= {"claim_report.sent", "claim.reported"}
    assert [row.ids for row in make.rows("outbox") if row.job == "tell_handler"] == [
        {"claim_id": str(claim.id)}
    ]
    with current.acting_for(make.tenant_id), web.begin() as connection:
        assert visibility.differences(connection) == []


@pytest.mark.parametrize("typed", ["12 500.50", "12’500.50", "12'500.50"])
def test_an_amount_is_taken_as_it_is_written_by_hand(make, house, typed):
    assert report(house.reporter, house.contract, claimed_amount=typed).status_code == 303
    assert make.rows("claims")[0].claimed_amount == Decimal("12500.50")


def test_a_form_that_is_sent_twice_is_one_report_and_another_loss_is_another(make, house):
    first = report(house.reporter, house.contract)
    again = report(house.reporter, house.contract)
    # Somebody went back in his browser and reports the next loss from the same form.
    other = report(house.reporter, house.contract, description="The gate burned.")

    assert first.location == again.location != other.location
    assert {row.broker_number[-4:] for row in make.rows("claims")} == {"0001", "0002"}


def test_files_that_the_first_report_did_not_have_are_not_lost(make, house):
    photo, other = (PDF, "roof.pdf"), (PDF + b" ", "gate.pdf")
    first = report(house.reporter, house.contract, photo)
    again = report(house.reporter, house.contract, photo)
    # Somebody went back; his browser has forgotten the files.
    without = report(house.reporter, house.contract)
    more = [report(house.reporter, house.contract, photo, other) for _ in range(2)]

    assert first.location == again.location == without.location != more[0].location == more[1].location
    assert sorted(len(row.files) for row in make.rows("claim_reports")) == [1, 2]


def test_two_who_press_at_once_get_numbers_of_their_own_and_a_form_pressed_twice_at_once_is_one(
    make, house, sign_in
):
    browsers = [sign_in(house.klara) for _ in range(4)] + [sign_in(house.maren) for _ in range(2)]
    marks = ["a", "a", "b", "c", "d", "d"]
    with ThreadPoolExecutor(6) as pool:
        answers = list(
            pool.map(
                lambda one: report(one[0], house.contract, mark=one[1]), zip(browsers, marks, strict=True)
            )
        )

    assert {one.status_code for one in answers} == {303}
    assert sorted(row.broker_number[-4:] for row in make.rows("claims")) == ["0001", "0002", "0003", "0004"]


def test_each_broker_counts_his_own(make, neighbour, house, sign_in):
    there = neighbour.contract(neighbour.policyholder())
    holder = neighbour.rows("contracts")[0].policyholder_id
    stranger = sign_in(neighbour.member(neighbour.organization(holder)), at=neighbour)
    report(house.reporter, house.contract)
    assert report(stranger, there).status_code == 303
    assert make.rows("claims")[0].broker_number == neighbour.rows("claims")[0].broker_number


@pytest.mark.parametrize(
    ("control", "said", "sentence"),
    [
        ("occurred_on", {"occurred_on": str(LATER)}, f"{LATER:%d/%m/%Y} is in the future. Enter the day the loss happened."),
        ("occurred_on", {"occurred_on": "2026-02-30"}, "This is not a date."),
        ("occurred_on", {"occurred_on": "0026-02-03"}, "This is not a date."),
        ("claim_type", {"claim_type": "nonsense"}, "Choose what kind of claim it is."),
        ("cause", {"cause": "nonsense"}, "Choose a cause from the list."),
        ("description", {"description": "  "}, "Say briefly what happened. One sentence is enough."),
        ("description", {"description": "x" * 4001}, "At most 4000 characters."),
        ("claimed_amount", {"claimed_amount": "a lot"}, "This is not an amount. Enter one such as 12,500.50."),
        ("claimed_amount", {"claimed_amount": "-5"}, "This is not an amount. Enter one such as 12,500.50."),
        ("claimed_amount", {"claimed_amount": "NaN"}, "This is not an amount. Enter one such as 12,500.50."),
        ("claimed_amount", {"currency": "XXX"}, "Choose a currency from the list."),
        ("place", {"place": str(uuid.UUID(int=7))}, "Choose a place from the list, or enter it."),
        ("object", {"object": "nothing"}, "Choose an object from the list."),
    ],
)  # fmt: skip
def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    make, house, control, said, sentence
):
    answer = report(house.reporter, house.contract, **said)

    assert answer.status_code == 422
    assert said_beside(answer, control) == sentence
    assert 'value="Hall 4"' in answer.text
    assert '<option value="lightning" selected>' in answer.text or control == "cause"
    assert 'value="a mark"' in answer.text
    assert make.rows("claims") == make.rows("claim_reports") == []


def test_files_come_with_the_claim_and_belong_to_whoever_reported_it(make, house):
    assert report(house.reporter, house.contract, (PDF, "Roof.pdf")).status_code == 303

    (document,), (claim,) = make.rows("documents"), make.rows("claims")
    assert (document.file_name, document.document_type) == ("Roof.pdf", "claim_documents")
    assert (document.uploaded_by_id, document.tags) == (make.user_of(house.klara), [])
    assert [row.claim_id for row in make.rows("document_links")] == [claim.id]
    refused = report(house.reporter, house.contract, (b"MZ\x90\0", "Roof.pdf"), mark="another")
    assert "could run on a computer" in said_beside(refused, "files")
    assert len(make.rows("claims")) == 1


def test_whoever_may_not_upload_sends_no_files(make, house, sign_in):
    profile = make.profile(without=("function:document.upload",))
    browser = sign_in(make.member(house.organization, profile))
    assert 'type="file"' not in page(browser, f"/claims/report?contract={house.contract}")
    assert report(browser, house.contract, (PDF, "Roof.pdf")).status_code == 303
    assert make.rows("documents") == []


def test_only_contracts_and_objects_he_sees_are_there(make, neighbour, house, sign_in):
    other = make.policyholder("Sibling AG")
    theirs, elsewhere = make.contract(other, number="SIB-1"), neighbour.contract()
    make.organization(other)
    second = make.contract(house.holder, number="HAF-2")
    gate = make.object(house.holder, (second,), label="Gate 9")
    narrowed = sign_in(make.member(house.organization, make.profile(), objects=(gate,)))

    for hidden in (theirs, elsewhere, uuid.UUID(int=7), "nothing", "%00"):
        assert house.reporter.get(f"/claims/report?contract={hidden}").status_code in (404, 422)
        assert report(house.reporter, hidden).status_code in (404, 422)
    assert report(narrowed, house.contract).status_code == 404
    # An object that the contract does not insure, and one out of his sight.
    assert said_beside(report(house.reporter, house.contract, object=str(gate)), "object")
    assert said_beside(report(narrowed, second, object=str(house.hall)), "object")
    assert house.reporter.get(f"/claims/report?contract={house.contract}&object={gate}").status_code == 404
    assert make.rows("claims") == []
    found = page(house.reporter, "/claims/report")
    assert ("HAF-1" in found, "HAF-2" in found, "SIB-1" in found) == (True, True, False)
    found = page(house.reporter, "/claims/report?q=haf-2")
    assert ("HAF-1" in found, "HAF-2" in found) == (False, True)
    assert "HAF-1" not in page(narrowed, "/claims/report")
    # From an object the way leads on to its only contract.
    assert f"contract={second}" in page(house.reporter, f"/claims/report?object={gate}")


def test_the_place_is_offered_from_the_addresses_of_what_the_contract_insures(make, house, sign_in):
    address = "Werkstraße 1, 21029 Hamburg"
    assert address in page(house.reporter, f"/claims/report?contract={house.contract}")
    assert report(house.reporter, house.contract, place=str(house.hall), loss_location="").status_code == 303
    assert [row.loss_location for row in make.rows("claims")] == [address]
    assert report(house.reporter, house.contract, place=str(house.hall)).status_code == 303
    assert {row.loss_location for row in make.rows("claims")} == {address, f"{address}, Hall 4"}
    # Liability happens anywhere.
    liability = make.contract(house.holder, number="HV-1", line_of_business="040")
    make.row("contract_objects", contract_id=liability, object_id=house.hall)
    assert address not in page(house.reporter, f"/claims/report?contract={liability}").replace(
        f"Hall 4, Building, {address}", ""
    )
    # Whoever does not read addresses is offered them only where his organization shows them for reference.
    hidden = ("field:object.street", "field:object.city", "field:object.postal_code")
    blind = sign_in(make.member(house.organization, make.profile(without=hidden)))
    way = f"/claims/report?contract={house.contract}"
    assert "Werkstraße" not in page(blind, way)
    assert said_beside(report(blind, house.contract, place=str(house.hall)), "loss_location")
    make.change("organizations", house.organization, reference_addresses=True)
    assert address in page(blind, way)


def test_what_a_profile_hides_is_not_asked_and_not_kept(make, house, sign_in):
    hidden = ("field:claim.claimed_amount", "field:claim.cause")
    levels = {"field:claim.loss_location": "mask"}
    browser = sign_in(make.member(house.organization, make.profile(without=hidden, **levels)))
    form = page(browser, f"/claims/report?contract={house.contract}")
    assert not re.search(r'name="(claimed_amount|currency|cause|loss_location|place)"', form)

    answer = report(browser, house.contract)

    (claim,) = make.rows("claims")
    assert (claim.claimed_amount, claim.currency, claim.cause, claim.loss_location) == (
        None,
        None,
        None,
        None,
    )
    assert "12,500.50" not in page(browser, answer.location)


def test_closed_to_whoever_has_not_the_function(make, house, sign_in):
    reader = sign_in(make.member(house.organization, make.profile(without=("function:claim.report",))))
    for path in ("/", "/claims", f"/contracts/{house.contract}", f"/objects/{house.hall}"):
        assert "/claims/report?" not in page(reader, path).replace('/claims/report"', "/claims/report?")
    assert reader.get("/claims/report").status_code == 403
    assert report(reader, house.contract).status_code == 403
    for path in ("/", "/claims", f"/contracts/{house.contract}", f"/objects/{house.hall}"):
        assert 'href="/claims/report' in page(house.reporter, path), path


def test_a_claim_is_seen_by_whom_the_rules_show_it(make, house, sign_in, neighbour):
    """Who reports claims sees his own and his colleagues’, at once and on his home page; of others nothing."""
    make.change("organizations", house.organization, claims="members", home_view="reporter")
    # Rules are settled by the desk; here by hand.
    make.arrange(organizations={house.organization})
    make.claim(house.contract, broker_number="OLD-1")
    colleague = sign_in(make.member(house.organization, house.reporting, make.user("Jörg Knaack")))
    outsider = sign_in(make.member(make.organization(make.policyholder())))
    above = sign_in(make.member(make.organization(house.holder)))
    report(house.reporter, house.contract)
    report(colleague, house.contract, description="The gate burned.")
    (first, second) = (f"M-{visibility.today().year}-000{n}" for n in (1, 2))

    home = page(house.reporter, "/")
    own = home.partition('id="w-own_claims"')[2].partition("</section>")[0]
    assert "Claims you reported" in home
    assert (first in own, second in own) == (True, False)
    open_ones = home.partition('id="w-claims"')[2].partition("</section>")[0]
    assert (first in open_ones, second in open_ones, "OLD-1" in home) == (True, True, False)
    assert "OLD-1" not in page(house.reporter, "/claims")
    assert "OLD-1" in page(above, "/claims")
    for one in (first, second):
        assert one in page(colleague, "/claims")
        assert one in page(above, "/claims")
        assert one not in page(outsider, "/claims")


def test_staff_report_for_their_clients_within_their_units(make, house, sign_in):
    desk = make.profile(is_staff=True)
    clerk, limited = (make.user(is_staff=True, profile_id=desk) for _ in range(2))
    make.row("staff_mandates", user_id=limited, mandate_id=make.mandate("Wien"))
    make.change("organizations", house.organization, four_eyes_claims=True)
    assert report(sign_in(user=limited), house.contract).status_code == 404
    assert report(sign_in(user=clerk), house.contract).status_code == 303
    assert [row.reported_by_id for row in make.rows("claims")] == [clerk]


def test_whoever_looks_reports_nothing_unless_he_may_act(make, house, portal, owner):
    from tests.security.stock import with_look

    administrator = make.user(is_staff=True, profile_id=make.profile(is_staff=True))
    looking = with_look(portal, make, administrator, house.klara)
    assert (
        looking.ask(
            "/claims/report", "POST", query_string={"contract": str(house.contract)}, data=loss()
        ).status_code
        == 403
    )
    assert make.rows("claims") == []


def test_the_list_holds_his_own_and_nobody_elses(make, house, sign_in):
    answer = report(house.reporter, house.contract)
    number = make.rows("claim_reports")[0].number
    assert number in page(house.reporter, "/claims/reports")
    plain = sign_in(make.member(house.organization, house.reporting))
    outsider = sign_in(make.member(make.organization(house.holder)))
    for other in (plain, outsider):
        assert number not in page(other, "/claims/reports")
        assert other.get(answer.location).status_code == 404


def test_a_program_reports_with_its_persons_token_under_the_same_rules(make, house, portal, neighbour):
    from tests.security.stock import with_token

    program = with_token(portal, make, house.klara)
    body = {
        "contract": str(house.contract), "claim_type": "fire", "occurred_on": str(visibility.today()),
        "description": "Fire.", "claimed_amount": "12500.50", "currency": "EUR", "once": "7",
    }  # fmt: skip

    first = program.ask("/api/v1/claims/reports", "POST", json=body)
    again = program.ask("/api/v1/claims/reports", "POST", json=body)

    (claim,) = make.rows("claims")
    assert (first.status_code, first.json) == (again.status_code, again.json)
    assert first.status_code == 201
    assert (first.json["number"], first.json["state"]) == (claim.broker_number, "released")
    assert first.json["claim"] == str(claim.id)
    assert (claim.claimed_amount, claim.reported_by_id) == (Decimal("12500.50"), make.user_of(house.klara))
    wrong = program.ask("/api/v1/claims/reports", "POST", json={**body, "occurred_on": str(LATER)})
    assert wrong.status_code == 422
    assert "is in the future" in wrong.json["errors"]["occurred_on"]
    for said in ({**body, "reserve": "5"}, {**body, "cause": 5}, [], "x"):
        assert program.ask("/api/v1/claims/reports", "POST", json=said).status_code == 422
    for hidden in (str(neighbour.contract()), "x", ""):
        answer = program.ask("/api/v1/claims/reports", "POST", json={**body, "contract": hidden})
        assert answer.status_code == 404
    make.change("organizations", house.organization, four_eyes_claims=True)
    waits = program.ask("/api/v1/claims/reports", "POST", json={**body, "once": "8"})
    assert (waits.json["state"], waits.json["claim"]) == ("waiting", None)
    assert len(make.rows("claims")) == 1


def test_no_addresses_of_objects_for_who_has_no_area_of_them(make, house, sign_in):
    blind = make.member(house.organization, make.profile(without=("menu:objects",)), make.user("Blind"))
    path = f"/claims/report?contract={house.contract}"
    assert "Werkstra" in page(house.reporter, path)
    assert "Werkstra" not in page(sign_in(blind), path)
