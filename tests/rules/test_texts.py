"""House rules about words: every text is in every catalogue, translated, in the language’s own typography."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from app.core import text
from app.core.catalogues import (
    FOLDERS,
    KEYWORDS,
    ROOT,
    catalogue_of,
    path_of,
    placeholders,
    texts,
    translated_languages,
    untranslated,
)

LANGUAGES = translated_languages()
NARROW = "\u202f"

SAME_IN_GERMAN = {
    (None, "IBAN"),
    (None, "Logo"),
    (None, "Median"),
    (None, "Name"),
    (None, "Organisation"),
    (None, "Organisation {key}"),
    (None, "Text"),
    (None, "Portal"),
    (None, "Person"),
    (None, "Reserve"),
    (None, "Status"),
    (None, "{place}: {sentence}"),
    (None, "{label}: {value}"),
    (None, "~ {thing}, {field}: {before} → {after}"),
    ("cause", "Explosion"),
    ("cause", "Frost"),
    ("doc_type", "Bordereau"),
    ("doc_type", "Video"),
    ("file_type", "PDF"),
    ("file_type", "Video (MP4)"),
    ("file_type", "Video (QuickTime)"),
    ("insurer", "Name"),
    ("mandate", "Name"),
    ("object_kind", "Person"),
    ("of a message", "Text"),
    ("person", "Name"),
    ("token", "Name"),
}
"""Words that are the same in English and in German. Any other such text was forgotten."""

ABBREVIATIONS = {"Sr.", "Sra.", "Sr. y Sra.", "USt-IdNr."}
"""Translations that end with a full stop although they are no sentences."""

FOREIGN_TO_THE_TONE = {
    "de": (
        r"[Dd]u|[Dd]ich|[Dd]ir|[Dd]ein\w*|[Ee]uch|[Ee]uer\w*|[Uu]ngültige\w* Eingabe\w*"
        r"|\w+[:*_/]-?[Ii]nnen|\w+(?:er|nd)innen"
    ),
    # „Extended coverage“ is the name of a clause.
    "en": (
        r"[Oo]ops|[Ii]nvalid|[Ii]llegal|[Oo]rganiz\w+|[Aa]uthoriz\w+|[Cc]olor\w*|[Cc]anceled|[Ll]og ?in"
        r"|(?<!Extended )[Cc]overage"
    ),
    "fr": r"[Tt]u|[Tt]oi|[Tt]es|\w+\(e\)s?|\w+·\w*|[Ff]acture d’assurance|[Rr]éclamation\w*|[Pp]reneur\w*",
    "es": r"[Tt]ú|[Tt]us?|[Vv]osotr\w+|[Vv]uestr\w+|\w+@s?|\w+/as?|[Rr]eporte\w*|[Ee]ndoso\w*|[Cc]omputadora\w*",
}
"""Familiar address, American spelling, blame, doubled genders and words of another country’s insurance."""

WRONG_SHARP_S = (
    r"\w*[Ss]trass\w*|\w*[Gg]rösse\w*|(?<!Havarie-)[Gg]ross\w*|\w*[Aa]usser\w*|\w*schliess\w*|\w*[Mm]assnahm\w*|[Gg]emäss|\w*weiss"
    r"|[Hh]eiss\w*|\w*[Ss]tössig\w*|\w*mäss\w*|[Dd]aß|[Mm]uß\w*|\w*[Ss]chloß\w*|\w*fluß|\w*[Pp]rozeß|\w*paß|läßt|[Ii]ßt"
)
UMLAUT_SPELLED_OUT = (
    r"[Ff]uer|[Uu]eber\w*|\w*[Kk]oenn\w*|\w*[Mm]oegl\w*|\w*[Aa]ender\w*|\w*[Ll]oesch\w*|\w*[Pp]ruef\w*|\w*[Ss]chaed\w*"
    r"|\w*[Ww]aehl\w*|\w*[Gg]ueltig\w*|\w*[Gg]roess\w*|\w*[Vv]ertraeg\w*|\w*[Ff]uell\w*"
)


@cache
def code() -> Catalog:
    return texts()


@cache
def catalogue(language: str) -> Catalog:
    return catalogue_of(language)


def name_of(message: Message) -> tuple[str | None, object]:
    return message.context, message.id


def messages(language: str) -> Iterator[tuple[Message, list[str]]]:
    """Every text with its forms in this language; English speaks for itself."""
    for message in code() if language == "en" else catalogue(language):
        forms = message.id if language == "en" else message.string
        if message.id and forms:
            yield message, [forms] if isinstance(forms, str) else list(forms)


def prose(form: str) -> str:
    """The text without addresses and times of day, whose colons and question marks are no punctuation."""
    return re.sub(r"\S*://(?:\S*[\w…])?|\d:\d", "…", form)


def offending(language: str, pattern: str) -> list[tuple[object, str]]:
    """The texts in which this is found, with what was found."""
    return [
        (message.id, found[0])
        for message, forms in messages(language)
        for form in forms
        if (found := re.search(pattern, prose(form)))
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_the_code_is_in_the_catalogue_and_nothing_else(language):
    wanted, there = ({name_of(m) for m in c if m.id} for c in (code(), catalogue(language)))

    assert sorted(map(str, wanted - there)) == []
    assert sorted(map(str, there - wanted)) == []


def test_no_text_stands_within_an_f_string():
    """Before Python 3.12 such a text is not collected, and would be shown untranslated."""
    found = []
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.JoinedStr):
                    calls = [one.func for one in ast.walk(node) if isinstance(one, ast.Call)]
                    found += [path.name for one in calls if isinstance(one, ast.Name) and one.id in KEYWORDS]
    assert found == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated_and_none_is_a_guess_or_a_leftover(language):
    assert [name_of(m) for m in untranslated(catalogue(language))] == []
    assert [name_of(m) for m in catalogue(language) if m.id and m.fuzzy] == []
    assert list(catalogue(language).obsolete) == []
    assert "<<<<<<<" not in path_of(language).read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plural_has_all_its_forms(language):
    wanted = catalogue(language).num_plurals

    for message, forms in messages(language):
        assert len(forms) == (1 if isinstance(message.id, str) else wanted), message.id


def test_counts_speak_the_grammar_of_the_language():
    """French says nought in the singular, the others in the plural (Unicode CLDR, plural rules)."""
    said = {}
    for language in LANGUAGES:
        with text.speaking(language):
            said[language] = [text._n("{n} day", "{n} days", n) for n in (0, 1, 2)]

    assert said == {
        "de": ["0 Tage", "1 Tag", "2 Tage"],
        "fr": ["0 jour", "1 jour", "2 jours"],
        "es": ["0 días", "1 día", "2 días"],
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_agree(language):
    for message, forms in messages(language):
        # An English singular may do without the number; ours may not, since a French one also means nought.
        english = message.id if isinstance(message.id, str) else message.id[1]
        for form in forms:
            assert placeholders(form) == placeholders(english), (message.id, form)


def calls() -> Iterator[tuple[str, str, ast.Call]]:
    """Every place in the code that says something: where, by which function, the call."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if path == Path(text.__file__):
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Name)
                    and node.func.id in KEYWORDS
                ):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node.func.id, node


