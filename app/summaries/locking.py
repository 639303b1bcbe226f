"""Taking a summary in hand: each command works on the row alone."""

from uuid import UUID

from app.kernel.actor import Actor
from app.kernel.commands import Target
from app.kernel.database import current_session
from app.kernel.problems import NotFound
from app.summaries.models import Summary, SummaryClaim


def lock_summary(actor: Actor, summary_id: UUID) -> Summary:
    """Return the summary as it is now, locked until the transaction ends. Raises `NotFound`."""
    summary = current_session().get(
        Summary, (actor.tenant, summary_id), with_for_update=True, populate_existing=True
    )
    if summary is None:
        raise NotFound
    return summary


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
