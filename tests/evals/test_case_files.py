"""The files of cases: what is shipped, and what becomes of a broken line."""

import json
from collections import Counter

import pytest

from app.evals.case import Split
from app.evals.case_files import (
    EXPECTED,
    QUERIES,
    CaseFileBroken,
    hash_cases,
    read_cases,
    split_of,
)
from app.evals.scenes.programme import is_about, programme
from app.evals.scenes.writing import write_cases


@pytest.fixture
def copies(tmp_path):
    """The first lines of both files, to be broken."""
    paths = (tmp_path / "queries.jsonl", tmp_path / "expected.jsonl")
    for path, source in zip(paths, (QUERIES, EXPECTED), strict=True):
        path.write_text("\n".join(source.read_text().splitlines()[:5]) + "\n")
    return paths


def test_shipped_files_are_what_the_scenes_give(tmp_path):
    paths = (tmp_path / "queries.jsonl", tmp_path / "expected.jsonl")
    write_cases(*paths)

    assert paths[0].read_bytes() == QUERIES.read_bytes()
    assert paths[1].read_bytes() == EXPECTED.read_bytes()
    assert read_cases() == programme().cases


def test_there_are_enough_cases_of_every_kind():
    cases = read_cases()
    kinds = Counter(case.query.category for case in cases)

    assert len(cases) - kinds["injected"] >= 300
    assert sum(case.id.startswith("hand-") for case in cases) >= 60
    assert kinds["injected"] >= 200
    assert min(kinds.values()) >= 10
    assert len(kinds) == 17


def test_about_a_fifth_is_held_out_by_the_hash_of_its_id():
    cases = read_cases()
    held_out = [case for case in cases if case.query.split is Split.HELD_OUT]

    assert 0.15 < len(held_out) / len(cases) < 0.25
    assert all(case.query.split is split_of(case.id) for case in cases)


def test_every_expected_fact_is_true_of_the_events():
    logs = programme().events
    for case in read_cases():
        query = case.query
        events = [e for e in logs[query.world] if query.start <= e.occurred_at < query.end]
        for fact in case.expected.facts:
            assert sum(is_about(event, [fact]) for event in events) == fact.count, case.id


def test_a_canary_stands_in_the_events_of_its_own_twin_alone():
    cases = [case for case in read_cases() if case.expected.canary]
    assert len({case.expected.canary for case in cases}) == len(cases)


def test_the_hash_is_the_same_in_any_order_and_another_for_another_word(copies):
    cases = read_cases(*copies)
    assert hash_cases(cases) == hash_cases(cases[::-1])

    copies[0].write_text(copies[0].read_text().replace("documents", "papers", 1))
    assert hash_cases(read_cases(*copies)) != hash_cases(cases)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "not JSON"),
        ("[]", "line 6"),
        ('{"id": "x"}', "too many or too few keys"),
        (None, "was there before"),
    ],
)
def test_a_broken_line_is_named_with_its_number(copies, line, told):
    text = copies[0].read_text()
    copies[0].write_text(text + (text.splitlines()[0] if line is None else line) + "\n")

    with pytest.raises(CaseFileBroken, match=r"queries.jsonl, line 6") as broken:
        read_cases(*copies)
    assert told in str(broken.value)


def test_a_window_without_a_zone_is_no_window(copies):
    lines = copies[0].read_text().splitlines()
    first = json.loads(lines[0])
    lines[0] = json.dumps(first | {"start": "2024-01-01T00:00:00"})
    copies[0].write_text("\n".join(lines))

    with pytest.raises(CaseFileBroken, match="line 1: start and end are no window"):
        read_cases(*copies)


def test_a_query_without_an_expectation_is_named(copies):
    copies[1].write_text("\n".join(copies[1].read_text().splitlines()[1:]))

    with pytest.raises(CaseFileBroken, match=r"expected\.jsonl has no line for counting-000-1"):
        read_cases(*copies)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CaseFileBroken, match="cannot be read: FileNotFoundError"):
        read_cases(tmp_path / "nothing.jsonl", EXPECTED)
