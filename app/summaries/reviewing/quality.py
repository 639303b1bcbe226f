"""How reviews go: decisions, time for each, and how many tests were caught, by reviewer."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from app.kernel import clock
from app.kernel.database import current_session
from app.summaries.models import Summary
from app.summaries.states import Status

PERIOD = timedelta(days=90)
_DECIDED = (Status.APPROVED, Status.REJECTED, Status.WITHDRAWN, Status.CAUGHT, Status.MISSED)


@dataclass(frozen=True, slots=True)
class ReviewerQuality:
    """One reviewer in the period; `median_s` is of the reviews that began with a reservation."""

    name: str
    decisions: int
    median_s: float | None
    caught: int
    missed: int

    @property
    def catch_rate(self) -> float | None:
        """The share of tests that were caught, from 0 to 1; None before the first."""
        tests = self.caught + self.missed
        return self.caught / tests if tests else None


def list_reviewer_quality() -> tuple[ReviewerQuality, ...]:
    """Return every reviewer who decided something in the period, those with most first."""
    decisions = func.count()
    statement = (
        select(
            func.max(Summary.decided_by_name),
            decisions,
            func.percentile_cont(0.5).within_group(Summary.review_s),
            decisions.filter(Summary.status == Status.CAUGHT.value),
            decisions.filter(Summary.status == Status.MISSED.value),
        )
        .where(
            Summary.status.in_([status.value for status in _DECIDED]),
            Summary.decided_at >= clock.now() - PERIOD,
        )
        .group_by(Summary.decided_by)
        .order_by(decisions.desc(), func.max(Summary.decided_by_name))
    )
    return tuple(
        ReviewerQuality(name or "", count, median, caught, missed)
        for name, count, median, caught, missed in current_session().execute(statement)
    )
