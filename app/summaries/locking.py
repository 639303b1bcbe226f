"""Taking a summary in hand: each command works on the row alone."""

from app.kernel.commands import Target
from app.kernel.database import current_session
from app.kernel.problems import NotFound
from app.summaries.models import Summary, SummaryClaim


def get_live_claim(summary: Summary, number: int) -> SummaryClaim:
    """Return a claim of a locked summary that was not removed. Raises `NotFound`."""
    claim = current_session().get(
        SummaryClaim, (summary.tenant_id, summary.id, number), populate_existing=True
    )
    if claim is None or claim.removed_at is not None:
        raise NotFound("This claim is not part of the summary any more. Reload the summary.")
    return claim


def target_of(summary: Summary) -> Target:
    """Return the summary as the audit log names it."""
    return Target("summary", str(summary.id), summary.title)
