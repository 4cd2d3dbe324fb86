"""The page on which a claim is reported: first on which contract, then what happened; and a report that was handed back."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request

from app.claim_reports import sending
from app.claim_reports.choosing import LONGEST_SEARCH, find, ground_of, name_of, risk_addresses
from app.claim_reports.loss import (
    ELSEWHERE,
    LONGEST_PLACE,
    LONGEST_TEXT,
    TYPED,
    asked_of,
    currencies,
    insures,
    typed,
)
from app.claim_reports.ways import REPORT, REPORTS
from app.claim_reports.who import releasers_of
from app.claims import CLAIM_SOURCE
from app.claims.access import READ_CLAIMS, REPORT_CLAIMS
from app.claims.codes import CAUSES, CLAIM_TYPES
from app.contracts import CONTRACT_SOURCE
from app.core.db import drop, transaction
from app.core.errors import NotFound, Unacceptable
from app.core.formats import currency_digits, formats_for
from app.core.text import by_words, language
from app.documents import uploads
from app.documents.access import UPLOAD_DOCUMENTS
from app.documents.upload_views import TOGETHER
from app.objects import OBJECT_SOURCE
from app.reports import contacts
from app.reports.places import id_named
from app.reports.source import Source
from permissions.door import allow, the_viewer, while_acting

pages = Blueprint("claim_reporting", __name__)

DEALING = ("claims_handler", "clerk", "account_manager")
"""Who of the broker's people gets a report, the first that a contract names."""


@pages.get(REPORT)
@allow(READ_CLAIMS, REPORT_CLAIMS)
def ask() -> str:
    contract_id, object_id = _about()
    choose = request.args.get("choose", "")
    if contract_id is None or choose == "contract":
        return _choice(CONTRACT_SOURCE, (OBJECT_SOURCE, object_id) if object_id else None, {})
    if choose == "object":
        return _choice(OBJECT_SOURCE, (CONTRACT_SOURCE, contract_id), {"contract": str(contract_id)})
    return _form(contract_id, {"object": str(object_id or ""), "place": str(object_id or "")})


@pages.post(REPORT)
@allow(READ_CLAIMS, REPORT_CLAIMS)
@while_acting
def report() -> Any:
    contract_id, _object_id = _about()
    if contract_id is None:
        raise NotFound
    said = typed(request.form, the_viewer())
    try:
        made = sending.send(
            transaction(), current_app.extensions["storage"], the_viewer(), contract_id, _typed(said)
        )
    except Unacceptable as refused:
        drop()
        return _form(contract_id, said, _beside(refused)), 422
    return redirect(f"{REPORTS}/{made}?done=1", 303)


@pages.get(f"{REPORTS}/<uuid:report_id>/revision")
@allow(READ_CLAIMS, REPORT_CLAIMS)
def revise(report_id: uuid.UUID) -> str:
    found = _returned(report_id)
    return _form(found.contract_id, _as_typed(found), returned=found)


@pages.post(f"{REPORTS}/<uuid:report_id>/revision")
@allow(READ_CLAIMS, REPORT_CLAIMS)
@while_acting
def send_again(report_id: uuid.UUID) -> Any:
    found, said = _returned(report_id), typed(request.form, the_viewer())
    try:
        sending.send_again(
            transaction(), current_app.extensions["storage"], the_viewer(), report_id, _typed(said)
        )
    except Unacceptable as refused:
        drop()
        return _form(found.contract_id, said, _beside(refused), found), 422
    return redirect(f"{REPORTS}/{report_id}?done=1", 303)


def _about() -> tuple[uuid.UUID | None, uuid.UUID | None]:
    """The contract and the object that an address names. NotFound where he does not see them, or the contract does not
    insure the object."""
    connection, who = transaction(), the_viewer()
    contract_id = id_named(connection, who, CONTRACT_SOURCE, request.args.get("contract", ""))
    object_id = id_named(connection, who, OBJECT_SOURCE, request.args.get("object", ""))
    if object_id and contract_id and not insures(connection, who, contract_id, object_id):
        raise NotFound
    if object_id and not contract_id and "choose" not in request.args:
        found, has_more = find(connection, who, CONTRACT_SOURCE, of=(OBJECT_SOURCE, object_id), size=1)
        contract_id = found[0].id if found and not has_more else None
    return contract_id, object_id


def _returned(report_id: uuid.UUID) -> Any:
    found = sending.own(transaction(), the_viewer(), report_id)
    if found.state != "returned":
        raise sending.Settled
    if name_of(transaction(), the_viewer(), CONTRACT_SOURCE, found.contract_id) is None:
        raise NotFound
    return found


