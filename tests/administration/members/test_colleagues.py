"""A client's own administrator invites and looks after his colleagues, never beyond what he is himself."""

from __future__ import annotations

import datetime
import random
import re
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text

from app.administration.members import offers
from permissions.catalogue import catalogue
from permissions.rights import raise_version
from tenants import current, visibility
from tests.administration.members.test_members import PASSWORD
from tests.administration.organizations.conftest import holder
from tests.administration.organizations.test_settings import numbers
from tests.reports.test_subscriptions import letterbox
from tests.security.stock import with_look

__all__ = ["holder", "letterbox"]

TODAY = visibility.today()
HIS = ("menu:colleagues", "function:member.delegate", "menu:contracts", "field:contract.number", "field:contract.status",
       "menu:objects", "field:object.label")  # fmt: skip
PLAIN = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
LINK = re.compile(r"https?://[^/]+(/invitation/\S+)")


@pytest.fixture
def house(make: Any, holder: Any, sign_in: Any) -> SimpleNamespace:
    """Nina administers her company's access; Tom reads contracts there, Olga everything."""
    organization = make.organization(holder)
    small = make.profile("menu:contracts", "field:contract.number")
    make.change("profiles", small, key="small", name="Reads contracts")
    hers = make.profile(*HIS)
    make.change("profiles", hers, key="hers", name="Administers")
    large = make.profile()
    make.change("profiles", large, key="large", name="Everything")
    nina = make.member(organization, hers, make.user("Nina Casals", password_hash="x"))
    tom = make.member(organization, small, make.user("Tom Berger", password_hash="x"))
    olga = make.member(organization, large, make.user("Olga Brandt", password_hash="x"))
    return SimpleNamespace(
        organization=organization, small=small, hers=hers, large=large, nina=nina, tom=tom, olga=olga,
        browser=sign_in(nina), holder=holder,
    )  # fmt: skip


def invite(
    house: Any, people: str = "Eva Lorenz e.lorenz@nordwerk.example", profile: str = "small", **more: str
) -> Any:
    return house.browser.post("/colleagues", data={"people": people, "profile": profile, **more})


def link_in(mail: Any) -> str:
    return LINK.search(mail.get_content())[1]


def members(make: Any, organization: Any) -> dict[str, Any]:
    users = {row.id: row.email for row in make.rows("users")}
    return {
        users[row.user_id]: row for row in make.rows("memberships") if row.organization_id == organization
    }


def form(**more: str) -> dict[str, str]:
    return {"profile": "small", "objects": "all", "starts_on": "", "ends_on": "", **more}


def test_a_colleague_accepts_chooses_a_password_and_sees_what_was_given(
    house, make, letterbox, work, nobody, neighbour
):
    assert invite(house).headers["Location"].endswith("?invited=1")
    assert "e.lorenz@nordwerk.example" not in members(make, house.organization)
    work()
    (mail,) = letterbox.mails
    assert "Nina Casals" in mail.get_content()
    assert "Eva" not in mail.get_content()

    link = link_in(mail)
    assert "Eva Lorenz" in nobody.get(link).text
    assert nobody.post(link, data={"password": "short"}).status_code == 422
    assert nobody.post(link, data={"password": PASSWORD}).headers["Location"] == "/"

    assert numbers(nobody) == ["N-1", "N-2", "N-3", "N-4"]
    assert nobody.get(link).status_code == 404
    assert nobody.post(link, data={"password": PASSWORD}).status_code == 404
    assert members(make, house.organization)["e.lorenz@nordwerk.example"].is_main
    assert "Eva Lorenz" in house.browser.get("/colleagues").text
    acts = [row.act for row in make.rows("audit")]
    assert {"offer.made", "offer.accepted", "membership.created", "user.created", "user.activated"} <= set(
        acts
    )


