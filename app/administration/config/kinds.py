"""The kinds of value a configuration document is made of: strict, and saying what was expected."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields

from app.core.text import LANGUAGES, _, _l
from app.home import wording
from app.shell.colours import HEX

LONGEST = 1000
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
ADDRESS = re.compile(r"https://[^\s/?#]+\.[^\s]+")
UNSTORABLE = re.compile("[\0\ud800-\udfff]")
"""What PostgreSQL or UTF-8 cannot hold."""
MESSAGES = {
    "required": _l("This is required."),
    "null": _l("This cannot be empty."),
    "invalid": _l("A list is expected."),
}


class Part(Schema):
    """A group of settings. Unknown words are refused, and the known ones named."""

    class Meta:
        unknown = RAISE

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.error_messages |= {
            "type": _l("A group of settings is expected."),
            "unknown": _l(
                "There is no such setting. Possible here: {choices}.", choices=", ".join(self.fields)
            ),
        }


class Setting(fields.Field):
    """One value; may be null unless it is required."""

    def __init__(self, *, required: bool = False, allow_none: bool | None = None) -> None:
        can_be_null = not required if allow_none is None else allow_none
        super().__init__(required=required, allow_none=can_be_null, error_messages=MESSAGES)


class Text(Setting):
    """One line of text. Numbers and days are refused, since YAML would have changed them: 007 is 7."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        if not isinstance(value, str):
            raise ValidationError(_("Text is expected. Put numbers and dates in quotes."))
        if not value.strip():
            raise ValidationError(_("This cannot be empty."))
        if len(value) > LONGEST:
            raise ValidationError(_("At most {limit} characters.", limit=LONGEST))
        if UNSTORABLE.search(value):
            raise ValidationError(_("This text holds characters that cannot be stored."))
        return value.strip()


class Email(Text):
    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        address = super()._deserialize(value, attr, data, **more).lower()
        if not EMAIL.fullmatch(address):
            raise ValidationError(_("This is not an email address."))
        return address


class Domain(Text):
    """The part of an email address after the @."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        domain = super()._deserialize(value, attr, data, **more).lower()
        if not EMAIL.fullmatch(f"somebody@{domain}"):
            raise ValidationError(_("A domain such as example.com is expected."))
        return domain


class Address(Text):
    """A link people are shown: https only."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        address = super()._deserialize(value, attr, data, **more)
        if not ADDRESS.fullmatch(address):
            raise ValidationError(_("An address that begins with https:// is expected."))
        return address


class Choice(Text):
    """One code of a closed list."""

    def __init__(self, choices: Callable[[], Iterable[str]], **options: Any) -> None:
        super().__init__(**options)
        self.choices = choices

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        choices = list(self.choices())
        if not isinstance(value, str) or value not in choices:
            raise ValidationError(_("Choose one of: {choices}.", choices=", ".join(choices)))
        return value


class Colour(Text):
    """`#rrggbb`, and nothing else that a style sheet would take."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        colour = super()._deserialize(value, attr, data, **more).lower()
        if not HEX.fullmatch(colour):
            raise ValidationError(_("A colour such as #24567f is expected."))
        return colour


class Whole(Setting):
    """A whole number within a range."""

    def __init__(self, numbers: range, *, required: bool = False) -> None:
        super().__init__(required=required, allow_none=False)
        self.numbers = numbers

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or value not in self.numbers:
            first, last = self.numbers[0], self.numbers[-1]
            raise ValidationError(
                _("A whole number from {first} to {last} is expected.", first=first, last=last)
            )
        return value


class Currency(Text):
    def __init__(self, currencies: Callable[[], Iterable[str]], **options: Any) -> None:
        super().__init__(**options)
        self.currencies = currencies

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        if not isinstance(value, str) or value not in self.currencies():
            raise ValidationError(_("A currency code such as EUR is expected."))
        return value


class Flag(Setting):
    """true or false, nothing else."""

    def __init__(self) -> None:
        super().__init__(allow_none=False)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError(_("true or false is expected."))
        return value


class Day(Setting):
    """A day, kept as 2025-03-07 whether YAML or JSON brought it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        try:
            if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
                return value.isoformat()
            if isinstance(value, str) and len(value) == len("2025-03-07"):
                return datetime.date.fromisoformat(value).isoformat()
        except ValueError:
            pass
        raise ValidationError(_("A day such as 2025-03-07 is expected."))


