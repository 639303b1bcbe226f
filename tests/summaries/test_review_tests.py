"""Drafts that test reviewers: never told apart before the decision, never signed after it."""

from dataclasses import replace

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from app.kernel.database import unit_of_work
from app.summaries.claims.falsifying import Falsified, falsify
from app.summaries.claims.fields import ClaimFields
from app.summaries.claims.verdicts import Verdict
from app.summaries.claims.verifier import verify
from app.summaries.errors import NotApprovable
from app.summaries.models import Summary
from app.summaries.queries import list_claims
from app.summaries.service import review_tests
from app.summaries.service.decisions import approve_summary
from app.summaries.service.review_tests import plant_test, update_review_rule
from app.summaries.signing import hash_of
from tests.summaries.conftest import Asked
from tests.summaries.logs import random_log, true_claims


@pytest.fixture
def tested(drafted):
    """A test draft, made from a summary that was signed."""
    support = drafted.world.as_person("support")
    support.submit(support.get(drafted.path), "Approve")
    world = drafted.world
    with world.session():
        update_review_rule(world.actor("owner"), plants_tests=True, one_in=1)
        return Asked(world, plant_test(world.system()))


def wrong_claim(tested):
    return next(claim for claim in tested.claims if claim.verdict != "supported")


@pytest.mark.parametrize("seed", range(40))
def test_what_is_made_wrong_is_wrong_by_the_verifier(seed):
    log = random_log(seed=7)
    claims = list(true_claims(log, seed=seed, number=6))

    wrong = falsify([fields for fields, _ in claims], seed)

    assert wrong is not None
    finding = verify(wrong.fields, claims[wrong.place][1], log)
    assert finding.verdict is not Verdict.SUPPORTED


def test_test_draft_looks_like_any_other_and_shows_no_verdict(tested, ask, run_jobs):
    asked, _, _ = ask("outcome:failure")
    with asked.world.session() as session, unit_of_work():
        session.execute(
            update(Summary)
            .where(Summary.id == tested.id)
            .values(requested_at=asked.row.requested_at)
        )
    run_jobs()
    owner = asked.world.as_person("owner")

    test, real = owner.get(tested.path), owner.get(asked.path)

    for page in (test, real):
        assert "Verdicts are withheld until you decide" in page.words
        assert "contradicted" not in page.words
        assert "True would be" not in page.words
        assert page.has_button("Approve")


def test_approving_a_test_is_a_miss_and_never_a_signature(tested):
    owner = tested.world.as_person("owner")

    page = owner.submit(owner.get(tested.path), "Approve")

    assert tested.row.status == "missed"
    assert tested.row.approved_hash is None
    assert "A test draft, missed by Owner of Alder" in page.words
    assert "True would be" in page.words
    event = tested.world.log("review_test.ended")[-1]
    assert event.extra["wrong_claim"] == wrong_claim(tested).number
    assert [one.target_id for one in tested.world.log("summary.approved")] != [str(tested.id)]


def test_rejecting_a_test_catches_it(tested):
    owner = tested.world.as_person("owner")

    owner.submit(owner.get(f"{tested.path}/rejection"), "Reject", reason="wrong")

    assert tested.row.status == "caught"
    quality = owner.get(f"{tested.world.path}/settings/reviews")
    assert "Owner of Alder 1 not known 1 100%" in quality.words


def test_taking_the_wrong_claim_out_catches_it_too(tested):
    owner = tested.world.as_person("owner")
    number = wrong_claim(tested).number
    owner.post(f"{tested.path}/claims/{number}/removal", {"csrf_token": owner.token()})

    owner.submit(owner.get(tested.path), "Approve")

    assert tested.row.status == "caught"


def test_test_is_signed_by_no_other_way(tested):
    world = tested.world
    with world.session():
        owner = world.actor("owner")
        claims = list_claims(tested.id)
        seen = hash_of(tested.row, claims)
        with pytest.raises(NotApprovable):
            approve_summary(owner, tested.id, seen_hash=seen)
    approved = update(Summary).where(Summary.id == tested.id).values(status="approved")
    with pytest.raises(DBAPIError), tested.changed_in_database() as session:
        session.execute(approved)


def test_whoever_is_said_to_have_asked_for_a_test_does_not_see_it(tested):
    analyst = tested.world.as_person("analyst")

    analyst.get(tested.path, expect=404)
    tested.world.as_person("editor").get(tested.path, expect=404)


def test_event_of_planting_names_no_summary(tested):
    event = tested.world.log("review_test.planted")[-1]

    assert event.target_type == "tenant"
    assert str(tested.id) not in str(event.targets)


