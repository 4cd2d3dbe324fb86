"""People as somebody types or pastes them: one a line, a name and an email address in any order."""

from __future__ import annotations

import re
from typing import NamedTuple

from app.core.errors import Unacceptable
from app.core.text import _

ADDRESS = re.compile(r"[^\s<>,;:\"()\[\]]+@[^\s<>,;:\"()\[\]]+\.[^\s<>,;:\"()\[\].]+")
MOST = 200
"""People at once."""
BETWEEN = " \t,;<>()[]\"'„“"


class Named(NamedTuple):
    name: str
    email: str


def people(typed: str) -> list[Named]:
    """Unacceptable where a line has no address, no name, or more than one address; or nothing is there."""
    found: dict[str, Named] = {}
    for number, line in enumerate(typed.splitlines(), 1):
        if not line.strip():
            continue
        addresses = ADDRESS.findall(line)
        if len(addresses) != 1:
            raise Unacceptable(
                {"people": _("Line {n}: one email address is expected, such as name@example.com.", n=number)}
            )
        name = " ".join(line.replace(addresses[0], " ").strip(BETWEEN).split())
        if not name:
            raise Unacceptable({"people": _("Line {n}: the name of the person is missing.", n=number)})
        email = addresses[0].lower()
        found.setdefault(email, Named(name, email))
    if not found:
        raise Unacceptable({"people": _("Enter at least one person.")})
    if len(found) > MOST:
        raise Unacceptable({"people": _("At most {n} people at once.", n=MOST)})
    return list(found.values())
