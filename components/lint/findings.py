"""What a net found: where, which rule, and how to mend it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One breach of a rule; `line` counts from 1, 0 when the place has no line.

    A finding that does not fail is a note: it says what will fail from a later release on.
    """

    file: str
    line: int
    rule: str
    problem: str
    mend: str
    fails: bool = True

    def __str__(self) -> str:
        note = "" if self.fails else "note: "
        return f"{self.file}:{self.line}: {note}{self.rule}: {self.problem}. {self.mend}"
