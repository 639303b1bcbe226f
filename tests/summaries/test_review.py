"""Reviewing: edits are checked again, and only a supported text is signed."""

from datetime import timedelta

import pytest
from sqlalchemy import create_engine, text, update

from app.identity.models import Membership
from app.identity.roles import Role
from app.summaries.models import SummaryClaim
from tests.factories.audit import AuditEventFactory


@pytest.fixture
def support(drafted):
    return drafted.world.as_person("support")


@pytest.fixture
def failed(drafted):
    """The claim about failed sign-ins."""
    return next(c for c in drafted.claims if c.fields["outcome"] == "failure")


def edit(support, drafted, claim, *, expect=200, **typed):
    page = support.get(f"{drafted.path}/claims/{claim.number}")
    form = page.form("Check and save")
    boxes = [str(event_id) for event_id in claim.event_ids]
    return support.post(form.action, {**form.values, "events": boxes, **typed}, expect=expect)


def now(drafted, claim):
    return next(c for c in drafted.claims if c.number == claim.number)


def test_saving_a_claim_as_it_is_changes_nothing_of_what_it_says(support, drafted, failed):
    edit(support, drafted, failed)

    after = now(drafted, failed)
    assert after.fields == failed.fields
    assert (after.sentence, after.verdict) == (failed.sentence, "supported")


def test_an_edit_that_the_log_supports_is_worded_anew(support, drafted, failed):
    page = edit(support, drafted, failed, target="", ip="")

    after = now(drafted, failed)
    assert after.sentence.startswith("Tomas Ek failed session.started 3 times between")
    assert after.verdict == "supported"
    assert after.original_fields["sentence"] == failed.sentence
    assert "supported, re-checked" in page.words
    assert failed.sentence in page.words

    support.submit(page, "Approve")
    reader = drafted.world.as_person("editor").get(drafted.path)
    assert after.sentence in reader.words
    assert failed.sentence not in reader.words


def test_an_edit_that_the_log_contradicts_blocks_the_signature(support, drafted, failed):
    page = edit(support, drafted, failed, count="4")

    assert now(drafted, failed).verdict == "contradicted"
    assert "The slice holds 3 such events, not 4." in page.words
    assert f"Claim {failed.number} is not supported" in page.words


def test_blocked_is_not_only_a_missing_button(support, drafted, failed):
    before = support.get(drafted.path).form("Approve")
    edit(support, drafted, failed, count="4")
    edit(support, drafted, failed, count="3")
    seen = support.get(drafted.path).form("Approve").values["seen"]
    with drafted.changed_in_database() as session:
        session.execute(
            update(SummaryClaim)
            .where(SummaryClaim.summary_id == drafted.id, SummaryClaim.number == failed.number)
            .values(verdict="contradicted")
        )

    page = support.post(before.action, {**before.values, "seen": seen}, expect=409)

    assert "The draft was changed after you opened it" in page.errors
    assert drafted.row.status == "in_review"


def test_an_actor_can_be_given_by_name(support, drafted, failed):
    edit(support, drafted, failed, actor="Ann Example")
    assert now(drafted, failed).fields["actor"] == "u-ann"
    assert now(drafted, failed).verdict == "contradicted"

    edit(support, drafted, failed, actor="Tomas Ek")
    assert now(drafted, failed).verdict == "supported"


def test_an_edit_without_evidence_is_uncited(support, drafted, failed):
    edit(support, drafted, failed, events=[])

    assert now(drafted, failed).verdict == "uncited"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"ip": "somewhere"}, "Write one IP address."),
        ({"count": ""}, "Write a number."),
        ({"first": "yesterday"}, "First:"),
        ({"events": ["00000000-0000-0000-0000-000000000000"]}, "Cited events:"),
    ],
)
def test_what_does_not_fit_a_field_is_said_beside_it(support, drafted, failed, typed, words):
    page = edit(support, drafted, failed, expect=422, **typed)

    assert words in page.words
    assert now(drafted, failed).sentence == failed.sentence


def test_a_removed_claim_is_not_signed_and_stays_in_sight(support, drafted, failed):
    page = support.get(drafted.path)
    form = next(
        node.get("action")
        for node in page.tree.iter("form")
        if node.get("action", "").endswith(f"/claims/{failed.number}/removal")
    )
    page = support.post(form, {"csrf_token": support.token()})
    assert f"Removed by a reviewer Not part of what is signed. {failed.sentence}" in page.words

    signed = support.submit(page, "Approve")

    assert "Approved by" in signed.words
    assert now(drafted, failed).removed_at is not None
    assert failed.sentence in support.get(drafted.path).words
    assert failed.sentence not in drafted.world.as_person("editor").get(drafted.path).words


def test_nothing_is_signed_when_nothing_is_left(support, drafted):
    before = support.get(drafted.path).form("Approve")
    for claim in drafted.claims:
        support.post(
            f"{drafted.path}/claims/{claim.number}/removal", {"csrf_token": support.token()}
        )

    page = support.get(drafted.path)
    assert "Every claim was removed" in page.words
    support.post(before.action, before.values, expect=409)
    assert drafted.row.status == "in_review"