def test_who_is_known_elsewhere_is_answered_as_who_is_not(house, make, letterbox, work, nobody, sign_in):
    elsewhere = make.organization(name="Andere")
    known = make.user("Ralf Stöver", email="r.stoever@elsewhere.example", password_hash="x")
    make.member(elsewhere, house.large, known, is_main=True)

    pages = []
    for email in ("r.stoever@elsewhere.example", "nobody@elsewhere.example"):
        answer = invite(house, f"Ray Typed {email}")
        page = house.browser.get("/colleagues").text
        pages.append((answer.status_code, answer.headers["Location"], PLAIN.sub("", page.replace(email, ""))))
        (offer,) = make.rows("membership_offers")
        assert house.browser.post(f"/colleagues/offers/{offer.id}/withdrawal").status_code == 303
    assert pages[0] == pages[1]
    assert "Ralf" not in pages[0][2]

    invite(house, "Ray Typed r.stoever@elsewhere.example")
    work()
    link = link_in(letterbox.mails[-1])
    assert "Ralf Stöver" in nobody.get(link).text
    assert nobody.post(link).headers["Location"] == "/sign-in"
    joined = members(make, house.organization)["r.stoever@elsewhere.example"]
    assert not joined.is_main
    assert next(row for row in make.rows("users") if row.id == known).name == "Ralf Stöver"


def test_nothing_is_shared_before_the_invitation_is_accepted(house, make, sign_in):
    """Whoever invites a stranger does not see the stranger's cases."""
    make.change("organizations", house.organization, case_sharing=True)
    make.change("profiles", house.hers, version=9)
    with current.acting_for(make.tenant_id), make.engine.begin() as connection:
        connection.execute(
            text(
                "insert into profile_rules (tenant_id, profile_id, subject, action) values (:t, :p, 'menu:cases', 'show'), (:t, :p, 'field:case.subject', 'read')"
            ),
            {"t": make.tenant_id, "p": house.hers},
        )
    stranger = make.user("Ralf Stöver", email="r.stoever@elsewhere.example", password_hash="x")
    make.row("cases", key="c", subject="Confidences", status="open", owner_id=stranger)

    assert invite(house, "R r.stoever@elsewhere.example").status_code == 303

    assert house.browser.get("/cases").status_code == 200
    assert "Confidences" not in house.browser.get("/cases").text


@pytest.mark.parametrize(
    ("typed", "profile", "more", "control"),
    [
        ("Eva e@nordwerk.example", "large", {}, "profile"),
        ("Eva e@nordwerk.example", "staff", {}, "profile"),
        ("Eva e@nordwerk.example", "nothing", {}, "profile"),
        ("Eva staff@broker.example", "small", {}, "people"),
        ("no address", "small", {}, "people"),
    ],
)
def test_what_is_more_than_his_own_is_refused_beside_its_field(house, make, typed, profile, more, control):
    make.user(email="staff@broker.example", is_staff=True)
    make.change("profiles", make.profile("menu:contracts", is_staff=True), key="staff")

    refused = invite(house, typed, profile, **more)

    assert refused.status_code == 422
    assert f'id="{control}-error"' in refused.text
    assert typed in refused.text
    assert make.rows("membership_offers") == []


def test_only_profiles_within_his_own_are_offered(house, make):
    masked = make.profile("menu:contracts", "field:contract.number", "field:contract.product")
    make.change("profiles", masked, key="product")
    page = house.browser.get("/colleagues").text
    assert set(re.findall(r'<option value="([^"]*)"', page)) == {"", "small", "hers"}


def test_colleagues_with_more_rights_and_himself_are_out_of_reach(house, make):
    tom = f"/colleagues/{house.tom}"
    assert house.browser.get(tom).status_code == 200
    for membership in (house.olga, house.nina):
        path = f"/colleagues/{membership}"
        assert house.browser.get(path).status_code == 404
        for way, data in (
            ("", form()),
            ("/removal", {}),
            ("/ending", {}),
            ("/invitation", {}),
            ("/objects", {}),
        ):
            assert house.browser.post(path + way, data=data).status_code == 404
    refused = house.browser.post(tom, data=form(profile="large"))
    assert (refused.status_code, 'id="profile-error"' in refused.text) == (422, True)
    assert house.browser.post(tom, data=form(profile="hers")).status_code == 303


def test_members_of_sibling_organizations_and_of_neighbours_are_not_there(house, make, neighbour):
    sibling = make.member(make.organization(name="Sister"), house.small)
    foreign = neighbour.member(neighbour.organization())
    for membership in (sibling, foreign):
        path = f"/colleagues/{membership}"
        assert house.browser.get(path).status_code == 404
        for way in ("", "/removal", "/ending", "/invitation", "/objects"):
            assert house.browser.post(path + way, data=form()).status_code == 404


