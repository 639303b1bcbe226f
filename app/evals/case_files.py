"""Reading `queries.jsonl` and `expected.jsonl`: a line that is broken is named, not skipped."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from app.evals.case import Case, Expected, Fact, Query, Split, World

CASES = Path(__file__).parent / "cases"
QUERIES, EXPECTED = CASES / "queries.jsonl", CASES / "expected.jsonl"

_QUERY_KEYS = {"id", "category", "split", "world", "query", "start", "end", "question", "twin_of"}
_EXPECTED_KEYS = {"id", "expect", "code", "must", "canary"}

T = TypeVar("T")


class CaseFileBroken(ValueError):
    """A file of cases cannot be used; the message names file, line and what is wrong."""


def read_cases(queries: Path = QUERIES, expected: Path = EXPECTED) -> tuple[Case, ...]:
    """Return the cases of two files, in the order of the queries; raises `CaseFileBroken`.

    Every query has exactly one expectation, and the other way round.
    """
    asked = _by_id(queries, _query)
    wanted = _by_id(expected, _expectation)
    for name, lacking in ((expected, asked.keys() - wanted), (queries, wanted.keys() - asked)):
        if lacking:
            raise CaseFileBroken(f"{name.name} has no line for {', '.join(sorted(lacking)[:5])}.")
    return tuple(Case(asked[each], wanted[each]) for each in asked)


def hash_cases(cases: tuple[Case, ...]) -> str:
    """Return SHA-256 over all that is asked and expected, whatever the order of the cases."""
    lines = sorted(
        json.dumps([case.query.as_json(), case.expected.as_json()], sort_keys=True)
        for case in cases
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def split_of(case_id: str) -> Split:
    """Return where a case belongs: a fifth of all is held out, by the hash of its id."""
    first = hashlib.sha256(case_id.encode()).digest()[0]
    return Split.HELD_OUT if first % 5 == 0 else Split.MAIN


def _by_id(path: Path, read: Callable[[Mapping[str, Any]], T]) -> dict[str, T]:
    found: dict[str, T] = {}
    for number, line in _lines(path):
        try:
            value = json.loads(line)
            one = read(value)
            ident = str(value["id"])
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise CaseFileBroken(f"{path.name}, line {number}: {_what(error)}.") from error
        if ident in found:
            raise CaseFileBroken(f"{path.name}, line {number}: {ident} was there before.")
        found[ident] = one
    if not found:
        raise CaseFileBroken(f"{path.name} holds no case.")
    return found


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CaseFileBroken(f"{path} cannot be read: {type(error).__name__}.") from error
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield number, line


def _query(line: Mapping[str, Any]) -> Query:
    _demand_keys(line, _QUERY_KEYS)
    start, end = datetime.fromisoformat(line["start"]), datetime.fromisoformat(line["end"])
    if start.tzinfo is None or end.tzinfo is None or start >= end:
        raise ValueError("start and end are no window with a zone")
    return Query(
        id=str(line["id"]),
        category=str(line["category"]),
        split=Split(line["split"]),
        world=World(line["world"]),
        query=str(line["query"]),
        start=start,
        end=end,
        question=line["question"],
        twin_of=line["twin_of"],
    )


def _expectation(line: Mapping[str, Any]) -> Expected:
    _demand_keys(line, _EXPECTED_KEYS)
    refuses = line["expect"] == "refuse"
    if line["expect"] not in {"answer", "refuse"} or refuses != isinstance(line["code"], str):
        raise ValueError("expect is answer without a code, or refuse with one")
    return Expected(
        id=str(line["id"]),
        refuse=line["code"],
        facts=tuple(Fact.from_json(fact) for fact in line["must"]),
        canary=line["canary"],
    )


def _demand_keys(line: Mapping[str, Any], keys: set[str]) -> None:
    if line.keys() != keys:
        wrong = sorted(line.keys() ^ keys)
        raise ValueError(f"has too many or too few keys: {', '.join(wrong)}")


def _what(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"not JSON, at column {error.colno}"
    return str(error).rstrip(".") or type(error).__name__
