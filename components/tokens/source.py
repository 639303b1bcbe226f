"""A file of tokens as somebody wrote it: its content, and the line of every place in it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from components.lint.findings import Finding
from components.tokens.problems import TokenError

# The names and numbers that lead to a place, as in ("space", "1", "$value", "unit").
Place = tuple[str | int, ...]

MARK: Final = re.compile(r'"(?P<key>(?:[^"\\]|\\.)*)"\s*:|"(?:[^"\\]|\\.)*"|(?P<sign>[{}\[\],])')


@dataclass(frozen=True, slots=True)
class Source:
    """One file of tokens; `name` is what findings call it."""

    name: str
    content: object
    lines: Mapping[Place, int]

    def line_of(self, place: Place) -> int:
        """The line where a place begins, counted from 1; that of what surrounds it, if need be."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def find(self, place: Place, rule: str, problem: str, mend: str) -> Finding:
        """A finding about a place in this file."""
        return Finding(self.name, self.line_of(place), rule, problem, mend)


def read_source(path: Path) -> Source:
    """The file at `path`; raises TokenError when it is missing, no JSON, or names a thing twice."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        mend = "Write it, or take it out of ballast.resolver.json."
        raise TokenError([Finding(path.name, 0, "token-file", "is missing", mend)]) from None
    try:
        content: object = json.loads(text)
    except json.JSONDecodeError as wrong:
        problem = f"is not JSON: {wrong.msg}"
        raise TokenError(
            [Finding(path.name, wrong.lineno, "token-file", problem, "Mend the line.")]
        ) from None
    lines, repeated = _find_lines(text)
    if repeated:
        mend = "Keep one; JSON would silently keep the last."
        raise TokenError(
            [
                Finding(path.name, line, "token-file", f"names {_dotted(place)} twice", mend)
                for place, line in repeated.items()
            ]
        )
    return Source(path.name, content, lines)


def _find_lines(text: str) -> tuple[dict[Place, int], dict[Place, int]]:
    """The line of every key and list item of sound JSON, and of keys that stand there twice."""
    lines: dict[Place, int] = {}
    repeated: dict[Place, int] = {}
    place: list[str | int] = []
    line, position = 1, 0
    for mark in MARK.finditer(text):
        line += text.count("\n", position, mark.start())
        position = mark.start()
        key, sign = mark["key"], mark["sign"]
        if key is not None:
            place[-1] = json.loads(f'"{key}"')
            if tuple(place) in lines:
                repeated[tuple(place)] = line
            lines[tuple(place)] = line
        elif sign == "{":
            place.append("")
        elif sign == "[":
            place.append(0)
            lines[tuple(place)] = line
        elif sign in {"}", "]"}:
            place.pop()
        elif sign == "," and isinstance(index := place[-1], int):
            place[-1] = index + 1
            lines[tuple(place)] = line
    return lines, repeated


def _dotted(place: Place) -> str:
    return ".".join(str(step) for step in place)
