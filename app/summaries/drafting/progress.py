"""How far a draft has come: bookkeeping of the job, shown while somebody waits."""

from sqlalchemy import update

from app.kernel.database import unit_of_work
from app.summaries.models import Summary
from app.summaries.states import PENDING, Status


class StoppedError(Exception):
    """Nobody waits for this draft any more: it was called off, or is done already."""


def report(summary: Summary, words: str, done: int, total: int) -> None:
    """Store what the job does now and commit; raises `StoppedError` when nobody waits for it.

    After this no transaction is open, so that whatever follows may take its time.
    """
    pending = [status.value for status in PENDING]
    statement = (
        update(Summary)
        .where(
            Summary.id == summary.id,
            Summary.call_id == summary.call_id,
            Summary.status.in_(pending),
        )
        .values(
            status=Status.DRAFTING.value,
            progress=words,
            progress_done=done,
            progress_total=total,
        )
        .returning(Summary.id)
        .execution_options(synchronize_session=False)
    )
    with unit_of_work() as session:
        is_pending = session.scalar(statement) is not None
    if not is_pending:
        raise StoppedError
