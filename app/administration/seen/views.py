"""The page „Who sees what, and why?“: forms that find a person and a record, and what there is to say of them."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from app.administration.seen.access import EXPLAIN, PATH, WHO_SEES
from app.administration.seen.answers import Answer
from app.administration.seen.counting import counts
from app.administration.seen.fields import FieldSeen
from app.administration.seen.people import Place, people_like
from app.administration.seen.question import WORDS, Question, read, rights_to_ask
from app.administration.seen.records import Record, records_like
from app.administration.seen.seeing import near, seeing, seers_of
from app.administration.seen.told import main_reason
from app.administration.seen.verdicts import verdict
from app.administration.seen.words import Speaker, field_words, function_words
from app.core.db import transaction
from app.core.text import _, _n
from app.home.content import counted
from permissions import Level
from permissions.door import allow, the_viewer

pages = Blueprint("visibility", __name__)

LETTERS = 200
"""So much of what is typed is looked for."""
BESIDE, BY_ITSELF = 8, 200
"""So many people are listed beside an answer, and where they are the answer."""
NEAR = 5
RIGHT = "right"
"""The form's word for a field or a function."""


@pages.get(PATH)
@allow(WHO_SEES, EXPLAIN)
def index() -> str | Response:
    asker = the_viewer()
    words = {word: request.args.get(word, "") for word in WORDS} | _chosen_right()
    who, what = (request.args.get(name, "").strip()[:LETTERS] for name in ("who", "what"))
    question = read(transaction(), asker, words)
    asked = _asked(question, words)
    page = SimpleNamespace(who=who, what=what, words=asked, people=None, records=None)
    if who:
        page.people = people_like(transaction(), asker, who)
    if what:
        page.records = records_like(transaction(), asker, what)
    chosen = _only(page)
    if chosen or (RIGHT in request.args and not (who or what)):
        return redirect(_address(asked, **(chosen or {})))
    speaker = Speaker(transaction(), asker)
    page.person = question.places[0] if question.places else None
    page.record = _record(speaker, question.record)
    page.to = lambda **more: _address(asked, **more)
    page.right, page.rights = _right(asked), rights_to_ask(asker, question.record)
    page.answer = page.summary = page.seeing = page.near = None
    if not (who or what):
        if question.answer and question.record:
            page.answer = _answer(question, speaker, question.answer)
        elif question.places:
            page.summary = [_summary(question, speaker, answer) for answer in question.answers]
        if question.record:
            page.seeing, page.near = _people(question, speaker)
    return render_template("administration/visibility/index.html", page=page)


def _chosen_right() -> dict[str, str]:
    """The field or function that was chosen in the form, in the words of an address."""
    kind, _colon, name = request.args.get(RIGHT, "").partition(":")
    if RIGHT not in request.args:
        return {}
    return {word: name if word == kind else "" for word in ("field", "function")}


def _right(asked: dict[str, str]) -> str:
    """The field or function that is asked for, as the form names it."""
    return next((f"{word}:{asked[word]}" for word in ("field", "function") if word in asked), "")


def _asked(question: Question, words: dict[str, str]) -> dict[str, str]:
    """The question in the words of an address."""
    given = dict(words)
    if question.places:
        given["person"] = str(question.places[0].user_id)
    if question.record:
        given["record"] = question.record.word
    if question.field:
        source, name = question.field
        given["field"] = f"{source.record}.{name}"
    return {word: value for word, value in given.items() if value}


def _address(words: dict[str, str], **more: str | None) -> str:
    said = {word: value for word, value in {**words, **more}.items() if value}
    return f"{PATH}?{urlencode(said)}" if said else PATH


def _only(page: SimpleNamespace) -> dict[str, str] | None:
    """Whom and what was found, where each form that was filled in found but one."""
    chosen: dict[str, str] = {}
    if page.who:
        if len(page.people) != 1:
            return None
        chosen |= {"person": str(page.people[0].user_id), "organization": ""}
    if page.what:
        found = [record for _source, records in page.records for record, _title, _more in records]
        if len(found) != 1:
            return None
        chosen |= {"record": found[0].word} | ({} if _is_of(page, found[0]) else {"field": ""})
    return chosen or None


def _is_of(page: SimpleNamespace, record: Record) -> bool:
    return bool(page.words.get("field", "").startswith(f"{record.kind}."))


def _record(speaker: Speaker, record: Record | None) -> SimpleNamespace | None:
    if record is None:
        return None
    return SimpleNamespace(title=speaker.record(record.kind, record.id), icon=record.source.icon)


def _answer(question: Question, speaker: Speaker, answer: Answer) -> SimpleNamespace:
    """What is said of one person and one record."""
    place = answer.place
    fields = question.fields(answer) if question.field or not question.function else []
    found = verdict(speaker, question, answer)
    return SimpleNamespace(
        sees=found.is_yes,
        title=found.title,
        detail=found.detail or _extent(answer, fields),
        itself=_itself(answer) if answer.sees and (question.field or question.function) else "",
        reasons=speaker.all_said(answer.reasons, place),
        others=[(one.place, question.is_yes(one)) for one in question.answers if one is not answer],
        function=question.function,
        fields=[(one, *field_words(one, place)) for one in fields],
        functions=[(one, function_words(one, place)) for one in question.functions(answer)]
        if question.function
        else [],
    )


def _itself(answer: Answer) -> str:
    """That the record is seen, whatever becomes of the field or the function that is asked for."""
    if name := answer.place.organization:
        return _("The record itself is seen, through {name}:", name=name)
    return _("The record itself is seen:")


def _extent(answer: Answer, fields: list[FieldSeen]) -> str:
    """How much of a record is seen, and through whom."""
    shown, name = sum(one.level > Level.HIDDEN for one in fields), answer.place.organization
    if name is None:
        return _n("With {n} of {total} field", "With {n} of {total} fields", shown, total=len(fields))
    return _n(
        "Through {name}, with {n} of {total} field",
        "Through {name}, with {n} of {total} fields",
        shown,
        total=len(fields),
        name=name,
    )


def _summary(question: Question, speaker: Speaker, answer: Answer) -> SimpleNamespace:
    """What is said of a person in one of his places."""
    person, place = answer.person, answer.place
    asks_one = question.field is not None or question.function is not None
    return SimpleNamespace(
        place=place,
        is_let_in=person is not None,
        counts=[(source.area, counted(number)) for source, number in _counts(question, answer)],
        fields=[(one, *field_words(one, place)) for one in question.fields(answer)],
        functions=[(one, function_words(one, place)) for one in question.functions(answer)]
        if question.field is None
        else [],
        asks_one=asks_one,
        verdict=verdict(speaker, question, answer) if asks_one else None,
    )


def _counts(question: Question, answer: Answer) -> Iterable[tuple[Any, int]]:
    if answer.person is None or question.field or question.function:
        return ()
    return counts(question.connection, question.asker, answer.person)


def _people(question: Question, speaker: Speaker) -> tuple[SimpleNamespace, list[tuple[Place, str]]]:
    """Who sees the record, and who does not."""
    connection, asker, record = question.connection, question.asker, question.asked_record
    seers = seers_of(connection, asker, record)
    shown = seeing(connection, asker, record, seers[: BESIDE if question.places else BY_ITSELF])
    missed = near(connection, asker, record, seers, NEAR)
    people = {one.user_id for one in seers}
    return SimpleNamespace(n=len(people), shown=shown, are_more=len(seers) > len(shown)), [
        (place, main_reason(question, speaker, place)) for place in missed
    ]