def test_only_this_membership_is_touched(house, make, sign_in):
    there = make.organization(house.holder, name="Andere")
    user = make.user_of(house.tom)
    make.change("memberships", house.tom, is_main=True)
    other = sign_in(make.member(there, house.small, user))

    assert house.browser.post(f"/colleagues/{house.tom}/ending", data={"sure": "1"}).status_code == 303
    assert sign_in(house.tom).get("/contracts").status_code == 302
    assert other.get("/contracts").status_code == 200
    assert house.browser.post(f"/colleagues/{house.tom}", data=form()).status_code == 303
    assert sign_in(house.tom).get("/contracts").status_code == 200
    assert house.browser.post(f"/colleagues/{house.tom}/removal", data={"sure": "1"}).status_code == 303
    assert other.get("/contracts").status_code == 200
    assert next(row for row in make.rows("users") if row.id == user).is_active


def test_who_is_narrowed_narrows_and_sees_no_object_but_his(house, make, sign_in):
    contract = make.contract(house.holder, number="N-9")
    hall, office = (make.object(house.holder, (contract,), label=one) for one in ("Hall", "Office"))
    keys = {row.id: row.key for row in make.rows("objects")}
    paul = sign_in(make.member(house.organization, house.hers, objects=(hall,)))
    lena = make.member(house.organization, house.small, objects=(hall,))
    wide = make.member(house.organization, house.small, objects=(hall, office))

    assert paul.get(f"/colleagues/{house.tom}").status_code == 404
    assert paul.get(f"/colleagues/{wide}").status_code == 404
    assert paul.get(f"/colleagues/{lena}").status_code == 200
    refused = paul.post(f"/colleagues/{lena}", data=form())
    assert (refused.status_code, 'id="objects-error"' in refused.text) == (422, True)
    assert "Office" not in paul.get(f"/colleagues/{lena}/objects?q=o").text
    paul.post(f"/colleagues/{lena}/objects", data={"add": keys[office]})
    rows = {row.object_id for row in make.rows("membership_objects") if row.membership_id == lena}
    assert rows == {hall}
    paul.post("/colleagues", data={"people": "Eva e@nordwerk.example", "profile": "small"})
    assert make.rows("membership_offers")[0].objects == [keys[hall]]


def test_nobody_gives_access_that_lasts_longer_than_his_own(house, make, sign_in):
    soon, later = TODAY + datetime.timedelta(days=10), TODAY + datetime.timedelta(days=11)
    make.change("memberships", house.nina, ends_on=soon)
    lena = make.member(house.organization, house.small, ends_on=soon)

    assert house.browser.get(f"/colleagues/{house.tom}").status_code == 404
    for ends_on in ("", str(later)):
        refused = house.browser.post(f"/colleagues/{lena}", data=form(ends_on=ends_on))
        assert (refused.status_code, 'id="ends_on-error"' in refused.text) == (422, True)
    assert invite(house, ends_on=str(later)).status_code == 422
    assert invite(house).status_code == 303
    assert make.rows("membership_offers")[0].ends_on == soon


def test_a_last_day_that_is_over_is_refused_and_a_later_one_is_shown(house):
    refused = invite(house, ends_on=str(TODAY - datetime.timedelta(days=1)))
    assert (refused.status_code, 'id="ends_on-error"' in refused.text) == (422, True)
    assert "e.lorenz@nordwerk.example</textarea>" in refused.text

    assert invite(house, ends_on=str(TODAY)).status_code == 303
    assert f"Letzter Tag des Zugangs: {TODAY:%d.%m.%Y}" in house.browser.get("/colleagues").text


def test_who_has_lost_the_right_or_his_access_is_out_at_once(house, make, letterbox, work, nobody, web):
    invite(house)
    work()
    link = link_in(letterbox.mails[0])
    assert nobody.get(link).status_code == 200
    with current.acting_for(make.tenant_id), web.begin() as connection:
        connection.execute(
            text(
                "delete from profile_rules where tenant_id = :t and profile_id = :p and subject = 'function:member.delegate'"
            ),
            {"t": make.tenant_id, "p": house.hers},
        )
        raise_version(connection, make.tenant_id, house.hers)

    assert house.browser.get("/colleagues").status_code == 403
    assert invite(house).status_code == 403
    # What he offered while he could, he cannot give any more.
    assert nobody.get(link).status_code == 404
    assert nobody.post(link, data={"password": PASSWORD}).status_code == 404

    make.change("memberships", house.nina, ends_on=TODAY - datetime.timedelta(days=1))
    assert house.browser.get("/colleagues").status_code == 302


