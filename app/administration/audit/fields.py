"""What stood in a thing before an act and after it, field by field and in words."""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from app.administration.config.state import STORED
from app.administration.words import BOXES, HOME_VIEWS, MAILBOX_PLACES, VALUATIONS, WELCOME_MODES
from app.core.formats import formats_for
from app.core.text import LANGUAGES, LazyText, _, _l, _lp, labelled, language
from app.home import layout
from app.home.tiles import TILES
from app.reports.source import SOURCES
from app.reports.subscriptions.words import ENDING_WORDS, RHYTHM_WORDS
from app.reports.switches import SWITCHES
from app.shell.own_theme import HEADINGS
from permissions.catalogue import catalogue

Names = Mapping[uuid.UUID, str]
"""What the things of which a row knows the id are called now."""

FIELDS: dict[str, LazyText] = {
    "key": _l("Key"),
    "name": _l("Name"),
    "slug": _l("Short name"),
    "host": _l("Host name"),
    "theme": _l("Theme"),
    "own_theme": _l("Own theme"),
    "accent": _l("Accent colour"),
    "tint": _l("Surface tint"),
    "heading": _l("Typeface of headings"),
    "radius": _l("Corner radius"),
    "density": _l("Density"),
    "logo_dark": _l("Logo for dark backgrounds"),
    "imprint": _l("Legal notice"),
    "privacy": _l("Privacy"),
    "terms": _l("Terms of use"),
    "website": _l("Website"),
    "terms_version": _l("Version of the terms of use"),
    "terms_required": _l("Clients have to accept the terms of use"),
    "version": _lp("terms", "Version"),
    "language": _l("Language"),
    "links": _l("Own links"),
    "mail_sender": _l("Sender of mails"),
    "mail_domains": _l("Domains reports may be mailed to"),
    "report_functions_off": _l("Switched-off report functions"),
    "functions_off": _l("Switched-off report functions"),
    "views_may_change": _l("Changes allowed while looking through a user’s eyes"),
    "views_are_mailed": _l("Users are told by email of looks through their eyes"),
    "case_sharing_allowed": _l("Organisations may share cases"),
    "profile_currency_allowed": _l("Amounts may be converted"),
    "notice_days": _l("Notice before access ends, in days"),
    "review_months": _l("Access is reviewed every so many months"),
    "upload_megabytes": _l("Largest file, in MB"),
    "upload_types": _l("Document types to choose from"),
    "upload_type_required": _l("A document type has to be chosen"),
    "title": _lp("document", "Title"),
    "document_type": _l("Document type"),
    "file_name": _l("File name"),
    "size": _l("Size"),
    "password_length": _l("Minimum length of passwords"),
    "kept": _l("Kept"),
    "ended": _l("Ended"),
    "staff": _l("Staff of the broker"),
    "inherits": _l("Inherits from"),
    "tags": _l("Tags"),
    "email": _l("Email address"),
    "salutation": _lp("policyholder", "Title"),
    "phone": _l("Phone"),
    "role": _l("Role"),
    "active": _l("Active"),
    "profile": _l("Permission profile"),
    "profile_id": _l("Permission profile"),
    "profiles": _l("Permission profiles"),
    "mandates": _l("Limited to broker units"),
    "parent": _l("Parent organisation"),
    "starts_on": _l("Valid from"),
    "ends_on": _l("Valid until"),
    "policyholders": _l("Policyholders"),
    "whole_mandates": _l("Whole broker units, future clients included"),
    "corporate_groups": _l("Whole corporate groups, future members included"),
    "intermediaries": _l("All clients of intermediaries, future ones included"),
    "share_automatically": _l("Share contracts automatically"),
    "states": _l("Contract states to share"),
    "lines_of_business": _l("Limit to lines of business"),
    "contract_types": _l("Limit to contract types"),
    "shared_contracts": _l("Contracts shared individually"),
    "excluded_contracts": _l("Contracts not shared"),
    "objects": _l("Insured objects"),
    "include_claims": _l("Share claims"),
    "claim_types": _l("Limit to claim types"),
    "claims": _l("Claims shown"),
    "reference_addresses": _l("Reference addresses"),
    "document_profile": _l("Document profile"),
    "case_sharing": _l("Share cases"),
    "profile_currency": _l("Profile currency"),
    "valuation": _l("Valuation date"),
    "logo": _l("Logo"),
    "main": _l("Main organisation"),
    "owner_id": _l("Owner"),
    "user_id": _l("User"),
    "membership_id": _l("Membership"),
    "organization_id": _l("Organisation"),
    "people": _l("People"),
    "report_id": _l("Report"),
    "source": _l("Overview"),
    "record": _l("Overview"),
    "record_type": _l("Overview"),
    "sharing": _l("Sharing"),
    "document": _l("Contents"),
    "address": _l("Recipient"),
    "rhythm": _l("How often"),
    "day": _l("Day"),
    "ending": _l("File type"),
    "rows": _l("Rows"),
    "days": _l("Days before"),
    "is_weekly": _l("Taken together, on Mondays"),
    "reason": _l("Reason"),
    "number": _l("Reference number"),
    "broker_number": _l("Broker’s claim number"),
    "contract_id": _l("Contract"),
    "reported_by_id": _l("Reported by"),
    "new": _l("New"),
    "changed": _l("Changed"),
    "unchanged": _l("Unchanged"),
    "refused": _l("Refused"),
    "batches": _l("Batches"),
    "tone": _l("Tone"),
    "welcome_shown": _l("Welcome message shown"),
    "welcome_mode": _l("Which welcome message"),
    "welcome": _l("Welcome message"),
    "video": _l("Welcome video"),
    "video_words": _l("Title of the welcome video"),
    "home_view": _l("View of the home page"),
    "home_fixed": _l("View set by the broker"),
    "home_tiles": _l("Tiles of the home page"),
    "home_widgets": _l("Widgets of the home page"),
    "caretakers_shown": _l("Clerk and account manager shown"),
    "four_eyes_claims": _l("Second approval of claim reports"),
    "private_for": _l("Private portal of"),
    "is_confidential": _l("Confidential"),
    "characters": _l("Characters"),
    "messages": _l("Messages"),
    "mailbox": _l("Place of the mailbox"),
    "words": _l("Message"),
    "is_for_all": _l("For all clients"),
    "organizations": _l("Organisations"),
}
LEVELS = {
    "show": _lp("right", "shown"),
    "use": _lp("right", "on"),
    "mask": _lp("right", "masked"),
    "read": _lp("right", "read"),
    "edit": _lp("right", "edit"),
}
SHARED_WITH = {
    "private": _l("Private"),
    "people": _l("People"),
    "profile": _l("Permission profile"),
    "organization": _l("Organisation"),
    "all": _lp("audit", "Everyone"),
}
CODES: dict[str, Mapping[str, Any]] = {
    "language": LANGUAGES,
    "rhythm": RHYTHM_WORDS,
    "ending": {**ENDING_WORDS, "pdf": _lp("file_type", "PDF")},
    "sharing": SHARED_WITH,
    "claims": {"all": _lp("audit", "all"), "members": _l("Claims reported by members")},
    "objects": {"all": _lp("audit", "all")},
    "states": BOXES,
    "valuation": VALUATIONS,
    "home_view": HOME_VIEWS,
    "mailbox": MAILBOX_PLACES,
    "welcome_mode": WELCOME_MODES,
    "home_tiles": {key: tile.label for key, tile in TILES.items()},
}
OF_PARTS: dict[str, dict[str, LazyText]] = {
    "home_widgets": {
        **layout.PLACES,
        layout.HIDDEN: _l("To be chosen"),
        layout.OFF: _l("Not available"),
        layout.LOCKED: _l("Members keep this layout"),
    }
}
"""How the parts of a setting are called where its own name does not say it."""
WIDGET_NAMES = {key: one.label for key, one in layout.WIDGETS.items()}
CODES |= dict.fromkeys((*layout.PLACES, layout.HIDDEN, layout.OFF), WIDGET_NAMES)
OF_RECORDS = {
    "salutation": ("policyholder", "salutation"),
    "lines_of_business": ("contract", "line_of_business"),
    "contract_types": ("contract", "contract_type"),
    "claim_types": ("claim", "claim_type"),
    "document_type": ("document", "document_type"),
    "upload_types": ("document", "document_type"),
}
"""Fields whose codes are those of a record's field."""
DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Fact:
    """What a field said before and after; empty where it said nothing."""

    label: str
    was: str
    became: str


