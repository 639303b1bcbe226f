"""What a reviewer does to the claims of a draft."""

from collections.abc import Sequence
from uuid import UUID

from app.audit.queries import list_actor_ids, list_target_ids
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.commands import Change, Done, command
from app.kernel.problems import PermissionMissing
from app.kernel.records import lock_record
from app.summaries.claims.checking import CheckedClaim, check_claim
from app.summaries.claims.fields import ClaimFields
from app.summaries.claims.sentences import Wording
from app.summaries.claims.verdicts import Verdict
from app.summaries.claims.verifier import SliceReads
from app.summaries.errors import WrongState
from app.summaries.locking import get_live_claim, target_of
from app.summaries.models import Summary, SummaryClaim
from app.summaries.queries import list_claims
from app.summaries.reservations import demand_free
from app.summaries.review_rule import is_blind
from app.summaries.service.drafts import write_claim
from app.summaries.slices import slice_of
from app.summaries.states import Status
from app.tenancy.queries import get_tenant
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission

# What the log says of a verdict that its readers, reviewers among them, are not to know yet.
WITHHELD = "withheld"


@command(requires=Permission.SUMMARY_APPROVE, audit=AuditTag.SUMMARY_CLAIM_EDITED)
def edit_claim(
    actor: Actor,
    summary_id: UUID,
    number: int,
    *,
    fields: ClaimFields,
    event_ids: Sequence[UUID],
) -> Done[CheckedClaim]:
    """Replace what a claim says and cites; check it again and write its sentence anew.

    The verdict may become a bad one, which keeps the summary from being signed. Actor and target
    may be given by id, or by a name that only one of them has in the slice. What is saved as it was
    is checked again and is no edit, so that a blind review stays blind. Raises `WrongState`,
    `NotFound`, and `PermissionMissing` for somebody who may not read the log, because a verdict
    tells what is in it.
    """
    if not actor.may(Permission.AUDIT_EVENT_READ):
        raise PermissionMissing(Permission.AUDIT_EVENT_READ)
    summary = _in_hand(actor, summary_id)
    claim = get_live_claim(summary, number)
    fields = _resolved(summary, fields)
    if _says(claim, fields, event_ids):
        return _checked_again(summary, claim)
    before = (claim.sentence, Verdict(claim.verdict))
    if claim.original_fields is None:
        claim.original_fields = {
            **claim.fields,
            "event_ids": [str(event_id) for event_id in claim.event_ids],
            "sentence": claim.sentence,
        }
    checked = recheck(summary, fields, event_ids)
    write_claim(claim, checked)
    claim.is_edited = True
    return Done(
        checked,
        targets=(target_of(summary),),
        changes={
            "sentence": Change(before[0], checked.sentence),
            "verdict": Change(before[1].words, checked.finding.verdict.words),
        },
        metadata={"claim": number},
    )


@command(requires=Permission.SUMMARY_APPROVE, audit=AuditTag.SUMMARY_CLAIM_REMOVED)
def remove_claim(actor: Actor, summary_id: UUID, number: int) -> Done[None]:
    """Take a claim out of a draft. It stays in sight, crossed out of what is signed.

    Raises `WrongState`, `NotFound`.
    """
    summary = _in_hand(actor, summary_id)
    claim = get_live_claim(summary, number)
    verdict = WITHHELD if is_blind(summary, list_claims(summary.id)) else claim.verdict
    claim.removed_at = clock.now()
    return Done(
        None,
        targets=(target_of(summary),),
        changes={"sentence": Change(claim.sentence, None)},
        metadata={"claim": number, "verdict": verdict},
    )


def demand_review(summary: Summary) -> None:
    """Raise `WrongState` unless the summary is a draft in review."""
    status = Status(summary.status)
    if status is not Status.IN_REVIEW:
        raise WrongState(f"This summary is {status.words}; only a draft in review can be changed.")


def recheck(summary: Summary, fields: ClaimFields, event_ids: Sequence[UUID]) -> CheckedClaim:
    """Return a claim checked against the log as it is now."""
    return check_claim(fields, event_ids, SliceReads(slice_of(summary)), wording_of(summary))


def recheck_stored(summary: Summary, claim: SummaryClaim) -> CheckedClaim:
    """Return a stored claim checked against the log as it is now; the row is left as it is."""
    return recheck(summary, ClaimFields.from_json(claim.fields), claim.event_ids)


def wording_of(summary: Summary) -> Wording:
    """Return how sentences of this summary tell times."""
    zone = get_tenant(summary.tenant_id).zone
    return Wording(zone, summary.window_start, summary.window_end)


def _in_hand(actor: Actor, summary_id: UUID) -> Summary:
    summary = lock_record(Summary, summary_id)
    demand_review(summary)
    demand_free(actor, summary)
    return summary


def _says(claim: SummaryClaim, fields: ClaimFields, event_ids: Sequence[UUID]) -> bool:
    """Say whether a claim says and cites just that already."""
    return ClaimFields.from_json(claim.fields) == fields and set(claim.event_ids) == set(event_ids)


def _checked_again(summary: Summary, claim: SummaryClaim) -> Done[CheckedClaim]:
    """Check a claim that was saved as it was; the event, which reviewers read, tells no verdict."""
    checked, sentence = recheck_stored(summary, claim), claim.sentence
    # A test draft stays as it was planted, or it would begin to look like one.
    if not summary.is_seeded:
        write_claim(claim, checked)
    return Done(
        checked,
        targets=(target_of(summary),),
        changes={"sentence": Change(sentence, claim.sentence), "verdict": Change(None, None)},
        metadata={"claim": claim.number},
    )


def _resolved(summary: Summary, fields: ClaimFields) -> ClaimFields:
    """Return the fields with names that are unmistakable replaced by the ids they stand for."""
    slice_ = slice_of(summary)
    actors = list_actor_ids(slice_, fields.actor) if fields.actor is not None else ()
    targets = list_target_ids(slice_, fields.target) if fields.target is not None else ()
    return fields.about(
        actor=actors[0] if len(actors) == 1 else fields.actor,
        target=targets[0] if len(targets) == 1 else fields.target,
    )
