"""What the details are called that only one line of business has: Portico's own names, and their words.

A field that is not in this table keeps the name the GDV gave it, which is German in every language. Such fields
stand together under `gdv`, so that a page can mark them as German.
"""

from __future__ import annotations

import re

from app.core.text import LazyText, _l

GDV = "gdv"
"""Under this name stand the fields that have only the GDV's."""

NAMES = {
    "AmtlichesKennzeichen": "plate_number",
    "AmtlKennzeichen": "plate_number",
    "FahrzeugidentifizierungsNr": "vin",
    "Herstellername": "manufacturer",
    "Hersteller": "manufacturer",
    "Modellname": "model",
    "Typ": "model",
    "HerstellerSchluesselNr": "manufacturer_code",
    "TypschluesselNr": "model_code",
    "WKZ": "vehicle_class",
    "Staerke": "power",
    "Erstzulassung": "first_registered_on",
    "ErsteZulassungAufVN": "registered_to_holder_on",
    "NeupreisInWE": "price_when_new",
    "Kaufpreis": "purchase_price",
    "JaehrlicheFahrleistung": "annual_mileage_km",
    "Saisonkennzeichen": "season",
    "Flottenkennzeichen": "is_fleet",
    "FabrikNr": "serial_number",
    "WohnflaecheQm": "living_area_sqm",
    "Bauartklasse": "construction_class",
    "UmbauterRaum": "cubic_content_cbm",
    "Stockwerke": "storeys",
    "AnzWohneinheiten": "dwellings",
    "Risikokennziffer": "risk_code",
    "VersicherteGefahren": "insured_perils",
    "NameVp": "last_name",
    "NameVersichertenPersonVp": "last_name",
    "VornameVp": "first_name",
    "VornameVersichertenPersonVp": "first_name",
    "GeburtsdatumVp": "born_on",
    "GeburtsdatumVersichertenPersonVp": "born_on",
    "GeburtsdatumTieres": "born_on",
    "BerufText": "occupation",
    "Tod": "sum_insured_death",
    "Invaliditaet": "sum_insured_disability",
    "TodesfallVsInWEZumAblauf": "sum_insured_death",
    "ErlebensfallVsInWEZumAblauf": "sum_insured_survival",
    "Tarifbezeichnung": "tariff",
    "Tarif": "tariff",
    "Beginn": "starts_on",
    "Ausschluss": "ended_on",
    "Einschluss": "starts_on",
    "Geltungsbereich": "territory",
    "KhDeckungssummen": "liability_sums",
    "KhDeckungssummenInWE": "liability_sums",
}
"""The standard's technical name of a field → Portico's."""

LABELS: dict[str, LazyText] = {
    "plate_number": _l("Registration number"),
    "vin": _l("VIN"),
    "manufacturer": _l("Manufacturer"),
    "model": _l("Model"),
    "manufacturer_code": _l("Manufacturer code"),
    "model_code": _l("Model code"),
    "vehicle_class": _l("Vehicle class"),
    "power": _l("Power"),
    "first_registered_on": _l("First registered on"),
    "registered_to_holder_on": _l("Registered to the policyholder on"),
    "price_when_new": _l("Price when new"),
    "purchase_price": _l("Purchase price"),
    "annual_mileage_km": _l("Kilometres a year"),
    "season": _l("Season"),
    "is_fleet": _l("Fleet vehicle"),
    "serial_number": _l("Serial number"),
    "living_area_sqm": _l("Living area in m²"),
    "construction_class": _l("Construction class"),
    "cubic_content_cbm": _l("Cubic content in m³"),
    "storeys": _l("Storeys"),
    "dwellings": _l("Dwellings"),
    "risk_code": _l("Risk code"),
    "insured_perils": _l("Insured perils"),
    "last_name": _l("Last name"),
    "first_name": _l("First name"),
    "born_on": _l("Date of birth"),
    "occupation": _l("Occupation"),
    "sum_insured_death": _l("Sum insured on death"),
    "sum_insured_disability": _l("Sum insured on disability"),
    "sum_insured_survival": _l("Sum insured on survival"),
    "tariff": _l("Tariff"),
    "starts_on": _l("Inception date"),
    "ended_on": _l("Ended on"),
    "territory": _l("Territory"),
    "liability_sums": _l("Limits for injury, property damage and financial loss"),
    "line_of_business": _l("Line of business"),
    "covers": _l("Covers"),
    "sections": _l("Sections"),
    "positions": _l("Items"),
    "sums": _l("Sums insured"),
    "beneficiaries": _l("Beneficiaries"),
    "benefits": _l("Benefits"),
    "tariffs": _l("Tariffs"),
    "surcharges": _l("Surcharges"),
    "shared_plates": _l("Interchangeable registration"),
    "additional_covers": _l("Additional covers"),
    "clauses": _l("Clauses"),
    "documents": _l("Documents"),
    "cancelled_on": _l("Cancelled on"),
    "cancellation_reason": _l("Reason for cancellation"),
    "co_insurers": _l("Co-insurers"),
    "insurer": _l("Insurer"),
    "share": _l("Share in %"),
    "policy_number": _l("Policy number"),
    "other_addresses": _l("Other addresses"),
    "other_partners": _l("Other parties"),
    "role": _l("Role"),
    "name": _l("Name"),
    "street": _l("Street and number"),
    "postal_code": _l("Postcode"),
    "city": _l("Town or city"),
    "country": _l("Country"),
    "email": _l("Email"),
    "phone": _l("Phone"),
    GDV: _l("As named by the GDV"),
}
"""Every name that the mapping gives, in words."""

_UNITS = re.compile(r"\s+in (Tausend )?(WE|Währungseinheiten)\b")


def german(label: str) -> str:
    """The GDV's name of a field without its unit: amounts come with their currency, and no longer in thousands."""
    return _UNITS.sub("", label)
