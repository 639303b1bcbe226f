"""Signing a draft, or sending it back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from app.audit.heads import lock_head
from app.audit.proof.stored_events import log_size
from app.audit.queries import has_grown
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.commands import Change, Done, command
from app.kernel.database import current_session
from app.kernel.problems import FieldProblem, InvalidInput, PermissionMissing
from app.kernel.records import lock_record
from app.summaries.claims.verdicts import Verdict
from app.summaries.errors import DraftChanged, NotApprovable, OwnRequest, WrongState
from app.summaries.locking import target_of
from app.summaries.models import Summary, SummaryClaim
from app.summaries.queries import list_claims
from app.summaries.reservations import demand_free, seconds_in_hand
from app.summaries.service.notices import tell_requester
from app.summaries.service.review import recheck_stored
from app.summaries.signing import hash_of
from app.summaries.slices import slice_of
from app.summaries.states import RejectReason, Status, demand_move
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission

MAX_NOTE = 1_000


@command(requires=Permission.SUMMARY_APPROVE, audit=AuditTag.SUMMARY_APPROVED)
def approve_summary(actor: Actor, summary_id: UUID, *, seen_hash: str) -> Done[None]:
    """Sign a draft, exactly as the reviewer has read it; from then on it cannot be changed.

    `seen_hash` is `signing.hash_of` what was shown. Every claim is checked against the log once
    more, and the cited rows must be the ones that were checked before. Raises `OwnRequest`,
    `DraftChanged`, `NotApprovable`, `ReservedByAnother`, `FilterInvalid`, `WrongState`, `NotFound`,
    and `PermissionMissing` for somebody who may not read the log: nobody signs what they could not
    read. A draft that tests reviewers is never signed (see `quality.end_test`).
    """
    summary = take_for_decision(actor, summary_id, Status.APPROVED)
    if summary.is_seeded:
        raise NotApprovable("This draft was a test and cannot be signed.")
    claims = [claim for claim in list_claims(summary.id) if claim.removed_at is None]
    demand_as_read(summary, claims, seen_hash)
    _demand_supported(claims)
    _demand_still_true(summary, claims)
    now = clock.now()
    for claim in claims:
        claim.checked_at = now
    # The database lets nothing be signed whose claims were not checked in the act.
    current_session().flush()
    decide(actor, summary, Status.APPROVED, now)
    summary.approved_hash = seen_hash
    tell_requester(actor, summary)
    return Done(
        None,
        targets=(target_of(summary),),
        changes={"status": Change(Status.IN_REVIEW.words, Status.APPROVED.words)},
        metadata={"hash": seen_hash, "claims": len(claims)},
    )


@command(requires=Permission.SUMMARY_APPROVE, audit=AuditTag.SUMMARY_REJECTED)
def reject_summary(
    actor: Actor, summary_id: UUID, *, reason: RejectReason, note: str = ""
) -> Done[None]:
    """Send a draft back for good, with a reason that can be counted.

    The reason "something else" needs a note. Raises `InvalidInput`, `ReservedByAnother`,
    `WrongState`, `NotFound`.
    """
    note = checked_note(reason, note)
    summary = lock_record(Summary, summary_id)
    demand_undecided(summary)
    demand_move(Status(summary.status), Status.REJECTED)
    demand_free(actor, summary)
    if summary.is_seeded:
        raise WrongState("This draft was a test. Reload the page to see how it ended.")
    decide(actor, summary, Status.REJECTED, clock.now())
    summary.decision_reason_code = reason.value
    summary.decision_note = note or None
    tell_requester(actor, summary)
    return Done(
        None,
        targets=(target_of(summary),),
        changes={"status": Change(Status.IN_REVIEW.words, Status.REJECTED.words)},
        reason=note or reason.label,
        metadata={"reason": reason.value},
    )


def checked_note(reason: RejectReason, note: str) -> str:
    """Return the note as it is kept; raises `InvalidInput` where one is needed and missing."""
    note = note.strip()[:MAX_NOTE]
    if reason is RejectReason.OTHER and not note:
        raise InvalidInput(
            "Say in the note what the reason is.",
            errors=[FieldProblem("/note", "A note is needed when the reason is something else.")],
        )
    return note


def take_for_decision(actor: Actor, summary_id: UUID, to: Status) -> Summary:
    """Return a draft, locked, that this reviewer may sign now; raises like `approve_summary`."""
    if not actor.may(Permission.AUDIT_EVENT_READ):
        raise PermissionMissing(Permission.AUDIT_EVENT_READ)
    summary = lock_record(Summary, summary_id)
    demand_undecided(summary)
    demand_move(Status(summary.status), to)
    if summary.requested_by == actor.id:
        raise OwnRequest("You asked for this summary, so another person has to sign it.")
    demand_free(actor, summary)
    return summary


def demand_undecided(summary: Summary) -> None:
    """Raise `WrongState` for a draft that somebody decided meanwhile, saying who and what."""
    if summary.decided_at is not None:
        status = Status(summary.status).words
        raise WrongState(
            f"{summary.decided_by_name} has decided already: this summary is {status}. Nothing"
            " of what you did was taken."
        )


def demand_as_read(summary: Summary, claims: Sequence[SummaryClaim], seen_hash: str) -> None:
    """Raise `DraftChanged` unless the draft is the one that the reviewer has read."""
    if hash_of(summary, claims) != seen_hash:
        raise DraftChanged("The draft was changed after you opened it. Read it again, then sign.")


def decide(actor: Actor, summary: Summary, status: Status, now: datetime) -> None:
    """Write down who decided what, and how long they had the draft in hand."""
    summary.status = status.value
    summary.decided_by, summary.decided_by_name = actor.id, actor.name
    summary.decided_at = now
    summary.review_s = seconds_in_hand(actor, summary, now)


def _demand_supported(claims: Sequence[SummaryClaim]) -> None:
    if not claims:
        raise NotApprovable("Every claim was removed, so there is nothing to sign. Reject it.")
    wrong = [str(c.number) for c in claims if Verdict(c.verdict) is not Verdict.SUPPORTED]
    if wrong:
        raise NotApprovable(
            f"Not supported by the log: claim {', '.join(wrong)}. Edit or remove what is not"
            " supported; the rest can be signed then."
        )


def _demand_still_true(summary: Summary, claims: Sequence[SummaryClaim]) -> None:
    """Check every claim against the log as it is when the approval enters it.

    So that what is signed holds of exactly the events before the approval, which is what an
    evidence pack shows, the log stands still from here on. Who writes into it waits only for
    what came meanwhile to be checked, and not for the claims to be read.
    """
    before = log_size()
    for claim in claims:
        _demand_true(summary, claim)
    lock_head(current_session(), summary.tenant_id)
    if has_grown(slice_of(summary), since=before):
        for claim in claims:
            _demand_true(summary, claim)


def _demand_true(summary: Summary, claim: SummaryClaim) -> None:
    now = recheck_stored(summary, claim)
    if now.finding.verdict is not Verdict.SUPPORTED:
        raise NotApprovable(
            f"Claim {claim.number} does not hold any more: the log has got other events since the"
            f" draft. {now.finding.detail} Edit the claim, which checks it again, or remove it."
        )
    if list(now.event_hashes) != claim.event_hashes:
        raise NotApprovable(
            f"An event that claim {claim.number} cites is not the one that was checked. Do not"
            " sign; tell whoever looks after the audit log, because events must not change."
        )
