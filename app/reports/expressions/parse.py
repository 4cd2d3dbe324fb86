"""The text of an expression as a tree, by Lark's LALR parser; what it stumbles over is said with its place."""

from __future__ import annotations

import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedToken, v_args

from app.core.text import LazyText, _l
from app.reports.expressions.tree import DEEPEST, LONGEST, MOST_NODES, ExpressionError, Node, Place, node

GRAMMAR = r"""
?start: either
?either: both | either OR both -> pair
?both: negated | both AND negated -> pair
?negated: comparison | NOT negated -> turned
?comparison: sum
    | sum (SAME | ORDER) sum -> pair
    | sum IS EMPTY -> is_empty
    | sum IS NOT EMPTY -> is_not_empty
    | sum IN "(" either ("," either)* ")" -> among
    | sum NOT IN "(" either ("," either)* ")" -> not_among
    | sum BETWEEN sum AND sum -> between
    | sum CONTAINS sum -> pair
    | sum NOT CONTAINS sum -> not_contains
    | sum STARTS WITH sum -> starts
?sum: product | sum (PLUS | MINUS | JOIN) product -> pair
?product: factor | product (TIMES | OVER) factor -> pair
?factor: atom | MINUS factor -> negative
?atom: NUMBER -> number
    | AMOUNT -> amount
    | DAY -> day
    | TEXT -> text
    | TRUE -> yes
    | FALSE -> no
    | EMPTY -> empty
    | NAME -> column
    | LABEL -> labelled
    | NAME "(" [either ("," either)*] ")" -> call
    | "(" either ")"
    | CASE branch+ [ELSE either] END -> choice
branch: WHEN either THEN either

SAME.2: "<>" | "!=" | "≠" | "="
ORDER: "<=" | ">=" | "≤" | "≥" | "<" | ">"
PLUS: "+"
MINUS: "-" | "−"
JOIN: "&"
TIMES: "*" | "×"
OVER: "/" | "÷"
AMOUNT.3: /[0-9]+(\.[0-9]+)?[ \u00a0]*[A-Z]{3}(?![A-Za-z0-9_])/
DAY.2: /[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])/
NUMBER: /[0-9]+(\.[0-9]+)?/
TEXT: /"([^"]|"")*"/ | /'([^']|'')*'/
NAME: /[A-Za-z_][A-Za-z0-9_]*/
LABEL: /\[[^\[\]]+\]/
%declare AND OR NOT IS EMPTY IN BETWEEN CONTAINS STARTS WITH CASE WHEN THEN ELSE END TRUE FALSE
%ignore /\s+/
"""
KEYWORDS = {
    "and", "or", "not", "is", "empty", "in", "between", "contains", "starts", "with", "case", "when", "then", "else",
    "end", "true", "false",
}  # fmt: skip
SIGNS = {"!=": "<>", "≠": "<>", "≤": "<=", "≥": ">=", "−": "-", "×": "*", "÷": "/"}
LARGEST = Decimal(10) ** 15


def _keyword(token: Token) -> Token:
    word = token.value.lower()
    return Token.new_borrow_pos(word.upper(), word, token) if word in KEYWORDS else token


def _place(first: Any, last: Any) -> Place:
    start = first.start_pos if isinstance(first, Token) else first.place[0]
    end = last.end_pos if isinstance(last, Token) else last.place[1]
    return int(start or 0), int(end or 0)


def _constant(kind: str, token: Token, value: Any) -> Node:
    return node(kind, (), value, _place(token, token))


