"""The job that tries many items again, a hundred a transaction, and can begin where it ended."""

import logging
from uuid import UUID

from sqlalchemy import Select, select

from app.audit.ingest.quarantine.errors import ReplayEnded
from app.audit.ingest.quarantine.lock import lock_quarantine
from app.audit.ingest.quarantine.models import QuarantinedItem, QuarantineReplay, ReplayStatus
from app.audit.ingest.quarantine.queries import of_action
from app.audit.ingest.quarantine.service import finish_replay
from app.audit.ingest.quarantine.trying import try_again
from app.kernel.actor import Actor
from app.kernel.database import current_session, unit_of_work
from app.kernel.jobs import job
from app.kernel.problems import NotFound
from app.kernel.records import lock_record

REPLAY_JOB = "quarantine.replay"
ITEMS_A_TIME = 100
GONE = "The person who asked for it is no active member any more."

log = logging.getLogger(__name__)


def abandon(actor: Actor, replay_id: str) -> None:
    """End the replay of somebody who is no active member any more."""
    _finish(actor, UUID(replay_id), stopped=GONE)


@job(REPLAY_JOB, when_gone=abandon)
def replay(actor: Actor, replay_id: str) -> None:
    """Try the items of a replay again, oldest first, until none is left or it is called off.

    Bears a repetition: how far it is stands in the same transaction as what it did.
    """
    while _replay_some(UUID(replay_id)):
        pass
    _finish(actor, UUID(replay_id))


def _replay_some(replay_id: UUID) -> bool:
    """Replay the next items; say whether there may be more."""
    with unit_of_work() as session:
        lock_quarantine(session)
        try:
            run = lock_record(QuarantineReplay, replay_id)
        except NotFound:
            return False
        if run.status != ReplayStatus.RUNNING:
            return False
        items = list(session.scalars(_next_items(run)))
        if not items:
            return False
        run.last_item = items[-1].id
        tried = try_again(session, items)
        run.stored += len(tried.stored)
        run.duplicates += len(tried.duplicates)
        run.refused += len(tried.refused)
    # What was worked on is not needed any more; a large quarantine must not pile up in memory.
    current_session().expunge_all()
    return True


def _next_items(run: QuarantineReplay) -> Select[QuarantinedItem]:
    statement = select(QuarantinedItem).where(
        QuarantinedItem.id <= run.up_to_item, *of_action(run.action)
    )
    if run.last_item is not None:
        statement = statement.where(QuarantinedItem.id > run.last_item)
    return statement.order_by(QuarantinedItem.id).limit(ITEMS_A_TIME).with_for_update()


def _finish(actor: Actor, replay_id: UUID, *, stopped: str | None = None) -> None:
    try:
        finish_replay(actor, replay_id, stopped=stopped)
    except (ReplayEnded, NotFound):
        log.info("quarantine_replay_ended", extra={"replay": str(replay_id)})
