"""The page: a person and a record are found by a few letters, and what is said of them can be followed."""

from __future__ import annotations

import re


def test_letters_find_people_and_records_and_one_of_each_is_the_answer(asking, nordwerk, make):
    make.member(nordwerk.organization, user=make.user("Ada Berg"))

    people = asking.get("/visibility", who="ada")
    assert re.findall(r'class="cover"[^>]*>([^<]+)', people.text) == ["Ada Berg", "Ada Lund"]
    assert "Hall 4" in asking.get("/visibility", what="nordwerk").text

    chosen = asking.get("/visibility", who="lund", what="fire-1")
    assert chosen.status_code == 302
    page = asking.get(chosen.headers["Location"])
    assert "Yes, Ada Lund sees: Contract FIRE-1" in page.text
    assert "Chosen by name" in page.text
    assert "3 people see this record" in page.text


def test_nothing_found_says_what_to_do(asking, nordwerk):
    page = asking.get("/visibility", who="zzz", what="zzz")
    assert "Nobody found" in page.text
    assert "No record found" in page.text
    assert asking.get("/visibility", who="%_", what="\\").status_code == 200
    assert asking.get("/visibility", who="x" * 5000).status_code == 200


def test_a_no_says_how_it_is_mended(asking, nordwerk, make):
    make.change("organizations", nordwerk.organization, share_automatically=False)
    make.arrange(organizations={nordwerk.organization})

    page = asking.get("/visibility", person=nordwerk.ada, record=f"contract:{nordwerk.fire}")

    assert "No, Ada Lund does not see: Contract FIRE-1" in page.text
    assert "1 condition is not met." in page.text
    assert "Switch on ‘Share contracts automatically’" in page.text


def test_a_record_tells_who_sees_it_and_who_nearly_does(asking, nordwerk, make):
    narrow = make.profile("menu:contracts", "field:contract.number", "field:contract.status")
    make.member(nordwerk.organization, narrow, make.user("Ben"))
    office = make.object(nordwerk.holder)
    make.member(nordwerk.organization, user=make.user("Carla"), objects=(office,))
    bare = make.row("profiles", key="bare", name="Bare")
    make.member(nordwerk.organization, bare, make.user("Dora"))
    make.member(make.organization(make.policyholder("Stranger")), user=make.user("Emil"))

    told = asking.ask(record=f"contract:{nordwerk.fire}").json

    assert [(one["name"], one["fields"] == one["of"]) for one in told["people"]] == [
        ("Ada Lund", True), ("Ben", False), ("Jonas Petersen", True),
    ]  # fmt: skip
    assert next(one["fields"] for one in told["people"] if one["name"] == "Ben") == 2
    assert {one["name"]: one["reason"] for one in told["near"]} == {
        "Carla": "None of the objects this person looks after",
        "Dora": "Profile Bare does not show the menu area Contracts",
    }
    page = asking.get("/visibility", record=f"contract:{nordwerk.fire}").text
    assert "3 people see this record" in page
    assert "None of the objects this person looks after" in page


def test_whoever_sees_a_record_by_his_own_right_is_among_those_who_see_it(asking, nordwerk, make):
    claim = make.claim(None, reported_by_id=nordwerk.ada)
    photo = make.document(links={"claim": claim})
    case = make.row("cases", key="c", subject="Matter", status="open", owner_id=nordwerk.ada)
    limited = make.user("Max", is_staff=True, profile_id=make.profile(is_staff=True))
    make.row("staff_mandates", user_id=limited, mandate_id=nordwerk.mandate)

    def names(record):
        return [one["name"] for one in asking.ask(record=record).json["people"]]

    assert names(f"claim:{claim}") == ["Ada Lund", "Jonas Petersen"]
    assert names(f"document:{photo}") == ["Ada Lund", "Jonas Petersen"]
    assert names(f"case:{case}") == ["Ada Lund", "Jonas Petersen"]
    assert names(f"contract:{nordwerk.fire}") == ["Ada Lund", "Jonas Petersen", "Max"]
    assert names(f"mandate:{nordwerk.mandate}") == ["Jonas Petersen", "Max"]


def test_a_person_is_summed_up_for_each_organization(asking, nordwerk, make):
    other = make.organization(make.policyholder("Stranger"), name="Club")
    make.member(other, user=nordwerk.ada)

    told = asking.ask(person=nordwerk.ada).json

    assert [(one["organization"]["name"], one["seen"]["contract"]) for one in told["answers"]] == [
        ("Nordwerk Gruppe", 1), ("Club", 0),
    ]  # fmt: skip
    page = asking.get("/visibility", person=nordwerk.ada).text
    assert "Club" in page
    assert "main organisation" in page


