"""The queue of drafts: who has one in hand, who comes next, and what was asked for anew."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.identity.roles import Role
from app.kernel import clock
from app.kernel.mail import OutboxMessage
from app.summaries.errors import NothingWaiting, ReservedByAnother
from app.summaries.models import Summary
from app.summaries.service.reservations import reserve_next, reserve_summary
from tests.factories.summaries import SummaryClaimFactory, SummaryFactory


def queue(world):
    return f"{world.path}/summaries/queue"


def mails(world):
    with world.session() as session:
        return list(session.query(OutboxMessage).order_by(OutboxMessage.id))


def draft_of(world, minutes_ago, **values):
    at = clock.now() - timedelta(minutes=minutes_ago)
    summary = world.make(SummaryFactory, requested_at=at, **values)
    world.make(SummaryClaimFactory, summary_id=summary.id)
    return summary


def test_queue_shows_what_waits_oldest_first_and_leaves_out_ones_own(alder):
    owner = alder.people[Role.OWNER]
    draft_of(alder, 5, title="Newer")
    draft_of(alder, 50, title="Older")
    draft_of(alder, 20, title="Own", requested_by=str(owner.account_id))

    visitor = alder.as_person("owner")
    waiting = visitor.get(f"{queue(alder)}?q=shelf:waiting")

    assert [row[0] for row in waiting.rows] == ["Older", "Newer"]
    assert len(visitor.get(queue(alder)).rows) == 3


def test_reviewer_takes_the_oldest_in_hand_and_others_see_that(alder):
    older, newer = draft_of(alder, 50), draft_of(alder, 5)
    support = alder.as_person("support")

    page = support.submit(support.get(queue(alder)), "Review the next")

    assert page.heading == older.title
    assert "In your hand until" in page.words
    owner = alder.as_person("owner")
    seen = owner.get(f"{alder.path}/summaries/{older.id}")
    assert "In the hand of Support reviewer of Alder" in seen.words
    assert not seen.has_button("Approve")
    assert [row[0] for row in owner.get(f"{queue(alder)}?q=shelf:waiting").rows] == [newer.title]
    mine = support.get(f"{queue(alder)}?q=shelf:mine")
    assert [row[0] for row in mine.rows] == [older.title]


def test_two_reviewers_who_take_the_next_get_two_drafts(alder):
    first, second = draft_of(alder, 50), draft_of(alder, 5)
    with alder.session():
        assert reserve_next(alder.actor("support")) == first.id
    with alder.session():
        assert reserve_next(alder.actor("owner")) == second.id
    with alder.session(), pytest.raises(NothingWaiting):
        reserve_next(alder.actor("admin"))


def test_draft_in_another_hand_is_taken_over_only_when_that_is_said(alder):
    draft = draft_of(alder, 5)
    with alder.session():
        reserve_summary(alder.actor("support"), draft.id)
    with alder.session(), pytest.raises(ReservedByAnother):
        reserve_summary(alder.actor("owner"), draft.id)

    owner = alder.as_person("owner")
    page = owner.submit(owner.get(f"{alder.path}/summaries/{draft.id}"), "Take over")

    assert "In your hand until" in page.words
    assert alder.log("summary.reserved")[-1].changes["reserved_by"]["before"]


def test_reservation_ends_by_itself(alder):
    draft = draft_of(alder, 5)
    with alder.session() as session:
        reserve_summary(alder.actor("support"), draft.id)
        past = clock.now() - timedelta(seconds=1)
        session.execute(update(Summary).where(Summary.id == draft.id).values(reserved_until=past))
        session.commit()

    page = alder.as_person("owner").get(f"{alder.path}/summaries/{draft.id}")

    assert "In the hand" not in page.words
    assert page.has_button("Approve")


def test_draft_that_is_laid_back_waits_again(alder):
    draft = draft_of(alder, 5)
    support = alder.as_person("support")
    support.submit(support.get(queue(alder)), "Review the next")

    page = support.submit(support.get(f"{alder.path}/summaries/{draft.id}"), "Lay back")

    assert "In your hand" not in page.words
    assert alder.as_person("owner").get(f"{queue(alder)}?q=shelf:waiting").rows


def test_decision_about_a_draft_in_another_hand_is_refused(alder):
    draft = draft_of(alder, 5)
    owner = alder.as_person("owner")
    seen = owner.get(f"{alder.path}/summaries/{draft.id}")
    with alder.session():
        reserve_summary(alder.actor("support"), draft.id)

    refused = owner.submit(seen, "Approve", expect=409)

    assert "has this draft in hand" in refused.words
    assert alder.log("summary.approved") == []


def test_drafts_before_and_after_are_one_step_away(alder):
    first, second, third = (draft_of(alder, minutes) for minutes in (50, 20, 5))

    page = alder.as_person("support").get(f"{alder.path}/summaries/{second.id}")

    assert page.links["Previous draft"].endswith(f"{first.id}#claim-1")
    assert page.links["Next draft"].endswith(f"{third.id}#claim-1")


def test_reviewers_get_one_mail_an_hour_and_the_requester_none(drafted, ask, run_jobs):
    world = drafted.world
    first = {mail.recipient for mail in mails(world)}
    asked, _, _ = ask("outcome:failure")
    run_jobs()

    assert asked.row.status == "in_review"
    reviewers = {world.people[role].email for role in (Role.OWNER, Role.ADMIN, Role.SUPPORT)}
    assert first == reviewers
    assert len(mails(world)) == len(reviewers)
    assert all("Tomas" not in mail.body + mail.subject for mail in mails(world))


def test_requester_gets_a_mail_and_a_number_until_they_have_looked(drafted):
    world = drafted.world
    support = world.as_person("support")
    support.submit(support.get(drafted.path), "Approve")

    mail = mails(world)[-1]
    assert mail.recipient == world.people[Role.ANALYST].email
    assert mail.subject.startswith("Your summary was approved")
    assert drafted.path in mail.body
    analyst = world.as_person("analyst")
    assert "Summaries 1 waiting" in analyst.get(f"{world.path}/summaries").words
    analyst.get(drafted.path)
    assert "Summaries 1 waiting" not in analyst.get(f"{world.path}/summaries").words


def test_withdrawn_summary_says_so_and_shows_readers_no_claim(drafted):
    world = drafted.world
    support = world.as_person("support")
    signed = support.submit(support.get(drafted.path), "Approve")
    sentence = drafted.claims[0].sentence

    form = support.get(signed.links["Withdraw…"])
    withdrawn = support.submit(form, "Withdraw", reason="A count was wrong.")

    assert "Withdrawn by Support reviewer of Alder" in withdrawn.words
    reader = world.as_person("editor").get(drafted.path)
    assert "A count was wrong." in reader.words
    assert sentence not in reader.words
    assert sentence in support.get(drafted.path).words
    assert drafted.row.approved_hash is not None
    assert world.log("summary.withdrawn")[-1].reason == "A count was wrong."


def test_new_version_follows_a_rejection_once_and_shows_what_changed(drafted, run_jobs):
    world = drafted.world
    support = world.as_person("support")
    form = support.get(f"{drafted.path}/rejection")
    support.submit(form, "Reject", reason="missing")

    analyst = world.as_person("analyst")
    rejected = analyst.get(drafted.path)
    asking = analyst.get(rejected.links["Ask for a new version"])
    analyst.submit(asking, "Ask again", question="Who failed?")
    run_jobs()

    with world.session() as session:
        newest = session.query(Summary).filter(Summary.previous_id == drafted.id).one()
    assert (newest.version, newest.status) == (2, "in_review")
    page = analyst.get(f"{world.path}/summaries/{newest.id}")
    assert "Changes since version 1" in page.words
    assert "“Who failed?”" in page.words
    before = analyst.get(drafted.path)
    assert "Ask for a new version" not in before.links
    assert before.links["Version 2"].endswith(str(newest.id))