@v_args(inline=True)
class _Build(Transformer):
    """Makes a node of each rule as the parser finds it. What a token stands for is settled here."""

    def pair(self, left: Node, sign: Token, right: Node) -> Node:
        return node(SIGNS.get(sign.value, sign.value), (left, right), None, _place(left, right))

    def turned(self, sign: Token, one: Node) -> Node:
        return node("not", (one,), None, _place(sign, one))

    def negative(self, sign: Token, one: Node) -> Node:
        return node("negative", (one,), None, _place(sign, one))

    def is_empty(self, one: Node, *words: Token) -> Node:
        return node("is empty", (one,), None, _place(one, words[-1]))

    def is_not_empty(self, one: Node, *words: Token) -> Node:
        place = _place(one, words[-1])
        return node("not", (node("is empty", (one,), None, place),), None, place)

    def among(self, one: Node, _word: Token, *others: Node) -> Node:
        return node("in", (one, *others), None, _place(one, others[-1]))

    def not_among(self, one: Node, _not: Token, _word: Token, *others: Node) -> Node:
        place = _place(one, others[-1])
        return node("not", (node("in", (one, *others), None, place),), None, place)

    def between(self, one: Node, _word: Token, low: Node, _and: Token, high: Node) -> Node:
        place = _place(one, high)
        ends = node(">=", (one, low), None, place), node("<=", (one, high), None, place)
        return node("and", ends, None, place)

    def not_contains(self, one: Node, _not: Token, _word: Token, other: Node) -> Node:
        place = _place(one, other)
        return node("not", (node("contains", (one, other), None, place),), None, place)

    def starts(self, one: Node, _starts: Token, _with: Token, other: Node) -> Node:
        return node("starts with", (one, other), None, _place(one, other))

    def number(self, token: Token) -> Node:
        return _constant("number", token, Decimal(token.value))

    def amount(self, token: Token) -> Node:
        return _constant("money", token, (Decimal(token.value[:-3].strip()), token.value[-3:]))

    def day(self, token: Token) -> Node:
        try:
            return _constant("day", token, datetime.date.fromisoformat(token.value))
        except ValueError:
            return _constant("no day", token, token.value)

    def text(self, token: Token) -> Node:
        quote = token.value[0]
        return _constant("text", token, token.value[1:-1].replace(quote * 2, quote))

    def yes(self, token: Token) -> Node:
        return _constant("flag", token, True)

    def no(self, token: Token) -> Node:
        return _constant("flag", token, False)

    def empty(self, token: Token) -> Node:
        return _constant("empty", token, None)

    def column(self, token: Token) -> Node:
        return _constant("column", token, token.value)

    def labelled(self, token: Token) -> Node:
        return _constant("label", token, " ".join(token.value[1:-1].split()))

    def call(self, name: Token, *args: Node | None) -> Node:
        given = tuple(one for one in args if one is not None)
        return node("call", given, name.value.lower(), _place(name, name))

    def branch(self, when: Token, condition: Node, _then: Token, value: Node) -> tuple[Node, Node, Token]:
        return condition, value, when

    def choice(self, case: Token, *rest: Any) -> Node:
        branches = [one for one in rest if isinstance(one, tuple)]
        otherwise = next((one for one in rest if isinstance(one, Node)), None)
        place = _place(case, rest[-1])
        value = otherwise or node("empty", (), None, place)
        for condition, then, _when in reversed(branches):
            value = node("call", (condition, then, value), "if", place)
        return value


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark(
        GRAMMAR,
        parser="lalr",
        lexer="basic",
        transformer=_Build(),
        lexer_callbacks={"NAME": _keyword},
        maybe_placeholders=False,
    )


@lru_cache(maxsize=1024)
def parsed(text: str) -> Node:
    """The tree of an expression; ExpressionError where it is none, or more than anybody would write by hand."""
    if len(text) > LONGEST:
        raise ExpressionError(
            _l("An expression has at most {n} characters.", n=LONGEST), (LONGEST, len(text))
        )
    try:
        found: Any = _parser().parse(text)
    except UnexpectedToken as wrong:
        raise ExpressionError(*_stumbled(wrong, text)) from None
    except UnexpectedCharacters as wrong:
        start = wrong.pos_in_stream or 0
        place = start, start + 1
        sign = text[place[0] : place[1]]
        if sign in ('"', "'"):
            raise ExpressionError(_l("This text has no end: a quotation mark is missing."), place) from None
        raise ExpressionError(_l("‘{sign}’ has no meaning here.", sign=sign), place) from None
    if found.depth > DEEPEST or found.size > MOST_NODES:
        raise ExpressionError(
            _l("This expression is too large. Split it into several computed columns."), found.place
        )
    return found


def _stumbled(wrong: UnexpectedToken, text: str) -> tuple[LazyText, Place]:
    token, expected = wrong.token, set(wrong.accepts or wrong.expected)
    is_at_end = token.type == "$END"
    place = (len(text), len(text)) if is_at_end else _place(token, token)
    if token.type == "COMMA" and text[: place[0]].rstrip()[-1:].isdigit() and "COMMA" not in expected:
        return _l("Decimals are written with a point: 1.19."), place
    if "NUMBER" in expected:
        if is_at_end:
            return _l("Something is missing at the end: a column, a number, a text or a function."), place
        sentence = _l(
            "Expected a column, a number, a text or a function here, not ‘{text}’.", text=token.value[:40]
        )
        return sentence, place
    wanted = next((word for word in ("THEN", "WHEN", "END", "EMPTY", "WITH") if word in expected), None)
    if wanted and not expected & {"PLUS", "OR"}:
        return _l("Expected ‘{word}’ here.", word=wanted.lower()), place
    if is_at_end:
        if "END" in expected:
            return _l("Expected ‘{word}’ here.", word="end"), place
        return _l("A closing bracket is missing."), place
    return _l("Expected an operator before ‘{text}’, such as + or =.", text=token.value[:40]), place
