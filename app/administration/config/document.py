"""The configuration document: what can be declared of a broker, by names and keys only."""

from __future__ import annotations

from functools import cache
from typing import Any

import orjson
import yaml
from babel.numbers import list_currencies
from marshmallow import ValidationError

from app.accounts.passwords import LENGTHS
from app.administration.config.kinds import (
    Address,
    AllOr,
    ByRecord,
    Choice,
    Colour,
    Currency,
    Day,
    Domain,
    Email,
    Entries,
    Flag,
    Group,
    Many,
    Ordered,
    Part,
    Text,
    Whole,
    Words,
    flatten,
)
from app.core.errors import Unacceptable
from app.core.text import LANGUAGES, _
from app.documents.codes import DOCUMENT_TYPES
from app.home.layout import WIDGETS
from app.home.tiles import TILES
from app.reports.switches import SWITCHES
from app.shell.assets import themes
from app.shell.own_theme import DENSITIES, HEADINGS, LARGEST_RADIUS, OWN
from tenants.models import HOME_VIEWS, STATE_BOXES, ClaimsShown, MailboxPlace, Valuation, WelcomeMode

SALUTATIONS = ("mr", "ms", "none")


@cache
def _currencies() -> frozenset[str]:
    return frozenset(list_currencies())


class OwnTheme(Part):
    accent = Colour(required=True)
    tint = Colour(required=True)
    heading = Choice(lambda: HEADINGS, required=True)
    radius = Whole(range(LARGEST_RADIUS + 1), required=True)
    density = Whole(DENSITIES, required=True)


class Links(Part):
    imprint = Address()
    privacy = Address()
    terms = Address()
    website = Address()


class Video(Part):
    """Where it is: somewhere else, or a file of this portal, by its checksum."""

    address = Address()
    file = Text()


class TenantPart(Part):
    name = Text(allow_none=False)
    theme = Choice(lambda: [*themes(), OWN], allow_none=False)
    own_theme = Group(OwnTheme, can_be_none=True)
    logo = Text()
    logo_dark = Text()
    language = Choice(lambda: LANGUAGES, allow_none=False)
    links = Group(Links)
    terms_version = Text()
    terms_required = Flag()
    mail_sender = Email()
    mail_domains = Many(Domain(required=True))
    report_functions_off = Many(Choice(lambda: SWITCHES, required=True))
    views_may_change = Flag()
    views_are_mailed = Flag()
    welcome_shown = Flag()
    welcome = Words()
    video = Group(Video)
    video_words = Words()
    home_view = Choice(lambda: HOME_VIEWS, allow_none=False)
    case_sharing_allowed = Flag()
    profile_currency_allowed = Flag()
    notice_days = Whole(range(366))
    review_months = Whole(range(61))
    upload_megabytes = Whole(range(1, 61))
    upload_types = Many(Choice(lambda: DOCUMENT_TYPES, required=True))
    upload_type_required = Flag()
    password_length = Whole(LENGTHS)


class FieldGrants(Part):
    mask = Many()
    read = Many()
    edit = Many()


class Grants(Part):
    """What a profile grants itself. `fields` names the fields of each record type by how far it goes."""

    menu = Many()
    functions = Many()
    fields = ByRecord(FieldGrants)


class ProfilePart(Part):
    key = Text(required=True)
    name = Text(allow_none=False)
    staff = Flag()
    inherits = Many()
    grants = Group(Grants)


class DocumentProfilePart(Part):
    key = Text(required=True)
    name = Text(allow_none=False)
    tags = Many()


class UserPart(Part):
    email = Email(required=True)
    name = Text(allow_none=False)
    salutation = Choice(lambda: SALUTATIONS)
    phone = Text()
    role = Text()
    staff = Flag()
    key = Text()
    active = Flag()
    language = Choice(lambda: LANGUAGES)
    profile = Text()
    mandates = Many()
    password = Text(allow_none=False)


class MemberPart(Part):
    user = Email(required=True)
    profile = Text(required=True)
    main = Flag()
    objects = AllOr()
    starts_on = Day()
    ends_on = Day()


