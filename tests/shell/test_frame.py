"""The frame and an overview's tools are drawn once and shown again, but never to somebody they were not drawn for."""


def test_two_people_of_one_profile_read_their_own_names(make, sign_in):
    profile = make.profile()
    anna = make.member(make.organization(name="Nordwerk"), profile, make.user("Anna Behrens"))
    ben = make.member(make.organization(name="Hafenbau"), profile, make.user("Ben Carstens"))

    for_anna, for_ben = sign_in(anna).get("/contracts").text, sign_in(ben).get("/contracts").text

    assert "Anna Behrens" in for_anna
    assert "Nordwerk" in for_anna
    assert "Ben Carstens" not in for_anna
    assert "Hafenbau" not in for_anna
    assert "Ben Carstens" in for_ben
    assert "Hafenbau" in for_ben
    assert "Anna Behrens" not in for_ben
    assert "Nordwerk" not in for_ben


def test_the_language_form_leads_back_to_the_page_it_stands_on(make, sign_in):
    reader = sign_in(make.member(make.organization()))

    filtered, plain = reader.get("/contracts?status=own&sort=-ends_on").text, reader.get("/contracts").text

    assert 'name="next" value="/contracts?status=own&amp;sort=-ends_on"' in filtered
    assert 'name="next" value="/contracts"' in plain


def test_a_search_stands_in_the_forms_of_its_own_page_only(make, sign_in):
    reader = sign_in(make.member(make.organization()))

    searched, plain = reader.get("/contracts?q=geheim&rows=25").text, reader.get("/contracts").text

    assert searched.count('name="q" value="geheim"') > 2
    assert "geheim" not in plain


def test_the_tools_of_an_overview_follow_the_profile(make, sign_in):
    nordwerk = make.organization(make.policyholder())
    numbers = make.profile("menu:contracts", "field:contract.number")

    everything = sign_in(make.member(nordwerk)).get("/contracts").text
    number_only = sign_in(make.member(nordwerk, numbers)).get("/contracts").text

    assert "premium_net" in everything
    assert "premium_net" not in number_only
