"""The edge: what is refused before anything reads it, and what every answer carries."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from flask import Request, current_app, request

from app.core.errors import Refusal
from app.core.text import _

LARGEST_FORM = 1 << 20
"""Bytes of a form or a JSON document; uploads and imports stream past this."""

LARGEST_UPLOAD = 64 << 20
"""Bytes of a form with files in it, of who is signed in. Each says itself, in words, how large its files may be."""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
        "media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}
"""What every answer carries, unless its view says otherwise."""
SECURE_ONLY = {"Strict-Transport-Security": "max-age=31536000"}


class Unreadable(Refusal):
    """Bytes no text can hold: refused at the door, for they would raise deep in the driver."""

    status = 422

    def __str__(self) -> str:
        return _("Something in the address or the form is not valid. Check what you entered.")


class ForeignForm(Refusal):
    """A form sent by another site's page."""

    status = 403

    def __str__(self) -> str:
        return _("This form was not sent from the portal. Open the page again and repeat it.")


CONTROL = re.compile("[\x00-\x1f\x7f]")
"""Browsers and libraries leave some of these out of an address: what follows then moves to the front."""
UNCLEAN = re.compile("[\0\ufffd\ud800-\udfff]")


def is_clean(text: str) -> bool:
    """Whether a text can be stored: no NUL, no half of a surrogate pair, no byte that was no UTF-8."""
    return UNCLEAN.search(text) is None


def check_address(request: Request) -> None:
    """Refuse an address with text that cannot be. Values are looked at before anybody reads them."""
    try:
        asked = unquote_to_bytes(request.query_string).decode()
    except UnicodeDecodeError:
        raise Unreadable from None
    if not (is_clean(request.path) and is_clean(asked)):
        raise Unreadable


def check_form(request: Request, is_known: Callable[[], bool]) -> None:
    """The same for a form, which is read here: nobody but who is known has us keep files."""
    if request.mimetype == "multipart/form-data":
        request.max_content_length = LARGEST_UPLOAD if is_known() else LARGEST_FORM
    if request.mimetype in ("application/x-www-form-urlencoded", "multipart/form-data"):
        for name, values in request.form.lists():
            if not all(map(is_clean, [name, *values])):
                raise Unreadable


def check_origin(request: Request) -> None:
    """Refuse a state-changing request that a page of another site sent along with the viewer's cookie.

    Browsers say where a request comes from (Sec-Fetch-Site, else Origin); programs with a token say neither
    and carry no cookie. SameSite=Lax cookies are the second lock.
    """
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site in ("same-origin", "none"):
        return
    if site is None:
        origin = request.headers.get("Origin")
        if origin is None or urlsplit(origin).netloc == request.host:
            return
    raise ForeignForm


def unsaid(
    wanted: list[tuple[str, tuple[str, str]]], headers: list[tuple[str, str]]
) -> list[tuple[str, str]]:
    """The wanted headers, each beside its name in lower case, that an answer does not have yet."""
    said = {name.lower() for name, _value in headers}
    return [header for name, header in wanted if name not in said]


Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def protected(application: Application, is_secure: bool) -> Application:
    """The application with HEADERS on every answer, one that Flask never saw included."""
    all_of_them = HEADERS | (SECURE_ONLY if is_secure else {})
    wanted = [(name.lower(), (name, value)) for name, value in all_of_them.items()]

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            return start_response(status, headers + unsaid(wanted, headers), *more)

        return application(environ, start)

    return answer


def address_at(host: str) -> str:
    """The address of the portal at a host as it stands in what leaves it: the scheme is set, not asked for."""
    return f"{'https' if current_app.config['IS_SECURE'] else 'http'}://{host}"


def base_address() -> str:
    """That of the portal a request is for: its host was looked up exactly."""
    return address_at(request.host)


def is_local(path: str) -> bool:
    """Whether an address leads back into the portal, and nowhere else."""
    is_path = path.startswith("/") and not path.startswith(("//", "/\\"))
    return is_path and is_clean(path) and CONTROL.search(path) is None
