"""Who sees what, in the description of the API."""

from __future__ import annotations

from typing import Any

from app.administration.seen.access import EXPLAIN, PATH, WHO_SEES
from app.reports.openapi import refused
from permissions import Viewer

PARAMETERS = {
    "person": "Whom to ask about: id or e-mail address",
    "organization": "Only in this organization: its id",
    "record": "What to ask about: record type, a colon, id or the broker system’s key",
    "field": "Only this field, such as `contract.premium_net`",
    "function": "Only this function, such as `export`",
}
REASON = {
    "type": "object",
    "properties": {
        "rule": {"type": "string"},
        "is_met": {"type": "boolean"},
        "title": {"type": "string"},
        "detail": {"type": "string"},
    },
    "required": ["rule", "is_met", "title", "detail"],
}
PLACE = {
    "organization": {
        "type": ["object", "null"],
        "properties": {"id": {"type": "string", "format": "uuid"}, "name": {"type": "string"}},
    },
    "profile": {"type": ["string", "null"]},
}
VERDICT = {
    "type": "object",
    "description": "The answer to what is asked: of the field or the function, where one is named, else of the record",
    "properties": {"is_yes": {"type": "boolean"}, "title": {"type": "string"}, "detail": {"type": "string"}},
    "required": ["is_yes", "title", "detail"],
}
GRANTED = {"why": {"type": "string"}, "profile": {"type": ["string", "null"]}}
ANSWER = {
    "type": "object",
    "properties": {
        **PLACE,
        "verdict": VERDICT,
        "sees": {"type": "boolean"},
        "reasons": {"type": "array", "items": REASON},
        "seen": {"type": "object", "additionalProperties": {"type": "integer"}},
        "fields": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "properties": {"level": {"enum": ["hidden", "masked", "read", "edit"]}, **GRANTED},
            },
        },
        "functions": {
            "type": "object",
            "additionalProperties": {
                "type": "object", "properties": {"is_on": {"type": "boolean"}, **GRANTED}
            },
        },
    },
    "required": ["organization", "profile", "fields"],
    "additionalProperties": False,
}  # fmt: skip
PERSON = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "name": {"type": "string"},
        "email": {"type": ["string", "null"]},
        **PLACE,
        "fields": {"type": "integer"},
        "of": {"type": "integer"},
        "reason": {"type": "string"},
    },
    "required": ["id", "name", "email", "organization", "profile"],
    "additionalProperties": False,
}
VISIBILITY = {
    "type": "object",
    "properties": {
        "person": {"type": "object"},
        "record": {"type": "object"},
        "sees": {"type": "boolean"},
        "answers": {"type": "array", "items": ANSWER},
        "people": {"type": "array", "items": PERSON},
        "near": {"type": "array", "items": PERSON},
    },
    "additionalProperties": False,
}


def paths(person: Viewer) -> dict[str, Any]:
    if not (person.may(WHO_SEES) and person.may(EXPLAIN)):
        return {}
    said = {"description": "The answer", "content": {"application/json": {"schema": VISIBILITY}}}
    parameters = [
        {"name": name, "in": "query", "description": words, "schema": {"type": "string"}}
        for name, words in PARAMETERS.items()
    ]
    told = {
        "operationId": "explain_visibility",
        "summary": str(WHO_SEES.label),
        "description": "Of a person and a record, whether he sees it and why; of one alone, what he sees, or who sees it.",
        "parameters": parameters,
        "responses": {"200": said, **refused("401", "403", "404", "422", "503")},
    }
    return {f"/api/v1{PATH}": {"get": told}}