class HomeWidgets(Part):
    """Widgets by their place, in their order; `hidden` are there to be chosen, `off` are for nobody."""

    top = Ordered(Choice(lambda: WIDGETS, required=True))
    main = Ordered(Choice(lambda: WIDGETS, required=True))
    side = Ordered(Choice(lambda: WIDGETS, required=True))
    hidden = Ordered(Choice(lambda: WIDGETS, required=True))
    off = Ordered(Choice(lambda: WIDGETS, required=True))
    locked = Flag()


class OrganizationPart(Part):
    key = Text(required=True)
    name = Text(allow_none=False)
    parent = Text()
    starts_on = Day()
    ends_on = Day()
    policyholders = Many()
    whole_mandates = Many()
    corporate_groups = Many()
    intermediaries = Many()
    share_automatically = Flag()
    states = Many(Choice(lambda: STATE_BOXES, required=True), order=STATE_BOXES)
    mandates = Many()
    lines_of_business = Many()
    contract_types = Many()
    shared_contracts = Many()
    excluded_contracts = Many()
    objects = AllOr()
    include_claims = Flag()
    claim_types = Many()
    claims = Choice(lambda: [word.value for word in ClaimsShown], allow_none=False)
    reference_addresses = Flag()
    document_profile = Text()
    case_sharing = Flag()
    profile_currency = Currency(_currencies)
    valuation = Choice(lambda: [word.value for word in Valuation], allow_none=False)
    logo = Text()
    theme = Choice(themes)
    links = Group(Links)
    report_functions_off = Many(Choice(lambda: SWITCHES, required=True))
    welcome_mode = Choice(lambda: [word.value for word in WelcomeMode], allow_none=False)
    welcome = Words()
    home_view = Choice(lambda: HOME_VIEWS)
    home_fixed = Flag()
    home_widgets = Group(HomeWidgets, can_be_none=True)
    home_tiles = Ordered(Choice(lambda: TILES, required=True))
    caretakers_shown = Flag()
    four_eyes_claims = Flag()
    private_for = Email()
    mailbox = Choice(lambda: [word.value for word in MailboxPlace], allow_none=False)
    members = Entries(MemberPart)


class ConfigDocument(Part):
    tenant = Group(TenantPart, keeps_null=True)
    profiles = Entries(ProfilePart)
    document_profiles = Entries(DocumentProfilePart)
    users = Entries(UserPart)
    organizations = Entries(OrganizationPart)


@cache
def _schema() -> ConfigDocument:
    """Made once: building it costs more than reading most documents."""
    return ConfigDocument()


def check_shape(document: Any) -> tuple[dict[str, Any], dict[str, str]]:
    """The document's well-formed part, and what is wrong with the rest: place to sentence."""
    try:
        return _schema().load(document), {}
    except ValidationError as error:
        valid = error.valid_data if isinstance(error.valid_data, dict) else {}
        return valid, flatten(error.messages, document)


class _Loader(yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader):  # type: ignore[misc]
    """YAML without objects; a word given twice is refused, where YAML itself would drop the first."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue
            if key.value in seen:
                raise yaml.MarkedYAMLError(
                    problem=_("‘{word}’ stands here twice.", word=key.value), problem_mark=key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def read_text(text: bytes | str, media_type: str) -> Any:
    """A document from its JSON or YAML text; Unacceptable says in which line it cannot be read."""
    try:
        if media_type == "application/json":
            return orjson.loads(text)
        return yaml.load(text, _Loader)  # noqa: S506 - a safe loader, only stricter
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problem = _("Line {line} cannot be read: {reason}", line=line, reason=error.problem or error.context)
    except (yaml.YAMLError, orjson.JSONDecodeError, UnicodeDecodeError, ValueError) as error:
        problem = _("The document cannot be read: {reason}", reason=error)
    except RecursionError:
        problem = _("The document is nested too deeply.")
    raise Unacceptable({"document": problem})


def write_text(document: dict[str, Any]) -> str:
    """The document as YAML, in the order people read it."""
    return yaml.dump(document, Dumper=yaml.SafeDumper, sort_keys=False, allow_unicode=True, width=110)
