"""What taking records in did, for people and programs."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from app.exchange.problems import Problem, Problems

Differences = dict[str, dict[str, Any]]


@dataclass
class Report:
    """What a run did. `refused` counts the rows of batches of which nothing was taken."""

    record_type: str
    dry_run: bool = False
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    batches: int = 0
    problems: Problems = field(default_factory=Problems)
    differences: Differences = field(default_factory=dict)
    """Of a dry run: per field how many stored values differ, with up to twenty examples (key, old, new)."""
    concerned: dict[str, set[uuid.UUID]] = field(default_factory=dict)
    """By kind, records of the present transaction whose visibility is to be settled."""

    known: int = 0
    """New records when the planner's statistics were last taken."""

    def has_grown(self, least: int) -> bool:
        """Whether so many records came in, four times as many as when this was last so, that plans made until now
        may be no good."""
        if self.new < max(least, 4 * self.known):
            return False
        self.known = self.new
        return True

    @property
    def errors(self) -> list[Problem]:
        """The first thousand; `problems.count` counts them all."""
        return self.problems.kept

    @property
    def is_good(self) -> bool:
        return not self.problems.count

    def counts(self) -> dict[str, int]:
        return {
            "new": self.new,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "refused": self.refused,
            "batches": self.batches,
        }

    def as_dict(self) -> dict[str, Any]:
        """The report for JSON, in the reader's language."""
        return {
            "record_type": self.record_type,
            "dry_run": self.dry_run,
            **self.counts(),
            "errors_total": self.problems.count,
            "errors": [problem.as_dict() for problem in self.errors],
            **({"differences": self.differences} if self.dry_run else {}),
        }
