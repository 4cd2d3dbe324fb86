"""Cases of the demonstration: what clients and their broker are writing to one another about."""

from __future__ import annotations

import datetime

from app.demo.messages import messages
from app.demo.stock import Stock

SUBJECTS = {
    "de": (
        "Gutachten zu Halle 4", "Verlängerung All Risk", "Neue Summen zum Jahresende", "Fahrzeugwechsel in der Flotte",
        "Frage zur Rechnung", "Bestätigung für den Vermieter", "Termin zur Risikobesichtigung", "Nachtrag Montage",
    ),
    "en": (
        "Loss adjuster’s report, hall 4", "All risks renewal", "New sums insured at year end",
        "Change of vehicle in the fleet", "Question about the invoice", "Confirmation for the landlord",
        "Date for the risk survey", "Erection endorsement",
    ),
    "fr": (
        "Rapport d’expertise, halle 4", "Renouvellement tous risques", "Nouveaux capitaux en fin d’année",
        "Changement de véhicule dans la flotte", "Question sur la quittance", "Attestation pour le bailleur",
        "Date de la visite de risque", "Avenant montage",
    ),
}  # fmt: skip
CATEGORIES = {
    "de": ("Schaden", "Vertrag", "Vertrag", "Änderung", "Rechnung", "Bescheinigung", "Termin", "Vertrag"),
    "en": ("Claim", "Contract", "Contract", "Change", "Invoice", "Confirmation", "Appointment", "Contract"),
    "fr": (
        "Sinistre",
        "Contrat",
        "Contrat",
        "Modification",
        "Quittance",
        "Attestation",
        "Rendez-vous",
        "Contrat",
    ),
}
URGENT = {"de": "Eilig", "en": "Urgent", "fr": "Urgent"}
ABOUT_A_CLAIM = 0
"""The place of the one subject that is about a claim."""
STATUSES = ("waiting_for_client", "open", "new", "waiting_for_broker", "done")


def cases(stock: Stock, people: tuple[tuple[str, tuple[str, ...], str], ...], count: int) -> None:
    """So many cases; each owner comes with the staff that takes part and the policyholder it is about."""
    claims_of = {
        holder: [c for c in stock.rows["claim"] if c["policyholder"] == holder] for *_, holder in people
    }
    for n in range(count):
        owner, staff, holder = people[n % len(people)]
        language = stock.holders[holder].team.language
        place = n % len(SUBJECTS[language])
        contracts = [
            c for c in stock.contracts.values() if c["policyholder"] == holder and c["status"] == "own"
        ]
        claims = claims_of[holder] if place == ABOUT_A_CLAIM else []
        key = f"C-{stock.number('case', 501)}"
        status = STATUSES[n % len(STATUSES)]
        stock.last_words[key] = _moment(stock, status)
        stock.add(
            "case",
            key=key,
            subject=SUBJECTS[language][place],
            status=status,
            category_1=CATEGORIES[language][place],
            category_2=URGENT[language] if n % 5 == 0 else None,
            contract=stock.random.choice(contracts)["key"],
            claim=stock.random.choice(claims)["key"] if claims else None,
            policyholder=holder,
            owner=owner,
            participants=[owner, *staff],
            is_confidential=n == 7,
        )
        messages(stock, key, status, (SUBJECTS[language][place], language, place), owner, staff[0])


def _moment(stock: Stock, status: str) -> datetime.datetime:
    """A moment in office hours: what is settled lies longer back than what waits for an answer."""
    day = stock.day(-240, -40) if status == "done" else stock.day(-30, -1)
    minutes = stock.random.randrange(7 * 60, 16 * 60)
    return datetime.datetime.combine(day, datetime.time(tzinfo=datetime.UTC)) + datetime.timedelta(
        minutes=minutes
    )
