"""Cases of the demonstration: what clients and their broker are writing to one another about."""

from __future__ import annotations

import datetime

from app.demo.stock import Stock

SUBJECTS = (
    ("Gutachten zu Halle 4", "Schaden", "in_clarification"),
    ("Verlängerung All Risk", "Vertrag", None),
    ("Neue Summen zum Jahresende", "Vertrag", None),
    ("Fahrzeugwechsel in der Flotte", "Änderung", None),
    ("Frage zur Rechnung", "Rechnung", None),
    ("Bestätigung für den Vermieter", "Bescheinigung", None),
    ("Termin zur Risikobesichtigung", "Termin", None),
    ("Nachtrag Montage", "Vertrag", None),
)
STATUSES = ("waiting_for_client", "open", "new", "waiting_for_broker", "done")


def cases(stock: Stock, people: tuple[tuple[str, tuple[str, ...], str], ...], count: int) -> None:
    """So many cases; each owner comes with the staff that takes part and the policyholder it is about."""
    claims_of = {
        holder: [c for c in stock.rows["claim"] if c["policyholder"] == holder] for *_, holder in people
    }
    for n in range(count):
        owner, staff, holder = people[n % len(people)]
        subject, category, claim_status = SUBJECTS[n % len(SUBJECTS)]
        contracts = [
            c for c in stock.contracts.values() if c["policyholder"] == holder and c["status"] == "own"
        ]
        claims = claims_of[holder] if claim_status or category == "Schaden" else []
        key = f"C-{stock.number('case', 501)}"
        status = STATUSES[n % len(STATUSES)]
        stock.last_words[key] = _moment(stock, status)
        stock.add(
            "case",
            key=key,
            subject=subject,
            status=status,
            category_1=category,
            category_2="Eilig" if n % 5 == 0 else None,
            contract=stock.random.choice(contracts)["key"],
            claim=stock.random.choice(claims)["key"] if claims else None,
            policyholder=holder,
            owner=owner,
            participants=[owner, *staff],
            is_confidential=n == 7,
        )


def _moment(stock: Stock, status: str) -> datetime.datetime:
    """A moment in office hours: what is settled lies longer back than what waits for an answer."""
    day = stock.day(-240, -40) if status == "done" else stock.day(-30, -1)
    minutes = stock.random.randrange(7 * 60, 16 * 60)
    return datetime.datetime.combine(day, datetime.time(tzinfo=datetime.UTC)) + datetime.timedelta(
        minutes=minutes
    )
