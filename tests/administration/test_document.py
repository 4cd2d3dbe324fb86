"""Reading a configuration document: YAML and JSON, strict, and never more than a refusal."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.administration.config.document import check_shape, read_text, write_text
from app.core.errors import Unacceptable

YAML = "application/yaml"


def test_a_day_is_the_same_from_yaml_and_json():
    for text, media_type in (
        (b"organizations: [{key: a, starts_on: 2026-03-01}]", YAML),
        (b'{"organizations": [{"key": "a", "starts_on": "2026-03-01"}]}', "application/json"),
    ):
        data, problems = check_shape(read_text(text, media_type))
        assert problems == {}
        assert data["organizations"][0]["starts_on"] == "2026-03-01"


@pytest.mark.parametrize(
    "text",
    [
        b"tenant: {name: A, name: B}",
        b"tenant: [",
        b"tenant: !!python/object/apply:os.system [ls]",
        b"\xff\xfe\x00",
        b"a: 2026-13-45",
        b"[" * 5000,
        b"a: \x00",
        b"? [a, b]\n: c\n",
    ],
)
def test_yaml_that_cannot_be_read_is_refused(text):
    with pytest.raises(Unacceptable):
        read_text(text, YAML)


def test_the_line_of_a_mistake_is_told():
    with pytest.raises(Unacceptable) as refused:
        read_text(b"tenant:\n  name: A\n  name: B\n", YAML)

    assert "3" in refused.value.problems["document"]


def test_a_number_where_a_key_is_expected_is_refused_since_yaml_may_have_changed_it():
    _data, problems = check_shape({"organizations": [{"key": "a", "policyholders": [7]}]})

    assert list(problems) == ["organizations[a].policyholders[0]"]


def test_what_is_written_reads_the_same():
    document = {"tenant": {"name": "Häfen & Söhne: 1"}, "organizations": [{"key": "007", "name": "no"}]}

    assert read_text(write_text(document).encode(), YAML) == document


words = st.sampled_from(
    ["tenant", "profiles", "users", "organizations", "key", "members", "grants", "fields", "x"]
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words | st.integers(), inner, max_size=4),
    max_leaves=12,
)


@settings(deadline=None)
@given(anything)
def test_any_document_is_understood_or_refused_in_words(document):
    _data, problems = check_shape(document)

    assert all(isinstance(place, str) and isinstance(sentence, str) for place, sentence in problems.items())