class Many(fields.List):
    """A list without an order, kept sorted and without repetitions."""

    def __init__(self, inner: fields.Field | None = None, order: Iterable[str] | None = None) -> None:
        super().__init__(inner or Text(required=True), allow_none=False, error_messages=MESSAGES)
        self.places = {word: place for place, word in enumerate(order or ())}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> list[Any]:
        found = set(super()._deserialize(value, attr, data, **more))
        return sorted(found, key=lambda word: (self.places.get(word, 0), word))


class Ordered(fields.List):
    """A list in the order it is given, each word once."""

    def __init__(self, inner: fields.Field) -> None:
        super().__init__(inner, allow_none=False, error_messages=MESSAGES)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> list[Any]:
        return list(dict.fromkeys(super()._deserialize(value, attr, data, **more)))


class Words(Setting):
    """The broker's own words by language, each a title and a text, see app/home/wording.py."""

    def __init__(self) -> None:
        super().__init__(allow_none=False)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> dict[str, dict[str, str]]:
        if not isinstance(value, Mapping) or not value.keys() <= LANGUAGES.keys():
            raise ValidationError(_("Choose one of: {choices}.", choices=", ".join(LANGUAGES)))
        for parts in value.values():
            if (
                not isinstance(parts, Mapping)
                or not parts.keys() <= wording.PARTS.keys()
                or not all(isinstance(one, str) for one in parts.values())
            ):
                raise ValidationError(
                    _(
                        "There is no such setting. Possible here: {choices}.",
                        choices=", ".join(wording.PARTS),
                    )
                )
        words, problems = wording.checked(value)
        if problems:
            found: dict[str, dict[str, str]] = {}
            for place, sentence in problems.items():
                code, _dot, part = place.partition(".")
                found.setdefault(code, {})[part] = sentence
            raise ValidationError(found)
        return words


class AllOr(Many):
    """`all`, things to come included, or the list of those selected."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        if value == "all":
            return value
        if not isinstance(value, list):
            raise ValidationError(_("The word all or a list of keys is expected."))
        return super()._deserialize(value, attr, data, **more)


class Group(fields.Nested):
    """A part within a part. What is null in it is as if it were not there, unless null is a value there."""

    def __init__(self, part: type[Part], *, can_be_none: bool = False, keeps_null: bool = False) -> None:
        super().__init__(part, allow_none=can_be_none, error_messages=MESSAGES)
        self.keeps_null = keeps_null

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> dict[str, Any]:
        found = super()._deserialize(value, attr, data, **more)
        return {word: inner for word, inner in found.items() if inner is not None or self.keeps_null}


class Entries(fields.List):
    """A list of parts."""

    def __init__(self, part: type[Part]) -> None:
        super().__init__(
            fields.Nested(part, error_messages=MESSAGES), allow_none=False, error_messages=MESSAGES
        )


class ByRecord(Setting):
    """A part for each record type, by its name."""

    def __init__(self, part: type[Part]) -> None:
        super().__init__(allow_none=False)
        self.part = part()

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise ValidationError(_("A group of settings is expected."))
        found, errors = {}, {}
        for record, inner in value.items():
            try:
                found[str(record)] = self.part.load(inner)
            except ValidationError as error:
                errors[record] = error.messages
        if errors:
            raise ValidationError(errors, valid_data=found)
        return found


def flatten(messages: Any, document: Any, path: str = "") -> dict[str, str]:
    """marshmallow's tree of messages as place and sentence; an entry is named by its key, else its number."""
    if not isinstance(messages, Mapping):
        sentences = messages if isinstance(messages, list) else [messages]
        return {path or "document": " ".join(str(sentence) for sentence in sentences)}
    found: dict[str, str] = {}
    for step, inner in messages.items():
        if step == "_schema":
            found |= flatten(inner, document, path)
        elif isinstance(document, list) and isinstance(step, int):
            entry = document[step]
            found |= flatten(inner, entry, f"{path}[{entry_name(entry, step)}]")
        else:
            inside = document.get(step) if isinstance(document, Mapping) else None
            found |= flatten(inner, inside, f"{path}.{step}" if path else str(step))
    return found


def entry_name(entry: Any, number: int) -> str:
    if isinstance(entry, Mapping):
        for word in ("key", "email", "user"):
            if isinstance(entry.get(word), str):
                return entry[word]
    return str(number)
