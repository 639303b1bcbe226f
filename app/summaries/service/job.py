"""The job that drafts a summary: it asks, and hands over what came of it."""

import logging
from uuid import UUID

from app.gateway.errors import ModelCallFailed
from app.identity.queries.actors import load_actor
from app.kernel.actor import Actor
from app.kernel.database import current_session
from app.kernel.jobs import job
from app.kernel.problems import NotSignedIn, Problem
from app.summaries.drafting.answering import STEPS, Answered, Asked, answer
from app.summaries.drafting.progress import StoppedError, report
from app.summaries.drafting.refusals import RefusalCode
from app.summaries.errors import FilterInvalid, WrongState
from app.summaries.models import Summary
from app.summaries.queries import find_pending
from app.summaries.service.drafts import Failure, fail_draft, record_draft
from app.summaries.service.review import wording_of
from app.summaries.service.review_tests import plant_if_due
from app.summaries.slices import slice_of
from app.vocabulary.permissions import Permission

DRAFT_JOB = "summary.draft"
# Whoever asked had these then, and needs them still when the job comes to it.
NEEDED = (Permission.SUMMARY_CREATE, Permission.AUDIT_EVENT_READ)

log = logging.getLogger(__name__)


def abandon(actor: Actor, summary_id: str) -> None:
    """End the request of somebody who is no active member any more."""
    summary = find_pending(UUID(summary_id))
    if summary is not None:
        _refuse(actor, summary, RefusalCode.REQUESTER_GONE)


@job(DRAFT_JOB, when_gone=abandon)
def draft(actor: Actor, summary_id: str) -> None:
    """Draft a summary for the person who asked for it.

    Bears a repetition: the call's id stands on the summary, so that the gateway answers a second
    run from its ledger, and a summary that is not pending any more is left alone.
    """
    summary = find_pending(UUID(summary_id))
    if summary is None:
        return
    if not all(map(actor.may, NEEDED)):
        # Asked before anything is read: what has left for a model cannot be taken back.
        _refuse(actor, summary, RefusalCode.NOT_ALLOWED)
        return
    try:
        answered = _answered(actor, summary)
        # A model may take its time; whoever asked may have been suspended meanwhile.
        actor = load_actor(UUID(actor.id))
        if answered.refused is None:
            record_draft(actor, summary.id, answered, call_id=summary.call_id)
            plant_if_due(summary)
        else:
            _refuse(actor, summary, answered.refused, answered)
    except (StoppedError, WrongState):
        log.info("summary_draft_stopped", extra={"summary": summary_id})
    except NotSignedIn:
        _refuse(actor, summary, RefusalCode.REQUESTER_GONE)
    except ModelCallFailed as failure:
        _fail(actor, summary, Failure(failure.failure_code.value, failure.detail))
    except FilterInvalid:
        _refuse(actor, summary, RefusalCode.FILTER_INVALID)
    except Problem as problem:
        _fail(actor, summary, Failure(problem.code, problem.detail))
    except Exception:
        _refuse(actor, summary, RefusalCode.INTERNAL)
        raise


def _answered(actor: Actor, summary: Summary) -> Answered:
    def tell(words: str, done: int, total: int) -> None:
        report(summary, words, done, total)

    tell(f"Reading {summary.events_total:,} events", 0, STEPS)
    asked = Asked(slice_of(summary), wording_of(summary), summary.call_id, summary.question)
    return answer(actor, asked, tell)


def _refuse(
    actor: Actor, summary: Summary, code: RefusalCode, answered: Answered | None = None
) -> None:
    _fail(actor, summary, Failure(code.value, code.words, answered))


def _fail(actor: Actor, summary: Summary, failure: Failure) -> None:
    summary_id, call_id = summary.id, summary.call_id
    # What failed may have left a broken transaction behind.
    current_session().rollback()
    try:
        fail_draft(actor, summary_id, failure, call_id=call_id)
    except WrongState:
        log.info("summary_draft_stopped", extra={"summary": str(summary_id)})
