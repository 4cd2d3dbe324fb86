"""The profiles every broker starts with: seven jobs, told compactly over the catalogue, stored name by name.

What the catalogue gains later is denied to them all until somebody grants it, as to any other profile.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from permissions.catalogue import Catalogue

EVERY_RECORD = "*"


@dataclass(frozen=True)
class Ready:
    """A ready profile. Names stand in one text, separated by spaces: `premium_*` takes all that begin so,
    `-reserve` leaves one out again. A client's profile never reaches what is for the broker only.
    """

    key: str
    name: str
    """What people read; data of the broker from then on, so German and not translated."""
    is_staff: bool = False
    inherits: tuple[str, ...] = ()
    areas: str = ""
    functions: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    """Record type, or `*` for every one not named, to its fields."""
    masked: Mapping[str, str] = field(default_factory=dict)
    """Of these fields only that there is a value."""


FOUND_BY_NAME = {"insurer": "name", "mandate": "name currency"}
PERSON = "name first_name salutation kind legal_form corporate_group mandate"
ADDRESS = "street postal_code city country"
DOCUMENT = "* -tags"
RISK = "label kind policyholder contracts responsible year_built attributes latitude longitude " + ADDRESS
COVER = (
    "number line_of_business policyholder co_policyholders insurer status contract_type product"
    " starts_on ends_on annual_due_on attributes account_manager clerk claims_handler"
)

READY = (
    Ready(
        "claims-reporter",
        "Schadenmelder",
        areas="contracts objects claims documents cases messages",
        functions="claim.report document.download document.upload case.message report.* -report.mail",
        fields={
            **FOUND_BY_NAME,
            "policyholder": PERSON,
            # A deductible decides whether a loss is worth reporting; premiums and reserves do not.
            "contract": COVER + " deductible currency",
            "object": RISK,
            "claim": "* -reserve",
            "document": DOCUMENT,
            "case": "*",
            "message": "*",
        },
    ),
    Ready(
        "facility-manager",
        "Objektverantwortlicher",
        areas="contracts objects claims documents cases messages",
        functions="claim.report document.download document.upload case.message export print_sheets save_reports"
        " subscribe report.*",
        fields={
            **FOUND_BY_NAME,
            "policyholder": PERSON,
            "contract": COVER + " sum_insured currency",
            "object": "*",
            "claim": "* -claimed_amount -reserve -paid_amount -deductible -currency",
            "document": DOCUMENT,
            "case": "*",
            "message": "*",
        },
    ),
    Ready(
        "accounting",
        "Buchhaltung",
        areas="policyholders contracts invoices documents cases messages",
        functions="document.download case.message export print_sheets save_reports subscribe report.*",
        fields={
            **FOUND_BY_NAME,
            "policyholder": PERSON + " " + ADDRESS + " email phone vat_id account_manager clerk",
            "contract": COVER + " premium_* insurance_tax payment_frequency currency insurer_share",
            "invoice": "*",
            "document": DOCUMENT,
            "case": "*",
            "message": "*",
        },
        masked={"policyholder": "iban"},
    ),
    Ready(
        "insurance-manager",
        "Versicherungsmanagement",
        areas="* -insurers -mandates -visibility -colleagues",
        functions="* -api_tokens -user.* -member.*",
        fields={EVERY_RECORD: "*", "policyholder": "* -iban"},
        masked={"policyholder": "iban"},
    ),
    Ready(
        "client-administrator",
        "Administrator (Kunde)",
        inherits=("insurance-manager",),
        areas="visibility colleagues",
        functions="*",
    ),
    Ready(
        "broker-clerk",
        "Sachbearbeitung",
        is_staff=True,
        areas="* -audit -visibility -colleagues -features",
        functions="* -config.* -user.* -tenant.* -profile.* -audit.* -import.* -member.explain -member.delegate",
        fields={EVERY_RECORD: "*", "contract": "* -commission -commission_rate"},
    ),
    Ready(
        "broker-administrator",
        "Administrator (Makler)",
        is_staff=True,
        inherits=("broker-clerk",),
        areas="*",
        functions="*",
        fields={EVERY_RECORD: "*"},
    ),
)


def rules_of(profile: Ready, catalogue: Catalogue) -> dict[str, str]:
    """What a ready profile grants beyond what it inherits: subject to action."""
    inherited = _inherited(profile, catalogue)
    return {
        subject: action
        for subject, action in _rules(profile, catalogue).items()
        if inherited.get(subject) != action
    }


def _inherited(profile: Ready, catalogue: Catalogue) -> dict[str, str]:
    """What the profiles it inherits from grant, those they inherit from included."""
    found: dict[str, str] = {}
    for parent in (other for other in READY if other.key in profile.inherits):
        found |= _inherited(parent, catalogue) | _rules(parent, catalogue)
    return found


def _rules(profile: Ready, catalogue: Catalogue) -> dict[str, str]:
    rules = {
        area.subject: "show"
        for area in catalogue.areas()
        if (profile.is_staff or not area.staff_only) and _chosen(profile.areas, [area.key])
    }
    for function in catalogue.functions():
        if (profile.is_staff or not function.staff_only) and _chosen(profile.functions, [function.key]):
            rules[function.subject] = "use"
    for schema in catalogue.schemas():
        names = [name for name, seen in schema.declared().items() if profile.is_staff or not seen.broker_only]
        everywhere = profile.fields.get(EVERY_RECORD, "")
        for name in _chosen(profile.fields.get(schema.record, everywhere), names):
            can_edit = profile.is_staff and schema.field(name).given
            rules[f"field:{schema.record}.{name}"] = "edit" if can_edit else "read"
        for name in _chosen(profile.masked.get(schema.record, ""), names):
            rules[f"field:{schema.record}.{name}"] = "mask"
    return rules


def _chosen(patterns: str, names: Iterable[str]) -> list[str]:
    """The names that a text of patterns takes: any that matches and none that is left out."""
    words = patterns.split()
    taken = [word for word in words if not word.startswith("-")]
    left_out = [word[1:] for word in words if word.startswith("-")]
    return [
        name
        for name in names
        if any(fnmatchcase(name, word) for word in taken)
        and not any(fnmatchcase(name, word) for word in left_out)
    ]
