"""What an expression is made of before anybody knows what it means, and what can be wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app.core.text import LazyText

LONGEST = 1000
"""Characters."""
DEEPEST = 30
MOST_NODES = 200
"""What a person can still read, and the database computes for each row without being noticed."""

Place = tuple[int, int]
"""Where something stands in the text: its first character, and the one after its last."""


class ExpressionError(Exception):
    """What is wrong, and where."""

    def __init__(self, sentence: LazyText, place: Place) -> None:
        super().__init__(str(sentence))
        self.sentence, self.place = sentence, place


@dataclass(frozen=True)
class Node:
    """A constant, a column, or an operation on others. Of a constant `value` is the constant, of a column its name."""

    operation: str
    args: tuple[Node, ...] = ()
    value: Any = None
    place: Place = field(default=(0, 0), compare=False)
    depth: int = field(default=1, compare=False)
    size: int = field(default=1, compare=False)


def node(operation: str, args: tuple[Node, ...] = (), value: Any = None, place: Place = (0, 0)) -> Node:
    depth = 1 + max((one.depth for one in args), default=0)
    return Node(operation, args, value, place, depth, 1 + sum(one.size for one in args))
