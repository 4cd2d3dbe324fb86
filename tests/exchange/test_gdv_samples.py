"""What comes out of real GDV files, checked by hand against the bytes and the catalogue."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from app.core.text import speaking
from app.exchange.gdv import Package, Reason, read, summary

SAMPLES = Path(__file__).parent / "samples"
MUSTERDATEI = "musterdatei_041222.txt"


def packages(name: str, *, accept_mismatch: bool = False) -> list[Package]:
    with (SAMPLES / name).open("rb") as stream:
        return list(read(stream, accept_mismatch=accept_mismatch))


def reasons(package: Package) -> set[Reason]:
    return {problem.reason for problem in package.problems if problem.is_fatal}


@pytest.fixture(scope="module")
def musterdatei() -> Package:
    (package,) = packages(MUSTERDATEI)
    return package


def row(package: Package, plural: str, key: str) -> dict:
    return next(found for found in package.rows[plural] if found["key"] == key)


def test_the_sample_of_the_gdv_tallies_with_its_footer(musterdatei):
    assert not musterdatei.refused
    assert musterdatei.problems == []
    assert (musterdatei.records, musterdatei.contracts, musterdatei.partners) == (162, 14, 14)
    assert musterdatei.premium_total == Decimal("4806.00")
    assert musterdatei.footer is not None
    assert musterdatei.footer.records == 162
    assert musterdatei.footer.totals["Gesbeitrag"] == Decimal("4806.00")
    assert not musterdatei.unmapped


def test_its_rows_are_one_insurer_ten_people_and_fourteen_contracts(musterdatei):
    assert musterdatei.rows["insurers"] == [{"key": "9999", "name": "XXX Versicherung AG"}]
    assert len(musterdatei.rows["policyholders"]) == 10
    assert len(musterdatei.rows["contracts"]) == 14
    assert len(musterdatei.rows["objects"]) == 18
    keys = [found["key"] for rows in musterdatei.rows.values() for found in rows]
    assert len(keys) == len(set(keys)), "keys are unique within their record type, and here altogether"


def test_a_policyholder_is_read_field_by_field(musterdatei):
    # Lines 13 to 15: 0100, parts 1 to 3.
    assert row(musterdatei, "policyholders", "9999-W45WWW") == {
        "key": "9999-W45WWW",
        "kind": "private",
        "name": "Pollsmann",
        "first_name": "Rudolf",
        "salutation": "mr",
        "birth_on": "1979-11-11",
        "street": "Elsholunderstr. 10",
        "postal_code": "50825",
        "city": "Köln",
        "country": "DE",
        "phone": "0221 12345899",
        "email": "polly@example.com",
    }


def test_a_contract_is_read_field_by_field(musterdatei):
    # Line 5: 0200 of policy 59999999999.
    found = row(musterdatei, "contracts", "9999-59999999999")
    expected = {
        "policyholder": "9999-B4LTTT",
        "insurer": "9999",
        "number": "59999999999",
        "line_of_business": "030",
        "status": "own",
        "starts_on": "2004-05-01",
        "ends_on": "2009-05-01",
        "annual_due_on": "2005-05-01",
        "application_on": "2004-05-01",
        "payment_frequency": "yearly",
        "currency": "EUR",
        "premium_net": "411.41",
        "co_insurance": "alone",
        "intermediary": "9999009999",
    }
    assert {name: found.get(name) for name in expected} == expected
    assert "insurance_tax" not in found, "nothing is made up that the record does not say"


def test_payment_frequencies_and_the_fleeting_contract_are_understood(musterdatei):
    frequencies = {found["number"]: found["payment_frequency"] for found in musterdatei.rows["contracts"]}
    assert frequencies["59999999998"] == "monthly"
    assert frequencies["59999999988"] == "half_yearly"
    assert frequencies["59999999991"] == "single"


def test_a_vehicle_has_its_plate_and_its_covers(musterdatei):
    # Lines 108 to 116: 0210/0211.050 and the covers 051, 053, 054.
    golf = row(musterdatei, "objects", "9999-59999999990-050-1")
    attributes = golf["attributes"]
    assert golf["kind"] == "vehicle"
    assert attributes["plate_number"] == "K-WB 4444"
    assert attributes["manufacturer"] == "VW"
    assert attributes["vin"] == "1212345621"
    assert attributes["first_registered_on"] == "2004-07-01"
    assert attributes["power"] == "74.0"
    covers = {cover["line_of_business"]: cover for cover in attributes["covers"]}
    assert list(covers) == ["051", "053", "054"]
    assert covers["051"]["gdv"]["KH-Beitrag"] == "866.87"
    assert covers["051"]["liability_sums"] == ["50000000.00", "0.00", "0.00"]
    assert covers["054"]["gdv"]["Tod (Risiko 1)"] == "15000.00"


def test_people_insured_against_accidents_keep_their_number_and_sums(musterdatei):
    people = [found for found in musterdatei.rows["objects"] if found["contracts"] == ["9999-59999999997"]]
    assert [found["key"][-1] for found in people] == ["1", "2", "3"]
    second = people[1]
    assert second["label"] == "Martina Kitzelpfütze"
    assert second["sum_insured"] == "100000.00"
    assert second["attributes"]["sum_insured_death"] == "10000.00"
    assert second["attributes"]["beneficiaries"] == [
        {"gdv": {"Sonstiger Bezugsberechtigter im Leistungsfall": "die Eltern"}}
    ]


def test_a_bundle_is_one_contract_with_the_risks_of_all_its_lines_of_business(musterdatei):
    bundle = row(musterdatei, "contracts", "9999-59999999986")
    assert bundle["premium_net"] == "166.85"
    kinds = {
        found["key"]: found["kind"]
        for found in musterdatei.rows["objects"]
        if found["contracts"] == [bundle["key"]]
    }
    assert kinds == {"9999-59999999986-040-9001.1": "other", "9999-59999999986-130-1": "building"}
    contents = row(musterdatei, "objects", "9999-59999999986-130-1")["attributes"]
    assert contents["living_area_sqm"] == "103"
    assert [found["gdv"]["Versicherungssumme/ Entschädigungsgrenze"] for found in contents["sums"]] == [
        "66950.00",
        "66950.00",
    ]


def test_what_the_insurer_pays_the_broker_is_not_among_the_attributes():
    for name in (MUSTERDATEI, "unfall.gdv", "kranken.gdv", "multiple_addresses.gdv"):
        for package in packages(name, accept_mismatch=True):
            for plural in ("contracts", "objects"):
                for found in package.rows.get(plural, []):
                    assert "rovision" not in str(found.get("attributes"))


def test_reading_twice_gives_the_same_rows(musterdatei):
    (again,) = packages(MUSTERDATEI)
    assert again.rows == musterdatei.rows


def test_several_packages_stand_and_fall_alone():
    first, second, third = packages("multi_package.gdv")
    assert first.refused
    assert not second.refused
    assert third.refused
    assert (second.records, second.contracts, second.premium_total) == (162, 14, Decimal("4806.00"))
    assert (second.first_line, second.last_line) == (10, 174)
    assert first.rows == {}
    assert first.unmapped["0800"] == 1


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("igor_110120.txt", {Reason.FOOTER_COUNT, Reason.FOOTER_TOTAL}),
        ("drei_datenpakete.txt", {Reason.FOOTER_COUNT, Reason.FOOTER_TOTAL}),
        ("muster_kfzantrag.gdv", {Reason.FOOTER_COUNT}),
        ("unfall.gdv", {Reason.FOOTER_TOTAL}),
        ("kranken.gdv", {Reason.FOOTER_COUNT}),
        ("multiple_addresses.gdv", {Reason.FOOTER_COUNT}),
        ("missing_nachsatz.gdv", {Reason.NO_FOOTER}),
        ("garbage.gdv", {Reason.NO_HEADER, Reason.NOT_A_RECORD, Reason.NO_FOOTER}),
    ],
)
def test_a_file_that_does_not_add_up_is_refused_with_its_reasons(name, expected):
    for package in packages(name):
        assert package.refused
        assert package.rows == {}
        assert reasons(package) == expected


def test_a_footer_that_does_not_tally_is_named_with_line_field_value_and_reason():
    (package,) = packages("igor_110120.txt")
    count, total = (problem for problem in package.problems if problem.is_fatal)
    assert (count.line, count.record, count.field, count.value) == (
        32,
        "9999",
        "Anzahl der Sätze",
        "0000031605",
    )
    assert total.params == {"announced": Decimal("183323.90"), "found": Decimal("1191.70")}
    with speaking("en"):
        assert count.text() == "The footer announces 31605 records; 30 were found."


@pytest.mark.parametrize(
    ("name", "contracts", "objects"),
    [
        ("igor_110120.txt", 5, 5),
        ("muster_kfzantrag.gdv", 4, 4),
        ("unfall.gdv", 1, 4),
        ("kranken.gdv", 1, 1),
        ("multiple_addresses.gdv", 1, 1),
    ],
)
def test_a_mismatch_that_was_accepted_is_recorded_and_the_rows_are_taken(name, contracts, objects):
    (package,) = packages(name, accept_mismatch=True)
    assert not package.refused
    assert package.mismatch_accepted
    assert (len(package.rows["contracts"]), len(package.rows["objects"])) == (contracts, objects)


def test_accepting_a_mismatch_does_not_help_a_broken_file():
    for name in ("missing_nachsatz.gdv", "garbage.gdv"):
        (package,) = packages(name, accept_mismatch=True)
        assert package.refused


def test_an_application_frame_ties_a_contract_to_the_person_before_it():
    # The partners carry another policy number than the contract; the frame 0052 … 9952 ties them together.
    (package,) = packages("muster_kfzantrag.gdv", accept_mismatch=True)
    holders = {found["key"]: found["name"] for found in package.rows["policyholders"]}
    contracts = {found["number"]: found for found in package.rows["contracts"]}
    assert holders[contracts["?021570"]["policyholder"]] == "Mustermann GmbH"
    assert holders[contracts["?021579"]["policyholder"]] == "Mustermann"
    assert contracts["?021570"]["application_on"] == "2004-04-13"
    assert contracts["?021570"]["attributes"]["other_addresses"][0]["postal_code"] == "60591"
    assert package.rows["insurers"] == [{"key": "4711"}], (
        "the sender is a broker, so the insurer's name is unknown"
    )


def test_premium_collection_becomes_an_invoice():
    (package,) = packages("unfall.gdv", accept_mismatch=True)
    (invoice,) = package.rows["invoices"]
    assert invoice == {
        "key": "5512-1122334455-20100313-20100413-20100513-30-24",
        "contract": "5512-1122334455",
        "policyholder": "5512-00112233",
        "number": "1122334455-2010-04-13",
        "kind": "premium",
        "booked_on": "2010-03-13",
        "due_on": "2010-04-13",
        "period_from_on": "2010-04-13",
        "period_to_on": "2010-05-13",
        "net": "126.80",
        "tax": "24.09",
        "gross": "150.89",
        "currency": "EUR",
        "status": "open",
    }


def test_the_summary_says_what_an_import_brings():
    with speaking("en"):
        found = summary(packages("multi_package.gdv"))
    assert (found["packages"], found["refused"]) == (3, 2)
    assert (found["records"], found["partners"], found["contracts"]) == (162, 14, 14)
    assert found["premium_total"] == "4806.00"
    assert [(error["package"], error["line"], error["reason"]) for error in found["errors"]] == [
        (1, 9, "footer_count"),
        (3, 183, "footer_count"),
    ]
    assert {note["reason"] for note in found["notes"]} == {
        "unknown_record",
        "short_line",
        "footer_unfilled",
    }
