"""What is asked: a person, a record, both, and perhaps a field or a function; and the answers to it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Connection

from app.administration.seen.answers import Answer, about, explain
from app.administration.seen.fields import FieldSeen, FunctionHeld, askable, fields_of, functions_of
from app.administration.seen.people import Place, places_named, places_of
from app.administration.seen.records import Record, record_named
from app.core.errors import NotFound
from app.core.schema import Label
from app.core.text import _l
from app.reports.source import SOURCES, Source, stored
from permissions import Level, Viewer
from permissions.catalogue import catalogue

WORDS = ("person", "organization", "record", "field", "function")
"""The words of an address that ask."""


@dataclass(frozen=True)
class Question:
    """Everything in it is there for the asker: what is not does not make a question."""

    connection: Connection
    asker: Viewer
    places: tuple[Place, ...] = ()
    """Of the person: one for each of his organizations that the asker may know."""
    record: Record | None = None
    field: tuple[Source, str] | None = None
    function: str | None = None

    @cached_property
    def answers(self) -> list[Answer]:
        """For each of his places, those that answer yes first."""
        if self.record is None:
            return [about(self.connection, place) for place in self.places]
        found = map(self.explained, self.places)
        return sorted(found, key=lambda answer: (not self.is_yes(answer), not answer.sees))

    def explained(self, place: Place) -> Answer:
        """Why somebody sees the record that is asked for, or does not."""
        return explain(self.connection, place, self.asked_record)

    @property
    def asked_record(self) -> Record:
        """The record, where one is asked for."""
        assert self.record is not None
        return self.record

    @property
    def answer(self) -> Answer | None:
        return self.answers[0] if self.answers else None

    def fields(self, answer: Answer) -> list[FieldSeen]:
        """What he reads of the record, or the field that is asked for."""
        source = self.field[0] if self.field else self.record.source if self.record else None
        if source is None or not answer.sees:
            return []
        return [
            one
            for one in fields_of(self.asker, source, answer)
            if self.field is None or one.key == self.field[1]
        ]

    def is_yes(self, answer: Answer) -> bool:
        """The answer to what is asked: whether he sees the record, reads the field, or may use the function."""
        if answer.person is None or not answer.sees:
            return False
        if self.field:
            return any(one.level > Level.HIDDEN for one in self.fields(answer))
        return self.function is None or any(one.is_on for one in self.functions(answer))

    def functions(self, answer: Answer) -> list[FunctionHeld]:
        held = functions_of(self.connection, self.asker, answer)
        return [one for one in held if self.function in (None, one.function.key)]


def read(connection: Connection, asker: Viewer, words: Mapping[str, str]) -> Question:
    """The question in the words of an address; NotFound where it names what is not there for the asker."""
    record = record_named(connection, asker, words["record"]) if words.get("record") else None
    return Question(
        connection,
        asker,
        _places(connection, asker, words),
        record,
        _field(asker, record, words["field"]) if words.get("field") else None,
        _function(asker, words["function"]) if words.get("function") else None,
    )


def _places(connection: Connection, asker: Viewer, words: Mapping[str, str]) -> tuple[Place, ...]:
    if not (person := words.get("person")):
        return ()
    try:
        found = places_of(connection, asker, uuid.UUID(person))
    except ValueError:
        found = places_named(connection, asker, person)
    if organization := words.get("organization"):
        found = [place for place in found if str(place.organization_id) == organization]
        if not found:
            raise NotFound
    return tuple(found)


def _field(asker: Viewer, record: Record | None, word: str) -> tuple[Source, str]:
    kind, dot, name = word.rpartition(".")
    source = SOURCES.get(kind) if dot else record.source if record else None
    if source is None or name not in askable(asker, source) or (record and source is not record.source):
        raise NotFound
    return source, name


def _function(asker: Viewer, key: str) -> str:
    if not any(one.key == key and asker.may(one) for one in catalogue.functions()):
        raise NotFound
    return key


def rights_to_ask(asker: Viewer, record: Record | None) -> Iterator[tuple[Label, list[tuple[str, Label]]]]:
    """The fields, of the record or of all record types, and the functions that the asker may ask for: by heading, each
    as `field:contract.number` or `function:…` with its label."""
    for source in [record.source] if record else stored().values():
        columns = askable(asker, source)
        if columns:
            named = [(f"field:{source.record}.{key}", source.schema.field(key).label) for key in columns]
            yield source.schema.nouns, named
    held = [(one.subject, one.label) for one in catalogue.functions() if asker.may(one)]
    if held:
        yield _l("Functions"), held
