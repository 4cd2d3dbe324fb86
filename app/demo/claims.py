"""Claims of the demonstration: what happened, to which object, and how far it has come."""

from __future__ import annotations

import datetime

from app.demo.stock import Row, Stock, money
from app.demo.tables import table

STATUSES = (
    "settled", "open", "closed", "in_clarification", "settled", "reported", "closed", "rejected", "settled",
    "open", "withdrawn", "closed",
)  # fmt: skip
"""In turn, so that a stock of a dozen claims shows every status."""
LOSSES = {(row["kind"], row["cause"]): row for row in table("losses")}
A_THING = {"de": "der Betriebsstätte", "en": "the premises", "fr": "l’établissement"}


def claims(stock: Stock, contracts: list[Row], most: int, reporters: tuple[str, ...] = ()) -> None:
    """So many claims on contracts in force, taken in turn. `reporters` are the e-mail addresses of those who
    reported some of them in the portal."""
    insured: dict[str, list[Row]] = {}
    for row in stock.rows["object"]:
        for key in row["contracts"]:
            insured.setdefault(key, []).append(row)
    running = [
        c for c in contracts if c["status"] == "own" and "document_on" in c and stock.covers[c["key"]].losses
    ]
    stock.random.shuffle(running)
    for n in range(most):
        contract = running[n % len(running)]
        things = insured.get(contract["key"], [])
        thing = stock.random.choice(things) if things and stock.random.random() < 0.85 else None
        kind, cause = stock.random.choice(stock.covers[contract["key"]].losses)
        claim(stock, contract, kind, cause, STATUSES[n % len(STATUSES)], thing)
        if reporters and n % 3 == 0:
            stock.rows["claim"][-1]["reported_by"] = stock.random.choice(reporters)


def claim(
    stock: Stock, contract: Row, kind: str, cause: str, status: str, thing: Row | None, **given: object
) -> Row:
    """One claim with amounts that fit its status; `given` overrides any field."""
    loss, holder = LOSSES[kind, cause], stock.holders[contract["policyholder"]]
    language = holder.team.language if holder.team.language in A_THING else "de"
    is_fresh = status in {"reported", "open", "in_clarification"}
    begins = datetime.date.fromisoformat(contract["starts_on"])
    happened = max(stock.day(-160, -6) if is_fresh else stock.day(-1500, -200), begins)
    reported = min(happened + datetime.timedelta(days=stock.random.randint(0, 9)), stock.today)
    amount = stock.random.randint(int(loss["least"]), int(loss["most"])) // 50 * 50
    own_part = min(float(contract["deductible"]), amount)
    paid = {"settled": amount - own_part, "closed": amount - own_part, "in_clarification": amount * 0.2}
    number = stock.number("claim", 301)
    return stock.add(
        "claim",
        **{
            "key": f"S-{number}",
            "broker_number": f"S-{happened:%y}-{number:04}",
            "number": None
            if status == "reported"
            else f"{contract['insurer']}/{happened:%Y}/{number * 37:06}",
            "contract": contract["key"],
            "object": thing["key"] if thing else None,
            "policyholder": holder.key,
            "claim_type": kind,
            "cause": cause,
            "status": status,
            "occurred_on": str(happened),
            "reported_on": str(reported),
            "loss_location": _place(thing),
            "description": loss[language].format(thing=thing["label"] if thing else A_THING[language]),
            "claimed_amount": None if status == "reported" else money(amount),
            "reserve": money(amount * 0.8 if is_fresh else 0),
            "paid_amount": money(paid.get(status, 0)),
            "deductible": contract["deductible"],
            "currency": contract["currency"],
            "claimant": holder.name,
            "claims_handler": holder.team.claims_handler,
            **given,
        },
    )


def _place(thing: Row | None) -> str | None:
    if thing is None or "street" not in thing:
        return None
    return f"{thing['street']}, {thing['postal_code']} {thing['city']}"
