"""What somebody is about to make of a profile: carried by the form from page to page, and put over what others have
saved in the meantime."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from app.administration.config.state import grants_of
from app.administration.profiles.grants import Profiles, inherited, known_rules
from app.administration.profiles.parts import HIDE, RANKS, Right
from app.core.text import _
from permissions.editing import ProfileText

NAME, INHERITS = "name", "inherits"
MINE, THEIRS = "mine", "theirs"
LONGEST_NUMBER = 19
Settings = dict[str, Any]
"""A profile as one list: its name, whom it inherits from, and the level of each own rule by subject."""


@dataclass
class Draft:
    """A profile as somebody found it, as he wants it, and what speaks against that: setting to sentence."""

    was: ProfileText
    wish: ProfileText
    version: int
    held: Mapping[str, str]
    """The own rules as they are stored now."""
    problems: dict[str, str] = field(default_factory=dict)

    def changed(self) -> dict[str, tuple[Any, Any]]:
        return differing(settings(self.was), settings(self.wish))

    def document(self) -> dict[str, Any]:
        wish = self.wish
        told = {
            "key": wish.key,
            "name": wish.name,
            "inherits": wish.inherits,
            "grants": grants_of(wish.rules),
        }
        return {"profiles": [told]}


def settings(profile: ProfileText) -> Settings:
    return {NAME: profile.name, INHERITS: sorted(profile.inherits), **known_rules(profile)}


def differing(before: Settings, after: Settings) -> dict[str, tuple[Any, Any]]:
    """Each setting that differs, before and after; a rule that is not there is of the lowest level."""
    return {
        key: (before.get(key, HIDE), after.get(key, HIDE))
        for key in [*after, *(key for key in before if key not in after)]
        if before.get(key, HIDE) != after.get(key, HIDE)
    }


def _with(profile: ProfileText, told: Settings) -> ProfileText:
    rules = {key: level for key, level in told.items() if key not in (NAME, INHERITS)}
    profile = replace(profile, name=told[NAME], inherits=list(told[INHERITS]), rules=rules)
    return replace(profile, rules=known_rules(profile))


def fresh(stored: ProfileText, version: int) -> Draft:
    """Nothing changed yet."""
    now = _with(stored, settings(stored))
    return Draft(now, now, version, now.rules)


def rules_text(rules: Mapping[str, str]) -> str:
    """Rules as one hidden input carries them."""
    return " ".join(f"{subject}={level}" for subject, level in rules.items())


def _rules(told: str) -> dict[str, str]:
    words = (word.partition("=") for word in told.split())
    return {subject: level for subject, _equals, level in words if level in RANKS}


def read(
    form: MultiDict[str, str], stored: ProfileText, profiles: Profiles, rights: Mapping[str, Right]
) -> Draft:
    """The draft that a form of the editor carries, with what is chosen on its page."""
    if "version" not in form:
        return fresh(stored, -1)
    was = replace(
        stored,
        name=form.get("was_name", stored.name),
        inherits=sorted(set(form.getlist("was_inherits")) & profiles.keys()),
        rules=_rules(form.get("was", "")),
    )
    told = settings(was) | _rules(form.get("wish", ""))
    told[NAME] = form.get(NAME, was.name).strip()
    told[INHERITS] = sorted(set(form.getlist(INHERITS)))
    version = form["version"]
    number = int(version) if version.isdecimal() and len(version) < LONGEST_NUMBER else -1
    draft = Draft(was, _with(stored, told), number, known_rules(stored))
    _choose(draft, form, profiles, rights)
    for subject, (_before, after) in draft.changed().items():
        if subject in rights and not can_grant(draft, rights[subject], HIDE, after):
            draft.wish.rules.pop(subject, None)
            draft.problems[subject] = _for_staff()
    return draft


def _choose(draft: Draft, form: MultiDict[str, str], profiles: Profiles, rights: Mapping[str, Right]) -> None:
    """Take what is chosen in the rows of the page, whole sections first among them."""
    from_others = inherited({**profiles, draft.wish.key: draft.wish}, draft.wish.key)
    for name in [name for name in form if name.startswith("row:")]:
        for_all = form.get("all:" + name.removeprefix("row:"))
        for row in form.getlist(name):
            subject, _equals, shown = row.partition("=")
            right, level = rights.get(subject), form.get(subject, shown)
            if right is None:
                continue
            least = from_others[subject].level if subject in from_others else HIDE
            if for_all in RANKS:
                # As far as this right goes, and this profile may.
                levels = [one for one in right.levels if RANKS[one] <= RANKS[for_all]]
                levels = [one for one in levels if can_grant(draft, right, least, one)]
                level = max([*levels[-1:], least], key=RANKS.__getitem__)
            if level != shown:
                _grant(draft, right, least, level)


def _grant(draft: Draft, right: Right, least: str, level: str) -> None:
    if level not in RANKS or level not in right.levels:
        draft.problems[right.subject] = _("There is nothing of this name to grant.")
    elif RANKS[level] < RANKS[least]:
        draft.problems[right.subject] = _("What is inherited cannot be less here: grants only add.")
    elif not can_grant(draft, right, least, level):
        draft.problems[right.subject] = _for_staff()
    elif level == least:
        draft.wish.rules.pop(right.subject, None)
    else:
        draft.wish.rules[right.subject] = level


def _for_staff() -> str:
    return _("Only profiles of the broker’s staff can grant this.")


def can_grant(draft: Draft, right: Right, least: str, level: str) -> bool:
    """Whether a level is this profile's to grant: what is for staff, a client's profile can only lose."""
    if level not in right.levels:
        return False
    held = max(RANKS[least], RANKS[draft.held.get(right.subject, HIDE)])
    return draft.was.is_staff or not right.is_for_staff or RANKS[level] <= held


@dataclass(frozen=True)
class Rebased:
    """A draft over what is stored now: what others changed since, and where both changed the same in two ways."""

    draft: Draft
    theirs: dict[str, tuple[Any, Any]]
    conflicts: dict[str, tuple[Any, Any]]
    """Setting to mine and theirs, until somebody has chosen."""


def rebase(draft: Draft, stored: ProfileText, version: int, choices: Mapping[str, str]) -> Rebased:
    """Put a draft's changes over what is stored now. While there are conflicts, the draft stays as it is."""
    was, now = settings(draft.was), settings(stored)
    theirs, mine = differing(was, now), draft.changed()
    both = {key for key in mine if key in theirs and mine[key][1] != theirs[key][1]}
    unclear = {
        key: (mine[key][1], theirs[key][1])
        for key in mine
        if key in both and choices.get(key) not in (MINE, THEIRS)
    }
    if unclear:
        return Rebased(draft, theirs, unclear)
    kept = {key: after for key, (_was, after) in mine.items() if key not in both or choices[key] == MINE}
    onto = fresh(stored, version)
    return Rebased(replace(onto, wish=_with(stored, now | kept), problems=draft.problems), theirs, {})


def choices_in(form: MultiDict[str, str]) -> dict[str, str]:
    """What was chosen where two changed the same."""
    return {name.removeprefix("keep:"): form[name] for name in form if name.startswith("keep:")}


def place_of(place: str, key: str) -> str:
    """The setting that a place of the configuration document means; an empty one where it is not this profile's."""
    own = place.removeprefix(f"profiles[{key}].")
    if own in (NAME, INHERITS):
        return own
    for words, kind in (
        ("grants.fields.", "field"),
        ("grants.menu.", "menu"),
        ("grants.functions.", "function"),
    ):
        if own.startswith(words):
            return f"{kind}:{own.removeprefix(words)}"
    return ""
