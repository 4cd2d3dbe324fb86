"""The documents of the demonstration: which there are, what hangs on what, and the words in them."""

from __future__ import annotations

import datetime
from functools import cache
from typing import Any

import yaml
from babel.dates import format_date
from babel.numbers import format_currency

from app.demo.insurers import HOUSES
from app.demo.stock import Row, Stock
from app.demo.tables import DATA

HOUSE_NAMES = {house.key: house.name for house in HOUSES}
LOCALES = {"de": "de", "en": "en_GB", "fr": "fr"}
GREETINGS = {"de": "Guten Tag,", "en": "Good morning,", "fr": "Madame, Monsieur,"}
CLOSINGS = {
    "de": "Mit freundlichen Grüßen",
    "en": "Yours faithfully",
    "fr": "Avec nos meilleures salutations",
}
WORDS = {
    "number": {"de": "Versicherungsscheinnummer", "en": "Policy number", "fr": "Numéro de police"},
    "insurer": {"de": "Versicherer", "en": "Insurer", "fr": "Assureur"},
    "sum": {"de": "Versicherungssumme", "en": "Sum insured", "fr": "Capital assuré"},
    "value": {"de": "Versicherungssumme", "en": "Insured value", "fr": "Valeur assurée"},
    "premium": {"de": "Beitrag netto", "en": "Premium excl. tax", "fr": "Prime HT"},
    "net": {"de": "Netto", "en": "Amount excl. tax", "fr": "Montant HT"},
    "tax": {"de": "Versicherungsteuer", "en": "Insurance premium tax", "fr": "Taxe d’assurance"},
    "gross": {"de": "Brutto", "en": "Amount incl. tax", "fr": "Montant TTC"},
    "due": {"de": "Fällig am", "en": "Payment due", "fr": "Date limite de paiement"},
    "goods": {"de": "Güter", "en": "Goods", "fr": "Marchandises"},
    "from": {"de": "Abgangsort", "en": "Place of departure", "fr": "Lieu de départ"},
    "to": {"de": "Bestimmungsort", "en": "Place of destination", "fr": "Lieu de destination"},
    "claimed": {"de": "Geltend gemachter Betrag", "en": "Amount claimed", "fr": "Montant réclamé"},
    "paid": {"de": "Gezahlter Betrag", "en": "Amount paid", "fr": "Montant réglé"},
}
"""The words of the pages, so that a letter and its record speak alike."""
SHARES = {
    "policy": 0.2, "endorsement": 0.07, "special_conditions": 0.08, "confirmation_of_cover": 0.08, "invoice": 0.15,
    "survey_report": 0.05, "settlement_letter": 0.07, "cost_estimate": 0.05, "transport_certificate": 0.08,
    "risk_survey": 0.05, "mandate_letter": 0.05, "correspondence": 0.04, "other": 0.05,
}  # fmt: skip
"""What part of the documents each type makes up."""


@cache
def kinds() -> dict[str, dict[str, Any]]:
    return yaml.safe_load((DATA / "letters.yaml").read_text(encoding="utf-8"))


def papers(stock: Stock, count: int) -> None:
    """About so many documents on contracts, claims, invoices, certificates, objects and policyholders. The letter
    behind each stands in `stock.letters` under its file name."""
    for document_type, share in SHARES.items():
        kind = kinds()[document_type]
        records = [row for row in stock.rows[kind["about"]] if _fits(document_type, row)]
        for record in stock.random.sample(records, min(len(records), round(count * share) or 1)):
            _paper(stock, document_type, kind, record)


def _fits(document_type: str, row: Row) -> bool:
    """Whether such a document can hang on the record."""
    if document_type == "settlement_letter":
        return row["status"] in {"settled", "closed"}
    if document_type in {"policy", "special_conditions", "confirmation_of_cover", "endorsement"}:
        return "document_on" in row and row["status"] != "cancelled" and "sum_insured" in row
    return row.get("kind") not in {"vehicle", "machine"}


