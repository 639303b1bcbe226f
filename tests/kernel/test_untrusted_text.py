"""Text from outside as one harmless line."""

from hypothesis import given
from hypothesis import strategies as st

from app.kernel.untrusted_text import MAX_LINE, is_storable, single_line

ANYTHING = st.text(st.characters(), max_size=600)


@given(ANYTHING)
def test_line_is_one_storable_line_of_bounded_length(text):
    line = single_line(text)
    assert len(line) <= MAX_LINE
    assert len(line.splitlines()) <= 1
    assert is_storable(line)
    assert "\x1b" not in line


@given(st.text(st.characters(categories=("L", "N")), max_size=MAX_LINE))
def test_ordinary_text_is_left_alone(text):
    assert single_line(text) == text


def test_what_no_database_can_store_is_named():
    assert not is_storable("a\x00b")
    assert not is_storable("\ud800")
    assert is_storable("Zoë\n\t🙂")