def test_staff_see_offers_and_acts_and_through_a_clients_eyes_nobody_acts(house, make, portal, sign_in):
    invite(house)
    desk = make.user(is_staff=True, profile_id=make.profile(is_staff=True))
    staff = sign_in(user=desk)
    assert staff.get("/colleagues").status_code == 403
    assert "e.lorenz@nordwerk.example" in staff.get(f"/organizations/{house.organization}/members").text
    assert "e.lorenz@nordwerk.example" in staff.get(f"/organizations/{house.organization}").text
    looking = with_look(portal, make, desk, house.nina)
    assert looking.ask("/colleagues").status_code == 200
    for path in ("/colleagues", f"/colleagues/{house.tom}", f"/colleagues/{house.tom}/removal"):
        assert looking.ask(path, "POST", data=form(people="A a@b.example")).status_code == 403


def test_the_last_sign_in_elsewhere_is_not_told(house, make, sign_in, nobody):
    from app.accounts.passwords import hash_password

    user = make.user("Ria Wolf", email="ria@wolf.example", password_hash=hash_password(PASSWORD))
    make.member(make.organization(name="Andere"), house.small, user, is_main=True)
    here = make.member(house.organization, house.small, user)
    nobody.post("/sign-in", data={"email": "ria@wolf.example", "password": PASSWORD})

    def told() -> bool:
        return "Letzte Anmeldung:" in house.browser.get(f"/colleagues/{here}").text

    assert not told()
    nobody.post("/organization", data={"organization": str(here)})
    assert told()


# Whatever is accepted, nobody has a right that the one who gave it lacks.


def random_profile(make: Any, chance: random.Random, key: str, must: tuple[str, ...] = ()) -> Any:
    subjects = [one for one in catalogue.subjects() if not one[0].startswith("function:report.")]
    profile = make.row("profiles", key=key, name=key)
    rules = {subject: actions[-1] for subject, actions in subjects if subject in must}
    for subject, actions in chance.sample(subjects, chance.randrange(0, 12)):
        rules[subject] = chance.choice(actions)
    with current.acting_for(make.tenant_id), make.engine.begin() as connection:
        for subject, action in rules.items():
            connection.execute(
                text(
                    "insert into profile_rules (tenant_id, profile_id, subject, action) values (:t, :p, :s, :a)"
                ),
                {"t": make.tenant_id, "p": profile, "s": subject, "a": action},
            )
    return profile


ORDER = {"show": 1, "use": 1, "mask": 1, "read": 2, "edit": 3}


def granted(make: Any) -> dict[Any, dict[str, int]]:
    """What each profile grants, inherited grants included, computed plainly."""
    own: dict[Any, dict[str, int]] = {row.id: {} for row in make.rows("profiles")}
    for rule in make.rows("profile_rules"):
        own[rule.profile_id][rule.subject] = ORDER[rule.action]
    parents: dict[Any, list[Any]] = {}
    for row in make.rows("profile_parents"):
        parents.setdefault(row.profile_id, []).append(row.parent_id)

    def all_of(profile: Any) -> dict[str, int]:
        found = dict(own[profile])
        for parent in parents.get(profile, ()):
            for subject, level in all_of(parent).items():
                found[subject] = max(found.get(subject, 0), level)
        return found

    return {profile: all_of(profile) for profile in own}


