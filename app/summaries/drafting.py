"""The job that drafts a summary: count, digest, ask the model, check every claim, hand over."""

import logging
from uuid import UUID

from app.gateway.errors import ModelCallFailed
from app.kernel.actor import Actor
from app.kernel.database import current_session
from app.kernel.jobs import job
from app.kernel.problems import Problem
from app.summaries.answering import STEPS, Asked, answer
from app.summaries.errors import WrongState
from app.summaries.models import Summary
from app.summaries.progress import StoppedError, report
from app.summaries.queries import find_pending
from app.summaries.service.drafts import Draft, fail_draft, record_draft
from app.summaries.service.review import wording_of
from app.summaries.slices import slice_of

DRAFT_JOB = "summary.draft"
NO_EVIDENCE = "no_evidence"
INTERNAL = "internal"
REQUESTER_GONE = "requester_gone"

log = logging.getLogger(__name__)


class NothingToSayError(Exception):
    """The model found no claim to make."""


def abandon(actor: Actor, summary_id: str) -> None:
    """End the request of somebody who is no active member any more."""
    summary = find_pending(UUID(summary_id))
    if summary is not None:
        _fail(
            actor,
            summary,
            REQUESTER_GONE,
            "The person who asked for this summary is no active member any more. Ask for it"
            " yourself if it is still wanted.",
        )


@job(DRAFT_JOB, when_gone=abandon)
def draft(actor: Actor, summary_id: str) -> None:
    """Draft a summary for the person who asked for it.

    Bears a repetition: the call's id stands on the summary, so that the gateway answers a second
    run from its ledger, and a summary that is not pending any more is left alone.
    """
    summary = find_pending(UUID(summary_id))
    if summary is None:
        return
    try:
        record_draft(actor, summary.id, _drafted(actor, summary), call_id=summary.call_id)
    except (StoppedError, WrongState):
        log.info("summary_draft_stopped", extra={"summary": summary_id})
    except ModelCallFailed as failure:
        _fail(actor, summary, failure.failure_code.value, failure.detail)
    except NothingToSayError:
        _fail(
            actor,
            summary,
            NO_EVIDENCE,
            "The model found nothing in these events that it could prove. Read the events"
            " themselves, or ask about a wider slice.",
        )
    except Problem as problem:
        _fail(actor, summary, problem.code, problem.detail)
    except Exception:
        _fail(
            actor,
            summary,
            INTERNAL,
            "Something broke on our side while the draft was written. Try again; if it happens"
            " again, choose a smaller slice and tell whoever runs this installation.",
        )
        raise


def _drafted(actor: Actor, summary: Summary) -> Draft:
    def tell(words: str, done: int, total: int) -> None:
        report(summary, words, done, total)

    tell(f"Reading {summary.events_total:,} events", 0, STEPS)
    asked = Asked(slice_of(summary), wording_of(summary), summary.call_id)
    answered = answer(actor, asked, tell)
    if answered.refusal is not None or not answered.claims:
        raise NothingToSayError
    digest = answered.digest
    return Draft(answered.completion, answered.claims, digest.totals.count, digest.events_seen)


def _fail(actor: Actor, summary: Summary, code: str, detail: str) -> None:
    summary_id, call_id = summary.id, summary.call_id
    # What failed may have left a broken transaction behind.
    current_session().rollback()
    try:
        fail_draft(actor, summary_id, code=code, detail=detail, call_id=call_id)
    except WrongState:
        log.info("summary_draft_stopped", extra={"summary": str(summary_id)})
