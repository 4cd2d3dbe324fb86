"""What a report asks, and what of it was answered so that it can be taken.

A profile that hides a field of claims, or masks it, is not asked for it: nobody writes what he could not read again.
The contract is asked of everybody, for without one there is nothing to report on.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from app.claim_reports.choosing import Found
from app.claims.codes import CAUSES, CLAIM_TYPES
from app.core.errors import NotFound, Unacceptable
from app.core.formats import currency_digits, formats_for
from app.core.text import LazyText, _, language
from app.objects import OBJECT_SOURCE
from app.reports.places import id_named
from permissions import Viewer

FIELDS = (
    "object", "claim_type", "occurred_on", "loss_location", "cause", "description", "claimed_amount", "currency",
)  # fmt: skip
TYPED = ("place", *FIELDS)
"""What the form says: `place` is the object at whose address it happened."""
LONGEST_PLACE, LONGEST_TEXT = 200, 4000
LARGEST = Decimal(10) ** 13
EARLIEST = datetime.date(1950, 1, 1)
CURRENCIES = ("EUR", "CHF", "GBP", "USD")
ELSEWHERE = "other"


@dataclass(frozen=True)
class Loss:
    """What happened, in the words of a claim."""

    contract_id: uuid.UUID
    object_id: uuid.UUID | None = None
    claim_type: str | None = None
    occurred_on: datetime.date | None = None
    loss_location: str | None = None
    cause: str | None = None
    description: str | None = None
    claimed_amount: Decimal | None = None
    currency: str | None = None

    @property
    def values(self) -> dict[str, Any]:
        return dict(vars(self))


def asked_of(viewer: Viewer) -> frozenset[str]:
    """The fields a viewer is asked for."""
    found = {name for name in FIELDS if viewer.may_read("claim", name)}
    if not viewer.may(OBJECT_SOURCE.area) or not viewer.may_read("object", "label"):
        found.discard("object")
    if not {"claimed_amount", "currency"} <= found:
        found -= {"claimed_amount", "currency"}
    return frozenset(found)


def typed(form: Mapping[str, str], viewer: Viewer) -> dict[str, str]:
    """What was typed of what he is asked for."""
    known = asked_of(viewer)
    said = {name: form.get(name, "").strip() for name in TYPED if name in known}
    said["place"] = form.get("place", "").strip() if "loss_location" in known else ""
    if "description" in said:
        said["description"] = said["description"].replace("\r\n", "\n")
    return said


def currencies(ground: Any, viewer: Viewer) -> tuple[str, ...]:
    """Those to choose from, the contract's own first where he may read it."""
    own = [ground.currency] if ground.currency and viewer.may_read("contract", "currency") else []
    return tuple(dict.fromkeys((*own, *filter(None, [viewer.profile_currency]), *CURRENCIES)))


def checked(
    connection: Connection,
    viewer: Viewer,
    contract_id: uuid.UUID,
    said: Mapping[str, str],
    places: Mapping[str, Found],
    offered: tuple[str, ...],
    number: Callable[[str], Decimal | None],
) -> Loss:
    """What the words come to. Unacceptable, with a sentence for each control."""
    known, wrong = asked_of(viewer), dict[str, str | LazyText]()
    values: dict[str, Any] = {}
    if "claim_type" in known:
        values["claim_type"] = said["claim_type"]
        if said["claim_type"] not in CLAIM_TYPES:
            wrong["claim_type"] = _("Choose what kind of claim it is.")
    if "cause" in known and said["cause"]:
        values["cause"] = said["cause"]
        if said["cause"] not in CAUSES:
            wrong["cause"] = _("Choose a cause from the list.")
    if "occurred_on" in known:
        values["occurred_on"] = _day(said["occurred_on"], viewer.today, wrong)
    if "loss_location" in known:
        values["loss_location"] = _place(said, places, wrong)
    if "description" in known:
        values["description"] = said["description"] or None
        if not said["description"]:
            wrong["description"] = _("Say briefly what happened. One sentence is enough.")
        elif len(said["description"]) > LONGEST_TEXT:
            wrong["description"] = _("At most {limit} characters.", limit=LONGEST_TEXT)
    if "claimed_amount" in known and said["claimed_amount"]:
        values["claimed_amount"], values["currency"] = _amount(said, offered, number, wrong)
    if "object" in known and said["object"]:
        values["object_id"] = _object(connection, viewer, contract_id, said["object"], wrong)
    if wrong:
        raise Unacceptable(wrong)
    return Loss(contract_id, **values)


def _day(typed: str, today: datetime.date, wrong: dict[str, str | LazyText]) -> datetime.date | None:
    if not typed:
        wrong["occurred_on"] = _(
            "Enter the day the loss happened. If you do not know it, enter the day it was found."
        )
        return None
    try:
        day = datetime.date.fromisoformat(typed)
    except ValueError:
        wrong["occurred_on"] = _("This is not a date.")
        return None
    if day > today:
        told = formats_for(language()).day(day)
        wrong["occurred_on"] = _("{day} is in the future. Enter the day the loss happened.", day=told)
    elif day < EARLIEST:
        wrong["occurred_on"] = _("This is not a date.")
    return day


def _place(
    said: Mapping[str, str], places: Mapping[str, Found], wrong: dict[str, str | LazyText]
) -> str | None:
    """An address that was offered, with what was typed beside it; or that alone."""
    parts = [said["loss_location"]]
    if said["place"] not in ("", ELSEWHERE):
        if said["place"] not in places:
            wrong["place" if places else "loss_location"] = _("Choose a place from the list, or enter it.")
            return None
        parts.insert(0, places[said["place"]].title)
    if len(said["loss_location"]) > LONGEST_PLACE:
        wrong["loss_location"] = _("At most {limit} characters.", limit=LONGEST_PLACE)
    return ", ".join(filter(None, parts)) or None


def _amount(
    said: Mapping[str, str],
    offered: tuple[str, ...],
    number: Callable[[str], Decimal | None],
    wrong: dict[str, str | LazyText],
) -> tuple[Decimal | None, str | None]:
    amount, currency = number(said["claimed_amount"]), said["currency"]
    if currency not in offered:
        wrong["currency"] = _("Choose a currency from the list.")
        return None, None
    if amount is None or not amount.is_finite() or not 0 < amount < LARGEST:
        example = formats_for(language()).number(Decimal("12500.50"), 2)
        wrong["claimed_amount"] = _("This is not an amount. Enter one such as {example}.", example=example)
        return None, None
    return round(amount, currency_digits(currency)), currency


def _object(
    connection: Connection,
    viewer: Viewer,
    contract_id: uuid.UUID,
    word: str,
    wrong: dict[str, str | LazyText],
) -> uuid.UUID | None:
    """One that he sees and the contract insures."""
    try:
        object_id = id_named(connection, viewer, OBJECT_SOURCE, word)
    except NotFound:
        object_id = None
    if object_id is None or not insures(connection, viewer, contract_id, object_id):
        wrong["object"] = _("Choose an object from the list.")
        return None
    return object_id


def insures(connection: Connection, viewer: Viewer, contract_id: uuid.UUID, object_id: uuid.UUID) -> bool:
    """Whether a contract he sees insures an object he sees."""
    found = connection.exec_driver_sql(
        """select 1 from contract_objects
            where tenant_id = %(tenant)s and contract_id = %(contract)s and object_id = %(object)s""",
        {"tenant": viewer.tenant_id, "contract": contract_id, "object": object_id},
    )
    return found.first() is not None
