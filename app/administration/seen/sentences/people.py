"""Who somebody is: his access, his profile, and what follows him whatever his organization does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.administration.seen.people import Place
from app.administration.seen.sentences.sentence import Told
from app.core.text import _
from permissions.grants import Grant
from tenants.reasons import Reason

if TYPE_CHECKING:
    from app.administration.seen.words import Speaker


def active(speaker: Speaker, reason: Reason, place: Place) -> Told:
    return Told(
        _("The account is inactive"), _("Activate the user, then this person can sign in again."), "member"
    )


def membership(speaker: Speaker, reason: Reason, place: Place) -> Told:
    if place.membership_id is None:
        return Told(
            _("Belongs to no organisation"), _("Make this person a member of an organisation."), "member"
        )
    day, name = speaker.formats.day, place.organization
    if reason.is_met:
        told = [
            _("main organisation") if place.is_main else _("further organisation"),
            _("since {day}", day=day(place.starts_on)) if place.starts_on else "",
            _("until {day}", day=day(place.ends_on)) if place.ends_on else _("without an end date"),
        ]
        detail = ", ".join(filter(None, told))
        return Told(
            _("Member of the organisation {name}", name=name), detail[0].upper() + detail[1:], "member"
        )
    mend = _("Change the dates of the membership.")
    if place.ends_on and place.ends_on < speaker.asker.today:
        return Told(
            _("The membership in {name} ended on {day}", name=name, day=day(place.ends_on)), mend, "member"
        )
    return Told(
        _("The membership in {name} begins on {day}", name=name, day=day(place.starts_on)), mend, "member"
    )


def organization(speaker: Speaker, reason: Reason, place: Place) -> Told:
    day, name = speaker.formats.day, place.organization
    if reason.is_met:
        detail = (
            _("until {day}", day=day(place.organization_ends_on))
            if place.organization_ends_on
            else _("since {day}", day=day(place.organization_starts_on))
        )
        return Told(
            _("The access of {name} is open", name=name), detail[0].upper() + detail[1:], "organization"
        )
    mend = _("Change the dates of the organisation.")
    ends_on = place.organization_ends_on
    if ends_on and ends_on < speaker.asker.today:
        return Told(
            _("The access of {name} ended on {day}", name=name, day=day(ends_on)), mend, "organization"
        )
    begins = day(place.organization_starts_on)
    return Told(_("The access of {name} begins on {day}", name=name, day=begins), mend, "organization")


def child(speaker: Speaker, reason: Reason, place: Place) -> Told:
    return Told(
        _(
            "{child} belongs below {name}",
            child=speaker.organization(reason.facts["organization"]),
            name=place.organization,
        ),
        _("An organisation also sees what those below it see, each by its own rules."),
        "organization",
    )


def area(speaker: Speaker, reason: Reason, place: Place) -> Told:
    name, grant = str(reason.facts["area"].label), reason.facts["grant"]
    profile = place.profile or "–"
    if not reason.is_met:
        if place.profile is None:
            return Told(_("Has no permission profile"), _("Choose a profile."), "member")
        return Told(
            _("Profile {profile} does not show the menu area {area}", profile=profile, area=name),
            _("Show the area in this profile, or choose another one."),
            "profile",
        )
    return Told(
        _("Profile {profile} shows the menu area {area}", profile=profile, area=name),
        granted_by(grant),
        "profile",
    )


def granted_by(grant: Grant) -> str:
    return _("Own rule") if grant.is_own else _("Inherited from {profile}", profile=grant.profile)


def staff(speaker: Speaker, reason: Reason, place: Place) -> Told:
    return Told(_("Works for the broker"), _("Staff see all of the broker’s records."), "member")


def limited_staff(speaker: Speaker, reason: Reason, place: Place) -> Told:
    units = speaker.mandates(reason.facts["mandates"])
    limit = _("Limited to: {names}", names=units) if units else ""
    if reason.is_met:
        return Told(_("It belongs to a broker unit this person works for"), limit, "member")
    return Told(_("It belongs to none of the broker units this person works for"), limit, "member")


def staff_only(speaker: Speaker, reason: Reason, place: Place) -> Told:
    return Told(_("Only the broker’s staff see records of this kind"))


def _unless_hidden(speaker: Speaker, record: str, field: str, told: Told) -> Told:
    """A sentence that says what a field does; to who may not read that one, that there is something."""
    if speaker.asker.may_read(record, field):
        return told
    return Told(_("Through a personal link to the record"), _("Your profile does not show which."))


def mine(speaker: Speaker, reason: Reason, place: Place) -> Told:
    told, field = _mine(reason, place), "reported_by" if reason.facts["kind"] == "claim" else "uploaded_by"
    return _unless_hidden(speaker, reason.facts["kind"], field, told)


def _mine(reason: Reason, place: Place) -> Told:
    if reason.facts["kind"] == "claim":
        return Told(
            _("{name} reported this claim", name=place.name), _("Whoever reported a claim always sees it.")
        )
    return Told(
        _("{name} uploaded this document", name=place.name), _("Whoever uploaded a document always sees it.")
    )


def on_own_claim(speaker: Speaker, reason: Reason, place: Place) -> Told:
    told = Told(
        _("It is linked to a claim that {name} reported", name=place.name),
        _("It carries a tag of the document profile"),
    )
    return _unless_hidden(speaker, "claim", "reported_by", told)


def takes_part(speaker: Speaker, reason: Reason, place: Place) -> Told:
    if reason.facts["is_owner"]:
        told = Told(_("The case was opened for {name}", name=place.name))
        return _unless_hidden(speaker, "case", "owner", told)
    return _unless_hidden(
        speaker, "case", "participants", Told(_("{name} takes part in this case", name=place.name))
    )


def case_shared(speaker: Speaker, reason: Reason, place: Place) -> Told:
    if not reason.is_met:
        return Told(
            _("{name} does not take part, and nobody shares this case", name=place.name),
            _("Add this person to the case, or let the organisation share its cases."),
            "organization",
        )
    shared = reason.facts["organization"]
    # A client knows nothing of the other organizations of his members.
    is_told = speaker.asker.is_staff or shared == place.organization_id
    detail = speaker.organization(shared) if is_told else ""
    return Told(
        _("An organisation of both shares its members’ cases"), detail, "organization" if is_told else ""
    )


def confidential(speaker: Speaker, reason: Reason, place: Place) -> Told:
    if reason.facts["is_private"] and speaker.asker.is_staff:
        return Told(
            _("The case is about its owner’s private insurance"),
            _("His organisations never share such cases."),
        )
    return Told(_("The case is confidential"), _("Only those who take part see it."))
