"""Line-specific records: the vehicles, people, buildings and other risks a contract insures."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from app.exchange.gdv import codes
from app.exchange.gdv.details import (
    CITIES,
    COLUMNS,
    COUNTRIES,
    CURRENCIES,
    POSTAL_CODES,
    STREETS,
    YEARS_BUILT,
    add,
    amount_of,
    details,
    first_text,
    money,
)
from app.exchange.gdv.records import Record
from app.exchange.gdv.rows import Row

Alternatives = tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Recipe:
    """How the lines of one line of business make objects.

    `number` names the fields that tell its objects apart (each with alternatives); `label` and `sums` are
    tried in order. Lines whose byte `slot_at` (or part number) is in `slots` become entries of that list of
    the object.
    """

    kind: str
    number: tuple[Alternatives, ...]
    label: Alternatives = ()
    sums: Alternatives = ()
    slots: dict[str, str] = field(default_factory=dict)
    slot_at: int | None = None
    records: frozenset[str] = frozenset({"0220", "0221"})


VEHICLE_COVERS = frozenset({"051", "052", "053", "054", "055", "059"})
_PERSON = ("LfdNrVersichertenPersonVpPersonengruppe", "LfdNrVersichertenPersonVp9")
_LIFE_SUMS = ("TodesfallVsInWEZumAblauf", "ErlebensfallVsInWEZumAblauf")

RECIPES: dict[str, Recipe] = {
    "000": Recipe(
        "other",
        (("LfdNrRisikos",),),
        ("Risikobeschreibung1", "ArtVersichertenSumme1"),
        ("VersicherteSumme1InWE",),
    ),
    "010": Recipe(
        "person",
        (("LfdNrVersichertenPersonVp",),),
        slots=dict.fromkeys("123456789", "benefits"),
        slot_at=59,
        sums=_LIFE_SUMS,
    ),
    "020": Recipe(
        "person", (("LfdPersonenNrUnterNr",),), slots={"2": "tariffs", "3": "surcharges"}, slot_at=47
    ),
    "030": Recipe(
        "person",
        (_PERSON,),
        ("BezeichnungPersonengruppe",),
        ("Invaliditaet", "Tod"),
        slots={"9": "beneficiaries"},
        records=frozenset({"0220", "0221", "0222"}),
    ),
    "040": Recipe(
        "other",
        (("Wagnisart",), ("OrdnungsNrWagniszusatz", "OrdnungsNrWagnisTeil")),
        ("Wagnistext",),
        ("Deckungssumme1InWE", "Deckungssumme1InTausendWE"),
    ),
    "050": Recipe(
        "vehicle",
        (("LfdNr",),),
        slots={"0230": "shared_plates"},
        records=frozenset({"0210", "0211", "0220", "0221", "0230"}),
    ),
    "070": Recipe(
        "other", (("RisikogruppeRisikoart",), ("LfdNr",)), ("Risikotext",), ("DeckungssummeInTausendWE",)
    ),
    "080": Recipe(
        "building",
        (("LfdNrVerssgrundstueck",), ("LfdNrObjektKomplex",)),
        ("BeschreibungZuLfdNrObjektKomplex",),
        slots={"2": "positions"},
    ),
    "110": Recipe("building", (("RisikoLfdNr",),), sums=("VersssummeInWE",)),
    "130": Recipe(
        "building",
        (("ObjektNr",),),
        sums=("GesVersssummeInWE",),
        slots={"0220": "sums", "0221": "sums"},
        records=frozenset({"0210", "0211", "0220", "0221"}),
    ),
    "140": Recipe(
        "building",
        (("Wagnis", "BezugZurWagnisNr"), ("ObjektNr", "BezugZurObjektNr")),
        ("Objektbeschreibung",),
        ("VersssummeAktuellInWE",),
        slots={"0230": "additional_covers"},
        records=frozenset({"0220", "0221", "0230"}),
    ),
    "170": Recipe(
        "machine",
        (("LfdNrVerssgrundstueck",), ("LfdNrPositionMaschinenverzeichnisses",)),
        ("VersicherteSache", "Betriebsart"),
        ("GesVersssummeInWE", "VersssummeInWE"),
    ),
    "190": Recipe(
        "other", (("LfdNrRisikos",), ("GDVSpartenschluessel",)), ("VersichertesRisiko",), ("VersssummeInWE",)
    ),
    "510": Recipe("vehicle", (("LfdNrVersichertenFahrzeuges",),), ("Risikotext",)),
    "684": Recipe(
        "other", (("LaufendeNrVersichertenTieres",),), ("NameTieres", "TierartSonst"), ("VersssummeInWE",)
    ),
}


def recipe_of(record: Record) -> Recipe | None:
    """The recipe for a line, None when no object is made of it."""
    if record.layout is None:
        return None
    lob = "050" if record.layout.lob in VEHICLE_COVERS else record.layout.lob
    recipe = RECIPES.get(lob)
    return recipe if recipe and record.type in recipe.records else None


@dataclass(slots=True)
class _Object:
    line: int
    lob: str
    row: Row
    attributes: dict[str, Any] = field(default_factory=dict)


class Objects:
    """The objects of one contract while its lines arrive, in the order of the file."""

    def __init__(self, contract: str) -> None:
        self._contract = contract
        self._found: dict[tuple[str, str], _Object] = {}
        self._last: dict[str, _Object] = {}

    def take(self, record: Record, recipe: Recipe) -> None:
        """Add what one line says to its object, or open a new one."""
        assert record.layout is not None
        lob = "050" if record.layout.lob in VEHICLE_COVERS else record.layout.lob
        found = self._object(record, recipe, lob)
        slot = self._slot(record, recipe)
        if slot is None:
            self._describe(found, record, recipe)
            return
        entry = details(record, without=_used(recipe))
        if slot == "covers":
            entry = {"line_of_business": record.layout.lob, **entry}
        self._set_money(found, record, recipe)
        if not entry:
            return
        entries: list[dict[str, Any]] = found.attributes.setdefault(slot, [])
        continues = record.type == "0221" or (slot == "covers" and record.part != "1")
        if continues and entries:
            add(entries[-1], entry)
        else:
            entries.append(entry)

    def rows(self, policyholder: str | None) -> list[tuple[int, Row]]:
        """The objects as import rows, each with the line that opened it."""
        rows = []
        for found in self._found.values():
            row = {
                "key": found.row["key"],
                "policyholder": policyholder,
                "contracts": [self._contract],
                **found.row,
            }
            row["label"] = self._person(found) or row.get("label") or self._label(found)
            row["attributes"] = {name: value for name, value in found.attributes.items() if value}
            rows.append((found.line, {name: value for name, value in row.items() if value not in (None, "")}))
        return rows

    def _object(self, record: Record, recipe: Recipe, lob: str) -> _Object:
        parts = [
            next(filter(None, (_plain(record.get(name)) for name in names)), "") for names in recipe.number
        ]
        number = ".".join(part or "0" for part in parts) if any(parts) else ""
        is_next_vehicle = lob == "050" and record.type == "0210" and record.part == "1"
        is_cover = record.lob in VEHICLE_COVERS
        if lob in self._last and (is_cover or not number) and not is_next_vehicle:
            # Parts without a running number, and the covers of a vehicle, follow the line they belong to.
            return self._found.get((lob, number), self._last[lob])
        if not number:
            number = str(sum(1 for known, _ in self._found if known == lob) + 1)
        found = self._found.get((lob, number))
        if found is None:
            row = {"key": f"{self._contract}-{lob}-{number}", "kind": recipe.kind}
            found = self._found[lob, number] = _Object(record.line.number, record.lob, row)
        self._last[lob] = found
        return found

    @staticmethod
    def _slot(record: Record, recipe: Recipe) -> str | None:
        assert record.layout is not None
        if record.layout.lob in VEHICLE_COVERS:
            return "covers"
        if recipe.slot_at is not None:
            return recipe.slots.get(record.text[recipe.slot_at])
        return recipe.slots.get(record.type) or recipe.slots.get(record.part)

    def _describe(self, found: _Object, record: Record, recipe: Recipe) -> None:
        row = found.row
        country = next(filter(None, (record.country(name) for name in COUNTRIES)), None)
        year = (first_text(record, YEARS_BUILT) or "")[-4:]
        columns = {
            "label": first_text(record, recipe.label),
            "street": first_text(record, STREETS),
            "postal_code": first_text(record, POSTAL_CODES),
            "city": first_text(record, CITIES),
            "country": country,
            "year_built": int(year) if year.isascii() and year.isdecimal() and year >= "1000" else None,
        }
        row.update({name: value for name, value in columns.items() if value is not None})
        self._set_money(found, record, recipe)
        add(found.attributes, details(record, without=_used(recipe)))

    @staticmethod
    def _set_money(found: _Object, record: Record, recipe: Recipe) -> None:
        amount = amount_of(record, *recipe.sums)
        currency = next(filter(None, (record.currency(name) for name in CURRENCIES)), None)
        if amount is not None:
            # Records 0211 and 0221 repeat the sums with cents and more digits, so they have the last word.
            found.row["sum_insured"] = money(amount)
        if currency is not None:
            found.row.setdefault("currency", currency)

    @staticmethod
    def _person(found: _Object) -> str:
        return " ".join(filter(None, (found.attributes.get(name) for name in ("first_name", "last_name"))))

    @staticmethod
    def _label(found: _Object) -> str:
        named = (found.attributes.get(name) for name in ("manufacturer", "model", "plate_number"))
        vehicle = " ".join(filter(None, named))
        town = " ".join(filter(None, (found.row.get("postal_code"), found.row.get("city"))))
        place = ", ".join(filter(None, (found.row.get("street"), town)))
        return vehicle or place or codes.label("line_of_business", found.lob) or found.lob


@cache
def _used(recipe: Recipe) -> frozenset[str]:
    """The fields that have a column of their own or tell the objects apart."""
    return COLUMNS | set(recipe.label) | {name for names in recipe.number for name in names}


def _plain(number: str) -> str:
    """A running number without its leading zeros, "" for zero."""
    return " ".join(number.split()).lstrip("0")
