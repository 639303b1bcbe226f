"""What a net found: where, which rule, and how to mend it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One breach of a rule; `line` counts from 1, 0 when the place has no line."""

    file: str
    line: int
    rule: str
    problem: str
    mend: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.rule}: {self.problem}. {self.mend}"
