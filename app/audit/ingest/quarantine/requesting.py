"""Asking for a replay of many items."""

from uuid import UUID

from sqlalchemy import select

from app.audit.ingest.quarantine.errors import NothingWaits, ReplayRuns
from app.audit.ingest.quarantine.lock import lock_quarantine
from app.audit.ingest.quarantine.models import QuarantinedItem, QuarantineReplay, ReplayStatus
from app.audit.ingest.quarantine.queries import count_waiting, find_running_replay, of_action
from app.audit.ingest.quarantine.replaying import REPLAY_JOB
from app.audit.ingest.quarantine.service import target_of_replay
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.commands import Done, command
from app.kernel.database import current_session
from app.kernel.ids import uuid7
from app.kernel.jobs import defer
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission


@command(requires=Permission.QUARANTINE_UPDATE, audit=AuditTag.QUARANTINE_REPLAY_REQUESTED)
def request_replay(actor: Actor, *, action: str | None = None) -> Done[UUID]:
    """Ask for everything that waits now, of one action or of all, to be tried again.

    A job does it in the background. Raises `NothingWaits`, and `ReplayRuns` while another runs.
    """
    session = current_session()
    lock_quarantine(session)
    if find_running_replay() is not None:
        raise ReplayRuns("A replay is running already; wait for its end, or call it off.")
    items = count_waiting(action)
    if items == 0:
        raise NothingWaits("Nothing of that kind waits in quarantine.")
    newest = select(QuarantinedItem.id).where(*of_action(action))
    replay = QuarantineReplay(
        id=uuid7(),
        action=action,
        status=ReplayStatus.RUNNING.value,
        requested_at=clock.now(),
        requested_by=actor.name,
        up_to_item=session.scalar(newest.order_by(QuarantinedItem.id.desc()).limit(1)),
        items=items,
        stored=0,
        duplicates=0,
        refused=0,
    )
    session.add(replay)
    defer(REPLAY_JOB, actor, replay_id=str(replay.id))
    return Done(
        replay.id,
        targets=(target_of_replay(replay),),
        metadata={"action": action, "items": items},
    )
