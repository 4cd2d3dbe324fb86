"""Things that go wrong and that a person can put right."""

from __future__ import annotations

from collections.abc import Mapping

from app.core.text import LazyText


class Refusal(Exception):
    """A rule of the business said no. `str()` is what the person reads."""

    status = 409
    heading: LazyText | None = None
    """Over the sentence on its page, where the status does not say it all."""


class NotFound(Exception):
    """Not there, or not for this viewer: one answer for both."""


class Unacceptable(Refusal):
    """Input that cannot be taken. `problems` maps the control or field to a sentence."""

    status = 422

    def __init__(self, problems: Mapping[str, str | LazyText]) -> None:
        super().__init__("; ".join(f"{field}: {text}" for field, text in problems.items()))
        self.problems = problems


class Away(Exception):
    """A server this answer needs does not answer; it may in a moment. `server` names it for the log."""

    def __init__(self, server: str) -> None:
        super().__init__(server)
        self.server = server


class NotSetUp(Exception):
    """The installation lacks what this needs, and the sentence says what. Jobs wait until it is there."""


class TooLong(Exception):
    """What was asked takes longer than a page may, and was stopped."""
