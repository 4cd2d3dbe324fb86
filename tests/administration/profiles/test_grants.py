"""What is said of a profile's grants is what Casbin answers, whatever inherits from what."""

from __future__ import annotations

import random

import pytest

from app.administration.profiles.effect import effects
from app.administration.profiles.grants import granted, inherited
from app.administration.profiles.parts import parts
from app.reports.columns import columns_of
from app.reports.source import SOURCES
from permissions.catalogue import Level, catalogue
from permissions.editing import ProfileText, read_profiles, save_profiles
from permissions.rights import ask
from tenants import current

LEVELS = {"mask": Level.MASKED, "read": Level.READ, "edit": Level.EDIT}


def some_profiles(chance: random.Random) -> list[ProfileText]:
    """Seven profiles, each inheriting from some made before it."""
    found: list[ProfileText] = []
    subjects = list(catalogue.subjects())
    for number in range(7):
        parents = chance.sample(found, chance.randint(0, min(3, number)))
        rules = {
            subject: chance.choice(actions)
            for subject, actions in chance.sample(subjects, len(subjects) // 4)
        }
        found.append(ProfileText(f"p{number}", f"P{number}", True, sorted(one.key for one in parents), rules))
    return found


@pytest.mark.parametrize("seed", range(3))
def test_grants_are_told_as_casbin_answers(connection, seed):
    save_profiles(connection, some_profiles(random.Random(seed)), None)
    profiles = read_profiles(connection)

    for row in connection.exec_driver_sql(
        "select id, key from profiles where tenant_id = %(t)s", {"t": current.tenant_id()}
    ).all():
        rights, told = ask(connection, current.tenant_id(), row.id), granted(profiles, row.key)
        assert {
            subject.removeprefix("menu:") for subject in told if subject.startswith("menu:")
        } == rights.areas
        assert {
            subject.removeprefix("function:") for subject in told if subject.startswith("function:")
        } == rights.functions
        assert {
            tuple(subject.removeprefix("field:").split(".")): LEVELS[level]
            for subject, level in told.items()
            if subject.startswith("field:")
        } == rights.fields


@pytest.mark.parametrize("seed", range(10))
def test_who_gains_and_who_loses_is_what_is_measured_afterwards(connection, seed):
    chance = random.Random(seed)
    save_profiles(connection, some_profiles(chance), None)
    before, measured = read_profiles(connection), seen_by_all(connection)
    changed = chance.choice(some_profiles(random.Random(seed + 100)))
    changed.inherits = before[changed.key].inherits
    after = before | {changed.key: changed}

    told = effects(before, after, changed.key, {}, parts())
    save_profiles(connection, [changed], None)

    now = seen_by_all(connection)
    expected = {
        before[key].name if key != changed.key else changed.name: (
            sum(now[key].get(one, 0) > measured[key].get(one, 0) for one in now[key] | measured[key]),
            sum(now[key].get(one, 0) < measured[key].get(one, 0) for one in now[key] | measured[key]),
        )
        for key in before
    }
    assert {one.name: (len(one.gains), len(one.losses)) for one in told} == {
        name: counts for name, counts in expected.items() if any(counts)
    }


def seen_by_all(connection):
    """How far each profile sees and does everything, asked of Casbin and of the columns reports have."""
    found = {}
    for row in connection.exec_driver_sql(
        "select id, key from profiles where tenant_id = %(t)s", {"t": current.tenant_id()}
    ).all():
        rights = ask(connection, current.tenant_id(), row.id)
        found[row.key] = dict.fromkeys((*rights.areas, *rights.functions), 1) | {
            (source.record, name): column.level
            for source in SOURCES.values()
            for name, column in columns_of(source, rights).items()
        }
    return found


def test_it_is_said_which_profile_an_inherited_right_comes_from():
    profiles = {
        "base": ProfileText("base", "Base", rules={"field:contract.number": "read"}),
        "other": ProfileText("other", "Other", rules={"field:contract.number": "mask"}),
        "heir": ProfileText("heir", "Heir", inherits=["base", "other"]),
        "grandchild": ProfileText("grandchild", "Grandchild", inherits=["heir"]),
    }

    assert inherited(profiles, "grandchild") == {"field:contract.number": ("read", ("base",))}


def test_a_circle_that_is_about_to_be_refused_can_be_drawn():
    profiles = {
        "a": ProfileText("a", "A", inherits=["b"], rules={"menu:claims": "show"}),
        "b": ProfileText("b", "B", inherits=["a"]),
    }

    assert granted(profiles, "b") == {"menu:claims": "show"}