def test_what_is_said_is_written_out_where_it_is_said():
    """A text put together at run time is never collected. Saying the message of a lazy text once more is fine."""
    silent = [
        place
        for place, function, call in calls()
        for argument in call.args[: 1 if function in ("_", "_l") else 2]
        if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str))
        and not (isinstance(argument, ast.Attribute) and argument.attr == "message")
    ]
    assert silent == []


def test_every_placeholder_is_filled_where_it_is_said():
    wrong = []
    for place, function, call in calls():
        arguments = (argument.value for argument in call.args if isinstance(argument, ast.Constant))
        constants = [value for value in arguments if isinstance(value, str)]
        known: set[str | None] = {keyword.arg for keyword in call.keywords}
        # Lazy texts are filled later, and `**values` cannot be seen from here.
        if function in ("_l", "_lp") or None in known or not constants:
            continue
        wanted = placeholders(constants[0 if function == "_" else 1])
        if known | ({"n"} & wanted if function == "_n" else set()) != wanted:
            wrong.append((place, known ^ wanted))
    assert wrong == []


def test_no_german_text_is_the_english_one_by_oversight():
    same = {name_of(m) for m, forms in messages("de") if m.id == forms[0]}

    assert same == SAME_IN_GERMAN


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_stayed_english(language):
    same = [m.id for m, forms in messages(language) if m.id == forms[0]]

    assert [words for words in same if len(re.findall(r"\w{2,}", words)) > 4] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_quotes_and_apostrophes_are_typographic(language):
    assert offending(language, "[\"'`´]") == []


@pytest.mark.parametrize(
    ("language", "wrong"),
    [
        ("de", r"[”«»]|(?<!\w)’|[„‚]\s|\s[“‘]"),
        ("en", r"[„‚«»]|[‘“]\s"),
        ("fr", rf"[„‚‘]|«(?!{NARROW})|(?<!{NARROW})»"),
        ("es", r"[„‚‘]|«\s|\s»"),
    ],
)
def test_quotes_are_those_of_the_language(language, wrong):
    assert offending(language, wrong) == []


@pytest.mark.parametrize(
    ("opening", "closing", "language"), [("„", "“", "de"), ("«", "»", "fr"), ("«", "»", "es")]
)
def test_every_quote_is_closed(opening, closing, language):
    for _message, forms in messages(language):
        for form in forms:
            assert form.count(opening) == form.count(closing), form


def test_french_puts_a_narrow_space_before_high_punctuation():
    assert offending("fr", rf"(?<!{NARROW})[;:?!]") == []


@pytest.mark.parametrize("language", ["de", "en", "es"])
def test_other_languages_put_no_space_before_punctuation(language):
    assert offending(language, rf"[\s{NARROW}][;:?!,.](?!\w)") == []


def test_spanish_opens_its_questions():
    assert [
        forms
        for _message, forms in messages("es")
        if any(prose(f).count("¿") != prose(f).count("?") for f in forms)
    ] == []


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_nobody_shouts_and_nothing_dangles(language):
    assert offending(language, r"[!¡]") == []
    assert offending(language, r"\.\.\.|\s\s|^\s|\s$|[\u200b\ufeff]") == []


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_the_tone_is_kept(language):
    assert offending(language, rf"(?<!\w)(?:{FOREIGN_TO_THE_TONE[language]})(?!\w)") == []


def test_german_is_spelled_with_its_own_letters():
    assert offending("de", rf"\b(?:{WRONG_SHARP_S})\b") == []
    assert offending("de", rf"\b(?:{UMLAUT_SPELLED_OUT})\b") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_stay_sentences_and_labels_stay_labels(language):
    for message, forms in messages(language):
        english = message.id if isinstance(message.id, str) else message.id[0]
        for form in forms:
            if form not in ABBREVIATIONS:
                assert (english[-1] in ".?:") == (form[-1] in ".?:"), (english, form)
            if english[0].isupper() and form[0].isalpha():
                assert form[0].isupper(), (english, form)
