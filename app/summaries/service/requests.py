"""Asking for a summary, asking again, and calling it off."""

from uuid import UUID

from app.audit.queries import count_slice
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.commands import Change, Done, command
from app.kernel.database import current_session
from app.kernel.ids import uuid7
from app.kernel.jobs import defer
from app.kernel.problems import PermissionMissing, Refused
from app.kernel.records import lock_record
from app.kernel.times import iso
from app.summaries.drafting.focus import clean_question
from app.summaries.errors import HasSuccessor, WrongState
from app.summaries.locking import target_of
from app.summaries.models import Summary
from app.summaries.queries import count_waiting_drafts, find_next_version
from app.summaries.service.job import DRAFT_JOB
from app.summaries.slices import MAX_EVENTS, open_slice, slice_of, title_of
from app.summaries.states import RENEWED, Status, demand_move
from app.tenancy.queries import get_tenant
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission

# So many drafts of one person wait at a time: the worker has those of all tenants to write.
MOST_WAITING = 20


@command(requires=Permission.SUMMARY_CREATE, audit=AuditTag.SUMMARY_REQUESTED)
def request_summary(
    actor: Actor, *, query_text: str, title: str | None = None, question: str | None = None
) -> Done[UUID]:
    """Ask for a summary of the events that match a query of the audit log; return its id.

    The slice is fixed at once, the draft is written by the job that this queues. A `question`
    says what of the slice is wanted, and never widens it. Raises `InvalidInput` for a filter with
    mistakes or a question that is too long, `EmptySlice`, `SliceTooLarge`, and `PermissionMissing`
    for somebody who may not read the log, since a summary tells what is in it.
    """
    if not actor.may(Permission.AUDIT_EVENT_READ):
        raise PermissionMissing(Permission.AUDIT_EVENT_READ)
    question = clean_question(question)
    now, zone = clock.now(), get_tenant(actor.tenant).zone
    measured = open_slice(query_text, now, zone)
    slice_ = measured.slice
    summary = Summary(
        id=uuid7(),
        title=title or title_of(slice_, zone),
        query=slice_.query.canonical(),
        question=question,
        window_start=slice_.start,
        window_end=slice_.end,
        status=Status.REQUESTED.value,
        requested_by=actor.id,
        requested_by_name=actor.name,
        requested_at=now,
        events_total=measured.count,
    )
    _queue(actor, summary)
    current_session().add(summary)
    return Done(
        summary.id,
        targets=(target_of(summary),),
        metadata={
            "query": summary.query,
            "window_start": iso(slice_.start),
            "window_end": iso(slice_.end),
            "events": measured.count,
        },
    )


@command(requires=Permission.SUMMARY_CREATE, audit=AuditTag.SUMMARY_REQUESTED)
def retry_summary(actor: Actor, summary_id: UUID) -> Done[None]:
    """Ask again for a summary that failed: the same slice, a new call to the model.

    Raises `WrongState`, `NotFound`, and `Refused` for somebody who did not ask for it.
    """
    summary = lock_record(Summary, summary_id)
    demand_move(Status(summary.status), Status.REQUESTED)
    if summary.requested_by != actor.id:
        raise Refused(
            f"{summary.requested_by_name} asked for this summary and can try again. You can ask"
            " for one of your own from the audit log."
        )
    summary.status = Status.REQUESTED.value
    summary.failure_code = summary.failure_detail = None
    _queue(actor, summary)
    return Done(None, targets=(target_of(summary),), metadata={"again": True})


@command(requires=Permission.SUMMARY_CREATE, audit=AuditTag.SUMMARY_REQUESTED)
def request_version(actor: Actor, summary_id: UUID, *, question: str | None = None) -> Done[UUID]:
    """Ask for a new version of a rejected or withdrawn summary: the same slice, drafted anew.

    There is one next version of each. Raises `WrongState`, `HasSuccessor`, `FilterInvalid`,
    `InvalidInput`, `NotFound`, and `PermissionMissing` like `request_summary`.
    """
    if not actor.may(Permission.AUDIT_EVENT_READ):
        raise PermissionMissing(Permission.AUDIT_EVENT_READ)
    question = clean_question(question)
    before = lock_record(Summary, summary_id)
    if Status(before.status) not in RENEWED:
        raise WrongState(
            f"This summary is {Status(before.status).words}; a new version follows one that was"
            " rejected or withdrawn."
        )
    if find_next_version(before) is not None:
        raise HasSuccessor("Somebody has asked for a new version already. Reload the page.")
    slice_ = slice_of(before)
    summary = Summary(
        id=uuid7(),
        title=before.title,
        query=before.query,
        question=question,
        window_start=slice_.start,
        window_end=slice_.end,
        status=Status.REQUESTED.value,
        requested_by=actor.id,
        requested_by_name=actor.name,
        requested_at=clock.now(),
        events_total=count_slice(slice_, cap=MAX_EVENTS),
        version=before.version + 1,
        previous_id=before.id,
    )
    _queue(actor, summary)
    current_session().add(summary)
    return Done(summary.id, targets=(target_of(summary),), metadata={"again": True})


@command(requires=Permission.SUMMARY_CREATE, audit=AuditTag.SUMMARY_CANCELLED)
def cancel_summary(actor: Actor, summary_id: UUID) -> Done[None]:
    """Call a summary off while it is being drafted; the job stops before its next step.

    For whoever asked for it, and for those who may sign. Raises `WrongState`, `NotFound`.
    """
    summary = lock_record(Summary, summary_id)
    if summary.requested_by != actor.id and not actor.may(Permission.SUMMARY_APPROVE):
        raise PermissionMissing(Permission.SUMMARY_APPROVE)
    before = Status(summary.status)
    demand_move(before, Status.CANCELLED)
    summary.status = Status.CANCELLED.value
    return Done(
        None,
        targets=(target_of(summary),),
        changes={"status": Change(before.words, Status.CANCELLED.words)},
    )


def _queue(actor: Actor, summary: Summary) -> None:
    _demand_room(actor, summary)
    # A new call each time: the gateway answers a repeated id with what it knows already.
    summary.call_id = uuid7()
    summary.progress, summary.progress_done, summary.progress_total = "Waiting for a worker", 0, 0
    defer(DRAFT_JOB, actor, summary_id=str(summary.id))


def _demand_room(actor: Actor, summary: Summary) -> None:
    """Raise `Refused` while as many summaries of this person wait as may."""
    if count_waiting_drafts(actor, besides=summary.id) >= MOST_WAITING:
        raise Refused(
            f"{MOST_WAITING} of your summaries wait for their drafts already. Ask again when some"
            " are there, or call some off."
        )
