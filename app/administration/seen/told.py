"""The answers as plain data: what the API says, and the command line in words."""

from __future__ import annotations

from typing import Any

from app.administration.seen.answers import Answer
from app.administration.seen.counting import counts
from app.administration.seen.people import Place
from app.administration.seen.question import Question
from app.administration.seen.records import Record
from app.administration.seen.seeing import near, seeing, seers_of
from app.administration.seen.verdicts import verdict
from app.administration.seen.words import Speaker

NEAR = 10
"""So many people are told who do not see a record, though their organization holds its policyholder."""


def told(question: Question) -> dict[str, Any]:
    speaker = Speaker(question.connection, question.asker)
    said: dict[str, Any] = {}
    if question.places:
        one = question.places[0]
        said["person"] = {"id": one.user_id, "name": one.name, "email": one.email, "is_staff": one.is_staff}
        said["answers"] = [_answer(question, speaker, answer) for answer in question.answers]
    if (record := question.record) is not None:
        title = speaker.record(record.kind, record.id)
        said["record"] = {"kind": record.kind, "id": record.id, "title": title}
    if question.answer and record:
        said["sees"] = question.answer.sees
    elif record:
        said |= _people(question, speaker, record)
    return said


def _answer(question: Question, speaker: Speaker, answer: Answer) -> dict[str, Any]:
    said: dict[str, Any] = _place(answer.place)
    if question.record or question.field or question.function:
        found = verdict(speaker, question, answer)
        said["verdict"] = {"is_yes": found.is_yes, "title": found.title, "detail": found.detail}
    if question.record is not None:
        said["sees"] = answer.sees
        said["reasons"] = [
            {"rule": one.rule, "is_met": one.is_met, "title": one.title, "detail": one.detail}
            for one in speaker.all_said(answer.reasons, answer.place)
        ]
    elif answer.person is not None and question.function is None and question.field is None:
        said["seen"] = {
            source.record: number
            for source, number in counts(question.connection, question.asker, answer.person)
        }
    said["fields"] = {
        one.key: {"level": one.level.name.lower(), "why": one.why, "profile": one.grant and one.grant.profile}
        for one in question.fields(answer)
    }
    if question.record is None or question.function:
        said["functions"] = {
            one.function.key: {"is_on": one.is_on, "why": one.why, "profile": one.grant and one.grant.profile}
            for one in question.functions(answer)
        }
    return said


def _people(question: Question, speaker: Speaker, record: Record) -> dict[str, Any]:
    connection, asker = question.connection, question.asker
    seers = seers_of(connection, asker, record)
    missed = [
        (place, main_reason(question, speaker, place))
        for place in near(connection, asker, record, seers, NEAR)
    ]
    return {
        "people": [
            _person(one.place) | {"fields": one.fields, "of": one.of}
            for one in seeing(connection, asker, record, seers)
        ],
        "near": [_person(place) | {"reason": reason} for place, reason in missed],
    }


def _person(place: Place) -> dict[str, Any]:
    return {"id": place.user_id, "name": place.name, "email": place.email, **_place(place)}


def _place(place: Place) -> dict[str, Any]:
    organization = (
        {"id": place.organization_id, "name": place.organization} if place.organization_id else None
    )
    return {"organization": organization, "profile": place.profile}


def main_reason(question: Question, speaker: Speaker, place: Place) -> str:
    """The first of all that is missing for somebody to see the record."""
    answer = question.explained(place)
    missing = [one for one in speaker.all_said(answer.reasons, place) if not one.is_met]
    return missing[0].title if missing else ""
