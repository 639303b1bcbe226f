"""The job that drafts a summary: count, digest, ask the model, check every claim, hand over."""

import logging
from collections.abc import Sequence
from uuid import UUID

from app.gateway.errors import FailureCode, ModelCallFailed
from app.gateway.gateway import Completion, complete, get_provider
from app.kernel.actor import Actor
from app.kernel.database import current_session
from app.kernel.jobs import job
from app.kernel.problems import Problem
from app.summaries.checking import CheckedClaim, check_claim
from app.summaries.contract import PROMPT, Answer, Claim, answer_schema
from app.summaries.digest import Digest, make_digest
from app.summaries.errors import WrongState
from app.summaries.models import Summary
from app.summaries.progress import StoppedError, report
from app.summaries.queries import find_pending
from app.summaries.service.drafts import Draft, fail_draft, record_draft
from app.summaries.service.review import wording_of
from app.summaries.slices import slice_of
from app.summaries.verifier import SliceReads

DRAFT_JOB = "summary.draft"
PURPOSE = "summary"
NO_EVIDENCE = "no_evidence"
INTERNAL = "internal"
REQUESTER_GONE = "requester_gone"

# Counting, digesting and asking; after them each claim is a step of its own.
_STEPS = 3

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
    report(summary, f"Reading {summary.events_total:,} events", 0, _STEPS)
    digest = make_digest(slice_of(summary))
    report(summary, f"Asking the model ({get_provider().label})", 1, _STEPS)
    completion = _ask(actor, summary, digest)
    answer = Answer.from_json(completion.data)
    if answer.refusal is not None or not answer.claims:
        raise NothingToSayError
    claims = _checked(summary, digest, answer.claims)
    return Draft(completion, claims, digest.totals.count, digest.events_seen)


def _ask(actor: Actor, summary: Summary, digest: Digest) -> Completion:
    return complete(
        actor,
        purpose=PURPOSE,
        prompt=PROMPT,
        content=digest.content.as_json(),
        schema=answer_schema(digest.content),
        call_id=summary.call_id,
    )


def _checked(summary: Summary, digest: Digest, claims: Sequence[Claim]) -> tuple[CheckedClaim, ...]:
    reads, wording = SliceReads(slice_of(summary)), wording_of(summary)
    checked = []
    for number, claim in enumerate(claims, start=1):
        words = f"Checking claim {number} of {len(claims)}"
        report(summary, words, _STEPS + number - 1, _STEPS + len(claims))
        try:
            fields, event_ids = digest.codebook.read(claim)
        except KeyError:
            raise ModelCallFailed(FailureCode.NONSENSE) from None
        checked.append(check_claim(fields, event_ids, reads, wording))
    return tuple(checked)


def _fail(actor: Actor, summary: Summary, code: str, detail: str) -> None:
    summary_id, call_id = summary.id, summary.call_id
    # What failed may have left a broken transaction behind.
    current_session().rollback()
    try:
        fail_draft(actor, summary_id, code=code, detail=detail, call_id=call_id)
    except WrongState:
        log.info("summary_draft_stopped", extra={"summary": str(summary_id)})