def test_tests_are_off_by_default_and_come_with_drafts_once_they_are_on(drafted, ask, run_jobs):
    world = drafted.world
    support = world.as_person("support")
    support.submit(support.get(drafted.path), "Approve")
    ask("outcome:failure")
    run_jobs()
    assert _tests_of(world) == 0

    admin = world.as_person("admin")
    form = admin.get(f"{world.path}/settings/reviews/edit")
    admin.submit(form, "Save", plants_tests="y", one_in="1")
    ask("outcome:denied")
    run_jobs()

    assert _tests_of(world) == 1
    assert "Test drafts on" in admin.get(f"{world.path}/settings/reviews").words


def _tests_of(world):
    with world.session() as session:
        return len(list(session.scalars(select(Summary).where(Summary.is_seeded))))


def test_claims_of_a_test_are_true_but_for_one(tested):
    verdicts = [claim.verdict for claim in tested.claims]

    assert len(verdicts) - verdicts.count("supported") == 1
    assert ClaimFields.from_json(wrong_claim(tested).fields).kind == "activity"


@pytest.mark.parametrize("way", ["another actor", "one more"])
def test_wrong_claim_of_a_test_looks_like_the_others(drafted, monkeypatch, way):
    """Neither an id in place of a name nor evidence that looks stale gives it away."""

    def made_wrong(claims, _seed):
        place = next(place for place, one in enumerate(claims) if one.actor == "u-ann")
        one = claims[place]
        if way == "another actor":
            return Falsified(place, replace(one, actor="u-tomas"))
        return Falsified(place, replace(one, count=one.count + 1, is_complete=False))

    monkeypatch.setattr(review_tests, "falsify", made_wrong)
    support = drafted.world.as_person("support")
    support.submit(support.get(drafted.path), "Approve")
    with drafted.world.session():
        update_review_rule(drafted.world.actor("owner"), plants_tests=True, one_in=1)
        test = Asked(drafted.world, plant_test(drafted.world.system()))

    owner = drafted.world.as_person("owner")
    page = owner.get(test.path)

    assert wrong_claim(test).before_repair is not None
    assert "u-tomas" not in page.words
    assert "u-ann" not in page.words
    fresh, signed = evidence_of(page), evidence_of(owner.get(drafted.path))
    assert fresh == signed


def evidence_of(page):
    """How the rows of the evidence look, apart from what stands in them."""
    rows = [row for row in page.tree.iter() if (row.get("id") or "").startswith("evidence-")]
    return [[part.get("class") for part in row.iter()] for row in rows]


def test_saving_a_claim_as_it_is_tells_nothing_of_its_verdict(tested):
    owner = tested.world.as_person("owner")
    claim = wrong_claim(tested)

    page = saved_as_it_is(owner, tested, claim)

    assert "contradicted" not in page.words
    assert "Verdicts are withheld until you decide" in page.words
    assert vars_of(wrong_claim(tested)) == vars_of(claim)
    event = tested.world.log("summary.claim_edited")[-1]
    assert "contradicted" not in str((event.changes, event.extra))


def test_saving_a_claim_of_any_draft_as_it_is_tells_the_same(tested, ask, run_jobs):
    asked, _, _ = ask("outcome:failure")
    run_jobs()
    owner = asked.world.as_person("owner")

    page = saved_as_it_is(owner, asked, asked.claims[0])

    assert "the log supports it" not in page.words
    assert not asked.claims[0].is_edited


def test_log_does_not_tell_the_verdict_of_a_claim_that_is_taken_out_blindly(tested):
    owner = tested.world.as_person("owner")
    number = wrong_claim(tested).number
    owner.post(f"{tested.path}/claims/{number}/removal", {"csrf_token": owner.token()})

    assert tested.world.log("summary.claim_removed")[-1].extra["verdict"] == "withheld"


def test_tests_that_still_wait_do_not_stand_out_once_there_are_no_more(tested, ask, run_jobs):
    with tested.world.session():
        update_review_rule(tested.world.actor("owner"), plants_tests=False, one_in=1)
    asked, _, _ = ask("outcome:failure")
    run_jobs()
    owner = tested.world.as_person("owner")

    assert "Verdicts are withheld" in owner.get(asked.path).words
    owner.submit(owner.get(f"{tested.path}/rejection"), "Reject", reason="wrong")
    assert "Verdicts are withheld" not in owner.get(asked.path).words


def saved_as_it_is(visitor, asked, claim):
    form = visitor.get(f"{asked.path}/claims/{claim.number}").form("Check and save")
    cited = [str(event_id) for event_id in claim.event_ids]
    return visitor.post(form.action, {**form.values, "events": cited})


def vars_of(claim):
    columns = claim.__table__.columns.keys()
    return {name: getattr(claim, name) for name in columns if name != "checked_at"}
