"""The page of one record and home: whom to turn to, the main amounts, details in words; and nothing of it without a right."""

from decimal import Decimal
from unittest import mock

import pytest
from sqlalchemy import Select

from app.core.text import speaking
from app.reports.details import details_of

pytestmark = pytest.mark.usefixtures("portal")
READS_NUMBER = ("menu:contracts", "field:contract.number", "field:contract.currency")


@pytest.fixture
def people(make):
    """Jonas looks after the client and his claims, Meike after his contracts; Gerda has left."""

    def staff(name, **more):
        return make.user(name, key=name[:2], is_staff=True, **more)

    return {
        "jonas": staff("Jonas Petersen", phone="+49 40 5550 11", role="Betreuung Hamburg"),
        "meike": staff("Meike Tams", phone="+49 40 5550 33"),
        "gerda": staff("Gerda Fort", phone="+49 40 5550 99", is_active=False),
    }


@pytest.fixture
def contract(make, people):
    holder = make.policyholder("Nordwerk")
    return holder, make.contract(
        holder,
        number="N-1",
        premium_net=Decimal("1234.50"),
        sum_insured=Decimal(86_400_000),
        deductible=Decimal(5000),
        currency="CHF",
        account_manager_id=people["jonas"],
        clerk_id=people["gerda"],
        claims_handler_id=people["jonas"],
    )


def page_of(sign_in, make, contract, *subjects):
    holder, found = contract
    reader = sign_in(make.member(make.organization(holder), make.profile(*subjects) if subjects else None))
    return reader.get(f"/contracts/{found}", headers={"Accept-Language": "en"}).text


def test_a_record_names_those_who_look_after_it_and_how_to_reach_them(make, sign_in, contract):
    page = page_of(sign_in, make, contract)

    assert page.count("Jonas Petersen</b>") == 1
    assert "Account manager, Claims handler" in page
    assert 'href="tel:+4940555011"' in page
    assert "mailto:person-" in page


def test_somebody_who_has_left_is_named_and_cannot_be_called(make, sign_in, contract):
    page = page_of(sign_in, make, contract)

    assert "Gerda Fort" in page
    assert "5550 99" not in page


def test_who_may_not_read_the_name_gets_no_telephone_number_either(make, sign_in, contract):
    holder, _found = contract
    page = page_of(sign_in, make, contract, *READS_NUMBER)
    reader = sign_in(make.member(make.organization(holder), make.profile(*READS_NUMBER)))

    for text in (page, reader.get("/").text):
        assert "Jonas" not in text
        assert "5550" not in text


def test_a_masked_name_gives_no_telephone_number(make, sign_in, contract):
    holder, found = contract
    subject = "field:contract.account_manager"
    profile = make.profile(*READS_NUMBER, subject, **{subject: "mask"})
    reader = sign_in(make.member(make.organization(holder), profile))

    assert "5550" not in reader.get(f"/contracts/{found}").text + reader.get("/").text


def test_home_names_those_who_look_after_most_of_the_stock(make, sign_in, contract, people):
    holder, _found = contract
    for number in ("N-2", "N-3"):
        make.contract(holder, number=number, account_manager_id=people["meike"])
    make.contract(make.policyholder("Stranger"), account_manager_id=make.user("Sarah Fremd", is_staff=True))

    home = sign_in(make.member(make.organization(holder))).get("/", headers={"Accept-Language": "en"}).text

    assert home.index("Meike Tams</b>") < home.index("Jonas Petersen</b>")
    assert "Betreuung Hamburg" in home
    assert "Gerda" not in home
    assert "Fremd" not in home


def test_main_amounts_stand_at_the_head_and_not_again_among_the_facts(make, sign_in, contract):
    page = page_of(sign_in, make, contract)

    assert '<span class="v">86,400,000<small>CHF</small></span>' in page
    assert '<span class="v">1,234.50<small>CHF</small></span>' in page
    assert page.count("86,400,000") == 1
    assert "<dt>Currency</dt>" not in page


def test_a_single_amount_is_a_fact_among_others(make, sign_in, contract):
    page = page_of(sign_in, make, contract, *READS_NUMBER, "field:contract.deductible")

    assert 'class="figs' not in page
    assert "<dt>Deductible</dt>" in page


def test_details_have_words_in_the_readers_language():
    told = {
        "plate_number": "K-WB 4444",
        "is_fleet": True,
        "first_registered_on": "2004-07-01",
        "price_when_new": "1234.50",
        "vehicle_class": "112",
        "vehicle_class_name": "Personenkraftwagen",
        "odd_thing": "<b>",
    }

    with speaking("fr"):
        known = details_of(told)

    assert dict(known.own) == {
        "Immatriculation": "K-WB 4444",
        "Véhicule de flotte": "Oui",
        "Première immatriculation": "01/07/2004",
        "Prix à neuf": "1\u202f234,50",
        "Catégorie de véhicule": "Personenkraftwagen",
        "Odd thing": "&lt;b&gt;",
    }


def test_parts_stand_by_themselves_and_what_is_german_is_said_to_be():
    told = {
        "gdv": {"Inkassoart": "2"},
        "covers": [{"line_of_business": "051", "liability_sums": ["1.00", "2.00"], "gdv": {"KH-RGJ": "05"}}],
    }

    with speaking("en"):
        known = details_of(told)

    assert known.own == []
    assert known.foreign == [("Inkassoart", "2")]
    ((title, ((kind, words),)),) = known.parts
    assert (title, kind) == ("Covers", "Motor third-party liability")
    assert words.endswith(': 1.00 / 2.00<br><span lang="de">KH-RGJ: 05</span>')


def test_what_a_page_asks_is_written_once_for_a_profile(make, sign_in, contract):
    holder, found = contract
    claim = make.claim(found, policyholder_id=holder)
    reader = sign_in(make.member(make.organization(holder)))
    pages = [f"/contracts/{found}", f"/policyholders/{holder}", f"/claims/{claim}"]
    assert [reader.get(page).status_code for page in pages] == [200, 200, 200]

    with mock.patch.object(Select, "__init__", side_effect=AssertionError("written anew")):
        assert [reader.get(page).status_code for page in pages] == [200, 200, 200]
