"""The answer in one sentence to what is asked, and why: of a record, of one field of it, or of a function."""

from __future__ import annotations

from dataclasses import dataclass

from app.administration.seen.answers import Answer
from app.administration.seen.question import Question
from app.administration.seen.words import Speaker, field_words, function_words
from app.core.text import _, _n
from permissions import Level
from permissions.catalogue import catalogue


@dataclass(frozen=True)
class Verdict:
    is_yes: bool
    title: str
    detail: str = ""
    """What decides, or how much is missing; nothing where the reasons say it all."""


def verdict(speaker: Speaker, question: Question, answer: Answer) -> Verdict:
    is_yes = question.is_yes(answer)
    if question.field:
        title = _of_field(speaker, question, answer)
    elif question.function:
        title = _of_function(question, answer, is_yes)
    else:
        title = _of_record(speaker, question, answer)
    return Verdict(is_yes, title, _detail(question, answer))


def _of_record(speaker: Speaker, question: Question, answer: Answer) -> str:
    record = question.asked_record
    name, title = answer.place.name, speaker.record(record.kind, record.id)
    if answer.sees:
        return _("Yes, {name} sees: {record}", name=name, record=title)
    return _("No, {name} does not see: {record}", name=name, record=title)


def _of_field(speaker: Speaker, question: Question, answer: Answer) -> str:
    assert question.field
    source, key = question.field
    said = {
        "name": answer.place.name,
        "field": speaker.formats.quote(str(source.schema.field(key).label)),
        "record": speaker.record(question.record.kind, question.record.id)
        if question.record
        else str(source.schema.nouns),
    }
    level = max((one.level for one in question.fields(answer)), default=Level.HIDDEN)
    if level is Level.HIDDEN or answer.person is None:
        return _("No, {name} does not see {field}: {record}", **said)
    if level is Level.MASKED:
        return _("Yes, {name} sees {field}, but masked: {record}", **said)
    return _("Yes, {name} sees {field}: {record}", **said)


def _of_function(question: Question, answer: Answer, is_yes: bool) -> str:
    held = next(one for one in catalogue.functions() if one.key == question.function)
    if is_yes:
        return _("Yes, {name} may: {function}", name=answer.place.name, function=held.label)
    return _("No, {name} may not: {function}", name=answer.place.name, function=held.label)


def _detail(question: Question, answer: Answer) -> str:
    """Of a field or a function, the profile or the switch that decides; of a record that is not seen, how much is
    missing."""
    if not answer.sees:
        return _n("{n} condition is not met.", "{n} conditions are not met.", len(answer.missing))
    if answer.person is None:
        return _(
            "The portal does not let this person in here: the account is inactive, or access does not run."
        )
    if question.field:
        return next((field_words(one, answer.place)[2] for one in question.fields(answer)), "")
    if question.function:
        return next((function_words(one, answer.place) for one in question.functions(answer)), "")
    return ""
