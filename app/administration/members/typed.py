"""People as somebody types or pastes them: a name and an email address in any order, one a line or divided by commas."""

from __future__ import annotations

import re
from typing import NamedTuple

from app.core.errors import Unacceptable
from app.core.text import _, _n

ADDRESS = re.compile(r"[^\s<>,;:\"()\[\]]+@[^\s<>,;:\"()\[\]]+\.[^\s<>,;:\"()\[\].]+")
MOST = 200
"""People at once."""
BETWEEN = " \t,;<>()[]\"'„“"


class Named(NamedTuple):
    name: str
    email: str


def people(typed: str) -> list[Named]:
    """Unacceptable where lines have no address, all of them named; or nothing is there. Who comes without a name is
    called by his address."""
    found: dict[str, Named] = {}
    bad: list[int] = []
    for number, line in enumerate(typed.splitlines(), 1):
        if not line.strip(BETWEEN):
            continue
        named = _in_line(line)
        for person in named:
            found.setdefault(person.email, person)
        if not named:
            bad.append(number)
    if bad:
        sentence = _n(
            "Line {lines}: an email address is missing, such as name@example.com.",
            "Lines {lines}: an email address is missing, such as name@example.com.",
            len(bad),
            lines=", ".join(map(str, bad)),
        )
        raise Unacceptable({"people": sentence})
    if not found:
        raise Unacceptable({"people": _("Enter at least one person.")})
    if len(found) > MOST:
        raise Unacceptable({"people": _("At most {n} people at once.", n=MOST)})
    return list(found.values())


def _in_line(line: str) -> list[Named]:
    """Everybody in a line. Names stand before their addresses; or all behind them, if the line begins with an address and
    ends with a name."""
    addresses = ADDRESS.findall(line)
    between = [" ".join(gap.strip(BETWEEN).split()) for gap in ADDRESS.split(line)]
    first, last = between[0], between[-1]
    names = between[1:] if last and not first else [*between[:-2], " ".join([*between[-2:-1], last]).strip()]
    return [
        Named(name or _called(address), address.lower())
        for name, address in zip(names, addresses, strict=False)
    ]


def _called(email: str) -> str:
    return re.sub(r"[._+-]+", " ", email.partition("@")[0]).strip().title() or email
