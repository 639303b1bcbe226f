"""A review becomes a case of the tenant in one step, and of nobody else."""

import pytest
from sqlalchemy import select

from app.evals.case import World
from app.evals.case_sets import cases_of_tenant, shipped_cases
from app.evals.models import EvalCase
from app.evals.running import Setup, run_case
from app.kernel.ids import uuid7
from tests.factories.summaries import SummaryFactory


@pytest.fixture
def rejected(drafted):
    """A draft that a reviewer sent back because something was missing."""
    support = drafted.world.as_person("support")
    page = support.get(f"{drafted.path}/rejection")
    support.submit(page, "Reject", reason="missing", note="Say who let her in.")
    return drafted, support


def own(world):
    with world.session() as session:
        return session.scalars(select(EvalCase)).all()


def test_a_rejection_becomes_a_case_that_the_next_run_asks(rejected):
    drafted, support = rejected
    page = support.submit(support.get(drafted.path), "Make a case")
    assert "The next run asks this as well" in page.words

    world = drafted.world
    with world.session():
        cases = cases_of_tenant()
        case = cases[-1]
        setup = Setup(world.system(), uuid7(), "audit-summary@v2", None, {})
        outcome = run_case(setup, case)

    assert len(cases) == len(shipped_cases()) + 1
    assert case.query.world is World.OWN
    assert case.query.question == drafted.row.question
    supported = [claim for claim in drafted.claims if claim.verdict == "supported"]
    assert len(case.expected.facts) == len(supported) > 0
    assert outcome.covered == tuple(range(len(case.expected.facts)))


def test_an_edit_before_the_signature_is_what_the_case_expects(drafted):
    support = drafted.world.as_person("support")
    claim = next(one for one in drafted.claims if one.fields["outcome"] == "failure")
    form = support.get(f"{drafted.path}/claims/{claim.number}").form("Check and save")
    boxes = [str(event_id) for event_id in claim.event_ids]
    page = support.post(form.action, {**form.values, "events": boxes, "target": "", "ip": ""})
    support.submit(page, "Approve")

    support.submit(support.get(drafted.path), "Make a case")

    (case,) = own(drafted.world)
    edited = next(fact for fact in case.expected["must"] if fact.get("outcome") == "failure")
    assert edited.keys() == {"actor", "action", "outcome", "count"}


def test_what_was_signed_as_it_came_teaches_nothing(drafted):
    support = drafted.world.as_person("support")
    support.submit(support.get(drafted.path), "Approve")
    assert "Make a case" not in support.get(drafted.path).words
    support.post(
        make_address(drafted.world, drafted.id), {"csrf_token": support.token()}, expect=409
    )
    assert own(drafted.world) == []


def test_one_review_is_one_case(rejected):
    drafted, support = rejected
    address = make_address(drafted.world, drafted.id)
    support.post(address, {"csrf_token": support.token()})
    support.post(address, {"csrf_token": support.token()}, expect=409)
    assert len(own(drafted.world)) == 1


def test_a_case_stays_in_its_tenant(rejected, birch):
    drafted, support = rejected
    support.submit(support.get(drafted.path), "Make a case")
    assert own(birch) == []
    stranger = birch.as_person("owner")
    theirs = make_address(birch, drafted.id)
    stranger.post(theirs, {"csrf_token": stranger.token()}, expect=404)


def test_who_may_not_evaluate_makes_no_case(alder):
    summary = alder.make(SummaryFactory)
    analyst = alder.as_person("analyst")
    address = make_address(alder, summary.id)
    analyst.post(address, {"csrf_token": analyst.token()}, expect=403)


def make_address(world, summary_id):
    return f"{world.path}/settings/evaluations/cases/{summary_id}"
