"""What the database itself refuses, whatever the app's code does."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError

from app.kernel.ids import uuid7
from app.summaries.models import Summary, SummaryClaim

SIGNED = {
    "status": "approved",
    "approved_hash": "a hash",
    "decided_by": "somebody else",
    "decided_at": datetime(2026, 11, 22, tzinfo=UTC),
}


@pytest.fixture
def drafted(drafted):
    """A draft whose claims were checked in the act of signing, as far as the database can tell."""
    with drafted.changed_in_database() as session:
        session.execute(of(drafted, SummaryClaim).values(checked_at=SIGNED["decided_at"]))
    return drafted


def refuse(asked, words, *statements):
    def execute():
        with asked.changed_in_database() as session:
            for statement in statements:
                session.execute(statement)

    with pytest.raises(DBAPIError, match=words):
        execute()


def of(asked, model):
    key = Summary.id if model is Summary else SummaryClaim.summary_id
    return update(model).where(key == asked.id)


@pytest.fixture
def signed(drafted):
    support = drafted.world.as_person("support")
    support.submit(support.get(drafted.path), "Approve")
    return drafted


def test_a_supported_draft_can_be_signed(drafted):
    with drafted.changed_in_database() as session:
        session.execute(of(drafted, Summary).values(**SIGNED))

    assert drafted.row.status == "approved"


def test_whoever_asked_cannot_be_who_signed(drafted):
    mine = {**SIGNED, "decided_by": drafted.row.requested_by}

    refuse(drafted, "approved_by_another", of(drafted, Summary).values(**mine))


@pytest.mark.parametrize("missing", ["approved_hash", "decided_by", "decided_at"])
def test_a_signature_is_whole(drafted, missing):
    refuse(drafted, "approved_is_signed", of(drafted, Summary).values(**SIGNED | {missing: None}))


@pytest.mark.parametrize("verdict", ["contradicted", "out_of_scope", "uncited", "incomplete"])
def test_an_unsupported_claim_blocks_the_signature(drafted, verdict):
    wrong = of(drafted, SummaryClaim).where(SummaryClaim.number == 1).values(verdict=verdict)

    refuse(drafted, "every claim", wrong, of(drafted, Summary).values(**SIGNED))


def test_a_removed_claim_does_not(drafted):
    removed = {"verdict": "contradicted", "removed_at": SIGNED["decided_at"]}
    with drafted.changed_in_database() as session:
        first = of(drafted, SummaryClaim).where(SummaryClaim.number == 1)
        session.execute(first.values(**removed))
        session.execute(of(drafted, Summary).values(**SIGNED))

    assert drafted.row.status == "approved"


def test_nothing_is_signed_without_a_claim(drafted):
    gone = of(drafted, SummaryClaim).values(removed_at=SIGNED["decided_at"])

    refuse(drafted, "every claim", gone, of(drafted, Summary).values(**SIGNED))


def test_a_claim_that_was_not_checked_in_the_act_blocks_the_signature(drafted):
    earlier = SIGNED["decided_at"] - timedelta(seconds=1)
    stale = of(drafted, SummaryClaim).where(SummaryClaim.number == 1).values(checked_at=earlier)

    refuse(drafted, "checked in the act", stale, of(drafted, Summary).values(**SIGNED))


def test_a_claim_that_cites_what_the_slice_does_not_hold_blocks_the_signature(drafted):
    first = of(drafted, SummaryClaim).where(SummaryClaim.number == 1)
    foreign = first.values(event_ids=[uuid7()], event_hashes=["a hash"])

    refuse(drafted, "checked in the act", foreign, of(drafted, Summary).values(**SIGNED))


def test_a_draft_that_tests_reviewers_is_never_signed(drafted):
    seeded = of(drafted, Summary).values(is_seeded=True)

    refuse(drafted, "a test draft stays one", seeded)


def test_a_signed_summary_can_be_withdrawn_and_nothing_else_of_it_changes(signed):
    withdrawal = {
        "status": "withdrawn",
        "withdrawn_by": "u-1",
        "withdrawn_by_name": "Somebody",
        "withdrawn_at": SIGNED["decided_at"],
        "withdrawal_reason": "Wrong after all.",
    }
    changed = of(signed, Summary).values(**withdrawal, title="Another")
    refuse(signed, "cannot be changed", changed)
    refuse(signed, "withdrawn_has_reason", of(signed, Summary).values(status="withdrawn"))
    with signed.changed_in_database() as session:
        session.execute(of(signed, Summary).values(**withdrawal))

    assert signed.row.status == "withdrawn"
    refuse(signed, "cannot be changed", of(signed, Summary).values(withdrawal_reason="Oh"))
    refuse(signed, "cannot be changed", of(signed, SummaryClaim).values(sentence="x"))


def test_only_a_signed_summary_is_withdrawn(drafted):
    refuse(drafted, "only an approved", of(drafted, Summary).values(status="withdrawn"))


def test_only_a_draft_in_review_is_signed(drafted):
    back = of(drafted, Summary).values(status="drafting")

    refuse(drafted, "in review", back, of(drafted, Summary).values(**SIGNED))


def test_a_signed_summary_stays_as_it_is(signed):
    for change in ({"title": "Another"}, {"status": "in_review"}, {"progress": "x"}):
        refuse(signed, "cannot be changed", of(signed, Summary).values(**change))
    refuse(signed, "cannot be changed", delete(Summary).where(Summary.id == signed.id))


def test_the_claims_of_a_signed_summary_stay_as_they_are(signed):
    claims = of(signed, SummaryClaim)
    for change in ({"sentence": "All is well."}, {"removed_at": SIGNED["decided_at"]}):
        refuse(signed, "cannot be changed", claims.values(**change))
    refuse(
        signed,
        "cannot be changed",
        delete(SummaryClaim).where(SummaryClaim.summary_id == signed.id),
    )


def test_no_claim_is_added_to_a_signed_summary(signed):
    with (
        pytest.raises(DBAPIError, match="cannot be changed"),
        signed.changed_in_database() as session,
    ):
        session.add(
            SummaryClaim(
                summary_id=signed.id,
                number=99,
                kind="absence",
                fields={},
                event_ids=[],
                event_hashes=[],
                sentence="All is well.",
                verdict="supported",
                verdict_detail="",
                is_edited=False,
            )
        )


def test_a_claim_cannot_be_moved_to_or_from_a_signed_summary(signed, ask, run_jobs):
    other, _, _ = ask("outcome:failure")
    run_jobs()

    refuse(signed, "cannot be changed", of(signed, SummaryClaim).values(summary_id=other.id))
    added = of(other, SummaryClaim).values(summary_id=signed.id, number=99)
    refuse(other, "cannot be changed", added)


def test_a_claim_of_no_summary_is_refused(drafted):
    refuse(drafted, "cannot be changed", of(drafted, SummaryClaim).values(summary_id=uuid7()))


def test_a_change_of_a_claim_waits_for_a_signature_that_is_under_way(drafted):
    with drafted.world.session() as signing:
        signing.execute(of(drafted, Summary).values(**SIGNED))

        impatient = text("SET LOCAL lock_timeout = '100ms'")
        refuse(drafted, "lock timeout", impatient, of(drafted, SummaryClaim).values(sentence="x"))

        signing.commit()
    refuse(drafted, "cannot be changed", of(drafted, SummaryClaim).values(sentence="x"))
