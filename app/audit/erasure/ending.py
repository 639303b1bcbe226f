"""The end of an erasure: what is kept outside the events goes, and who it was is forgotten."""

from uuid import UUID

from app.audit.erasure.copies import clear_copies, remove_expired_files
from app.audit.erasure.errors import ErasureEnded
from app.audit.erasure.models import ErasureStatus, PersonErasure
from app.audit.erasure.person import Person
from app.audit.proof.leaves import ERASED, ERASED_PERSON
from app.audit.retention.rules import RETENTION_LOCK
from app.audit.tenant_lock import lock_in_tenant
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.commands import Done, Target, command
from app.kernel.database import current_session
from app.kernel.records import lock_record
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission


@command(requires=Permission.ERASURE_APPROVE, audit=AuditTag.ERASURE_FINISHED)
def finish_erasure(actor: Actor, erasure_id: UUID) -> Done[None]:
    """Let go of what is kept of the person outside the events, and of who it was.

    Called by the worker once it went through the log. Raises `ErasureEnded`, `NotFound`.
    """
    del actor
    erasure = lock_in(erasure_id, {ErasureStatus.RUNNING})
    person = person_of(erasure)
    gone = clear_copies(person)
    erasure.elsewhere = {**erasure.elsewhere, **gone}
    _forget_in(erasure, person)
    end(erasure, ErasureStatus.FINISHED)
    return Done(
        None,
        targets=(target_of(erasure),),
        metadata={
            "erased": erasure.erased,
            "held": erasure.held,
            "broken": erasure.broken,
            "exports_expired": gone["exports"],
            "uploads_deleted": gone["uploads"],
            "refused_items_deleted": gone["refused_items"],
            "saved_views_deleted": gone["saved_views"],
            "mails_deleted": gone["mails"],
        },
        after_commit=(remove_expired_files,),
    )


def person_of(erasure: PersonErasure) -> Person:
    """Return whom an erasure that has not ended is about."""
    return Person(erasure.person_id or "", frozenset(erasure.texts or ()))


def target_of(erasure: PersonErasure) -> Target:
    """Return an erasure as the target of an event; it does not say whom it is about."""
    return Target("person_erasure", str(erasure.id), "Erasure of a person")


def lock_in(erasure_id: UUID, wanted: set[ErasureStatus]) -> PersonErasure:
    """Return an erasure in one of some states, locked for the transaction, and retention with it.

    Raises `ErasureEnded` for one in another state, `NotFound`.
    """
    lock_in_tenant(current_session(), RETENTION_LOCK)
    erasure = lock_record(PersonErasure, erasure_id)
    if ErasureStatus(erasure.status) not in wanted:
        raise ErasureEnded(f"This erasure is {erasure.status}; that cannot be done any more.")
    return erasure


def end(erasure: PersonErasure, status: ErasureStatus) -> None:
    """End an erasure, and forget whom it was for."""
    erasure.status, erasure.finished_at = status.value, clock.now()
    erasure.person_id = erasure.texts = None


def _forget_in(erasure: PersonErasure, person: Person) -> None:
    if person.is_mentioned_in(erasure.reason):
        erasure.reason = ERASED
    if erasure.asked_by == person.id:
        erasure.asked_by, erasure.asked_by_name = ERASED, ERASED_PERSON
    if erasure.decided_by == person.id:
        erasure.decided_by, erasure.decided_by_name = ERASED, ERASED_PERSON
