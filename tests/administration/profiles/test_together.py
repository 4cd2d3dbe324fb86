"""Two people change the same profile, profiles inherit, and what cannot be is refused at its place."""

from __future__ import annotations

import pytest

from tests.administration.profiles.conftest import Keeper

PREMIUM, GROSS, NUMBER = "field:contract.premium_net", "field:contract.premium_gross", "field:contract.number"

CURRENCY = "field:contract.currency"


@pytest.fixture
def plant(make):
    found = make.profile(NUMBER, CURRENCY, "menu:contracts", **{CURRENCY: "read"})
    make.change("profiles", found, name="Werksleitung")
    return found


@pytest.fixture
def colleague(make, desk, sign_in):
    person = make.user("Otto Kant", is_staff=True, profile_id=desk)
    return Keeper(sign_in(user=person), make)


def heir_of(make, profile, *subjects, name="Meisterei", is_staff=False, **levels):
    found = make.profile(*(subjects or ["menu:claims"]), is_staff=is_staff, **levels)
    make.change("profiles", found, name=name)
    make.row("profile_parents", profile_id=found, parent_id=profile)
    return found


def test_what_two_change_in_different_places_is_both_saved(keeper, colleague, plant, rules_of):
    keeper.open(plant)
    colleague.open(plant).send("/review", **{GROSS: "read"})
    colleague.save()

    review = keeper.send("/review", **{PREMIUM: "mask"})
    assert "Otto Kant hat dieses Profil inzwischen geändert" in review.text
    assert "Beitrag brutto: Ausgeblendet → Lesen" in review.text
    keeper.save()

    assert (rules_of(plant)[PREMIUM], rules_of(plant)[GROSS]) == ("mask", "read")


@pytest.mark.parametrize(("choice", "holds"), [("mine", "read"), ("theirs", "mask")])
def test_whoever_comes_second_chooses_where_both_changed_the_same(
    keeper, colleague, plant, rules_of, choice, holds
):
    keeper.open(plant)
    colleague.open(plant).send("/review", **{PREMIUM: "mask"})
    colleague.save()

    both = keeper.send("/review", **{PREMIUM: "read", GROSS: "read"})
    assert both.status_code == 409
    assert "Ihre Änderung: Lesen" in both.text
    assert "Otto Kant: Maskiert" in both.text
    unclear = keeper.send("/review")
    assert unclear.status_code == 409
    assert "Wählen Sie" in unclear.text
    keeper.send("/review", **{f"keep:{PREMIUM}": choice})
    keeper.save()

    assert (rules_of(plant)[PREMIUM], rules_of(plant)[GROSS]) == (holds, "read")


def test_what_changes_between_reviewing_and_saving_is_reviewed_again(keeper, colleague, plant, rules_of):
    keeper.open(plant).send("/review", **{PREMIUM: "read"})
    colleague.open(plant).send("/review", **{PREMIUM: "mask"})
    colleague.save()

    assert keeper.save().status_code == 409
    assert rules_of(plant)[PREMIUM] == "mask"


def test_heirs_stand_in_the_review_and_obey_at_once(keeper, make, plant, sign_in):
    holder = make.policyholder()
    make.contract(holder, premium_net="7654321")
    heir = heir_of(make, plant)
    member = sign_in(make.member(make.organization(holder, name="Südwerk"), heir))
    shown = "/contracts?columns=number,premium_net"
    assert "7.654.321" not in member.get(shown).text

    review = keeper.open(plant).send("/review", **{PREMIUM: "read"})
    assert "Meisterei" in review.text
    assert "Südwerk: 1" in review.text
    keeper.save()

    assert "7.654.321" in member.get(shown).text


def test_what_is_inherited_can_be_more_here_and_never_less(keeper, make, plant, rules_of):
    heir = heir_of(make, plant)
    page = keeper.open(heir).page
    assert f'href="/profiles/{plant}?part=field.contract"' in page
    assert "Geerbt: Werksleitung" in page

    less = keeper.send("/review", **{NUMBER: ""})
    assert less.status_code == 422
    assert f'id="wrong-{NUMBER}"' in less.text
    assert "<li>Versicherungsscheinnummer: Geerbtes kann hier nicht weniger werden" in less.text
    keeper.open(heir).send("/review", **{CURRENCY: "edit"})
    keeper.save()

    assert NUMBER not in rules_of(heir)
    assert rules_of(heir)[CURRENCY] == "edit"


def test_what_only_makes_sense_with_another_field_says_so(keeper, make):
    bare = make.profile(PREMIUM)

    assert "Nicht zu sehen ohne: Vertrag: Währung" in keeper.open(bare).page


