"""What a sentence about a reason is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from app.administration.seen.people import Place
from tenants.reasons import Reason

if TYPE_CHECKING:
    from app.administration.seen.words import Speaker


class Told(NamedTuple):
    title: str
    detail: str = ""
    way: str = ""
    """Where it is decided: at the member, the organization or the profile."""


Sentence = Callable[["Speaker", Reason, Place], Told]
