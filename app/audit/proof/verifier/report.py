"""What a check found, in words for whoever asked."""

from dataclasses import dataclass, field

MOST_FINDINGS = 20


class Unreadable(Exception):
    """The evidence cannot be read, or not be checked with what was given; says what to do."""


@dataclass(slots=True)
class Report:
    """Findings in the order in which they were made: what is right, and what is wrong."""

    lines: list[str] = field(default_factory=list)
    wrong: int = 0
    unchecked: int = 0
    first_fault: str | None = None

    def right(self, words: str) -> None:
        """Add something that was checked and is as it should be."""
        self.lines.append(f"  ok     {words}")

    def remark(self, words: str) -> None:
        """Add something that the reader should know."""
        self.lines.append(f"  note   {words}")

    def fault(self, words: str) -> None:
        """Add something that is not as it should be; of very many only the first are shown."""
        self.wrong += 1
        self.first_fault = self.first_fault or words
        if self.wrong <= MOST_FINDINGS:
            self.lines.append(f"  WRONG  {words}")

    def leave_open(self, words: str) -> None:
        """Add something that was asked for and could not be checked; says what is needed."""
        self.unchecked += 1
        self.lines.append(f"  open   {words}")

    @property
    def exit_code(self) -> int:
        """0 when all is right, 1 when something is wrong, 2 when something could not be checked."""
        return 1 if self.wrong else 2 if self.unchecked else 0

    def __str__(self) -> str:
        lines = list(self.lines)
        if self.wrong > MOST_FINDINGS:
            lines.append(f"  WRONG  … and {self.wrong - MOST_FINDINGS:,} more")
        return "\n".join([*lines, _VERDICTS[self.exit_code]])


_VERDICTS = (
    "RIGHT: this is what was sealed.",
    "WRONG: this is not what was sealed.",
    "OPEN: not everything could be checked.",
)
