"""How a record's fields are seen: the kinds of field every slice's schema is written in.

A field says its label, its kind and what it may be used for. Permission catalogue, columns, filters, forms,
exports, OpenAPI and import mapping are all read off these declarations; nothing repeats them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import Schema, fields

from app.core.text import LazyText, _l

Label = str | LazyText
KEY_HELP = _l("What the broker’s own system calls this record.")
"""Every record has such a key, and it means the same everywhere."""


class Seen:
    """What every kind of field can say of itself.

    section     heading it stands under on the detail page
    listed      part of the overview before anybody chooses columns
    search      found by the overview's search box
    sort/filter may order or narrow an overview
    given       may be imported; False for what Portico itself keeps
    broker_only never part of a ready client profile
    derived_from fields of the record it is computed from; who may not read one of them has no such column
    """

    kind: ClassVar[str] = "text"
    is_numeric: ClassVar[bool] = False

    def __init__(
        self,
        label: Label,
        *,
        help: Label | None = None,
        section: Label | None = None,
        listed: bool = False,
        search: bool = False,
        sort: bool = True,
        filter: bool = True,
        given: bool = True,
        broker_only: bool = False,
        derived_from: tuple[str, ...] = (),
        **options: Any,
    ) -> None:
        required = options.get("required", False)
        super().__init__(allow_none=not required, **options)  # type: ignore[call-arg]
        self.label, self.help, self.section = label, help, section
        self.listed, self.search, self.sort, self.filter = listed, search, sort, filter
        # What is computed is nobody's to give.
        self.given, self.broker_only = given and not derived_from, broker_only
        self.derived_from = derived_from


class Text(Seen, fields.String):
    """One line of text."""


class LongText(Seen, fields.String):
    """Paragraphs; shown in full on the detail page only."""

    kind = "long_text"


class Number(Seen, fields.Decimal):
    """A number without a unit, `digits` places."""

    kind = "number"
    is_numeric = True

    def __init__(self, label: Label, *, digits: int = 0, **options: Any) -> None:
        super().__init__(label, **options)
        self.digits = digits


class Whole(Seen, fields.Integer):
    """A whole number, such as months or a year; `grouped` writes thousands separators."""

    kind = "whole"
    is_numeric = True

    def __init__(self, label: Label, *, grouped: bool = True, **options: Any) -> None:
        super().__init__(label, **options)
        self.grouped = grouped


class Percent(Seen, fields.Decimal):
    """Per cent: 12.5 is twelve and a half."""

    kind = "percent"
    is_numeric = True


class Money(Seen, fields.Decimal):
    """An amount; `currency` names the field that holds its currency. Never shown or summed without it."""

    kind = "money"
    is_numeric = True

    def __init__(self, label: Label, *, currency: str = "currency", **options: Any) -> None:
        super().__init__(label, **options)
        self.currency = currency


class Day(Seen, fields.Date):
    kind = "day"


class Moment(Seen, fields.AwareDateTime):
    kind = "moment"


class Flag(Seen, fields.Boolean):
    kind = "flag"


class Code(Seen, fields.String):
    """One of a list of codes. `tones` colours the badge of a status: positive, info, warning, critical, off.

    An open list (`is_closed=False`) takes codes it does not know, such as lines of business of one insurer.
    """

    kind = "code"

    def __init__(
        self,
        label: Label,
        codes: Mapping[str, Label],
        *,
        tones: Mapping[str, str] | None = None,
        is_closed: bool = True,
        **options: Any,
    ) -> None:
        super().__init__(label, **options)
        self.codes, self.tones, self.is_closed = codes, tones, is_closed

    def words(self, code: str | None) -> str:
        """The code in the reader's language; an unknown code of an open list as it is."""
        if code is None:
            return ""
        return str(self.codes.get(code, code))


class CurrencyCode(Seen, fields.String):
    """ISO 4217."""

    kind = "currency"


class CountryCode(Seen, fields.String):
    """ISO 3166, shown by its name."""

    kind = "country"


class Reference(Seen, fields.String):
    """Another record of `to` (its record type). Shown by that record's title, imported by its key."""

    kind = "reference"

    def __init__(self, label: Label, to: str, **options: Any) -> None:
        super().__init__(label, **options)
        self.to = to


class References(Seen, fields.List):
    """Several records of `to`, held in a link table; shown on the detail page, imported by keys."""

    kind = "references"

    def __init__(self, label: Label, to: str, **options: Any) -> None:
        options.setdefault("sort", False)
        options.setdefault("filter", False)
        super().__init__(label, cls_or_instance=fields.String(), **options)
        self.to = to


class Words(Seen, fields.List):
    """A list of short texts, such as tags."""

    kind = "words"

    def __init__(self, label: Label, **options: Any) -> None:
        options.setdefault("sort", False)
        super().__init__(label, cls_or_instance=fields.String(), **options)


class Details(Seen, fields.Dict):
    """What only this kind of thing has, by name: plate number, floor area. Shown on the detail page."""

    kind = "details"

    def __init__(self, label: Label, **options: Any) -> None:
        options.setdefault("sort", False)
        options.setdefault("filter", False)
        super().__init__(label, **options)


class Size(Seen, fields.Integer):
    """Bytes."""

    kind = "size"
    is_numeric = True


class RecordSchema(Schema):
    """How one record type is seen. Class attributes name it; the declared fields are its fields, in order."""

    record: ClassVar[str]
    """Singular, as in permissions and imports: `contract`."""
    plural: ClassVar[str]
    """As in addresses: `contracts`."""
    noun: ClassVar[Label]
    nouns: ClassVar[Label]
    """What it is called, one and many."""

    @classmethod
    def declared(cls) -> dict[str, Any]:
        """Its fields by name, in order."""
        return cls._declared_fields

    @classmethod
    def field(cls, name: str) -> Any:
        return cls._declared_fields[name]
