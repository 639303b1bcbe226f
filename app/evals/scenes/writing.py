"""Writing the files of cases from the scenes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.evals.case import Case
from app.evals.case_files import EXPECTED, QUERIES
from app.evals.scenes.programme import programme


def write_cases(queries: Path = QUERIES, expected: Path = EXPECTED) -> int:
    """Write both files anew and return how many cases they hold."""
    cases = programme().cases
    write_lines(queries, cases, lambda case: case.query.as_json())
    write_lines(expected, cases, lambda case: case.expected.as_json())
    return len(cases)


def write_lines(
    path: Path, cases: tuple[Case, ...], line: Callable[[Case], dict[str, Any]]
) -> None:
    """Write one line for each case."""
    lines = [json.dumps(line(case), ensure_ascii=False, separators=(",", ":")) for case in cases]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
