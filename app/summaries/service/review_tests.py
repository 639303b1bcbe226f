"""Drafts that test reviewers: planted where a tenant wants that, and never signed."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import select

from app.kernel import clock
from app.kernel.actor import Actor, system_actor
from app.kernel.commands import Change, Done, Target, command
from app.kernel.database import current_session
from app.kernel.ids import uuid7
from app.kernel.problems import FieldProblem, InvalidInput
from app.summaries.claims.falsifying import falsify
from app.summaries.claims.fields import ClaimFields
from app.summaries.claims.sentences import Names, write_sentence
from app.summaries.claims.verdicts import Verdict
from app.summaries.errors import NothingWaiting
from app.summaries.locking import target_of
from app.summaries.models import ReviewSettings, Summary, SummaryClaim
from app.summaries.queries import list_claims
from app.summaries.review_rule import get_review_rule
from app.summaries.service.decisions import (
    checked_note,
    decide,
    demand_as_read,
    take_for_decision,
)
from app.summaries.service.drafts import write_claim
from app.summaries.service.notices import tell_reviewers
from app.summaries.service.review import recheck, wording_of
from app.summaries.states import SIGNED, RejectReason, Status
from app.tenancy.queries import get_tenant
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission

MAX_ONE_IN = 100
# What a test draft has of the summary that it is made from.
_COPIED = (
    *("title", "query", "question", "window_start", "window_end"),
    *("requested_by", "requested_by_name", "events_total", "events_seen", "call_id", "model"),
    *("prompt", "prompt_hash", "provider_label", "is_extractive", "watermark", "sealed"),
)


_YES = {True: "yes", False: "no"}


@command(requires=Permission.SETTING_UPDATE, audit=AuditTag.REVIEW_RULE_UPDATED)
def update_review_rule(actor: Actor, *, plants_tests: bool, one_in: int) -> Done[None]:
    """Say whether test drafts come into the queue, and with about one in how many drafts.

    Raises `InvalidInput`.
    """
    if not 1 <= one_in <= MAX_ONE_IN:
        detail = f"Choose a number from 1 to {MAX_ONE_IN}."
        raise InvalidInput(detail, errors=[FieldProblem("/one_in", detail)])
    before, session = get_review_rule(), current_session()
    row = session.get(ReviewSettings, actor.tenant)
    if row is None:
        row = ReviewSettings(tenant_id=actor.tenant)
        session.add(row)
    row.plants_tests, row.one_in = plants_tests, one_in
    changes = {}
    if before.plants_tests != plants_tests:
        changes["plants_tests"] = Change(_YES[before.plants_tests], _YES[plants_tests])
    if before.one_in != one_in:
        changes["one_in"] = Change(str(before.one_in), str(one_in))
    return Done(None, targets=(_tenant(actor),), changes=changes)


@command(requires=Permission.SUMMARY_CREATE, audit=AuditTag.REVIEW_TEST_PLANTED)
def plant_test(actor: Actor) -> Done[UUID]:
    """Put a draft with one wrong claim into the queue: a copy of a summary that was signed.

    The event names no summary, because reviewers read the log. Raises `NothingWaiting` where no
    signed summary has a claim that can be made wrong.
    """
    model = current_session().scalar(
        select(Summary)
        .where(Summary.status.in_([status.value for status in SIGNED]))
        .order_by(Summary.decided_at.desc(), Summary.id)
        .limit(1)
    )
    live = [] if model is None else [c for c in list_claims(model.id) if c.removed_at is None]
    test_id = uuid7()
    wrong = falsify([ClaimFields.from_json(claim.fields) for claim in live], test_id.int)
    if model is None or wrong is None:
        raise NothingWaiting("No signed summary can be made into a test yet.")
    test = Summary(
        id=test_id,
        status=Status.IN_REVIEW.value,
        is_seeded=True,
        requested_at=clock.now(),
        progress_done=0,
        progress_total=0,
        **{name: getattr(model, name) for name in _COPIED},
    )
    current_session().add(test)
    current_session().flush()
    known = {claim.fields["actor"]: claim.fields["names"]["actor"] for claim in live}
    for place, claim in enumerate(live):
        fields = wrong.fields if place == wrong.place else ClaimFields.from_json(claim.fields)
        names = Names(known.get(fields.actor), claim.fields["names"]["target"])
        _copy_claim(test, claim, fields, names, number=place + 1)
    tell_reviewers(test)
    one_in = get_review_rule().one_in
    return Done(test_id, targets=(_tenant(actor),), metadata={"one_in": one_in})


@command(requires=Permission.SUMMARY_APPROVE, audit=AuditTag.REVIEW_TEST_ENDED)
def end_test(
    actor: Actor,
    summary_id: UUID,
    *,
    seen_hash: str = "",
    rejected: RejectReason | None = None,
    note: str = "",
) -> Done[None]:
    """End a test: caught by a rejection or by mending the wrong claim, missed by approving it.

    Raises like `approve_summary`, or like `reject_summary` with a `rejected` reason.
    """
    test = take_for_decision(actor, summary_id, Status.CAUGHT)
    claims = list_claims(test.id)
    live = [claim for claim in claims if claim.removed_at is None]
    if rejected is None:
        demand_as_read(test, live, seen_hash)
    else:
        test.decision_note = checked_note(rejected, note) or None
        test.decision_reason_code = rejected.value
    is_wrong = any(Verdict(claim.verdict) is not Verdict.SUPPORTED for claim in live)
    status = Status.MISSED if is_wrong and rejected is None else Status.CAUGHT
    decide(actor, test, status, clock.now())
    planted = next((c.number for c in claims if c.before_repair is not None), 0)
    return Done(
        None,
        targets=(target_of(test),),
        changes={"status": Change(Status.IN_REVIEW.words, status.words)},
        metadata={"wrong_claim": planted, "seconds": test.review_s},
    )


def plant_if_due(summary: Summary) -> None:
    """Plant a test with about one in so many drafts, where the tenant wants that.

    Which drafts bring one follows from their ids, so that a job may be repeated.
    """
    rule = get_review_rule()
    if not rule.plants_tests or summary.id.int % rule.one_in:
        return
    try:
        plant_test(system_actor(summary.tenant_id, "worker"))
    except NothingWaiting:
        return


def _copy_claim(
    test: Summary, claim: SummaryClaim, fields: ClaimFields, names: Names, *, number: int
) -> None:
    copy = SummaryClaim(summary_id=test.id, number=number, is_edited=False, original_fields=None)
    checked = recheck(test, fields, claim.event_ids)
    # Neither an id in place of a name nor evidence that looks stale may tell the wrong claim from
    # the others: it shows what the signed ones show.
    shown = replace(
        checked,
        names=names,
        sentence=write_sentence(fields, names, wording_of(test)),
        event_hashes=tuple(claim.event_hashes),
    )
    write_claim(copy, shown)
    if checked.finding.verdict is not Verdict.SUPPORTED:
        copy.before_repair = {
            "sentence": claim.sentence,
            "verdict": Verdict.SUPPORTED.value,
            "detail": "",
        }
    current_session().add(copy)


def _tenant(actor: Actor) -> Target:
    return Target("tenant", str(actor.tenant), get_tenant(actor.tenant).name)
