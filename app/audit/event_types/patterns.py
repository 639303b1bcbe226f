"""Patterns that cannot take for ever.

A pattern comes from a tenant and runs in a process that all of them share, and Python's machine
for patterns tries every way to match. So only patterns with few ways are taken: the ways are
counted beforehand. What is understood is the plain part that JSON Schema and Python agree on:
characters, classes, groups with alternatives, and counts on single characters.
"""

import re
import string
from dataclasses import dataclass

MAX_PATTERN = 200
MAX_WAYS = 50_000
MAX_TEXT = 1_000

_ESCAPES = frozenset("dDwWsS")
_QUANTIFIER = re.compile(r"\*|\+|\?|\{(\d{1,4})(?:(,)(\d{1,4})?)?\}")


class PatternRefused(ValueError):
    """The pattern is not one that is taken here; the words say why, and what to do."""


def check_pattern(pattern: str, longest: int) -> None:
    """Raise `PatternRefused` unless a text of `longest` characters is matched quickly."""
    if len(pattern) > MAX_PATTERN:
        raise PatternRefused(f"A pattern may be {MAX_PATTERN} characters long.")
    if not pattern.startswith("^") or not pattern.endswith("$") or pattern.endswith(r"\$"):
        raise PatternRefused("A pattern covers the whole text: begin it with ^, end it with $.")
    reader = _Reader(pattern[1:-1], longest)
    ways = reader.sequence()
    if not reader.is_done:
        raise PatternRefused("Put alternatives into brackets, as in ^(in|out)$.")
    if ways > MAX_WAYS:
        raise PatternRefused(
            "This pattern can match in too many ways. Limit the counts, as in [a-z]{1,40}, or"
            " the maxLength beside it."
        )
    try:
        re.compile(pattern, re.ASCII)
    except re.error as error:
        raise PatternRefused(f"This is no pattern: {error}.") from None


@dataclass(slots=True)
class _Reader:
    """Reads a pattern and counts in how many ways it can match; 1 is without any choice."""

    text: str
    longest: int
    at: int = 0

    @property
    def is_done(self) -> bool:
        return self.at >= len(self.text)

    def sequence(self) -> int:
        ways = 1
        while not self.is_done and self.text[self.at] not in "|)":
            is_group = self.text[self.at] == "("
            inner = self.group() if is_group else self.character()
            ways *= self.counted(inner, is_group=is_group)
        return ways

    def group(self) -> int:
        self.at += 3 if self.text.startswith("(?:", self.at) else 1
        ways = self.sequence()
        while not self.is_done and self.text[self.at] == "|":
            self.at += 1
            ways += self.sequence()
        if self.is_done:
            raise PatternRefused("A bracket is opened and not closed.")
        self.at += 1
        return ways

    def character(self) -> int:
        character = self.text[self.at]
        if character == "[":
            self.character_class()
        elif character == "\\":
            self.escape()
        elif character in "*+?{}]^$":
            raise PatternRefused(f"Write \\{character} for the character {character} itself.")
        else:
            self.at += 1
        return 1

    def escape(self) -> None:
        follows = self.text[self.at + 1 : self.at + 2]
        if (follows not in _ESCAPES and follows not in string.punctuation) or not follows:
            raise PatternRefused(f"\\{follows} is not understood here.")
        self.at += 2

    def character_class(self) -> None:
        self.at += 2 if self.text.startswith("[^", self.at) else 1
        start = self.at
        while not self.is_done and self.text[self.at] != "]":
            two = self.text[self.at : self.at + 2]
            if self.text[self.at] == "[" or two in ("--", "&&", "~~", "||"):
                raise PatternRefused(f"Write {two[0]} within [ ] with a \\ before it.")
            if two[0] == "\\":
                self.escape()
            else:
                self.at += 1
        if self.is_done or self.at == start:
            raise PatternRefused("A class [ ] is empty, or not closed.")
        self.at += 1

    def counted(self, ways: int, *, is_group: bool) -> int:
        """Return the ways of what was read together with the count behind it, if there is one."""
        match = _QUANTIFIER.match(self.text, self.at)
        if match is None:
            return ways
        self.at = match.end()
        if not self.is_done and _QUANTIFIER.match(self.text, self.at):
            raise PatternRefused("Two counts stand behind each other.")
        if match[0] == "?":
            return ways + 1
        is_fixed = match[1] is not None and match[2] is None
        if is_group and not (is_fixed and ways == 1):
            raise PatternRefused("Only a single character or a class may be repeated, no group.")
        if is_fixed:
            return 1
        most = int(match[3]) if match[3] else self.longest
        return max(1, min(most, self.longest) - int(match[1] or 0) + 1)