def test_in_whichever_organization_somebody_sees_it(asking, nordwerk, make):
    """His main one does not show it, another one does: the answer is yes, and says where."""
    club = make.organization(make.policyholder("Stranger"), name="Club")
    ben = make.user("Ben")
    make.member(club, user=ben, is_main=True)
    make.member(nordwerk.organization, user=ben)

    told = asking.ask(person=ben, record=f"contract:{nordwerk.fire}").json
    assert told["sees"]
    assert [(one["organization"]["name"], one["sees"]) for one in told["answers"]] == [
        ("Nordwerk Gruppe", True), ("Club", False),
    ]  # fmt: skip
    page = asking.get("/visibility", person=ben, record=f"contract:{nordwerk.fire}", organization=club)
    assert "No, Ben does not see" in page.text


def test_fields_say_which_profile_grants_them(asking, nordwerk, make):
    parent = make.profile("menu:contracts", "field:contract.number", "field:contract.premium_net")
    child = make.profile("field:contract.product", **{"field:contract.product": "mask"})
    make.row("profile_parents", profile_id=child, parent_id=parent)
    ben = make.user_of(make.member(nordwerk.organization, child, make.user("Ben")))
    make.change("profiles", parent, name="Standard")
    make.change("profiles", child, name="Works")

    fields = asking.about(ben, f"contract:{nordwerk.fire}")["fields"]

    assert fields["number"] == {"level": "edit", "why": "granted", "profile": "Standard"}
    assert fields["product"] == {"level": "masked", "why": "granted", "profile": "Works"}
    assert fields["premium_net"] == {"level": "hidden", "why": "needs", "profile": "Standard"}
    assert fields["commission"] == {"level": "hidden", "why": "broker_only", "profile": None}
    assert fields["remarks"] == {"level": "hidden", "why": "not_granted", "profile": None}
    one = asking.about(ben, f"contract:{nordwerk.fire}", field="product")["fields"]
    assert list(one) == ["product"]
    page = asking.get("/visibility", person=ben, record=f"contract:{nordwerk.fire}").text
    for words in (
        "Needs the field Currency",
        "For the broker only",
        "Profile Works, own rule",
        "Inherited from Standard",
    ):
        assert words in page


def test_functions_say_who_switched_them_off(asking, nordwerk, make):
    make.change("organizations", nordwerk.organization, report_functions_off=["report.sort"])

    told = asking.ask(person=nordwerk.ada, function="report.sort").json["answers"][0]
    assert told["functions"] == {"report.sort": {"is_on": False, "why": "off_here", "profile": "Profile"}}
    held = asking.ask(person=nordwerk.ada).json["answers"][0]["functions"]
    assert held["export"] == {"is_on": True, "why": "granted", "profile": "Profile"}
    assert held["config.apply"] == {"is_on": False, "why": "staff_only", "profile": "Profile"}
    page = asking.get("/visibility", person=nordwerk.ada, function="report.sort").text
    assert "Switched off for the organisation" in page


def test_what_is_not_there_is_not_found(asking, nordwerk, neighbour):
    theirs = neighbour.contract()
    person = neighbour.user()
    for words in (
        {"person": person}, {"person": "nobody@nowhere.example"}, {"person": "x" * 3000},
        {"record": f"contract:{theirs}"}, {"record": "contract:no-such-key"}, {"record": "nothing:1"}, {"record": ":"},
        {"person": nordwerk.ada, "organization": "7"}, {"person": nordwerk.ada, "field": "contract.nothing"},
        {"person": nordwerk.ada, "field": "premium_net"}, {"person": nordwerk.ada, "function": "nothing"},
        {"record": f"contract:{nordwerk.fire}", "field": "claim.reserve"},
    ):  # fmt: skip
        assert asking.ask(**words).status_code == 404, words
        assert asking.get("/visibility", **words).status_code == 404, words
    assert asking.ask().status_code == 422
    assert asking.get("/visibility").status_code == 200


