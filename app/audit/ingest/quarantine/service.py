"""What people do about the quarantine: read, replay, discard."""

from dataclasses import dataclass
from uuid import UUID

from app.audit.ingest.quarantine.errors import NotWhole, ReplayEnded
from app.audit.ingest.quarantine.lock import lock_quarantine
from app.audit.ingest.quarantine.models import QuarantinedItem, QuarantineReplay, ReplayStatus
from app.audit.ingest.quarantine.trying import try_again
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.commands import Done, Outcome, Target, command
from app.kernel.database import current_session
from app.kernel.records import get_record, lock_record
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission

NO_ACTION = "without an action"
ANY_ACTION = "all actions"


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of one item: it left the quarantine, or the reasons why it did not."""

    left: bool
    was_known: bool = False
    problems: tuple[str, ...] = ()


@command(requires=Permission.QUARANTINE_READ, audit=AuditTag.QUARANTINE_ITEM_READ)
def read_item(actor: Actor, item_id: UUID) -> Done[QuarantinedItem]:
    """Return a refused item in full, and write into the log that it was read. Raises `NotFound`."""
    del actor  # recorded by the wrapper
    item = get_record(QuarantinedItem, item_id)
    return Done(item, targets=(_target(item),))


@command(requires=Permission.QUARANTINE_UPDATE, audit=AuditTag.QUARANTINE_ITEM_REPLAYED)
def replay_item(actor: Actor, item_id: UUID) -> Done[Replayed]:
    """Try one item again; it becomes an event, or stays with the reasons of today.

    Its event is the sender's: it says which key delivered it. Raises `NotFound`, `NotWhole`.
    """
    del actor  # recorded by the wrapper
    item = _lock(item_id)
    if not item.is_whole:
        raise NotWhole("Only the beginning of this item was kept; its sender has to send it again.")
    target, event_id = _target(item), item.event_id
    tried = try_again(current_session(), [item])
    left = not tried.refused
    problems = tuple(problem["detail"] for problem in item.problems)
    return Done(
        Replayed(left, was_known=bool(tried.duplicates), problems=() if left else problems),
        targets=(target,),
        outcome=Outcome.SUCCESS if left else Outcome.FAILURE,
        metadata={
            "event": str(event_id) if left else None,
            "problems": 0 if left else len(problems),
        },
    )


@command(requires=Permission.QUARANTINE_UPDATE, audit=AuditTag.QUARANTINE_ITEM_DISCARDED)
def discard_item(actor: Actor, item_id: UUID, *, reason: str) -> Done[None]:
    """Throw a refused item away for good; its hash in the log says which one it was.

    Raises `NotFound`.
    """
    del actor  # recorded by the wrapper
    item = _lock(item_id)
    current_session().delete(item)
    return Done(
        None,
        targets=(_target(item),),
        reason=reason or None,
        metadata={"action": item.action, "kind": item.kind, "sha256": item.item_hash},
    )


@command(requires=Permission.QUARANTINE_UPDATE, audit=AuditTag.QUARANTINE_REPLAY_CANCELLED)
def cancel_replay(actor: Actor, replay_id: UUID) -> Done[None]:
    """Call a replay off; what it has stored stays stored. Raises `ReplayEnded`, `NotFound`."""
    del actor  # recorded by the wrapper
    replay = lock_record(QuarantineReplay, replay_id)
    if replay.status != ReplayStatus.RUNNING:
        raise ReplayEnded("This replay has ended already.")
    replay.status = ReplayStatus.CANCELLED.value
    replay.finished_at = clock.now()
    return Done(None, targets=(target_of_replay(replay),))


@command(requires=Permission.QUARANTINE_UPDATE, audit=AuditTag.QUARANTINE_REPLAY_FINISHED)
def finish_replay(actor: Actor, replay_id: UUID, *, stopped: str | None = None) -> Done[None]:
    """Record the end of a replay with its result; `stopped` says why it ended early.

    Raises `ReplayEnded`, `NotFound`.
    """
    del actor  # recorded by the wrapper
    replay = lock_record(QuarantineReplay, replay_id)
    if replay.status != ReplayStatus.RUNNING:
        raise ReplayEnded("This replay has ended already.")
    replay.status = (ReplayStatus.STOPPED if stopped else ReplayStatus.FINISHED).value
    replay.finished_at = clock.now()
    return Done(
        None,
        targets=(target_of_replay(replay),),
        outcome=Outcome.FAILURE if stopped else Outcome.SUCCESS,
        reason=stopped,
        metadata={
            "items": replay.items,
            "stored": replay.stored,
            "duplicates": replay.duplicates,
            "refused": replay.refused,
        },
    )


def _lock(item_id: UUID) -> QuarantinedItem:
    """Return the item, locked: two who replay it at once do so one after the other."""
    lock_quarantine(current_session())
    return lock_record(QuarantinedItem, item_id)


def _target(item: QuarantinedItem) -> Target:
    return Target("quarantine_item", str(item.id), item.action or NO_ACTION)


def target_of_replay(replay: QuarantineReplay) -> Target:
    """Return a replay as the target of an event."""
    return Target("quarantine_replay", str(replay.id), replay.action or ANY_ACTION)
