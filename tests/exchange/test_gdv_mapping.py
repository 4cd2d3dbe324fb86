"""From GDV records to import rows: what the sample files do not hold, claims above all."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from app.exchange.gdv import Package, Reason
from app.exchange.gdv.names import GDV, LABELS, NAMES, german
from tests.exchange.gdv_lines import contract, holder, line, only, package

HUNDRED = Decimal("100.00")
KEY = "4242-AB1234567"


def taken(*lines: str, premium: Decimal = HUNDRED, **totals: Decimal) -> Package:
    found = only(package(*lines, Gesbeitrag=premium, **totals))
    assert not found.refused, found.problems
    return found


def rows(plural: str, *lines: str, **totals: Decimal) -> list[dict[str, Any]]:
    return taken(*lines, **totals).rows.get(plural, [])


def test_a_claim_is_read_from_both_parts():
    (claim,) = rows(
        "claims",
        *holder(),
        contract(),
        line("0100", Anredeschluessel="1", Name1="Zank", Name3="Ole", Adresskennzeichen="15"),
        line(
            "0500",
            "040",
            SchadenNrVu="S-2024-17",
            SchadenNrVermittlers="M-9",
            Lieferart="2",
            Schadendatum=date(2024, 3, 2),
            Schadenmeldedatum=date(2024, 3, 4),
            Schadensparte="040",
            Waehrungsschluessel="EUR",
            BetragInWEGemaessZahlungsart=Decimal("1250.50"),
            FranchisebetragInWE=Decimal("150.00"),
            Mehrzweckfeld="Vase umgestoßen",
            ErledigterSchaden="0",
        ),
        line(
            "0500",
            "040",
            "2",
            SchadenursacheAlleSparten="0101",
            SchadenNrVu="S-2024-17",
            HoeheSchadenreserve=Decimal("3000.00"),
        ),
        Verssleistungen=Decimal("1250.50"),
    )
    assert claim == {
        "key": "4242-S-2024-17",
        "contract": KEY,
        "policyholder": "4242-K77",
        "number": "S-2024-17",
        "broker_number": "M-9",
        "claim_type": "040",
        "cause": "Feuer Industrie, Feuer Gewerbe, Einheit Feuer - Sonstiges - Produktion",
        "occurred_on": "2024-03-02",
        "reported_on": "2024-03-04",
        "description": "Vase umgestoßen",
        "status": "open",
        "paid_amount": "1250.50",
        "deductible": "150.00",
        "reserve": "3000.00",
        "currency": "EUR",
        "claimant": "Zank",
    }


def test_payments_of_one_claim_add_up_and_the_last_state_counts():
    step = {"SchadenNrVu": "S1", "Lieferart": "2", "Schadendatum": date(2024, 3, 2)}
    (claim,) = rows(
        "claims",
        *holder(),
        contract(),
        line("0500", "040", BetragInWEGemaessZahlungsart=Decimal("100.00"), Zahlungsart="01", **step),
        line("0500", "040", BetragInWEGemaessZahlungsart=Decimal("-30.00"), ErledigterSchaden="1", **step),
        Verssleistungen=Decimal("70.00"),
    )
    assert (claim["paid_amount"], claim["status"]) == ("70.00", "closed")


def test_a_single_payment_says_nothing_about_the_total():
    found = taken(
        *holder(),
        contract(),
        line("0500", "040", SchadenNrVu="S1", Lieferart="3", BetragInWEGemaessZahlungsart=Decimal("100.00")),
        Verssleistungen=HUNDRED,
    )
    assert "paid_amount" not in found.rows["claims"][0]
    assert [p.reason for p in found.problems] == [Reason.SINGLE_PAYMENT]


def test_a_marine_claim_has_its_amount_and_its_share():
    (claim,) = rows(
        "claims",
        *holder(),
        contract("190"),
        line(
            "0550",
            "190",
            SchadenNrVu="T-5",
            Schadendatum=date(2024, 5, 6),
            Schadenursache="059",
            Waehrungsschluessel="USD",
            Schadenbetrag100ProzInWE=Decimal("5000.00"),
            AnteiligerSchadenbetragInWE=Decimal("2500.00"),
            Schadenbeschreibung="Container undicht",
            Schadenerledigung="1",
        ),
        Verssleistungen=Decimal("2500.00"),
    )
    assert (claim["claimed_amount"], claim["paid_amount"], claim["currency"]) == ("5000.00", "2500.00", "USD")
    assert (claim["cause"], claim["status"]) == ("Seewasser", "closed")
    assert claim["description"] == "Container undicht"


def test_claims_and_invoices_that_come_without_their_contract_keep_its_key():
    found = taken(
        line("0400", "040", GesbeitragBruttoInWE=HUNDRED, Buchungsdatum=date(2024, 1, 2)),
        line("0500", "040", SchadenNrVu="S1", Lieferart="1"),
        premium=Decimal(0),
        GesbeitragBruttoInkasso=HUNDRED,
    )
    assert found.rows["invoices"][0]["contract"] == KEY
    assert found.rows["claims"][0]["contract"] == KEY
    assert "policyholder" not in found.rows["claims"][0]


def test_bookings_of_commission_are_no_invoices():
    found = taken(
        *holder(),
        contract(),
        line("0400", "040", Sollstellungsart="40", GesProvisionsbetragInWE=Decimal("12.00")),
        GesprovisionsBetrag=Decimal("12.00"),
    )
    assert "invoices" not in found.rows
    assert found.unmapped == {"0400": 1}


def test_two_bookings_of_one_day_are_two_invoices():
    booking = line(
        "0400", "040", Sollstellungsart="30", Buchungsdatum=date(2024, 1, 2), GesbeitragBruttoInWE=HUNDRED
    )
    found = rows(
        "invoices", *holder(), contract(), booking, booking, GesbeitragBruttoInkasso=Decimal("200.00")
    )
    assert [invoice["key"] for invoice in found] == [
        f"{KEY}-20240102-0-0-30-0",
        f"{KEY}-20240102-0-0-30-0-2",
    ]


def test_shares_of_the_leading_insurer_and_the_others():
    (found,) = rows(
        "contracts",
        *holder(),
        contract(AFB="2"),
        line(
            "0300",
            "040",
            AnteilVersicherersAmVertrag=Decimal("60.000"),
            VuNrBeteiligtenGesellschaft="5151",
            AnteilBeteiligtenGesellschaft=Decimal("25.000"),
            VuNrBeteiligtenGesellschaft2="6161",
            AnteilBeteiligtenGesellschaft2=Decimal("15.000"),
            VsNrBeteiligtenGesellschaft2="X9",
        ),
    )
    assert (found["co_insurance"], found["insurer_share"]) == ("lead", "60.000")
    assert found["attributes"]["co_insurers"] == [
        {"insurer": "5151", "share": "25.000"},
        {"insurer": "6161", "share": "15.000", "policy_number": "X9"},
    ]


def test_the_state_of_a_contract():
    ended = contract(Vertragsstatus="4", Abgangsgrund="01", Abgangsdatum=date(2024, 12, 31))
    (cancelled,) = rows("contracts", *holder(), ended)
    assert cancelled["status"] == "cancelled"
    assert cancelled["attributes"]["cancelled_on"] == "2024-12-31"
    assert cancelled["attributes"]["cancellation_reason_name"] == "Kündigung VN zum Ablauf"
    (resting,) = rows("contracts", *holder(), contract(Vertragsstatus="3"))
    assert resting["status"] == "dormant"


def test_part_two_brings_product_gross_premium_and_day_of_the_policy():
    (found,) = rows(
        "contracts",
        *holder(),
        contract(),
        line(
            "0200",
            "040",
            "2",
            Produktname="Haftpflicht Plus",
            GesbeitragBruttoInWE=Decimal("119.00"),
            Policierungsdatum=date(2024, 1, 9),
        ),
    )
    assert (found["product"], found["premium_gross"], found["document_on"]) == (
        "Haftpflicht Plus",
        "119.00",
        "2024-01-09",
    )


def test_clauses_and_documents_are_kept_with_the_contract():
    (found,) = rows(
        "contracts",
        *holder(),
        contract(),
        line("0342", LfdNrDokuments=1, Dokumenttyp="02", Dokumentname="AHB 2024"),
        line("0342", part="2", LfdNrDokuments=1, Dokumentdatei="ahb.pdf"),
        line(
            "0350",
            "040",
            KlauselNrTarifbestimmungsNr="K12",
            KlauseltextTarifbestimmungstext="Schlüsselverlust",
        ),
    )
    (document,) = found["attributes"]["documents"]
    assert (document["gdv"]["Dokumentname"], document["gdv"]["Dokumentdatei"]) == ("AHB 2024", "ahb.pdf")
    assert document["gdv"]["Dokumenttyp"].startswith("AVB (")
    (clause,) = found["attributes"]["clauses"]
    assert clause["gdv"]["Klauseltext / Tarifbestimmungstext"] == "Schlüsselverlust"


def test_a_company_with_its_bank_account_tax_number_and_legal_form():
    person = line(
        "0100", Anredeschluessel="3", Name1="Nordlicht", Name2="Anlagenbau", LKZ="CH", Adresskennzeichen="01"
    )
    (found,) = rows(
        "policyholders",
        person,
        line("0100", part="3", Rechtsform="05"),
        line("0100", part="4", IBAN1="DE89 3704 0044 0532 0130 00"),
        line("0100", part="5", UmsatzsteuerIdentifikationsNr="CHE123456789"),
        contract(),
    )
    assert found == {
        "key": f"{KEY}-VN",
        "kind": "company",
        "name": "Nordlicht Anlagenbau",
        "salutation": "company",
        "country": "CH",
        "legal_form": "GmbH",
        "iban": "DE89370400440532013000",
        "vat_id": "CHE123456789",
    }


def test_an_account_number_with_wrong_check_digits_is_left_out():
    found = taken(*holder(), line("0100", part="4", IBAN1="DE90370400440532013000"), contract())
    assert "iban" not in found.rows["policyholders"][0]
    assert [(p.line, p.field, p.reason) for p in found.problems] == [(4, "IBAN 1", Reason.UNKNOWN_CODE)]


def test_other_holders_and_other_people_around_a_contract():
    found = taken(
        *holder(Str="Hafenstr. 1"),
        line(
            "0100", Anredeschluessel="2", Name1="Grün", Name3="Änne", Str="Postweg 2", Adresskennzeichen="31"
        ),
        line("0100", Anredeschluessel="1", Name1="Grün", Name3="Bo", Adresskennzeichen="01"),
        line("0100", Anredeschluessel="1", Name1="Makel", Name3="Max", Adresskennzeichen="14"),
        contract(),
    )
    (row,) = found.rows["contracts"]
    assert [found_row["key"] for found_row in found.rows["policyholders"]] == ["4242-K77", f"{KEY}-VN2"]
    assert (row["policyholder"], row["co_policyholders"]) == ("4242-K77", [f"{KEY}-VN2"])
    assert row["attributes"]["other_addresses"] == [{"street": "Postweg 2"}]
    assert row["attributes"]["other_partners"][0]["role_name"] == "Vermittler"


def test_a_person_without_own_record_is_known_by_the_number_in_the_contract():
    found = taken(contract(PersonenKundenNrVersicherers="K77"))
    assert found.rows["contracts"][0]["policyholder"] == "4242-K77"
    assert "policyholders" not in found.rows
    assert [p.reason for p in found.problems] == [Reason.NO_POLICYHOLDER]


def test_all_people_first_and_all_contracts_after_them():
    first, second = "A1", "B2"
    people = [
        line("0100", policy=policy, Anredeschluessel="1", Name1=name, Adresskennzeichen="01")
        for policy, name in ((first, "Ahorn"), (second, "Birke"))
    ]
    contracts = [
        line("0200", "040", policy=policy, Waehrungsschluessel="EUR", GesbeitragNettoInWE=HUNDRED)
        for policy in (first, second)
    ]
    found = taken(*people, *contracts, premium=Decimal("200.00"))
    assert {row["number"]: row["policyholder"] for row in found.rows["contracts"]} == {
        "A1": "4242-A1-VN",
        "B2": "4242-B2-VN",
    }
    assert [row["name"] for row in found.rows["policyholders"]] == ["Ahorn", "Birke"]


def test_contracts_of_a_bundle_have_keys_of_their_own():
    single = {"Waehrungsschluessel": "EUR", "GesbeitragNettoInWE": HUNDRED, "bundle": "1"}
    found = rows(
        "contracts",
        *holder(),
        line("0200", "040", **single),
        line("0200", "130", **single),
        premium=Decimal("200.00"),
    )
    assert [row["key"] for row in found] == [f"{KEY}-040", f"{KEY}-130"]


def test_a_policy_number_under_two_lines_of_business_is_reported():
    found = taken(*holder(), contract("040"), *holder(), contract("130"), premium=Decimal("200.00"))
    assert [row["line_of_business"] for row in found.rows["contracts"]] == ["130"]
    (problem,) = found.problems
    assert (problem.reason, problem.params) == (
        Reason.REPEATED_CONTRACT,
        {"first": "040", "second": "130"},
    )


def test_records_without_policy_number_refuse_the_package():
    found = only(package(*holder(), contract().replace("AB1234567", " " * 9), Gesbeitrag=HUNDRED))
    assert found.refused
    assert [p.reason for p in found.problems] == [Reason.NO_POLICY_NUMBER]


def test_a_fleet_is_one_contract_with_many_vehicles():
    lines = []
    for number, plate in (("1", "HH-NL 10"), ("2", "HH-NL 20")):
        lines += [
            line("0210", "050", AmtlichesKennzeichen=plate, WKZ=112, LfdNr=number, Waehrungsschluessel="EUR"),
            line("0210", "050", "2", Baujahr=date(2021, 5, 1), Produktname="Flotte"),
            line("0220", "051", LfdNr=number, KhBeginn=date(2024, 1, 1)),
            line("0220", "052", LfdNr=number, FreiVereinbarteSelbstbeteiligungInWEVollkasko=500),
        ]
    found = taken(*holder(), contract("050"), *lines)
    assert [row["attributes"]["plate_number"] for row in found.rows["objects"]] == ["HH-NL 10", "HH-NL 20"]
    assert [row["key"] for row in found.rows["objects"]] == [f"{KEY}-050-1", f"{KEY}-050-2"]
    for row in found.rows["objects"]:
        assert (row["kind"], row["year_built"]) == ("vehicle", 2021)
        assert [cover["line_of_business"] for cover in row["attributes"]["covers"]] == ["051", "052"]
    assert found.rows["contracts"][0]["product"] == "Flotte"
    assert found.rows["contracts"][0]["deductible"] == "500.00"


def test_a_residential_building_has_address_year_and_sum():
    (building,) = rows(
        "objects",
        *holder(),
        contract("140"),
        line(
            "0220",
            "140",
            Wagnis="0001",
            ObjektNr="0001",
            LKZZurRisikoanschrift="A",
            PLZZurRisikoanschrift="1010",
            Risikoort="Wien",
            RisikoStr="Ringgasse 3",
            Baujahr=1912,
            AnzWohneinheiten=4,
        ),
        line("0220", "140", "2", Wagnis="0001", ObjektNr="0001", VersssummeAktuellInWE=900000, ArtSumme=1),
        line("0221", "140", "2", Wagnis="0001", ObjektNr="0001", VersssummeAktuellInWE=Decimal("900000.50")),
        line(
            "0230",
            "140",
            BezugZurWagnisNr="0001",
            BezugZurObjektNr="0001",
            BezeichnungZusatzdeckung="Photovoltaik",
        ),
    )
    assert (building["kind"], building["label"]) == ("building", "Ringgasse 3, 1010 Wien")
    assert (building["street"], building["postal_code"], building["city"], building["country"]) == (
        "Ringgasse 3",
        "1010",
        "Wien",
        "AT",
    )
    assert (building["year_built"], building["sum_insured"]) == (1912, "900000.50")
    assert building["attributes"]["dwellings"] == "4"
    assert building["attributes"]["additional_covers"] == [
        {"gdv": {"Bezeichnung der Zusatzdeckung": "Photovoltaik"}}
    ]


def test_commercial_property_has_sites_with_positions():
    site = {"LfdNrVerssgrundstueck": 1, "LfdNrObjektKomplex": 2}
    (found,) = rows(
        "objects",
        *holder(),
        contract("081"),
        line("0210", "081", GesVersssummeInWE=5000000, Waehrungsschluessel="EUR"),
        line("0220", "081", BeschreibungZuLfdNrObjektKomplex="Halle 2", Ort="Bremen", LKZ="D", **site),
        line("0220", "081", "2", PositionDeklaration="1", VersssummeAktuellInWE=3000000, **site),
        line("0221", "081", "2", VersssummeAktuellInWE=Decimal("3000000.00"), **site),
        line("0220", "081", "2", PositionDeklaration="2", VersssummeAktuellInWE=2000000, **site),
    )
    assert (found["kind"], found["label"], found["city"]) == ("building", "Halle 2", "Bremen")
    assert [entry["gdv"]["Versicherungssumme aktuell"] for entry in found["attributes"]["positions"]] == [
        "3000000.00",
        "2000000",
    ]


def test_machines_cargo_and_animals():
    number = {"LfdNrVerssgrundstueck": 1, "LfdNrPositionMaschinenverzeichnisses": 7}
    (machine,) = rows(
        "objects",
        *holder(),
        contract("171"),
        line(
            "0220",
            "171",
            "2",
            VersicherteSache="Drehbank",
            Hersteller="Werk Nord",
            VersssummeInWE=80000,
            **number,
        ),
    )
    assert (machine["kind"], machine["label"], machine["sum_insured"]) == ("machine", "Drehbank", "80000.00")
    assert machine["attributes"]["manufacturer"] == "Werk Nord"
    risk = {"LfdNrRisikos": 1, "GDVSpartenschluessel": 12}
    (cargo,) = rows(
        "objects",
        *holder(),
        contract("192"),
        line("0220", "192", VersichertesRisiko="Kaffee", Geltungsbereich="weltweit", **risk),
        line("0220", "192", "2", WaehrungsschluesselVersssumme="USD", VersssummeInWE=250000, **risk),
    )
    assert (cargo["label"], cargo["sum_insured"], cargo["currency"]) == ("Kaffee", "250000.00", "USD")
    assert cargo["attributes"]["territory"] == "weltweit"
    (animal,) = rows(
        "objects", *holder(), contract("684"), line("0220", "684", NameTieres="Flocke", Tierart=2)
    )
    assert (animal["kind"], animal["label"]) == ("other", "Flocke")


def test_people_of_health_and_life_contracts_carry_their_tariffs():
    (insured,) = rows(
        "objects",
        *holder(),
        contract("020"),
        line(
            "0220",
            "020",
            NameVersichertenPersonVp="Grün",
            VornameVersichertenPersonVp="Änne",
            LfdPersonenNrUnterNr=1,
        ),
        line("0220", "020", LfdPersonenNrUnterNr=1, Tarif="Komfort", GesbeitragTarifInWE=Decimal("300.10")),
    )
    assert (insured["kind"], insured["label"]) == ("person", "Änne Grün")
    assert insured["attributes"]["tariffs"] == [
        {"tariff": "Komfort", "gdv": {"Gesamtbeitrag Tarif": "300.10"}}
    ]
    (life,) = rows(
        "objects",
        *holder(),
        contract("010"),
        line("0220", "010", LfdNrVersichertenPersonVp="1", NameVp="Grün", VornameVp="Änne"),
        line(
            "0220",
            "010",
            LfdNrVersichertenPersonVp="1",
            TodesfallVsInWEZumAblauf=50000,
            Tarifbezeichnung="Leben A",
        ),
    )
    assert (life["label"], life["sum_insured"]) == ("Änne Grün", "50000.00")
    assert life["attributes"]["benefits"][0]["tariff"] == "Leben A"


def test_texts_and_attachments_need_no_contract():
    found = taken(line("0430", policy="", Text1="Guten Tag"), line("9951", policy=""), premium=Decimal(0))
    assert found.unmapped == {"0430": 1, "9951": 1}


def test_a_contract_before_its_people_is_theirs_too():
    found = taken(contract(), *holder())
    assert found.rows["contracts"][0]["policyholder"] == "4242-K77"
    assert not found.problems


def test_what_is_not_mapped_is_counted():
    found = taken(
        *holder(),
        contract("190"),
        line("0250", "190", LfdNrDeklaration=1),
        line("0430", Textart1="1", Text1="Guten Tag"),
        line("9951"),
    )
    assert found.unmapped == {"0250": 1, "0430": 1, "9951": 1}
    assert found.counts["0250"] == 1


def test_every_detail_has_a_name_in_every_language_or_is_the_gdvs_own():
    for name in {*NAMES.values(), GDV, "covers", "sections", "clauses", "co_insurers", "other_partners"}:
        assert name in LABELS
    assert german("Gesamtbeitrag in Währungseinheiten") == "Gesamtbeitrag"


def test_a_contract_of_unknown_status_with_a_reason_for_its_end_has_ended():
    statuses = {
        written: rows("contracts", *holder(), contract(Vertragsstatus=status, Abgangsgrund=reason))[0][
            "status"
        ]
        for written, status, reason in (("live", "1", "12"), ("ended", "A", "12"), ("unknown", "A", "  "))
    }
    assert statuses == {"live": "own", "ended": "cancelled", "unknown": "own"}


def test_two_people_under_one_customer_number_stay_two():
    found = only(
        package(
            *holder(),
            contract(),
            line("0100", policy="CD2", Anredeschluessel="3", Name1="Werk GmbH", Adresskennzeichen="01"),
            line("0100", part="2", policy="CD2", PersonenKundenNrVersicherers="K77"),
            line("0200", "040", policy="CD2", Vertragsstatus="1"),
            line("0100", policy="CD3", Anredeschluessel="2", Name1="GRÜN", Adresskennzeichen="01"),
            line("0100", part="2", policy="CD3", PersonenKundenNrVersicherers="K77"),
            line("0200", "040", policy="CD3", Vertragsstatus="1"),
            Gesbeitrag=Decimal("100.00"),
        )
    )
    (problem,) = found.problems
    assert (problem.line, problem.reason) == (7, Reason.SHARED_CUSTOMER_NUMBER)
    assert problem.params == {"first": "Änne Grün", "second": "Werk GmbH"}
    assert [row["policyholder"] for row in found.rows["contracts"]] == ["4242-K77", "4242-CD2-VN", "4242-K77"]