def test_whoever_asked_cannot_sign_however_much_they_may(ask, run_jobs):
    asked, _, owner = ask(role="owner")
    run_jobs()

    page = owner.get(asked.path)
    assert "You asked for this summary, so another person signs it." in page.words
    seen = asked.world.as_person("support").get(asked.path).form("Approve").values["seen"]
    refused = owner.post(
        f"{asked.path}/approval", {"seen": seen, "csrf_token": owner.token()}, expect=409
    )

    assert "another person has to sign it" in refused.errors
    assert asked.row.status == "in_review"


def test_a_draft_that_was_changed_meanwhile_is_not_signed(support, drafted, failed):
    admin = drafted.world.as_person("admin")
    opened = admin.get(drafted.path)
    edit(support, drafted, failed, ip="")

    page = admin.submit(opened, "Approve", expect=409)

    assert "The draft was changed after you opened it" in page.errors
    assert "Approved by" in admin.submit(page, "Approve").words


def test_a_claim_that_time_has_made_wrong_is_not_signed(support, drafted, failed):
    opened = support.get(drafted.path)
    drafted.world.make(
        AuditEventFactory,
        occurred_at=drafted.row.window_end - timedelta(hours=1),
        actor_id="u-tomas",
        actor_name="Tomas Ek",
        action="session.started",
        outcome="failure",
        source_ip="198.51.100.7",
        target_id="s-1",
    )

    page = support.submit(opened, "Approve", expect=409)

    assert f"Claim {failed.number} does not hold any more" in page.errors
    assert "The slice holds 4 such events, not 3." in page.errors


def test_an_event_that_was_tampered_with_is_seen_and_not_signed(support, drafted, failed, settings):
    opened = support.get(drafted.path)
    engine = create_engine(settings.database.for_owner())
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE audit_events SET reason = 'all is well' WHERE id = :id"),
            {"id": failed.event_ids[0]},
        )
    engine.dispose()

    page = support.submit(opened, "Approve", expect=409)

    assert f"An event that claim {failed.number} cites is not the one" in page.errors
    assert "changed since" in page.words


def test_a_rejection_has_a_reason_that_can_be_counted(support, drafted):
    form = support.get(f"{drafted.path}/rejection")

    page = support.submit(form, "Reject", reason="missing", note="The export at noon.")

    assert "Something important is missing. The export at noon." in page.words
    row = drafted.row
    assert (row.status, row.decision_reason_code) == ("rejected", "missing")
    assert drafted.world.log("summary.rejected")[-1].extra == {"reason": "missing"}
    drafted.world.as_person("auditor").get(drafted.path, expect=404)


def test_another_reason_needs_words(support, drafted):
    form = support.get(f"{drafted.path}/rejection")

    page = support.submit(form, "Reject", expect=422, reason="other")

    assert "Say in the note what the reason is." in page.words
    assert drafted.row.status == "in_review"


def test_what_is_signed_cannot_be_edited_rejected_or_signed_again(support, drafted, failed):
    opened = support.get(drafted.path)
    editing = support.get(f"{drafted.path}/claims/{failed.number}")
    rejecting = support.get(f"{drafted.path}/rejection")
    support.submit(opened, "Approve")

    support.submit(editing, "Check and save", expect=409, count="4")
    support.post(f"{drafted.path}/claims/1/removal", {"csrf_token": support.token()}, expect=409)
    support.submit(rejecting, "Reject", expect=409, reason="tone")
    support.submit(opened, "Approve", expect=409)
    assert now(drafted, failed).sentence == failed.sentence


def test_those_who_may_not_sign_may_not_change_either(drafted):
    analyst = drafted.world.as_person("analyst")

    for place in ("approval", "claims/1/removal"):
        analyst.post(f"{drafted.path}/{place}", {"csrf_token": analyst.token()}, expect=403)
    analyst.get(f"{drafted.path}/claims/1", expect=403)
    analyst.get(f"{drafted.path}/rejection", expect=403)


def test_requester_who_may_not_read_the_log_any_more_sees_what_readers_see(drafted):
    support = drafted.world.as_person("support")
    taken_out = drafted.claims[0]
    address = f"{drafted.path}/claims/{taken_out.number}/removal"
    support.post(address, {"csrf_token": support.token()})
    support.submit(support.get(drafted.path), "Approve")
    analyst = drafted.world.as_person("analyst")
    assert taken_out.sentence in analyst.get(drafted.path).words

    with drafted.changed_in_database() as session:
        session.execute(
            update(Membership)
            .where(Membership.id == drafted.world.people[Role.ANALYST].id)
            .values(role="editor")
        )

    assert taken_out.sentence not in analyst.get(drafted.path).words


def test_readers_without_the_log_see_no_query_behind_an_absence(ask, run_jobs):
    asked, _, _ = ask("")
    run_jobs()
    support = asked.world.as_person("support")
    page = support.submit(support.get(asked.path), "Approve")
    assert "0 of the slice" in page.words

    page = asked.world.as_person("editor").get(asked.path)

    assert "Only those who may read the audit log see this query." in page.words
    assert "0 of the slice" not in page.words
