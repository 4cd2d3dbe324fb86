"""What the doctor says of one thing looked at."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.text import _


@dataclass(frozen=True)
class Finding:
    """One thing looked at: what was found and, unless it is well, what to do."""

    server: str
    is_ok: bool
    what: str
    advice: str = ""


def well(server: str, what: str) -> Finding:
    return Finding(server, True, what)


def bad(server: str, what: str, advice: str) -> Finding:
    return Finding(server, False, what, advice)


def first_line(error: BaseException | None) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__


def migrate_first() -> str:
    return _("Run: portico db upgrade")
