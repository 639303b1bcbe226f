"""A small run of what `make fuzz` does at length."""

from tests.fuzz.run import run


def test_no_answer_is_wrong_and_nothing_breaks(app):
    tally = run(app, 1, events=700, asked=60)
    assert tally.wrong == []
    assert tally.counted["stored"] > 0
    assert tally.counted["lists to their end"] > 0
    assert tally.counted["bars"] > 0
