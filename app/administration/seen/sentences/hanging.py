"""What hangs on contracts, and what a narrowed membership keeps of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.administration.seen.people import Place
from app.administration.seen.sentences.sentence import Told
from app.core.text import _, _n
from tenants.reasons import Reason

if TYPE_CHECKING:
    from app.administration.seen.words import Speaker


def stands_in(speaker: Speaker, reason: Reason, place: Place) -> Told:
    if reason.is_met:
        return Told(_("It stands in: {record}", record=speaker.record("contract", reason.facts["contract"])))
    return Told(_("It stands in no contract"), _("An object is seen through a contract that insures it."))


def selected_object(speaker: Speaker, reason: Reason, place: Place) -> Told:
    if reason.is_met:
        return Told(_("It is one of the selected objects"), "", "organization")
    return Told(_("It is none of the selected objects"), _("Select it in the organisation."), "organization")


def of_contract(speaker: Speaker, reason: Reason, place: Place) -> Told:
    if reason.is_met:
        return Told(_("It belongs to: {record}", record=speaker.record("contract", reason.facts["contract"])))
    return Told(
        _("It belongs to no contract"), _("Without a contract only whoever reported a claim sees it.")
    )


def include_claims(speaker: Speaker, reason: Reason, place: Place) -> Told:
    if reason.is_met:
        return Told(_("Claims are shared"), "", "organization")
    return Told(_("Claims are not shared"), _("Switch claims on in the organisation."), "organization")


def names_object(speaker: Speaker, reason: Reason, place: Place) -> Told:
    name = speaker.record("object", reason.facts["object"])
    if reason.is_met:
        return Told(_("Its object is seen, too"), name)
    return Told(_("Its object is not seen"), name)


def reported_by_member(speaker: Speaker, reason: Reason, place: Place) -> Told:
    if reason.is_met:
        return Told(_("A member of the organisation reported it"), "", "organization")
    return Told(
        _("No member of the organisation reported it"),
        _("Only claims that members report are shared. Choose to share all of them."),
        "organization",
    )


def without_contract(speaker: Speaker, reason: Reason, place: Place) -> Told:
    return Told(_("It belongs to no contract, only to its policyholder"))


def shares_tag(speaker: Speaker, reason: Reason, place: Place) -> Told:
    tags = ""
    if speaker.asker.may_read("document", "tags"):
        tags = ", ".join(map(speaker.formats.quote, sorted(reason.facts["tags"])))
    if reason.is_met:
        return Told(_("It carries a tag of the document profile"), tags, "organization")
    if not reason.facts["has_profile"]:
        return Told(
            _("The organisation has no document profile"),
            _("Choose one, then documents are shared."),
            "organization",
        )
    return Told(
        _("It carries no tag of the document profile"),
        _("Give the document a shared tag, or share one of its own."),
        "organization",
    )


def hangs_on(speaker: Speaker, reason: Reason, place: Place) -> Told:
    if not reason.is_met:
        return Told(_("It is linked to nothing"), _("A document is seen through what it is linked to."))
    ((kind, record_id),) = reason.facts.items()
    return Told(_("It is linked to: {record}", record=speaker.record(kind, record_id)))


def narrowed(speaker: Speaker, reason: Reason, place: Place) -> Told:
    facts = reason.facts
    names = ", ".join(speaker.record("object", one) for one in facts["objects"])
    more = _("and {n} more", n=facts["count"] - len(facts["objects"]))
    names = f"{names} {more}" if facts["count"] > len(facts["objects"]) else names
    limit = _n(
        "The membership is limited to {n} object: {names}.",
        "The membership is limited to {n} objects: {names}.",
        facts["count"],
        names=names,
    )
    if not facts["count"]:
        limit = _("The membership is limited to objects, and none is chosen.")
    if not speaker.asker.is_staff:
        # Which objects a colleague looks after, and how many, is more than what is asked.
        limit = ""
    if not reason.is_met:
        return Told(_("None of the objects this person looks after"), limit, "member")
    if "object" in facts:
        name = speaker.record("object", facts["object"])
        return Told(_("One of the objects this person looks after: {record}", record=name), limit, "member")
    return Told(_("It has to do with an object this person looks after"), limit, "member")