@pytest.mark.parametrize("seed", range(4))
def test_random_acts_give_nobody_what_the_giver_lacks(seed, make, holder, sign_in, letterbox, work, portal):
    chance = random.Random(seed)
    organization = make.organization(holder)
    contract = make.contract(holder, number="N-9")
    things = [make.object(holder, (contract,)) for _ in range(3)]
    keys = {row.id: row.key for row in make.rows("objects")}
    profiles = [random_profile(make, chance, f"p{n}") for n in range(5)]
    own = random_profile(
        make, chance, "own", ("menu:colleagues", "function:member.delegate", "field:object.label")
    )
    for profile in (profiles[0], profiles[1], own):
        make.row("profile_parents", profile_id=own if profile is not own else profiles[2], parent_id=profile)
    narrowed = tuple(chance.sample(things, 2)) if chance.random() < 0.5 else None
    limit = TODAY + datetime.timedelta(days=30) if chance.random() < 0.5 else None
    actor = make.member(organization, own, make.user("Actor", password_hash="x"), narrowed, ends_on=limit)
    others = [
        make.member(
            organization, chance.choice([*profiles, own]), make.user(password_hash="x"),
            tuple(chance.sample(things, chance.randrange(0, 3))) if chance.random() < 0.6 else None,
            ends_on=chance.choice([None, TODAY + datetime.timedelta(days=5), TODAY + datetime.timedelta(days=90)]),
        )
        for _ in range(4)
    ]  # fmt: skip
    browser, rights = sign_in(actor), granted(make)

    def state() -> dict[Any, tuple[Any, ...]]:
        chosen: dict[Any, set[Any]] = {}
        for row in make.rows("membership_objects"):
            chosen.setdefault(row.membership_id, set()).add(row.object_id)
        return {
            row.id: (row.profile_id, row.objects, frozenset(chosen.get(row.id, ())), row.ends_on)
            for row in make.rows("memberships")
        }

    def is_within(one: tuple[Any, ...]) -> bool:
        profile, objects, chosen, ends_on = one
        return (
            all(rights[own].get(subject, 0) >= level for subject, level in rights[profile].items())
            and (narrowed is None or (objects == "selected" and chosen <= set(narrowed)))
            and (limit is None or (ends_on is not None and ends_on <= limit))
        )

    accepted = 0
    for step in range(25):
        before = state()
        profile = chance.choice(["p0", "p1", "p2", "p3", "p4", "own"])
        ends_on = chance.choice(
            ["", str(TODAY + datetime.timedelta(days=3)), str(TODAY + datetime.timedelta(days=60))]
        )
        data = {
            "profile": profile, "ends_on": ends_on, "starts_on": "", "objects": chance.choice(["all", "selected"]),
            "people": f"P p{seed}-{step}@x.example", "add": keys[chance.choice(things)],
            "remove": keys[chance.choice(things)], "sure": "1",
        }  # fmt: skip
        path = f"/colleagues/{chance.choice([*others, actor])}" + chance.choice(
            ["", "", "/objects", "/ending", "/removal"]
        )
        answer = browser.post(chance.choice(["/colleagues", path, path]), data=data)
        assert answer.status_code in (303, 404, 422), answer.text
        if answer.status_code == 303 and answer.headers["Location"].startswith("/colleagues?invited"):
            work()
            link = link_in(letterbox.mails[-1])
            come = portal.test_client().post(
                link, base_url=f"http://{make.tenant_id.hex}.test", data={"password": PASSWORD}
            )
            assert come.status_code == 303
        after = state()
        touched = {one for one in before.keys() | after.keys() if before.get(one) != after.get(one)}
        assert actor not in touched
        for one in touched:
            accepted += 1
            assert one not in before or is_within(before[one]), "he touched whom he does not look after"
            assert one not in after or is_within(after[one]), "he gave what he lacks"
            others += [one] if one not in before else []
    assert accepted


def test_a_members_state_tells_nothing_of_other_clients(make, sign_in):
    here, elsewhere = make.organization(name="Here"), make.organization(name="Elsewhere")
    chief = sign_in(make.member(here, make.profile(), make.user("Chief", password_hash="x")))
    someone, profile = make.user("Someone", password_hash="x"), make.profile()
    make.member(here, profile, someone, starts_on=visibility.today() + datetime.timedelta(days=1))

    def told() -> str:
        return chief.get("/colleagues", headers={"Accept-Language": "en"}).text

    before = told()
    assert "Someone" in before
    make.member(elsewhere, profile, someone)
    assert told() == before


def test_an_organization_sends_only_so_many_mails_a_day(house, make, monkeypatch):
    monkeypatch.setattr(offers, "MOST_A_DAY", 2)
    assert invite(house).status_code == invite(house).status_code == 303
    assert invite(house).status_code == 422
    (offer,) = make.rows("membership_offers")
    assert house.browser.post(f"/colleagues/offers/{offer.id}/invitation").status_code == 422
    assert len([row for row in make.rows("outbox") if "send_offer" in row.job]) == 2
