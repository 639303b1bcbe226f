"""From the question to the draft, through HTTP and a real worker."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.identity.models import Membership
from app.identity.roles import Role
from app.kernel import clock
from app.summaries import slices
from app.summaries.models import Summary
from tests.factories.audit import AuditEventFactory
from tests.summaries.conftest import asking_path

FAILED_SIGN_INS = "Tomas Ek failed session.started on session 3 times from 198.51.100.7"


def test_a_draft_is_asked_for_drafted_and_signed_by_another_person(ask, run_jobs):
    asked, waiting, analyst = ask()
    assert "Waiting for a worker" in waiting.words

    run_jobs()

    draft = analyst.get(asked.path)
    assert "AI draft" in draft.words
    assert FAILED_SIGN_INS in draft.words
    assert "This draft waits for a reviewer" in draft.words
    assert {claim.verdict for claim in asked.claims} == {"supported"}

    support = asked.world.as_person("support")
    signed = support.submit(support.get(asked.path), "Approve")
    assert "Approved by Support reviewer of Alder" in signed.words
    assert not signed.has_button("Approve")

    reader = asked.world.as_person("editor")
    assert FAILED_SIGN_INS in reader.get(asked.path).words


def test_it_says_wherever_it_stands_that_no_language_model_wrote_it(drafted):
    support = drafted.world.as_person("support")
    draft = support.get(drafted.path)
    signed = support.submit(draft, "Approve")

    for page in (draft, signed):
        assert "extractive baseline, no language model" in page.words


def test_coverage_says_how_much_of_the_slice_was_seen(drafted):
    page = drafted.world.as_person("support").get(drafted.path)

    total = drafted.row.events_total
    assert total >= 65
    assert f"events seen {total} of {total}" in page.words
    cited = {event_id for claim in drafted.claims for event_id in claim.event_ids}
    assert f"cited {len(cited)} window" in page.words


def test_claims_and_evidence_link_to_each_other(drafted):
    page = drafted.world.as_person("support").get(drafted.path)

    ids = {node.get("id") for node in page.tree.iter() if node.get("id")}
    hrefs = {node.get("href") for node in page.tree.iter("a")}
    inner = {href[1:] for href in hrefs if href.startswith("#")}
    assert inner <= ids
    assert {"claim-1", "evidence-e1"} <= inner


def test_reading_the_evidence_is_recorded_like_any_other_reading(drafted):
    drafted.world.as_person("support").get(drafted.path)

    last = drafted.world.log("audit_event.read")[-1]
    assert (last.target_type, last.target_id) == ("summary", str(drafted.id))


def test_a_relative_time_is_fixed_when_the_question_is_asked(ask, alder):
    before = clock.now()

    asked, _, _ = ask("created:24h outcome:failure")

    row = asked.row
    assert row.query == "outcome:failure"
    assert before <= row.window_end <= clock.now()
    assert row.window_end - row.window_start == timedelta(hours=24)
    assert row.events_total == 3


def test_events_that_come_later_are_not_in_the_slice(ask, run_jobs, alder):
    asked, _, _ = ask("outcome:failure")
    alder.make(AuditEventFactory, outcome="failure", action="session.started")

    run_jobs()

    assert asked.row.events_total == 3


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("actor:nobody", "nothing to summarise"),
        ("created:>=2199-01-01", "lies in the future"),
        ("colour:blue", "The filter could not be read"),
    ],
)
def test_what_cannot_be_summarised_is_refused_with_words(alder, query, words):
    analyst = alder.as_person("analyst")

    page = analyst.post(
        asking_path(alder, query), {"question": "", "csrf_token": analyst.token()}, expect=422
    )

    assert words in page.words
    assert alder.log("summary.requested") == []


def test_a_slice_beyond_the_limit_is_refused(alder, monkeypatch):
    monkeypatch.setattr(slices, "MAX_EVENTS", 1)
    analyst = alder.as_person("analyst")

    page = analyst.post(
        asking_path(alder, ""), {"question": "", "csrf_token": analyst.token()}, expect=422
    )

    assert "more than 1 events" in page.words


def test_those_who_may_not_ask_are_refused(alder):
    auditor = alder.as_person("auditor")

    page = auditor.post(
        asking_path(alder, ""), {"question": "", "csrf_token": auditor.token()}, expect=403
    )

    assert "summary:create" in page.words


def test_nobody_sees_a_draft_but_who_asked_and_who_may_sign(drafted, birch):
    for role in ("analyst", "support", "owner", "admin"):
        drafted.world.as_person(role).get(drafted.path)
    for role in ("auditor", "editor"):
        reader = drafted.world.as_person(role)
        reader.get(drafted.path, expect=404)
        assert drafted.row.title not in reader.get(f"{drafted.world.path}/summaries").words
    stranger = birch.as_person("owner")
    stranger.get(drafted.path, expect=404)
    stranger.get(drafted.path.replace(drafted.world.path, birch.path), expect=404)


def test_a_reader_without_the_log_sees_the_summary_but_no_events(drafted):
    support = drafted.world.as_person("support")
    support.submit(support.get(drafted.path), "Approve")

    page = drafted.world.as_person("editor").get(drafted.path)

    assert FAILED_SIGN_INS in page.words
    assert "Only those who may read the audit log see this event." in page.words
    assert "Ann Example · document.opened" not in page.words


def test_the_list_can_be_filtered_by_state_and_title(drafted):
    support = drafted.world.as_person("support")
    path = f"{drafted.world.path}/summaries"

    assert len(support.get(f"{path}?q=status:in_review").rows) == 1
    assert support.get(f"{path}?q=status:approved").rows == []
    assert len(support.get(f"{path}?q=session.ended").rows) == 1
    assert support.get(f"{path}?q=title:unheard").rows == []


def test_reviewers_are_told_how_many_drafts_wait_and_requesters_are_not(drafted):
    def waiting(role):
        return drafted.world.as_person(role).get(f"{drafted.world.path}/summaries").words

    assert "Summaries 1 waiting" in waiting("support")
    assert "Summaries 1 waiting" not in waiting("analyst")


def test_progress_is_a_part_while_the_draft_is_written_and_the_page_afterwards(ask, run_jobs):
    asked, _, analyst = ask()
    waiting = analyst.client.get(f"{asked.path}/progress", headers={"HX-Request": "true"})
    assert "Waiting for a worker" in waiting.text
    assert "<html" not in waiting.text

    run_jobs()

    done = analyst.client.get(f"{asked.path}/progress", headers={"HX-Request": "true"})
    assert done.headers["HX-Redirect"].endswith(asked.path)
    assert analyst.get(f"{asked.path}/progress").heading == asked.row.title


def test_a_question_can_be_called_off_before_anything_is_written(ask, run_jobs):
    asked, waiting, analyst = ask()

    page = analyst.submit(waiting, "Cancel")
    run_jobs()

    assert "This summary was called off" in page.words
    assert asked.row.status == "cancelled"
    assert asked.claims == []
    assert asked.world.log("summary.drafted") == []


def test_request_of_somebody_suspended_meanwhile_ends_with_the_reason(ask, run_jobs, alder):
    asked, _, _ = ask()
    with asked.changed_in_database() as session:
        session.execute(
            update(Membership)
            .where(Membership.id == alder.people[Role.ANALYST].id)
            .values(status="suspended")
        )

    run_jobs()

    assert (asked.row.status, asked.row.failure_code) == ("failed", "requester_gone")
    page = alder.as_person("support").get(asked.path)
    assert "no active member any more" in page.words
    assert alder.log("summary.failed")[-1].actor_name == "worker"


def test_each_step_is_one_event_of_the_log(drafted):
    support = drafted.world.as_person("support")
    support.submit(support.get(drafted.path), "Approve")

    actions = [event.action for event in drafted.world.log() if event.target_id == str(drafted.id)]
    steps = [action for action in actions if action.startswith("summary.")]
    assert steps == ["summary.requested", "summary.drafted", "summary.approved"]


def test_another_tenants_events_are_in_no_slice(drafted, birch):
    with birch.session() as session:
        assert session.get(Summary, (drafted.world.tenant.id, drafted.id)) is None