def facts_of(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, names: Names) -> list[Fact]:
    """The fields of an act that it changed; of something made or removed, all that said anything."""
    former, present = (dict(_flat(said or {}, names)) for said in (before, after))
    return [
        Fact(label, former.get(label, ""), present.get(label, ""))
        for label in dict.fromkeys((*former, *present))
        if former.get(label, "") != present.get(label, "")
    ]


def ids_in(said: Any) -> Iterator[uuid.UUID]:
    """The ids among the values of a row, whose names are worth knowing."""
    if isinstance(said, Mapping):
        for value in said.values():
            yield from ids_in(value)
    elif isinstance(said, list):
        for value in said:
            yield from ids_in(value)
    elif (found := _id(said)) is not None:
        yield found


def _flat(said: Mapping[str, Any], names: Names) -> Iterator[tuple[str, str]]:
    """Labels and words. A list that was changed is told as what came and what went."""
    for name, value in said.items():
        if name == "rules":
            yield from _rights(value)
        elif name == "grants":
            yield from _rights(dict(_granted(value)))
        elif isinstance(value, dict) and set(value) in ({"added"}, {"removed"}):
            ((way, changed),) = value.items()
            words = in_words(name, changed, names)
            yield (
                label_of(name),
                labelled(_("Added") if way == "added" else _("Removed"), words) if words else "",
            )
        elif isinstance(value, dict):
            for part, inner in value.items():
                of_part = str(OF_PARTS[name][part]) if name in OF_PARTS else label_of(part)
                yield f"{label_of(name)}, {of_part}", in_words(part, inner, names)
        else:
            yield label_of(name), in_words(name, value, names)