def _paper(stock: Stock, document_type: str, kind: dict[str, Any], record: Row) -> None:
    contract = stock.contracts.get(record.get("contract") or record["key"])
    holder = stock.holders[_holder_of(kind["about"], record, contract)]
    language = holder.team.language if holder.team.language in LOCALES else "fr"
    day = _day(stock, kind["about"], record)
    values = _values(language, record, contract, holder.name, day)
    title, *paragraphs = (words.format(**values) for words in kind[language])
    number = stock.number("document", 7001)
    file_name = f"{document_type.replace('_', '-')}-{number}.pdf"
    links = [{"type": kind["about"], "key": record["key"]}]
    if kind["about"] in {"claim", "invoice"} and contract:
        links.append({"type": "contract", "key": contract["key"]})
    if document_type == "confirmation_of_cover":
        links.append({"type": "policyholder", "key": holder.key})
    stock.add(
        "document",
        key=f"D-{number}",
        document_type=document_type,
        title=title,
        dated_on=str(day),
        file_name=file_name,
        tags=list(kind["tags"]),
        language=language,
        links=links,
        file=file_name,
    )
    address = next(row for row in stock.rows["policyholder"] if row["key"] == holder.key)
    stock.letters[file_name] = {
        "language": language,
        "to": [
            " ".join(filter(None, (address.get("first_name"), holder.name))),
            address.get("street", ""),
            f"{address.get('postal_code', '')} {address.get('city', '')}".strip(),
        ],
        "date": format_date(day, "long", LOCALES[language]),
        "day": str(day),
        "subject": title,
        "facts": _facts(language, kind["about"], contract, values),
        "greeting": GREETINGS[language],
        "paragraphs": paragraphs,
        "numbered": bool(kind.get("long")),
        "rows": _insured(stock, language, record)
        if document_type == "policy"
        else _table(language, kind["about"], record),
        "closing": CLOSINGS[language],
        "staff": holder.team.claims_handler if kind["about"] == "claim" else holder.team.account_manager,
    }


def _holder_of(on: str, record: Row, contract: Row | None) -> str:
    if on == "policyholder":
        return record["key"]
    return record.get("policyholder") or (contract or {})["policyholder"]


def _day(stock: Stock, on: str, record: Row) -> datetime.date:
    """When the document was written: what it tells had happened by then, and it never lies in the future."""
    given = {
        "contract": "document_on",
        "invoice": "booked_on",
        "claim": "reported_on",
        "certificate": "departs_on",
    }
    if on in given and given[on] in record:
        day = datetime.date.fromisoformat(record[given[on]]) + datetime.timedelta(
            days=stock.random.randint(1, 25)
        )
        return min(day, stock.today)
    return stock.day(-500, -3)


def _values(
    language: str, record: Row, contract: Row | None, holder: str, day: datetime.date
) -> dict[str, str]:
    about = contract or {}
    return {
        "number": record.get("number", ""),
        "product": about.get("product", ""),
        "insurer": HOUSE_NAMES.get(about.get("insurer", ""), ""),
        "holder": holder,
        "sum": _amount(language, about, "sum_insured"),
        "premium": _amount(language, about, "premium_net"),
        "thing": record.get("label", record.get("description", "")),
        "claim": record.get("broker_number", ""),
        "day": format_date(day, "long", LOCALES[language]),
    }


def _amount(language: str, row: Row, field: str) -> str:
    if field not in row or "currency" not in row:
        return "–"
    return format_currency(row[field], row["currency"], "#,##0.00 ¤¤", locale=LOCALES[language])


def _facts(language: str, on: str, contract: Row | None, values: dict[str, str]) -> list[list[str]]:
    if contract is None:
        return []
    facts = [("number", contract["number"]), ("insurer", values["insurer"])]
    if on == "contract":
        facts += [("sum", values["sum"]), ("premium", values["premium"])]
    return [[WORDS[name][language], value] for name, value in facts]


def _insured(stock: Stock, language: str, contract: Row) -> list[list[str]]:
    """What a policy insures, one object a line; some policies run to several pages by it."""
    return [
        [thing["label"], _amount(language, thing, "sum_insured")]
        for thing in stock.rows["object"]
        if contract["key"] in thing["contracts"]
    ]


def _table(language: str, on: str, record: Row) -> list[list[str]]:
    if on == "invoice":
        rows = [(name, _amount(language, record, name)) for name in ("net", "tax", "gross")]
        due = datetime.date.fromisoformat(record["due_on"])
        rows.append(("due", format_date(due, "long", LOCALES[language])))
    elif on == "claim":
        rows = [
            ("claimed", _amount(language, record, "claimed_amount")),
            ("paid", _amount(language, record, "paid_amount")),
        ]
    elif on == "certificate":
        rows = [
            ("goods", record["goods"]),
            ("from", record["from_place"]),
            ("to", record["to_place"]),
            ("value", _amount(language, record, "sum_insured")),
        ]
    else:
        return []
    return [[WORDS[name][language], value] for name, value in rows]