def _typed(said: Mapping[str, str]) -> sending.Typed:
    form = request.form
    kept = frozenset(form.getlist("kept"))
    return sending.Typed(said, request.files.getlist("files"), kept, form.get("mark", "")[:100])


def _beside(refused: Unacceptable) -> dict[str, str]:
    return {control: str(said) for control, said in refused.problems.items()}


def _as_typed(found: Any) -> dict[str, str]:
    """A report as its form would have said it."""
    said = {name: getattr(found, name, None) for name in TYPED}
    said["object"] = found.object_id
    amount: Decimal | None = found.claimed_amount
    known = asked_of(the_viewer())
    words = {name: "" if value is None else str(value) for name, value in said.items() if name in known}
    if amount is not None and "claimed_amount" in known:
        digits = currency_digits(found.currency)
        words["claimed_amount"] = formats_for(language()).number(amount, digits)
    return words | {"place": ELSEWHERE if found.loss_location else ""}


def _choice(source: Source, of: tuple[Source, uuid.UUID] | None, words: dict[str, str]) -> str:
    """What he sees, to choose one of; found by a few letters."""
    search = " ".join(request.args.get("q", "").split())[:LONGEST_SEARCH]
    connection, who = transaction(), the_viewer()
    found, has_more = find(connection, who, source, search, of)
    if of and source is CONTRACT_SOURCE:
        words = {**words, "object": str(of[1])}
    return render_template(
        "claim_reports/choose.html",
        action=REPORT,
        is_contract=source is CONTRACT_SOURCE,
        record=source.record,
        words=words,
        of=name_of(connection, who, *of) if of else None,
        search=search,
        found=found,
        has_more=has_more,
        way=(str(CLAIM_SOURCE.area.label), f"/{CLAIM_SOURCE.plural}"),
    )


def _form(
    contract_id: uuid.UUID,
    said: Mapping[str, str],
    errors: dict[str, str] | None = None,
    returned: Any = None,
) -> str:
    connection, who, formats = transaction(), the_viewer(), formats_for(language())
    ground = ground_of(connection, who, contract_id)
    objects, has_more = find(connection, who, OBJECT_SOURCE, of=(CONTRACT_SOURCE, contract_id))
    chosen = _chosen(objects, said.get("object", ""))
    places = risk_addresses(connection, who, contract_id, ground)
    offered = currencies(ground, who)
    team = contacts.of_record(connection, who, CONTRACT_SOURCE, contract_id)
    limits = uploads.limits_of(connection, who)
    able = None
    if ground.four_eyes and who.organization_id:
        able = releasers_of(connection, who.organization_id, who.user_id, contract_id, None)
    return render_template(
        "claim_reports/report.html",
        action=f"{REPORTS}/{returned.id}/revision" if returned else f"{REPORT}?contract={contract_id}",
        report=REPORT,
        contract=name_of(connection, who, CONTRACT_SOURCE, contract_id),
        returned=returned,
        asked=asked_of(who),
        said={**dict.fromkeys(TYPED, ""), "currency": offered[0], **said},
        errors=errors or {},
        objects=objects,
        has_more_objects=has_more,
        chosen=chosen,
        places=places,
        claim_types=_sorted(CLAIM_TYPES),
        causes=_sorted(CAUSES),
        currencies=offered,
        handler=next((team[key] for key in DEALING if key in team), None),
        releasers=able if able is None else [one.name for one in able],
        may_upload=who.may(UPLOAD_DOCUMENTS),
        kept=set(request.form.getlist("kept")) if errors else None,
        limit=formats.file_size(limits.megabytes * 1_000_000),
        total=formats.file_size(TOGETHER),
        bytes=limits.megabytes * uploads.MB,
        most=uploads.MOST,
        longest_place=LONGEST_PLACE,
        longest_text=LONGEST_TEXT,
        today=who.today.isoformat(),
        elsewhere=ELSEWHERE,
        mark=request.form.get("mark") or secrets.token_urlsafe(16),
        file_size=formats.file_size,
        way=(str(CLAIM_SOURCE.area.label), f"/{CLAIM_SOURCE.plural}"),
    )


def _chosen(objects: list[Any], word: str) -> Any:
    """An object that was chosen and is not among the first ones."""
    if not word or any(str(one.id) == word for one in objects):
        return None
    try:
        object_id = id_named(transaction(), the_viewer(), OBJECT_SOURCE, word)
    except NotFound:
        return None
    return name_of(transaction(), the_viewer(), OBJECT_SOURCE, object_id) if object_id else None


def _sorted(codes: Mapping[str, Any]) -> list[tuple[str, str]]:
    """In the reader's order, with what says nothing at the end."""
    return sorted(by_words(codes.items()), key=lambda one: one[0] in ("other", "unknown"))
