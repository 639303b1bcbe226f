"""Reading JSON strictly."""

import pytest

from app.audit.contract.strict_json import JsonUnreadable, read_json


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"a": 1, "a": 2}', "appears twice"),
        ('{"a": {"b": 1, "b": 1}}', "appears twice"),
        ("[NaN]", "NaN"),
        ("[-Infinity]", "Infinity"),
        ("[" * 100_000, "too deeply"),
        ('{"a":' * 100_000, "too deeply"),
        ("9" * 5_000, "too many digits"),
        ("", "cannot be read"),
        ("{'a': 1}", "cannot be read"),
        ('{"a": 1} {"b": 2}', "cannot be read"),
        ('"\x07"', "cannot be read"),
    ],
)
def test_liberties_are_refused(text, words):
    with pytest.raises(JsonUnreadable, match=words):
        read_json(text)


def test_place_of_a_mistake_is_named():
    with pytest.raises(JsonUnreadable) as caught:
        read_json('{\n  "a": 1,\n  "b": oops\n}')

    assert (caught.value.line, caught.value.column) == (3, 8)
    assert "line 3, column 8" in str(caught.value)


def test_ordinary_json_is_read():
    assert read_json('{"a": [1, 2.5, "x\\u2028", null, true]}') == {
        "a": [1, 2.5, "x\u2028", None, True]
    }
