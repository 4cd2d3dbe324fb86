"""The API against its own description, as three people: nothing breaks, nothing is answered that is not described.

Schemathesis makes requests that fit the description and requests that do not. `make test-deep` makes many more.
"""

from __future__ import annotations

import uuid
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core import NotSet
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.reports.source import SOURCES
from tests.conftest import make_tenant
from tests.factories import Make
from tests.security.stock import Person, document_profile, one_of_everything, with_cookie, with_token

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance
]  # fmt: skip
FEW, MANY = 2, 100
"""Requests per operation, way and person."""
EVERY = 3
"""Making a request up takes longer than answering it: the small run asks every third operation, the next ones in
the other way of asking."""
RESTRICTED = (
    "function:api_tokens",
    "menu:contracts", "menu:claims", "field:contract.number", "field:contract.status", "field:contract.policyholder",
    "field:policyholder.name", "field:contract.premium_net", "field:contract.currency", "field:claim.broker_number",
    "field:claim.status", "field:claim.contract", "field:claim.reserve", "field:claim.currency",
)  # fmt: skip


@pytest.fixture(scope="module")
def people(portal: Flask, owner: Any, web: Any) -> SimpleNamespace:
    make = Make(web, make_tenant(owner))
    mandate = make.mandate()
    ours = one_of_everything(make, "Ours", mandate, [])
    one_of_everything(make, "Theirs", mandate, [])
    organization = make.organization(
        ours["policyholder"], document_profile_id=document_profile(make), profile_currency="EUR"
    )
    restricted = make.profile(*RESTRICTED, **{"field:contract.premium_net": "mask"})
    staff = make.user(is_staff=True, profile_id=make.profile(is_staff=True))
    return SimpleNamespace(
        restricted=with_token(portal, make, make.member(organization, restricted)),
        full=with_token(portal, make, make.member(organization)),
        staff=with_cookie(portal, make, user=staff),
        ours={**ours, "organization": organization, "portal_user": staff},
    )


def sent_with(case: Any) -> dict[str, Any]:
    """The body of a request; what is made up as bytes is no JSON, and goes as it is."""
    if case.method != "POST" or isinstance(case.body, NotSet):
        return {}
    if isinstance(case.body, bytes):
        return {"data": case.body, "content_type": "application/json"}
    return {"json": case.body}


def contradiction(
    person: Person, operation: Any, mode: GenerationMode, examples: int, own: str
) -> str | None:
    """What one operation answers that its description does not allow, in so many requests."""

    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        words = urlencode([(name, str(value)) for name, value in (case.query or {}).items()])
        # An id out of the blue is not found; the one that is there answers in full.
        for path in {case.formatted_path, case.path.replace("{id}", own)}:
            answer = person.ask(path, case.method, query_string=words, **sent_with(case))
            case.validate_response(answer, checks=CHECKS)

    try:
        ask()
    except Exception as error:
        return f"{operation.label}: {error}"[:1500]
    return None


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=str)
@pytest.mark.parametrize("name", ["restricted", "full", "staff"])
@pytest.mark.parametrize("examples", [FEW, pytest.param(MANY, marks=pytest.mark.deep)])
def test_the_api_answers_as_described(examples, name, mode, people):
    person: Person = getattr(people, name)
    schema = schemathesis.openapi.from_dict(person.ask("/api/openapi.json").json)
    found = []
    operations = [known.ok() for known in schema.get_all_operations()]
    if examples == FEW:
        operations = operations[mode is GenerationMode.NEGATIVE :: EVERY]
    for operation in operations:
        source = next((one for one in SOURCES.values() if f"/{one.plural}" in operation.path), None)
        # Rows of lists that no table holds are made of records that are here.
        own = str(people.ours.get(source.record, uuid.UUID(int=7))) if source else ""
        found.append(contradiction(person, operation, mode, examples, own))
    assert [said for said in found if said] == []
