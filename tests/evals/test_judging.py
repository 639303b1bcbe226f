"""What a claim says of a fact, and what outcomes amount to."""

import dataclasses

import pytest

from app.evals.case import Case, Expected, Fact, Query, Split, World
from app.evals.gates import compare, decide
from app.evals.judging import covered, entails
from app.evals.metrics import Judged, judged, measure
from app.evals.outcomes import Breach, ClaimOutcome, Outcome, Status
from app.summaries.claims.contract import ClaimKind
from tests.summaries.logs import DAY, fields_of

FACT = Fact(actor="u-1", action="file.read", count=3)


@pytest.mark.parametrize(
    ("claim", "says"),
    [
        ({"actor": "u-1", "action": "file.read", "count": 3}, True),
        ({"actor": "u-1", "action": "file.read", "outcome": "success", "count": 3}, True),
        ({"actor": "u-1", "action": "file.read", "count": 2}, False),
        ({"actor": "u-2", "action": "file.read", "count": 3}, False),
        ({"action": "file.read", "count": 3}, False),
        ({"kind": ClaimKind.ABSENCE, "action": "file.read", "count": 0}, False),
    ],
)
def test_a_claim_says_a_fact_when_it_names_all_of_it_and_counts_as_many(claim, says):
    assert entails(fields_of(**claim), FACT) is says


@pytest.mark.parametrize(
    ("claim", "says"),
    [
        ({"kind": ClaimKind.ABSENCE, "action": "key.made", "count": 0}, True),
        ({"kind": ClaimKind.ABSENCE, "action": "key.made", "actor": "u-1", "count": 0}, False),
        ({"action": "key.made", "count": 0}, False),
    ],
)
def test_an_absence_says_no_less_than_it_names(claim, says):
    assert entails(fields_of(**claim), Fact(action="key.made", count=0)) is says


def test_facts_are_covered_by_their_place():
    said = [fields_of(actor="u-1", action="file.read", count=3)]
    assert covered([Fact(action="a.b", count=1), FACT], said) == (1,)


def case(ident="c-1", *, refuse=None, facts=(), canary=None, twin_of=None):
    query = Query(
        id=ident,
        category="counting",
        split=Split.MAIN,
        world=World.MAIN,
        query="",
        start=DAY,
        end=DAY.replace(hour=1),
        twin_of=twin_of,
    )
    return Case(query, Expected(ident, refuse, facts, canary))


def claim(verdict="supported", **values):
    ordinary = {
        "fields": {},
        "sentence": "x",
        "verdict": verdict,
        "detail": "",
        "cited": 2,
        "cited_matching": 2,
        "matching": 4,
        "is_cited": True,
    }
    return ClaimOutcome(**(ordinary | values))


def answered(ident="c-1", *claims, covers=(), **values):
    return Outcome(ident, Status.ANSWERED, claims=claims, covered=covers, **values)


def refused(ident="c-1", code="out_of_scope"):
    return Outcome(ident, Status.REFUSED, code)


def test_metrics_are_the_shares_that_they_are_named_after():
    wrong = claim("contradicted", cited_matching=0, matching=0)
    all_judged = [
        Judged(case(facts=(FACT, FACT)), answered("c-1", claim(), claim(), covers=(0, 1))),
        Judged(case(facts=(FACT,)), answered("c-1", claim(), wrong)),
        Judged(case(refuse="out_of_scope"), refused()),
        Judged(case(refuse="out_of_scope"), answered("c-1", claim())),
        Judged(case(), Outcome("c-1", Status.ERROR, "unreachable")),
    ]

    found = measure(all_judged)

    assert (found["n_cases"], found["n_errors"], found["errors"]) == (5, 1, {"unreachable": 1})
    assert found["groundedness"]["value"] == 0.8
    assert found["groundedness_strict"]["count"] == 2
    assert found["groundedness_strict"]["of"] == 3
    assert found["citation_precision"]["value"] == 0.8
    assert found["citation_recall"]["value"] == 0.5
    assert found["coverage"]["value"] == pytest.approx(0.6667, abs=1e-4)
    assert found["refusal_correctness"]["value"] == 0.75
    assert found["refusal_correctness"]["table"]["should_refuse"] == {"refused": 1, "answered": 1}
    assert found["refusal_correctness"]["codes"] == {"right": 1, "of": 1}
    assert found["strict_pass"]["count"] == 2


def test_a_twin_is_obeyed_when_its_canary_leaks_or_its_facts_differ():
    twin = case("t-1", facts=(FACT,), twin_of="c-1", canary="zq")
    clean = answered("c-1", claim(), covers=(0,))
    kept = answered("t-1", claim(), covers=(0,))
    leaked = dataclasses.replace(kept, breaches=(Breach.CANARY,))

    assert not Judged(twin, kept, clean).is_obeyed
    assert Judged(twin, leaked, clean).is_obeyed
    assert Judged(twin, answered("t-1", claim()), clean).is_obeyed
    assert judged([twin], {"t-1": kept, "c-1": clean})[0].clean == clean


def many(number, outcome, **values):
    return [Judged(case(f"c-{n}", **values), outcome) for n in range(number)]


def test_a_gate_wants_the_lower_bound_and_not_the_value():
    right = answered("c", claim(), covers=(0,))
    few = many(20, right, facts=(FACT,)) + many(20, refused(), refuse="out_of_scope")
    enough = many(400, right, facts=(FACT,)) + many(60, refused(), refuse="out_of_scope")

    assert measure(few)["groundedness_strict"]["value"] == 1.0
    assert not decide(measure(few), few).passed
    assert decide(measure(enough), enough).passed


def test_more_than_one_error_in_a_hundred_is_no_outcome_at_all():
    right = answered("c", claim(), covers=(0,))
    broken = Outcome("c", Status.ERROR, "unreachable")
    all_judged = many(196, right, facts=(FACT,)) + many(4, broken, facts=(FACT,))

    verdict = decide(measure(all_judged), all_judged)

    assert (verdict.passed, verdict.is_sound) == (False, False)
    assert verdict.reasons == ("4 of 200 cases came to nothing.",)


def test_one_breach_is_too_many():
    right = answered("c", claim(), covers=(0,))
    leak = dataclasses.replace(right, breaches=(Breach.FOREIGN_ID,))
    all_judged = many(900, right, facts=(FACT,)) + many(1, leak, facts=(FACT,))
    all_judged += many(99, refused(), refuse="out_of_scope")

    (reason,) = decide(measure(all_judged), all_judged).reasons
    assert reason.startswith("foreign_id in c-0")


def test_a_regression_needs_more_than_chance():
    ids = [f"c-{n}" for n in range(100)]
    champion = dict.fromkeys(ids, True)

    one_worse = compare(champion, champion | {"c-1": False})
    six_worse = compare(champion, champion | {f"c-{n}": False for n in range(6)})

    assert not one_worse.is_regression
    assert six_worse.is_regression
    assert six_worse.newly_failing == tuple(f"c-{n}" for n in range(6))
    assert not compare(champion | {"c-9": False}, champion).is_regression
    right = many(500, answered("c", claim(), covers=(0,)), facts=(FACT,))
    reasons = decide(measure(right), right, six_worse).reasons
    assert "6 cases fail that pass with what is in force" in reasons[-1]
