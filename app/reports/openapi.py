"""The API described, as this viewer has it: his areas, his columns, their filters and sorts. OpenAPI 3.1."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from app.reports.columns import Column, columns_of
from app.reports.filters import LIST_KINDS
from app.reports.rest import answer
from app.reports.source import SOURCES, Source
from app.reports.state import LARGEST
from app.reports.switches import governing, switched_off
from permissions import Rights, Viewer
from permissions.door import signed_in, viewer

api = Blueprint("openapi", __name__)

MONEY = {
    "type": ["object", "null"],
    "properties": {
        "amount": {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"},
        "currency": {"type": ["string", "null"]},
    },
    "required": ["amount", "currency"],
}
CONVERTED = {
    "type": ["object", "null"],
    "description": "The amount in the organization’s profile currency, and the day of the ECB rates used.",
    "properties": {
        "amount": {"type": "string"},
        "currency": {"type": "string"},
        "rate_on": {"type": ["string", "null"], "format": "date"},
    },
    "required": ["amount", "currency", "rate_on"],
}
KINDS: dict[str, dict[str, Any]] = {
    "number": {"type": ["string", "null"]},
    "percent": {"type": ["string", "null"]},
    "whole": {"type": ["integer", "null"]},
    "size": {"type": ["integer", "null"]},
    "day": {"type": ["string", "null"], "format": "date"},
    "moment": {"type": ["string", "null"], "format": "date-time"},
    "flag": {"type": ["boolean", "null"]},
    "words": {"type": ["array", "null"], "items": {"type": "string"}},
    "details": {"type": ["object", "null"], "additionalProperties": True},
    "money": MONEY,
}
TEXT = {"type": ["string", "null"]}
UUID = {"type": "string", "format": "uuid"}
PROBLEM = {
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "errors": {"type": "object", "additionalProperties": True},
    },
    "required": ["type", "title", "status"],
}
REFUSALS = {
    "401": "Not signed in",
    "403": "Not part of the profile",
    "404": "Not there, or not for this viewer",
    "405": "Another method is meant",
    "422": "A parameter is not understood; `errors` names it",
    "503": "Away for a moment; see Retry-After",
}


@api.get("/api/openapi.json")
@signed_in
def openapi() -> Response:
    return answer(described(viewer._get_current_object()))  # type: ignore[attr-defined]


def described(person: Viewer) -> dict[str, Any]:
    schemas: dict[str, Any] = {"Problem": PROBLEM}
    paths: dict[str, Any] = {}
    for source in SOURCES.values():
        if not person.may(source.area):
            continue
        columns = columns_of(source, person.rights)
        schemas[_name(source)] = _record(source, columns, person)
        paths[f"/api/v1/{source.plural}"] = {"get": _list(source, columns, person.rights)}
        paths[f"/api/v1/{source.plural}/{{id}}"] = {"get": _one(source)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Portico",
            "version": "1",
            "description": "What this account may see, and no more.",
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "responses": {number: _refusal(text) for number, text in REFUSALS.items()},
        },
        "security": [{"token": []}],
    }


def _name(source: Source) -> str:
    return source.record.capitalize()


def _refusal(text: str) -> dict[str, Any]:
    return {
        "description": text,
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _value(column: Column) -> dict[str, Any]:
    if column.is_masked:
        return {"type": ["string", "null"], "description": "Masked: that there is a value, not which."}
    return KINDS.get(column.kind, TEXT)


def _record(source: Source, columns: dict[str, Column], person: Viewer) -> dict[str, Any]:
    properties: dict[str, Any] = {"id": UUID}
    for key, column in columns.items():
        if column.kind == "references":
            continue
        properties[key] = {**_value(column), "title": str(column.label)}
        if column.kind == "reference" and column.field.to in SOURCES and not column.is_masked:
            properties[f"{key}_id"] = {"type": ["string", "null"], "format": "uuid"}
    if source.money in columns and person.profile_currency:
        properties["converted"] = CONVERTED
    return {"type": "object", "properties": properties, "required": ["id"], "additionalProperties": False}


def _list(source: Source, columns: dict[str, Column], rights: Rights) -> dict[str, Any]:
    listable = [key for key, column in columns.items() if column.is_listable]
    sortable = [key for key, column in columns.items() if column.can_sort]
    parameters = [
        _parameter("q", "Search, in every column that may be searched", {"type": "string", "maxLength": 200}),
        _parameter("fields", f"Columns, separated by commas: {', '.join(listable)}", {"type": "string"}),
        _parameter(
            "sort", f"Columns, `-` before a descending one: {', '.join(sortable)}", {"type": "string"}
        ),
        _parameter("limit", "Rows of one page", {"type": "integer", "minimum": 1, "maximum": LARGEST}),
        _parameter("after", "`next` of the page before", {"type": "string"}),
        _parameter("of", "Only what belongs to a record: its type, a colon, its id", {"type": "string"}),
    ]
    if source.past is not None:
        parameters.append(_parameter("as_of", "A past day or moment whose data is told", {"type": "string"}))
    for key, column in columns.items():
        for operator in column.operators:
            name = key if operator == "is" else f"{key}.{operator}"
            parameters.append(_parameter(name, str(column.label), _filter_value(column, operator)))
    off = switched_off(rights)
    parameters = [one for one in parameters if governing(one["name"]) not in off]
    return {
        "operationId": f"list_{source.plural}",
        "summary": str(source.schema.nouns),
        "parameters": parameters,
        "responses": {
            "200": {
                "description": "One page",
                "content": {
                    "application/json": {
                        "schema": {
                            "type": "object",
                            "properties": {
                                source.plural: {
                                    "type": "array",
                                    "items": {"$ref": f"#/components/schemas/{_name(source)}"},
                                },
                                "next": {"type": ["string", "null"]},
                            },
                            "required": [source.plural, "next"],
                            "additionalProperties": False,
                        }
                    }
                },
            },
            **_refusals("401", "403", "404", "422", "503"),
        },
    }


def _one(source: Source) -> dict[str, Any]:
    return {
        "operationId": f"read_{source.record}",
        "summary": str(source.schema.noun),
        "parameters": [{"name": "id", "in": "path", "required": True, "schema": UUID}],
        "responses": {
            "200": {
                "description": "The record",
                "content": {
                    "application/json": {"schema": {"$ref": f"#/components/schemas/{_name(source)}"}}
                },
            },
            **_refusals("401", "403", "404", "422", "503"),
        },
    }


def _refusals(*numbers: str) -> dict[str, Any]:
    return {number: {"$ref": f"#/components/responses/{number}"} for number in numbers}


def _parameter(name: str, text: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": text, "schema": schema}


def _filter_value(column: Column, operator: str) -> dict[str, Any]:
    if operator in ("is_empty", "is_not_empty"):
        return {"type": "string"}
    if column.kind in LIST_KINDS:
        closed = column.kind == "code" and column.field.is_closed
        return (
            {"type": "string", "enum": list(column.field.codes)}
            if closed
            else {"type": "string", "minLength": 1}
        )
    if column.kind == "reference" and operator == "is":
        return UUID
    if column.kind == "day":
        return {"type": "string", "format": "date"}
    if column.kind == "moment":
        return {"type": "string", "format": "date-time"}
    if column.is_numeric:
        return {"type": "number", "minimum": -1e15, "maximum": 1e15}
    return {"type": "string", "minLength": 1, "maxLength": 200}