def label_of(name: str) -> str:
    return str(FIELDS[name]) if name in FIELDS else name


def _rights(rules: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    labels = _labels_of_rights()
    for subject, action in rules.items():
        yield labels.get(subject, subject), str(LEVELS.get(action, action))


def _granted(grants: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from ((f"menu:{one}", "show") for one in grants.get("menu", ()))
    yield from ((f"function:{one}", "use") for one in grants.get("functions", ()))
    for record, levels in grants.get("fields", {}).items():
        yield from ((f"field:{record}.{one}", level) for level, some in levels.items() for one in some)


def _labels_of_rights() -> dict[str, str]:
    """Every right a profile can grant, as people call it."""
    found = {area.subject: labelled(_("Menu area"), area.label) for area in catalogue.areas()}
    found |= {function.subject: labelled(_("Function"), function.label) for function in catalogue.functions()}
    for schema, name in catalogue.fields():
        of = SOURCES[schema.record].area.label if schema.record in SOURCES else schema.record
        found[f"field:{schema.record}.{name}"] = labelled(of, schema.field(name).label)
    return found


def in_words(name: str, value: Any, names: Names = MappingProxyType({})) -> str:
    """A field's value as people read it."""
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(in_words(name, one, names) for one in value)
    if isinstance(value, dict):
        parts = OF_PARTS.get(name, {})
        said = {str(parts.get(word, word)): in_words(word, inner, names) for word, inner in value.items()}
        return "; ".join(labelled(part, words) for part, words in said.items() if words)
    if isinstance(value, int):
        return formats_for(language()).integer(value)
    return _word(name, str(value), names)


def _word(name: str, value: str, names: Names) -> str:
    if value in CODES.get(name, ()):
        return str(CODES[name][value])
    if name in OF_RECORDS:
        record, field = OF_RECORDS[name]
        return str(SOURCES[record].schema.field(field).words(value))
    if name in ("logo", "logo_dark"):
        # Its name in storage is the checksum: enough of it to tell one picture from another.
        return _("Picture {name}", name=value.removeprefix(STORED)[:6])
    if name == "heading" and value in HEADINGS:
        return str(HEADINGS[value][0])
    if name in ("report_functions_off", "functions_off") and value in SWITCHES:
        return str(SWITCHES[value].label)
    if name in ("source", "record", "record_type") and value in SOURCES:
        return str(SOURCES[value].area.label)
    if (found := _id(value)) is not None:
        return names.get(found, value)
    return _day(value) if DAY.fullmatch(value) else value


def _parsed(parse: Callable[[str], Any], value: str) -> Any:
    try:
        return parse(value)
    except ValueError:
        return None


def _id(value: Any) -> uuid.UUID | None:
    return _parsed(uuid.UUID, value) if isinstance(value, str) and len(value) == 36 else None


def _day(value: str) -> str:
    day = _parsed(datetime.date.fromisoformat, value)
    return formats_for(language()).day(day) if day else value
