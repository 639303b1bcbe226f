"""What calls are made for: each purpose has a budget of its own."""

from enum import StrEnum


class Purpose(StrEnum):
    """Stored in the ledger, so never renamed."""

    SUMMARY = "summary"
    EVALUATION = "evaluation"

    @property
    def label(self) -> str:
        return {Purpose.SUMMARY: "Summaries", Purpose.EVALUATION: "Evaluation runs"}[self]


def label_of(purpose: str) -> str:
    """Return the purpose as people read it, also one that is not used any more."""
    return Purpose(purpose).label if purpose in set(Purpose) else purpose
