"""Asking for the erasure of a person, and deciding on it: two people, neither of whom can alone."""

from collections.abc import Iterable
from uuid import UUID

from app.audit.erasure.ending import end, lock_in, target_of
from app.audit.erasure.errors import ErasureOpen, SamePerson, WholeLogHeld
from app.audit.erasure.models import ErasureStatus, PersonErasure
from app.audit.erasure.person import Person, find_person, is_program
from app.audit.erasure.queries import find_open
from app.audit.erasure.rounds import ERASURE_JOB
from app.audit.proof.stored_events import log_size
from app.audit.retention.holds.scope import list_in_force
from app.audit.retention.rules import RETENTION_LOCK
from app.audit.tenant_lock import lock_in_tenant
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.commands import Done, command
from app.kernel.database import current_session
from app.kernel.ids import uuid7
from app.kernel.jobs import defer
from app.kernel.problems import InvalidInput
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission

_BEFORE_THE_DECISION = {ErasureStatus.COUNTING, ErasureStatus.WAITING}


@command(requires=Permission.ERASURE_CREATE, audit=AuditTag.ERASURE_REQUESTED)
def request_erasure(
    actor: Actor, person_id: str, reason: str, texts: Iterable[str] = ()
) -> Done[PersonErasure]:
    """Ask for a person to be erased; the worker counts first what would go.

    `person_id` is the id that events carry; `texts` are names and addresses beside those that the
    log itself has for it. Raises `ErasureOpen` while another has not ended, and `InvalidInput`
    without a reason, for an id that the log does not know, and for that of a program.
    """
    if not reason.strip():
        raise InvalidInput("Say why the person has to be erased.")
    lock_in_tenant(current_session(), RETENTION_LOCK)
    if find_open() is not None:
        raise ErasureOpen("An erasure has not ended yet. Wait for it, or withdraw it.")
    person = find_person(person_id.strip(), texts)
    if person is None:
        raise InvalidInput("The log has nobody of that id, neither as actor nor as target.")
    if is_program(person.id):
        raise InvalidInput("That is the id of a program, not of a person.")
    erasure = _new_erasure(actor, person, reason.strip())
    current_session().add(erasure)
    defer(ERASURE_JOB, actor, erasure_id=str(erasure.id))
    return Done(erasure, targets=(target_of(erasure),), reason=erasure.reason)


@command(requires=Permission.ERASURE_APPROVE, audit=AuditTag.ERASURE_APPROVED)
def approve_erasure(actor: Actor, erasure_id: UUID) -> Done[None]:
    """Confirm an erasure that somebody else asked for; the worker carries it out.

    What came into the log since it was counted goes as well. Raises `SamePerson`, `ErasureEnded`,
    `WholeLogHeld` while nothing at all may go, `NotFound`.
    """
    erasure = _decided_on(actor, erasure_id, {ErasureStatus.WAITING})
    whole = next((hold for hold in list_in_force() if not hold.query), None)
    if whole is not None:
        raise WholeLogHeld(
            f"{whole.placed_by_name} put the whole log under hold ({whole.reason}). Nothing can be"
            " erased until it is released."
        )
    counted = {"found": erasure.found, "held": erasure.held}
    erasure.status = ErasureStatus.RUNNING.value
    erasure.reached, erasure.until = 0, log_size()
    erasure.held = erasure.broken = 0
    erasure.fields, erasure.held_by = {}, {}
    defer(ERASURE_JOB, actor, erasure_id=str(erasure_id))
    return Done(None, targets=(target_of(erasure),), metadata=counted)


@command(requires=Permission.ERASURE_APPROVE, audit=AuditTag.ERASURE_REFUSED)
def refuse_erasure(actor: Actor, erasure_id: UUID, reason: str) -> Done[None]:
    """Refuse an erasure that somebody else asked for; nothing is erased.

    Raises `SamePerson`, `ErasureEnded`, `InvalidInput` without a reason, `NotFound`.
    """
    if not reason.strip():
        raise InvalidInput("Say why nothing is erased.")
    erasure = _decided_on(actor, erasure_id, _BEFORE_THE_DECISION)
    end(erasure, ErasureStatus.REFUSED)
    return Done(None, targets=(target_of(erasure),), reason=reason.strip())


@command(requires=Permission.ERASURE_CREATE, audit=AuditTag.ERASURE_WITHDRAWN)
def withdraw_erasure(actor: Actor, erasure_id: UUID) -> Done[None]:
    """Give an erasure up before somebody decided. Raises `ErasureEnded`, `NotFound`."""
    del actor
    erasure = lock_in(erasure_id, _BEFORE_THE_DECISION)
    end(erasure, ErasureStatus.WITHDRAWN)
    return Done(None, targets=(target_of(erasure),))


def _new_erasure(actor: Actor, person: Person, reason: str) -> PersonErasure:
    return PersonErasure(
        tenant_id=actor.tenant,
        id=uuid7(),
        person_id=person.id,
        texts=sorted(person.texts),
        reason=reason,
        asked_by=actor.id,
        asked_by_name=actor.name,
        asked_at=clock.now(),
        status=ErasureStatus.COUNTING.value,
        reached=0,
        until=log_size(),
        found=0,
        erased=0,
        held=0,
        broken=0,
        fields={},
        elsewhere={},
        held_by={},
    )


def _decided_on(actor: Actor, erasure_id: UUID, wanted: set[ErasureStatus]) -> PersonErasure:
    erasure = lock_in(erasure_id, wanted)
    if erasure.asked_by == actor.id:
        raise SamePerson("You asked for this erasure. Somebody else has to decide on it.")
    erasure.decided_by, erasure.decided_by_name = actor.id, actor.name
    erasure.decided_at = clock.now()
    return erasure
