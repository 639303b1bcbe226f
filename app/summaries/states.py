"""The life of a summary: which state may follow which, in one table."""

from enum import StrEnum

from app.summaries.errors import WrongState


class Status(StrEnum):
    """Where a summary is in its life; stored, shown and filtered by, so never renamed."""

    REQUESTED = "requested"
    DRAFTING = "drafting"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    REJECTED = "rejected"
    FAILED = "failed"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"
    CAUGHT = "caught"
    MISSED = "missed"

    @property
    def words(self) -> str:
        return self.value.replace("_", " ")


# A failed summary may be asked for again: the same slice, a new call to the model. A test draft
# (see `Summary.is_seeded`) ends as caught or missed and never becomes anything else.
TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.REQUESTED: frozenset({Status.DRAFTING, Status.FAILED, Status.CANCELLED}),
    Status.DRAFTING: frozenset({Status.IN_REVIEW, Status.FAILED, Status.CANCELLED}),
    Status.IN_REVIEW: frozenset({Status.APPROVED, Status.REJECTED, Status.CAUGHT, Status.MISSED}),
    Status.FAILED: frozenset({Status.REQUESTED}),
    Status.APPROVED: frozenset({Status.WITHDRAWN}),
    Status.WITHDRAWN: frozenset(),
    Status.CAUGHT: frozenset(),
    Status.MISSED: frozenset(),
    Status.REJECTED: frozenset(),
    Status.CANCELLED: frozenset(),
}

PENDING = frozenset({Status.REQUESTED, Status.DRAFTING})
# What a new version may follow.
RENEWED = frozenset({Status.REJECTED, Status.WITHDRAWN})
# Once signed, for ever as it was.
SIGNED = frozenset({Status.APPROVED, Status.WITHDRAWN})

TONES = {
    Status.REQUESTED: "info",
    Status.DRAFTING: "info",
    Status.IN_REVIEW: "ai",
    Status.APPROVED: "success",
    Status.REJECTED: "neutral",
    Status.FAILED: "danger",
    Status.CANCELLED: "neutral",
    Status.WITHDRAWN: "warning",
    Status.CAUGHT: "success",
    Status.MISSED: "warning",
}


class RejectReason(StrEnum):
    """Why a reviewer sends a draft back; a closed list, so that rejections can be counted."""

    MISSING = "missing"
    WRONG = "wrong"
    UNSUPPORTED = "unsupported"
    INJECTED = "injected"
    TONE = "tone"
    PERSONAL_DATA = "personal_data"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _REASONS[self]


_REASONS = {
    RejectReason.MISSING: "Something important is missing",
    RejectReason.WRONG: "Something is wrong",
    RejectReason.UNSUPPORTED: "The evidence does not carry it",
    RejectReason.INJECTED: "Text in the log has steered it",
    RejectReason.TONE: "The wording does not fit",
    RejectReason.PERSONAL_DATA: "It shows personal data that it should not",
    RejectReason.OTHER: "Something else",
}


def demand_move(now: Status, to: Status) -> None:
    """Raise `WrongState` unless a summary in one state may go on to the other."""
    if to not in TRANSITIONS[now]:
        raise WrongState(
            f"This summary is {now.words}, so it cannot become {to.words}. Reload the page to"
            " see what has happened meanwhile."
        )
