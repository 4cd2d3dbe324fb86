"""The API described, as this viewer has it: his areas, his columns, their filters and sorts. OpenAPI 3.1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response

from app.reports import group_rest
from app.reports.columns import Column
from app.reports.computed import columns_with
from app.reports.filters import LIST_KINDS
from app.reports.reading import LARGEST
from app.reports.rest import answer
from app.reports.source import SOURCES, Source
from app.reports.switches import governing, switched_off
from permissions import Rights, Viewer
from permissions.door import signed_in, the_viewer

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
FAR = (
    "`contract__insurer` is the field `insurer` of the record that `contract` refers to, empty where this account does "
    "not see that record. Such columns come only if `fields` names them, and take every filter that the field takes "
    "in the list of its own record type."
)
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

further: list[Callable[[Viewer], dict[str, Any]]] = []
"""What other slices have in the API, as somebody has it; filled by the factory."""


@api.get("/api/openapi.json")
@signed_in
def openapi() -> Response:
    return answer(described(the_viewer()))


def described(person: Viewer) -> dict[str, Any]:
    schemas: dict[str, Any] = {"Problem": PROBLEM, **group_rest.SCHEMAS}
    paths: dict[str, Any] = {}
    for source in SOURCES.values():
        if not person.may(source.area):
            continue
        columns = columns_with(source, person.rights)
        schemas[_name(source)] = _record(source, columns, person)
        paths[f"/api/v1/{source.plural}"] = {"get": _list(source, columns, person.rights)}
        paths[f"/api/v1/{source.plural}/{{id}}"] = {"get": _one(source)}
    for describe in further:
        paths |= describe(person)
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
        is_linked = column.kind == "reference" and not column.is_far and not column.is_masked
        if is_linked and column.field.to in SOURCES:
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
    if any(column.can_group for column in columns.values()):
        parameters += [_parameter(*known, {"type": "string"}) for known in group_rest.PARAMETERS.items()]
    for key, column in columns.items():
        # How far columns are filtered, their own record type tells: all of it here would be most of the document.
        for operator in column.operators[:1] if column.is_far else column.operators:
            name = key if operator == "is" else f"{key}.{operator}"
            parameters.append(_parameter(name, str(column.label), _filter_value(column, operator)))
    off = switched_off(rights)
    parameters = [one for one in parameters if governing(one["name"]) not in off]
    return {
        "operationId": f"list_{source.plural}",
        "summary": str(source.schema.nouns),
        "description": FAR if any(column.is_far for column in columns.values()) else "",
        "parameters": parameters,
        "responses": {
            "200": {
                "description": "One page; or groups where `by` asks for them, a pivot table where `across` does",
                "content": {
                    "application/json": {
                        "schema": {
                            "anyOf": [
                                _page(source),
                                *({"$ref": f"#/components/schemas/{name}"} for name in group_rest.SCHEMAS),
                            ]
                        }
                    }
                },
            },
            **refused("401", "403", "404", "422", "503"),
        },
    }


def _page(source: Source) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            source.plural: {"type": "array", "items": {"$ref": f"#/components/schemas/{_name(source)}"}},
            "next": {"type": ["string", "null"]},
        },
        "required": [source.plural, "next"],
        "additionalProperties": False,
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
            **refused("401", "403", "404", "422", "503"),
        },
    }


def refused(*numbers: str) -> dict[str, Any]:
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
