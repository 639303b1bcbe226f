"""A small run of what `make fuzz` does at length."""

from tests.fuzz.asking import Part, Question
from tests.fuzz.judging import Judge
from tests.fuzz.oracle import Oracle
from tests.fuzz.run import ZONE, Fuzz, run


def test_no_answer_is_wrong_and_nothing_breaks(app):
    tally = run(app, 1, events=700, asked=60)
    assert tally.wrong == []
    assert tally.counted["stored"] > 0
    assert tally.counted["lists to their end"] > 0
    assert tally.counted["bars"] > 0


def test_answer_that_differs_from_the_oracle_is_found(app):
    fuzz = Fuzz(app, 2)
    told = fuzz.send(40).events
    question = Question((Part("action", "", sign=""),), "")
    judge = Judge(fuzz.world, Oracle(told[1:]), ZONE, fuzz.until, fuzz.tally.counted)
    bounded = judge.bounded(question)
    doors = (judge.list_of(bounded, 100, rising=False), judge.counts_of(bounded))
    assert fuzz.tally.wrong == []
    assert all(list(findings) for findings in doors)
