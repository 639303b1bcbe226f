"""Whether a tenant tests its reviews, and what that withholds while one is under way."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.kernel.database import current_session
from app.summaries.claims.verdicts import Verdict
from app.summaries.models import ReviewSettings, Summary, SummaryClaim
from app.summaries.states import Status

# How often a draft brings a test with it, unless a tenant says otherwise.
ONE_IN = 10


@dataclass(frozen=True, slots=True)
class ReviewRule:
    """Off by default. With it about one in so many drafts brings a test draft along."""

    plants_tests: bool = False
    one_in: int = ONE_IN


def get_review_rule() -> ReviewRule:
    """Return the rule of the tenant in scope."""
    row = current_session().scalar(select(ReviewSettings))
    return ReviewRule() if row is None else ReviewRule(row.plants_tests, row.one_in)


def is_blind(summary: Summary, claims: Sequence[SummaryClaim]) -> bool:
    """Say whether the verdicts of these claims are withheld from reviewers.

    Where reviews are tested, of every draft whose claims all look alike: of those that are
    supported, and of those that are tests. What is openly wrong is shown as such. So it stays when
    tests were turned off, until the last one has ended: it would stand out.
    """
    if Status(summary.status) is not Status.IN_REVIEW:
        return False
    if summary.is_seeded:
        return True
    if not get_review_rule().plants_tests and not _has_test_waiting():
        return False
    return all(
        Verdict(claim.verdict) is Verdict.SUPPORTED
        for claim in claims
        if claim.removed_at is None and not claim.is_edited
    )


def _has_test_waiting() -> bool:
    statement = select(Summary.id).where(
        Summary.is_seeded, Summary.status == Status.IN_REVIEW.value
    )
    return current_session().scalar(statement.limit(1)) is not None
