"""A version comes into force by a passed run of its tuple and two people, and goes back by one."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from app.evals import service
from app.evals.errors import ReleaseOpen
from app.evals.promotion import propose_version
from app.gateway.release_models import PromptRelease
from app.gateway.releases import current_version, list_releases, resolve_prompt
from app.kernel import clock
from app.kernel.database import unit_of_work
from tests.evals.test_runs import refuse
from tests.factories.evals import EvalRunFactory, PassedRunFactory
from tests.laws.evaluation_scenes import CANDIDATE, IN_FORCE, evidence, proposal

WHY = "It says less about ordinary work."
PAGE = "settings/prompts/audit-summary"


def propose(world, run, role="admin", expect=200):
    visitor = world.as_person(role)
    page = visitor.get(f"{world.path}/settings/prompts/proposals/{run.id}")
    return visitor.submit(page, "Propose", reason=WHY, expect=expect)


def release(world, role="owner", expect=200):
    visitor = world.as_person(role)
    found = newest(world)
    page = visitor.get(f"{world.path}/settings/prompts/decisions/{found.id}/release")
    return visitor.submit(page, "Release", reason="Nothing newly fails.", expect=expect)


def newest(world):
    with world.session() as session:
        order = PromptRelease.proposed_at.desc()
        return session.scalar(select(PromptRelease).order_by(order).limit(1))


def in_force(world):
    with world.session(), unit_of_work():
        return current_version(world.tenant.id, "audit-summary")


def test_what_is_shipped_is_in_force_until_somebody_decides(alder):
    assert in_force(alder) == IN_FORCE
    page = alder.as_person("auditor").get(f"{alder.path}/settings/prompts")
    assert "with Ballast" in page.words


def test_one_proposes_another_releases_and_the_next_call_uses_it(alder, birch):
    page = propose(alder, evidence(alder))
    assert "Waits for a decision" in page.words
    assert in_force(alder) == IN_FORCE

    page = release(alder)

    assert f"{CANDIDATE} is in force." in page.words
    with alder.session(), unit_of_work():
        resolved = resolve_prompt(alder.tenant.id, "audit-summary")
    assert (resolved.prompt.reference, resolved.label) == (CANDIDATE, "release")
    assert in_force(birch) == IN_FORCE
    (event,) = alder.log("prompt.released")
    assert event.changes["version"] == {"before": IN_FORCE, "after": CANDIDATE}


def test_who_proposed_does_not_decide(alder):
    propose(alder, evidence(alder), role="owner")
    page = release(alder, role="owner", expect=409)
    assert "Somebody else has to decide" in page.words
    assert in_force(alder) == IN_FORCE


def test_a_rollback_takes_one_person_and_no_run(alder):
    propose(alder, evidence(alder))
    release(alder)
    owner = alder.as_person("owner")
    page = owner.get(f"{alder.path}/{PAGE}/rollback")

    page = owner.submit(page, "Roll back", reason="Reviewers reject more than before.")

    assert in_force(alder) == IN_FORCE
    assert "rollback" in page.words
    page = owner.get(f"{alder.path}/{PAGE}/rollback")
    assert "there is nothing before it" in page.words


def test_a_rollback_brings_back_the_version_before(alder):
    earlier = clock.now() - timedelta(hours=2)
    later = clock.now() - timedelta(hours=1)
    decided = {"status": "released", "decided_by": "x", "decided_by_name": "X"}
    proposal(alder, decided_at=earlier, **decided)
    proposal(alder, decided_at=later, **decided)
    owner = alder.as_person("owner")
    owner.submit(owner.get(f"{alder.path}/{PAGE}/rollback"), "Roll back", reason="Worse.")

    back = newest(alder)
    assert (back.kind, back.version) == ("rollback", 3)
    assert in_force(alder) == CANDIDATE


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"tuple_hash": "9" * 64}, "have changed since this run"),
        ({"model": "another"}, "not the model in use"),
        ({"champion_id": None}, f"Run {IN_FORCE} first"),
    ],
)
def test_a_run_that_does_not_stand_for_the_version_as_it_is_counts_nothing(alder, values, told):
    page = propose(alder, evidence(alder, **values), expect=409)
    assert told in page.words
    assert newest(alder) is None


def test_a_run_that_failed_its_gate_cannot_be_proposed(alder):
    failed = evidence(alder, status="failed", reasons=["coverage: too low"])
    assert "has not passed" in propose(alder, failed, expect=409).words


def test_evidence_is_looked_at_again_when_somebody_decides(alder, monkeypatch):
    propose(alder, evidence(alder))
    monkeypatch.setattr(service, "VERIFIER_VERSION", 99)

    page = release(alder, expect=409)

    assert "have changed since this run" in page.words
    assert in_force(alder) == IN_FORCE


def test_a_run_from_before_the_last_decision_does_not_count(alder):
    old = evidence(alder, asked_at=clock.now() - timedelta(days=1))
    decided = {"status": "released", "decided_by": "x", "decided_by_name": "X"}
    proposal(alder, decided_at=clock.now(), **decided)
    assert "older than what has changed" in propose(alder, old, expect=409).words


def test_one_version_waits_at_a_time(alder):
    run = evidence(alder)
    propose(alder, run)
    assert "Another version of this prompt waits" in propose(alder, run, expect=409).words


def test_a_proposal_is_refused_or_withdrawn_and_nothing_changes(alder):
    propose(alder, evidence(alder))
    owner = alder.as_person("owner")
    page = owner.get(f"{alder.path}/settings/prompts/decisions/{newest(alder).id}/refuse")
    owner.submit(page, "Refuse", reason="Too few cases of our own.")
    assert newest(alder).status == "refused"

    page = propose(alder, evidence(alder))
    owner.submit(owner.get(f"{alder.path}/{PAGE}"), "Withdraw")
    assert newest(alder).status == "withdrawn"
    assert in_force(alder) == IN_FORCE


def test_who_only_reads_prompts_sees_no_way_to_decide(alder):
    propose(alder, evidence(alder))
    found = newest(alder)
    auditor = alder.as_person("auditor")
    page = auditor.get(f"{alder.path}/{PAGE}")
    assert "Waits for a decision" in page.words
    assert "Withdraw" not in page.words
    auditor.get(f"{alder.path}/settings/prompts/decisions/{found.id}/release", expect=403)


def test_another_tenants_run_and_proposal_are_not_there(alder, birch):
    run, waiting = evidence(birch), proposal(birch)
    owner = alder.as_person("owner")
    owner.get(f"{alder.path}/settings/prompts/proposals/{run.id}", expect=404)
    owner.get(f"{alder.path}/settings/prompts/decisions/{waiting.id}/release", expect=404)


def test_versions_are_told_apart_line_by_line(alder):
    page = alder.as_person("analyst").get(f"{alder.path}/{PAGE}/versions/3")
    assert "+- `types`: what actions mean, where that is known." in page.words
    assert "event_type_description" in page.words


def insert(world, **values):
    """An INSERT of a release as somebody would write it past the app."""
    ordinary = {
        "tenant_id": world.tenant.id,
        "id": "0193a1c2-5b7e-7c11-9d2f-3f6f0a1b2c3d",
        "kind": "promotion",
        "name": "audit-summary",
        "version": 3,
        "prompt_hash": "3" * 64,
        "tuple_hash": "2" * 64,
        "run_status": "passed",
        "status": "released",
        "reason": "x",
        "proposed_by": "a",
        "proposed_by_name": "A",
        "proposed_at": "now()",
        "decided_by": "b",
        "decided_by_name": "B",
        "decided_at": "now()",
    }
    row = {name: value for name, value in (ordinary | values).items() if value is not None}
    said = ", ".join("now()" if value == "now()" else f"'{value}'" for value in row.values())
    return f"INSERT INTO prompt_releases ({', '.join(row)}) VALUES ({said})"


def test_the_database_wants_a_passed_run_of_the_same_tenant_version_and_tuple(
    alder, birch, settings
):
    passed = alder.make(PassedRunFactory, prompt_version=3)
    theirs = birch.make(PassedRunFactory, prompt_version=3)
    waiting = alder.make(EvalRunFactory, prompt_version=3)
    other = alder.make(PassedRunFactory, prompt_version=2)
    evidence_key = "fk_prompt_releases_evidence"

    for run in (theirs, waiting, other):
        refuse(settings, alder, insert(alder, run_id=run.id), evidence_key)
    refuse(settings, alder, insert(alder, run_id=passed.id, tuple_hash="9" * 64), evidence_key)
    refuse(
        settings,
        alder,
        insert(alder, run_id=waiting.id, run_status="waiting"),
        "promotion_has_evidence",
    )
    refuse(settings, alder, insert(alder), "promotion_has_evidence")
    same = insert(alder, run_id=passed.id, decided_by="a")
    refuse(settings, alder, same, "decided_by_another")


def test_the_database_rolls_back_only_to_what_was_in_force(alder, settings):
    waiting = proposal(alder)
    nothing = {"tuple_hash": None, "run_status": None, "kind": "rollback"}
    restored = insert(alder, restores=waiting.id, restores_status="released", **nothing)
    refuse(settings, alder, restored, "fk_prompt_releases_restored")
    refuse(settings, alder, insert(alder, **nothing), "rollback_restores")


def test_what_was_decided_stays(alder, settings):
    decided = {"decided_by": "x", "decided_by_name": "X", "decided_at": clock.now()}
    found = proposal(alder, status="released", **decided)
    changed = f"UPDATE prompt_releases SET version = 1 WHERE id = '{found.id}'"
    refuse(settings, alder, changed, "decided about a prompt")
    waiting = proposal(alder)
    changed = f"UPDATE prompt_releases SET run_id = NULL WHERE id = '{waiting.id}'"
    refuse(settings, alder, changed, "what was proposed cannot be changed")


def test_a_rollback_never_brings_back_what_was_rolled_back(alder):
    """One person brings back what was in force before, and not what did harm."""
    begun = clock.now()

    def released(minutes):
        decided = {"status": "released", "decided_by": "x", "decided_by_name": "X"}
        return proposal(alder, decided_at=begun + timedelta(minutes=minutes), **decided)

    def rolled_back():
        owner = alder.as_person("owner")
        owner.submit(owner.get(f"{alder.path}/{PAGE}/rollback"), "Roll back", reason="Worse.")
        with alder.session() as session, unit_of_work():
            kind = PromptRelease.kind == "rollback"
            order = PromptRelease.decided_at.desc()
            return session.scalars(select(PromptRelease).where(kind).order_by(order)).first()

    good, _harmful = released(-20), released(-10)
    first = rolled_back()
    assert first.restores == good.id
    with alder.session(), unit_of_work():
        [newest_now, *_] = list_releases("audit-summary")
    assert newest_now.id == first.id

    later = {"decided_by": "x", "decided_by_name": "X", "decided_at": clock.now()}
    proposal(alder, status="released", **later)

    assert rolled_back().restores == good.id


def test_a_run_compared_with_another_model_does_not_count(alder):
    weaker = evidence(alder, IN_FORCE, model="weaker")
    page = propose(alder, evidence(alder, champion_id=weaker.id), expect=409)
    assert f"Run {IN_FORCE} first" in page.words


def test_of_two_proposals_at_once_one_waits_and_the_other_is_told(alder):
    run = evidence(alder)
    start = Barrier(2)

    def propose_at_once(role):
        with alder.session():
            actor = alder.actor(role)
            start.wait(timeout=20)
            try:
                propose_version(actor, run.id, WHY)
            except ReleaseOpen:
                return "told"
        return "waits"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(propose_at_once, ("owner", "admin"))) == ["told", "waits"]
