"""The words people read, in the language of whoever is reading."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any
from unicodedata import normalize

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from markupsafe import Markup, escape

LANGUAGES = {"de": "Deutsch", "en": "English", "fr": "Français", "es": "Español"}
DEFAULT = "de"
CATALOGUES = Path(__file__).resolve().parents[2] / "translations"

_language: ContextVar[str] = ContextVar("language", default=DEFAULT)


@lru_cache(maxsize=len(LANGUAGES))
def catalogue(language: str) -> Translations:
    """The catalogue of one language, read from its .po file: nothing to compile, nothing to go stale."""
    path = CATALOGUES / language / "LC_MESSAGES" / "portico.po"
    if not path.exists():
        return Translations()
    compiled = io.BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return Translations(compiled, domain="portico")


def language() -> str:
    """The language of the person looking; German when nobody chose one."""
    return _language.get()


def set_language(code: str) -> None:
    """From here on in this request or command, speak this language."""
    _language.set(code if code in LANGUAGES else DEFAULT)


@contextmanager
def speaking(code: str):
    """Speak another language for a while, as a mail to somebody else does."""
    token = _language.set(code if code in LANGUAGES else DEFAULT)
    try:
        yield
    finally:
        _language.reset(token)


ACCENTS = re.compile("[\u0300-\u036f]")


def folded(text: str) -> str:
    """How text sorts and is found: lower case, without accents; the same as the database's function of this name."""
    plain = ACCENTS.sub("", normalize("NFD", text.replace("ß", "ss")))
    # Letter by letter: at the end of a word, too, a sigma is the same as elsewhere.
    return "".join(map(str.lower, plain))


def _fill(text: Any, values: dict[str, Any]) -> str:
    return str(text).format(**values) if values else str(text)


def _(message: str, **values: Any) -> str:
    """The sentence in the reader's language; `{name}` is filled from the keyword arguments."""
    return _fill(catalogue(_language.get()).gettext(message), values)


def _n(singular: str, plural: str, n: int, /, **values: Any) -> str:
    """The sentence for this count; `{n}` stands for the count unless it is given."""
    return _fill(catalogue(_language.get()).ngettext(singular, plural, n), {"n": n, **values})


def _p(context: str, message: str, **values: Any) -> str:
    """The sentence, where the same English words need different translations."""
    return _fill(catalogue(_language.get()).pgettext(context, message), values)


def by_words(found: Iterable[tuple[str, Any]]) -> list[tuple[str, str]]:
    """Codes with their labels, in the order of the reader's words: an accent makes no other letter."""
    return sorted(((code, str(label)) for code, label in found), key=lambda one: folded(one[1]))


def labelled(label: Any, value: Any) -> str:
    """A label and what it says, with the colon as the language sets it. Markup in the value stays markup."""
    said = _("{label}: {value}")
    return (Markup(said) if isinstance(value, Markup) else said).format(label=label, value=value)


class LazyText:
    """A sentence written down once, at import, and spoken in the language of whoever reads it later."""

    __slots__ = ("context", "message", "values")

    def __init__(
        self, message: str, context: str | None = None, values: dict[str, Any] | None = None
    ) -> None:
        self.message, self.context, self.values = message, context, values or {}

    def __str__(self) -> str:
        if self.context:
            return _p(self.context, self.message, **self.values)
        return _(self.message, **self.values)

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __html__(self) -> str:
        return escape(str(self))

    def __repr__(self) -> str:
        return f"_l({self.message!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LazyText) and (self.message, self.context) == (other.message, other.context)

    def __hash__(self) -> int:
        return hash((self.message, self.context))


def _l(message: str, **values: Any) -> LazyText:
    """A sentence for later, in the language of whoever reads it."""
    return LazyText(message, values=values)


def _lp(context: str, message: str) -> LazyText:
    """A sentence for later, where the same English words need different translations."""
    return LazyText(message, context)