def test_a_profile_gets_another_name_and_inherits_from_another(keeper, make, plant, rules_of, sign_in):
    base = make.profile("menu:invoices", "field:invoice.number")
    make.change("profiles", base, name="Grundrechte")
    member = sign_in(make.member(make.organization(name="Südwerk"), plant))
    assert member.get("/invoices").status_code == 403

    review = keeper.open(plant, "general").send("/review", name="Werk Nord", inherits=[keys(make)[base]])
    assert "Werksleitung → Werk Nord" in review.text
    assert "– → Grundrechte" in review.text
    assert "Südwerk: 1" in review.text
    keeper.save()

    assert member.get("/invoices").status_code == 200
    assert {row.name for row in make.rows("profiles") if row.id == plant} == {"Werk Nord"}


def test_a_circle_is_refused_beside_the_field_and_what_was_typed_stays(keeper, make, plant, rules_of):
    heir = heir_of(make, plant)
    key = keys(make)[heir]

    circle = keeper.open(plant, "general").send("/review", name="Werk Nord", inherits=[key])

    assert circle.status_code == 422
    assert 'aria-describedby="inherits-error"' in circle.text
    assert 'value="Werk Nord"' in circle.text
    assert [pair for pair in keeper.form() if pair[0] == "inherits"] == [("inherits", key)]


def test_a_profile_without_a_name_is_refused_beside_the_name(keeper, plant):
    nameless = keeper.open(plant, "general").send("/review", name=" ")

    assert nameless.status_code == 422
    assert 'aria-describedby="name-error"' in nameless.text
    assert "<li>Name des Profils: " in nameless.text


def test_a_clients_profile_inherits_nothing_from_the_desk(keeper, make, plant, desk):
    page = keeper.open(plant, "general").page
    assert f'value="{keys(make)[desk]}"' not in page

    assert keeper.send("/review", inherits=[keys(make)[desk]]).status_code == 422


def test_the_last_administrator_does_not_shut_himself_out(keeper, desk, rules_of):
    keeper.open(desk, "functions")
    answer = keeper.send("/review", **{"function:config.apply": "", "function:profile.manage": ""})

    assert answer.status_code == 422
    assert "Danach könnte niemand mehr Profile ändern" in answer.text
    assert "function:config.apply" in rules_of(desk)
    assert set(dict(keeper.form())["wish"].split()) == {"function:config.apply=", "function:profile.manage="}


ODD = {
    "version": "9" * 5000, "was": "nothing=read field:contract.commission=read x", "was_inherits": "nobody",
    "inherits": "nobody", "wish": "field:contract.commission=edit menu:contracts=edit", "name": "x" * 3000,
    "row:1": ["field:contract.number=", "nothing", "="], "all:1": "all", "row:x": "menu:profiles=", "all:x": "show",
    "field:contract.number": "everything", "keep:name": "mine", "go": "nowhere", "q": "%", "show": "x",
}  # fmt: skip


def test_a_form_that_the_page_never_made_grants_nothing(keeper, plant, rules_of):
    before = rules_of(plant)
    held = {"version": "1", "was": "field:contract.commission=read", "name": "Werksleitung"}
    wished = {"version": "1", "wish": "field:contract.commission=read", "name": "Werksleitung"}

    for body in (ODD, {}, {"version": "1"}, held, wished, {**ODD, "version": "1"}):
        for way in ("", "/draft", "/review"):
            answer = keeper.browser.post(f"/profiles/{plant}{way}", data=body)
            assert answer.status_code in (200, 303, 409, 422), (way, body)

    assert rules_of(plant) == before


def test_nobody_keeps_profiles_whose_own_does_not_let_him(make, plant, sign_in):
    reader = make.profile("menu:profiles", is_staff=True)
    clerk = Keeper(sign_in(user=make.user(is_staff=True, profile_id=reader)), make)

    page = clerk.open(plant).page
    assert f'name="{PREMIUM}" value="read"' in page
    assert "Änderungen prüfen" not in page
    assert clerk.send("/review", **{PREMIUM: "read"}).status_code == 403
    assert clerk.browser.get("/profiles/new").status_code == 403


def test_a_profile_of_another_broker_is_not_there(keeper, neighbour):
    there = neighbour.profile()

    for path in ("", "/members", "/preview", "/copy", "/deletion"):
        assert keeper.browser.get(f"/profiles/{there}{path}").status_code == 404
    for path in ("", "/draft", "/review", "/copy", "/deletion"):
        assert keeper.browser.post(f"/profiles/{there}{path}", data={"name": "Mine"}).status_code == 404
    assert keeper.browser.get(f"/profiles/comparison?left={there}").status_code == 404


def keys(make):
    """Keys of the broker's profiles by their ids."""
    return {row.id: row.key for row in make.rows("profiles")}
