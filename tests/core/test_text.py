"""How words are ordered for people."""

from __future__ import annotations

import pytest

from app.claim_reports.views import _sorted
from app.claims.codes import CAUSES, CLAIM_TYPES
from app.core.text import LANGUAGES, by_words, folded, speaking


def test_an_accent_makes_no_other_letter():
    found = by_words({"t": "Voyage", "n": "Événements naturels", "e": "Échange", "u": "Über"}.items())
    assert [words for _code, words in found][:2] == ["Échange", "Événements naturels"]
    assert [code for code, _words in found][-2:] == ["u", "t"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("codes", [CAUSES, CLAIM_TYPES], ids=["causes", "types"])
def test_what_is_chosen_from_stands_as_a_dictionary_has_it(language, codes):
    with speaking(language):
        said = [folded(words) for code, words in _sorted(codes) if code not in ("other", "unknown")]
    assert said == sorted(said)
