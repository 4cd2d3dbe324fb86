"""What an organization shares of policyholders and contracts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.administration.seen.people import Place
from app.administration.seen.sentences.sentence import Sentence, Told
from app.contracts.codes import STATUSES
from app.core.text import _, _lp
from tenants.reasons import Reason

if TYPE_CHECKING:
    from app.administration.seen.words import Speaker

BOXES = {
    **STATUSES,
    "application": _lp("state_box", "Application"),
    "policy": _lp("state_box", "Policy issued"),
}
"""The state boxes of an organization: the statuses, and two that read dates as well."""


def in_organization(speaker: Speaker, reason: Reason, place: Place) -> Told:
    facts = reason.facts
    name = speaker.record("policyholder", facts["policyholder"])
    if not reason.is_met:
        return Told(
            _("{record} does not belong to the organisation", record=name),
            _("Add the policyholder to the organisation."),
            "organization",
        )
    mandate = speaker.mandates([facts["mandate"]])
    group = speaker.value("policyholder", "corporate_group", facts["group"])
    intermediary = speaker.value("policyholder", "intermediary", facts["intermediary"])
    told = {
        "named": _("Chosen by name"),
        "mandate": _("With the whole broker unit {name}", name=mandate)
        if mandate
        else _("With a whole broker unit"),
        "group": _("With the corporate group {name}", name=group) if group else _("With a corporate group"),
        "intermediary": _("Because its intermediary is {name}", name=intermediary)
        if intermediary
        else _("Because of its intermediary"),
    }[facts["way"]]
    is_co = _("as a co-policyholder") if facts["is_co"] else ""
    return Told(
        _("{record} belongs to the organisation", record=name),
        ", ".join(filter(None, (told, is_co))),
        "organization",
    )


def by_hand(speaker: Speaker, reason: Reason, place: Place) -> Told:
    return Told(
        _("{record} is shared individually", record=speaker.record("contract", reason.facts["contract"])),
        _("It is seen whatever the other rules say."),
        "organization",
    )


def excluded(speaker: Speaker, reason: Reason, place: Place) -> Told:
    return Told(
        _(
            "{record} is withheld from the organisation",
            record=speaker.record("contract", reason.facts["contract"]),
        ),
        _("Take it off the contracts that are not shared."),
        "organization",
    )


def share_automatically(speaker: Speaker, reason: Reason, place: Place) -> Told:
    if reason.is_met:
        return Told(_("Contracts are shared automatically"), "", "organization")
    return Told(
        _("Contracts are not shared automatically"),
        _("Switch on ‘Share contracts automatically’, or share this one individually."),
        "organization",
    )


def state_box(speaker: Speaker, reason: Reason, place: Place) -> Told:
    may_read = speaker.asker.may_read("contract", "status")
    boxes = [speaker.formats.quote(str(BOXES[box])) for box in reason.facts["boxes"]] if may_read else []
    told = ", ".join(boxes)
    if reason.is_met:
        title = (
            _("The contract state {name} is shared", name=told) if told else _("The contract state is shared")
        )
        return Told(title, "", "organization")
    title = (
        _("The contract state {name} is not shared", name=told)
        if told
        else _("The contract state is not shared")
    )
    return Told(title, _("Tick it among the contract states to share."), "organization")


def only(kind: str, field: str) -> Sentence:
    """A list that narrows what is shared, by a field of the record."""

    def sentence(speaker: Speaker, reason: Reason, place: Place) -> Told:
        facts, label = reason.facts, speaker.label(kind, field)
        value = (
            speaker.mandates([facts["mandate"]])
            if field == "mandate"
            else speaker.value(kind, field, facts["value"])
        )
        named = f"{label} {value}".strip()
        if reason.is_met:
            return Told(_("{value} is on the list of what is shared", value=named), "", "organization")
        return Told(
            _("{value} is not on the list of what is shared", value=named),
            _("Add it to the list, or empty the list to share everything."),
            "organization",
        )

    return sentence


def insures_selected(speaker: Speaker, reason: Reason, place: Place) -> Told:
    if reason.is_met:
        name = speaker.record("object", reason.facts["object"])
        return Told(_("It insures one of the selected objects"), name, "organization")
    return Told(
        _("It insures none of the selected objects"),
        _("Select an object of this contract, or share the contract individually."),
        "organization",
    )