def test_a_field_or_a_function_is_chosen_from_what_the_asker_has_himself(asking, nordwerk):
    page = asking.get("/visibility", person=nordwerk.ada).text
    assert re.search(r'<option value="field:contract.premium_net">', page)
    assert re.search(r'<option value="function:report.filter">', page)

    chosen = asking.get("/visibility", person=nordwerk.ada, right="field:contract.number")
    assert chosen.headers["Location"] == f"/visibility?person={nordwerk.ada}&field=contract.number"
    page = asking.get(chosen.headers["Location"]).text
    assert '<option value="field:contract.number" selected>' in page
    assert page.count('role="rowheader"') == 1

    chosen = asking.get(
        "/visibility", person=nordwerk.ada, field="contract.number", right="function:report.filter"
    )
    assert chosen.headers["Location"] == f"/visibility?person={nordwerk.ada}&function=report.filter"
    cleared = asking.get("/visibility", person=nordwerk.ada, field="contract.number", right="")
    assert cleared.headers["Location"] == f"/visibility?person={nordwerk.ada}"


def test_of_a_chosen_record_only_its_own_fields_are_asked_for(asking, nordwerk):
    record = f"contract:{nordwerk.fire}"
    page = asking.get("/visibility", person=nordwerk.ada, record=record).text
    assert 'value="field:contract.number"' in page
    assert 'value="field:claim.' not in page

    kept = asking.get("/visibility", who="lund", what="fire-1", right="field:contract.number")
    assert "field=contract.number" in kept.headers["Location"]
    left = asking.get("/visibility", who="lund", what="fire-1", right="field:claim.reserve")
    assert "field" not in left.headers["Location"]
    assert asking.get("/visibility", right="field:contract.no_such_field").status_code == 404
    alone = asking.get("/visibility", field="claim.reserve")
    assert "Whom is the question about?" in alone.text


def test_the_answer_is_to_the_question_that_is_asked(asking, nordwerk, make):
    shown = ("menu:contracts", "field:contract.number", "field:contract.product", "function:claim.report")
    works = make.profile(*shown, **{"field:contract.product": "mask"})
    make.change("profiles", works, name="Works")
    ben = make.user_of(make.member(nordwerk.organization, works, make.user("Ben")))
    record = f"contract:{nordwerk.fire}"

    def asked(**words: str) -> tuple[bool, str, str]:
        said = asking.about(ben, record, **words)
        assert said["sees"]
        page = asking.get("/visibility", person=ben, record=record, **words).text
        for words_said in (said["verdict"]["title"], said["verdict"]["detail"]):
            assert words_said in page.replace("&#39;", "'")
        assert ("data-no" in page.split('id="h-answer"')[0]) != said["verdict"]["is_yes"]
        assert ("The record itself is seen, through Nordwerk Gruppe:" in page) == bool(words)
        return tuple(said["verdict"].values())

    assert asked(field="commission") == (
        False, "No, Ben does not see ‘Commission’: Contract FIRE-1", "For the broker only",
    )  # fmt: skip
    assert asked(field="number") == (
        True, "Yes, Ben sees ‘Policy number’: Contract FIRE-1", "Profile Works, own rule",
    )  # fmt: skip
    assert asked(field="product")[:2] == (True, "Yes, Ben sees ‘Product’, but masked: Contract FIRE-1")
    assert asked(function="claim.report") == (True, "Yes, Ben may: Report claims", "Profile Works, own rule")
    assert asked(function="export") == (False, "No, Ben may not: Export", "Not granted by profile Works")
    assert asked()[:2] == (True, "Yes, Ben sees: Contract FIRE-1")

    page = asking.get("/visibility", person=ben, record=record, function="claim.report").text
    assert page.count('role="rowheader"') == 1
    alone = asking.get("/visibility", person=ben, field="contract.commission").text
    assert "No, Ben does not see ‘Commission’: Contracts" in alone


def test_who_sees_a_record_somewhere_is_not_among_those_who_do_not(asking, nordwerk, make):
    sister = make.organization(nordwerk.holder, name="Nordwerk B", share_automatically=False)
    make.member(sister, user=nordwerk.ada)
    make.member(sister, user=make.user("Carla"))
    make.arrange(organizations={sister})

    told = asking.ask(record=f"contract:{nordwerk.fire}").json
    assert [one["name"] for one in told["people"]].count("Ada Lund") == 1
    assert [one["name"] for one in told["near"]] == ["Carla"]

    # Where somebody reads it is answered by the place that says yes.
    bare = make.profile("menu:contracts", "field:contract.number")
    both = make.user("Dora")
    make.member(nordwerk.organization, bare, both, is_main=True)
    club = make.organization(nordwerk.holder, name="Nordwerk C")
    make.member(club, make.profile("menu:contracts", "field:contract.product"), both)
    make.arrange(organizations={club})
    said = asking.about(both, f"contract:{nordwerk.fire}", field="product")
    assert (said["organization"]["name"], said["verdict"]["is_yes"]) == ("Nordwerk C", True)
