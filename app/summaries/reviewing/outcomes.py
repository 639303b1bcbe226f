"""Whether somebody has seen what became of the summary that they asked for."""

from sqlalchemy import update

from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.database import unit_of_work
from app.summaries.models import Summary


def note_outcome_seen(actor: Actor, summary: Summary) -> None:
    """Note that whoever asked has opened a decided summary, so that it is news no longer."""
    if summary.decided_at is None or summary.outcome_seen_at is not None:
        return
    if summary.requested_by != actor.id:
        return
    with unit_of_work() as session:
        session.execute(
            update(Summary)
            .where(Summary.id == summary.id)
            .values(outcome_seen_at=clock.now())
            .execution_options(synchronize_session=False)
        )
