"""What an expression means to this viewer: every column one of his, every kind fitting, every currency known."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from babel import Locale

from app.core.text import LazyText, _l
from app.reports.columns import Column
from app.reports.expressions.functions import FUNCTIONS, Function
from app.reports.expressions.meaning import KIND_OF_COLUMN, KINDS, Meaning, day_of, made
from app.reports.expressions.parse import LARGEST, parsed
from app.reports.expressions.tree import ExpressionError, Node, Place

LARGEST_MEANING = 400
"""Operations for each row, those of the computed columns it uses among them."""


def understood(text: str, columns: Mapping[str, Column], *, kind: str | None = None) -> Meaning:
    """The meaning of a text, of this `kind` if one is named; ExpressionError says what is wrong and where."""
    return _checked(text, columns, kind)[0]


def canonical(text: str, columns: Mapping[str, Column]) -> str:
    """The text with stable keys for what a person wrote in words of his language: [Beitrag netto], "Police"."""
    _meaning, changes = _checked(text, columns, None)
    for (start, end), said in sorted(changes, reverse=True):
        text = text[:start] + said + text[end:]
    return text


def in_words(text: str, columns: Mapping[str, Column]) -> str:
    """The text as its reader would write it: columns by their headings."""
    spots: list[tuple[Place, str]] = []
    waiting = [parsed(text)]
    while waiting:
        at = waiting.pop()
        waiting += at.args
        column = columns.get(str(at.value).lower()) if at.operation == "column" else None
        if column is not None:
            spots.append((at.place, f"[{column.label}]"))
    for (start, end), said in sorted(set(spots), reverse=True):
        text = text[:start] + said + text[end:]
    return text


def _checked(
    text: str, columns: Mapping[str, Column], kind: str | None
) -> tuple[Meaning, list[tuple[Place, str]]]:
    checker, tree = _Checker(columns), parsed(text)
    found = checker.meaning(tree)
    if kind is not None and found.kind != kind:
        raise _unfit(kind, found, tree)
    if found.size > LARGEST_MEANING:
        raise ExpressionError(
            _l("This expression is too large. Split it into several computed columns."), tree.place
        )
    return found, checker.changes


def _unfit(wanted: str, found: Meaning, at: Node) -> ExpressionError:
    words = KINDS[wanted.split("|")[0]] if "|" not in wanted else _either(wanted)
    return ExpressionError(
        _l("Expected {wanted} here; this is {found}.", wanted=words, found=KINDS[found.kind]), at.place
    )


def _either(wanted: str) -> LazyText:
    first, *_others, last = wanted.split("|")
    return _l("{first} or {last}", first=KINDS[first], last=KINDS[last])


def _plain(label: Any) -> str:
    """A heading as it is compared: however it is spaced, as before a French colon, and in capitals or not."""
    return " ".join(str(label).split()).casefold()


@lru_cache(maxsize=1)
def currencies() -> frozenset[str]:
    return frozenset(Locale("en").currencies)


class _Checker:
    def __init__(self, columns: Mapping[str, Column]) -> None:
        self.columns = columns
        self.changes: list[tuple[Place, str]] = []

    def meaning(self, at: Node) -> Meaning:
        match at.operation:
            case "number" | "money":
                return self._amount(at)
            case "text" | "day" | "flag" | "empty":
                return Meaning(at.operation, "constant", value=at.value)
            case "no day":
                raise ExpressionError(_l("The calendar has no day ‘{text}’.", text=at.value), at.place)
            case "column":
                return self._column(at)
            case "label":
                return self._labelled(at)
            case "call":
                return self._call(at)
            case "and" | "or" | "not":
                return self._flags(at)
            case "=" | "<>" | "<" | "<=" | ">" | ">=" | "in":
                return self._compared(at)
            case "contains" | "starts with" | "&":
                texts = [self._text(one) for one in at.args]
                return made("text" if at.operation == "&" else "flag", at.operation, texts)
            case "is empty":
                return made("flag", "is empty", [self.meaning(at.args[0])])
            case _:
                return self._arithmetic(at)

    def _amount(self, at: Node) -> Meaning:
        value, currency = at.value if at.operation == "money" else (at.value, None)
        if value >= LARGEST:
            raise ExpressionError(_l("This number is too large."), at.place)
        if currency is not None:
            self._known(currency, at)
        return Meaning(at.operation, "constant", value=value, currency=currency)

    def _known(self, currency: str, at: Node) -> str:
        if currency not in currencies():
            raise ExpressionError(_l("There is no currency ‘{name}’.", name=currency[:20]), at.place)
        return currency

    def _column(self, at: Node) -> Meaning:
        column = self.columns.get(at.value) or self.columns.get(at.value.lower())
        if column is None:
            raise ExpressionError(_l("There is no column ‘{name}’.", name=at.value[:60]), at.place)
        return self._of(column, at)

    def _labelled(self, at: Node) -> Meaning:
        found = [one for one in self.columns.values() if _plain(one.label) == _plain(at.value)]
        if not found:
            raise ExpressionError(_l("There is no column ‘{name}’.", name=at.value[:60]), at.place)
        if len(found) > 1:
            keys = ", ".join(one.key for one in found)
            raise ExpressionError(
                _l("Several columns are called ‘{name}’: {keys}.", name=at.value[:60], keys=keys), at.place
            )
        self.changes.append((at.place, found[0].key))
        return self._of(found[0], at)

    def _of(self, column: Column, at: Node) -> Meaning:
        kind = KIND_OF_COLUMN.get(column.kind)
        if kind is None or column.is_masked or not column.field.filter:
            raise ExpressionError(_l("Nothing can be computed with ‘{name}’.", name=column.label), at.place)
        meaning = getattr(column.field, "meaning", None)
        if meaning is not None:
            return Meaning(kind, "column", value=column.key, currency=meaning.currency, size=meaning.size)
        currency = f"@{column.field.currency}" if kind == "money" else None
        return Meaning(kind, "column", value=column.key, currency=currency)

    def _text(self, at: Node) -> Meaning:
        found = self.meaning(at)
        if found.kind not in ("text", "code", "empty"):
            raise _unfit("text", found, at)
        return found

    def _flags(self, at: Node) -> Meaning:
        found = []
        for one in at.args:
            said = self.meaning(one)
            if said.kind != "flag":
                raise _unfit("flag", said, one)
            found.append(said)
        return made("flag", at.operation, found)

    def _compared(self, at: Node) -> Meaning:
        found = [self.meaning(one) for one in at.args]
        if any(one.kind == "day" for one in found):
            found = [day_of(one) for one in found]
        first = found[0]
        for number, (one, node) in enumerate(zip(found[1:], at.args[1:], strict=True), 1):
            if first.kind == "code" and one.kind == "text" and one.operation == "constant":
                found[number] = self._code(at.args[0], one, node)
            elif one.kind == "code" and first.kind == "text" and first.operation == "constant":
                found[0] = self._code(node, first, at.args[0])
            elif not self._compare(first, one):
                raise _unfit(first.kind, one, node)
            elif {first.kind, one.kind} == {"money"} and first.currency != one.currency:
                raise _apart(node)
            elif at.operation not in ("=", "<>", "in") and "flag" in (first.kind, one.kind):
                raise ExpressionError(_l("Yes and no have no order."), at.place)
        return made("flag", at.operation, found)

    def _compare(self, one: Meaning, other: Meaning) -> bool:
        kinds = {one.kind, other.kind} - {"empty"}
        return len(kinds) < 2 or kinds in ({"text", "code"}, {"number", "money"})

    def _code(self, of: Node, text: Meaning, at: Node) -> Meaning:
        """A code by its key or by the word people read for it."""
        column = self.columns.get(str(of.value).lower()) if of.operation == "column" else None
        if column is None:
            label = _plain(of.value)
            column = next((one for one in self.columns.values() if _plain(one.label) == label), None)
        if column is None or not hasattr(column.field, "codes") or text.value in column.field.codes:
            return text
        wanted = text.value.casefold()
        for code in column.field.codes:
            if column.field.words(code).casefold() == wanted:
                self.changes.append((at.place, f'"{code}"'))
                return Meaning("text", "constant", value=code)
        if column.field.is_closed:
            raise ExpressionError(
                _l("‘{value}’ is no value of ‘{name}’.", value=text.value[:60], name=column.label), at.place
            )
        return text

    def _arithmetic(self, at: Node) -> Meaning:
        found = [day_of(self.meaning(one)) for one in at.args]
        kinds = tuple(one.kind for one in found)
        for one, node in zip(found, at.args, strict=True):
            if one.kind not in ("number", "money", "day"):
                raise _unfit("number|money", one, node)
        if at.operation == "negative":
            if kinds == ("day",):
                raise _unfit("number|money", found[0], at.args[0])
            return made(kinds[0], "negative", found, found[0].currency)
        left, right = found
        match at.operation, kinds:
            case ("+" | "-" | "*" | "/", ("number", "number")):
                return made("number", at.operation, found)
            case ("+" | "-", ("money", "money")):
                if left.currency != right.currency:
                    raise _apart(at.args[1])
                return made("money", at.operation, found, left.currency)
            case ("*", ("money", "number") | ("number", "money")):
                return made("money", "*", found, left.currency or right.currency)
            case ("/", ("money", "number")):
                return made("money", "/", found, left.currency)
            case ("/", ("money", "money")):
                if left.currency != right.currency:
                    raise _apart(at.args[1])
                return made("number", "/", found)
            case ("+" | "-", ("day", "number")):
                return made("day", f"{at.operation} days", found)
            case ("-", ("day", "day")):
                return made("number", "days", found)
        words = {"left": KINDS[left.kind], "right": KINDS[right.kind], "sign": at.operation}
        raise ExpressionError(_l("‘{sign}’ cannot join {left} and {right}.", **words), at.place)

    def _call(self, at: Node) -> Meaning:
        function = FUNCTIONS.get(at.value)
        if function is None:
            raise ExpressionError(_l("There is no function ‘{name}’.", name=at.value[:40]), at.place)
        self._counted(function, at)
        found, same, currency = [], "", None
        for number, node in enumerate(at.args):
            wanted = function.takes[min(number, len(function.takes) - 1)]
            said = self.meaning(node)
            if wanted == "day":
                said = day_of(said)
            found.append(said)
            if wanted in ("places", "count"):
                self._whole(wanted, said, node)
            elif wanted == "currency":
                if said.kind != "text" or said.operation != "constant":
                    raise _unfit("text", said, node)
                currency = self._known(said.value, node)
            elif wanted.startswith("same"):
                same, currency = self._same(wanted, same, currency, said, node)
            elif said.kind not in (*wanted.split("|"), "empty") and not (
                said.kind == "code" and "text" in wanted
            ):
                raise _unfit(wanted, said, node)
        gives = (same or "empty") if function.gives == "same" else function.gives
        return made(gives, at.value, found, currency if gives == "money" else None)

    def _same(
        self, wanted: str, same: str, currency: str | None, said: Meaning, at: Node
    ) -> tuple[str, str | None]:
        kind = "text" if said.kind == "code" else said.kind
        allowed = wanted.partition(":")[2]
        if kind == "empty":
            return same, currency
        if allowed and kind not in allowed.split("|"):
            raise _unfit(allowed, said, at)
        if same and kind != same:
            raise _unfit(same, said, at)
        if same == kind == "money" and currency != said.currency:
            raise _apart(at)
        return kind, said.currency

    def _counted(self, function: Function, at: Node) -> None:
        most = len(function.takes)
        if len(at.args) < function.least or (not function.more and len(at.args) > most):
            raise ExpressionError(
                _l("‘{name}’ takes {n} values.", name=at.value, n=function.least)
                if function.more or function.least == most
                else _l(
                    "‘{name}’ takes {least} to {most} values.", name=at.value, least=function.least, most=most
                ),
                at.place,
            )

    def _whole(self, wanted: str, said: Meaning, at: Node) -> None:
        value = said.value if said.operation == "constant" and said.kind == "number" else None
        most = 12 if wanted == "places" else 1000
        if value is None or value != int(value) or value > most:
            raise ExpressionError(_l("Expected a whole number from 0 to {n} here.", n=most), at.place)


def _apart(at: Node) -> ExpressionError:
    sentence = _l(
        "These amounts may be in different currencies. Convert them first: {example}.",
        example='convert(…, "EUR")',
    )
    return ExpressionError(sentence, at.place)
