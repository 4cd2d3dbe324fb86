"""Files as the bodies of answers, so that whoever fetches them slowly keeps no page from anybody else."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator

from app.core.errors import Refusal
from app.core.text import _

WHOLE = 8 << 20
"""Bytes that are handed over at once: the web server sends them by itself, however slowly they are taken."""
AT_ONCE = 2
"""Larger files that a web process sends at a time. Each keeps a thread until its last piece is taken, and the other
threads are for pages."""

_places = threading.BoundedSemaphore(AT_ONCE)


class Busy(Refusal):
    """All places for large files are taken."""

    status = 503

    def __str__(self) -> str:
        return _("Many large files are being fetched right now. Try again in a minute.")


def body_of(pieces: Iterable[bytes]) -> Iterable[bytes]:
    """The pieces of a file as a body. Whatever goes wrong in its first WHOLE bytes is raised here, when the answer
    can still say so; Busy where it is larger and all places are taken."""
    rest, held, size = iter(pieces), [], 0
    for piece in rest:
        held.append(piece)
        size += len(piece)
        if size > WHOLE:
            break
    else:
        return [b"".join(held)]
    if not _places.acquire(blocking=False):
        _close(rest)
        raise Busy
    return Large(held, rest)


class Large:
    """A large file on its way. It has a place until its last piece is taken or it is closed; and should nobody close
    it, until nobody knows it any more."""

    def __init__(self, held: list[bytes], rest: Iterator[bytes]) -> None:
        self._held, self._rest, self._is_open = b"".join(held), rest, True

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield self._held
            self._held = b""
            yield from self._rest
        finally:
            self.close()

    def close(self) -> None:
        if self._is_open:
            self._is_open = False
            _places.release()
            _close(self._rest)

    __del__ = close


def _close(pieces: Iterator[bytes]) -> None:
    close = getattr(pieces, "close", None)
    if close is not None:
        close()
