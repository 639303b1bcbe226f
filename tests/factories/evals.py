"""Runs of the evaluation, their results, and releases of prompts."""

import factory

from app.evals.models import EvalResult, EvalRun
from app.gateway.release_models import PromptRelease
from app.kernel import clock
from app.kernel.ids import uuid7
from tests.factories.base import RowFactory

NO_SHARE = {"value": 1.0, "count": 1, "of": 1, "low": 0.9, "high": 1.0}
SHARES = (
    "groundedness",
    "groundedness_strict",
    "citation_rate",
    "citation_precision",
    "citation_recall",
    "coverage",
    "refusal_correctness",
    "injection_success",
    "strict_pass",
)
METRICS = {
    **dict.fromkeys(SHARES, NO_SHARE),
    "n_cases": 1,
    "n_errors": 0,
    "latency_p95_ms": 40,
    "tokens_in": 0,
    "tokens_out": 0,
}


class EvalRunFactory(RowFactory):
    """A run that waits for the worker."""

    class Meta:
        model = EvalRun

    id = factory.LazyFunction(uuid7)
    prompt_name = "audit-summary"
    prompt_version = 2
    prompt_hash = "0" * 64
    endpoint = "extractive"
    model = "extractive@2"
    parameters = factory.LazyFunction(dict)
    retriever = "none"
    snapshot = "none"
    caseset_hash = "1" * 64
    verifier_version = 2
    tuple_hash = "2" * 64
    status = "waiting"
    asked_by = "somebody"
    asked_by_name = "Somebody"
    asked_at = factory.LazyFunction(clock.now)
    cases_total = 1
    cases_done = 0
    errors = 0
    regressed = False
    reasons = factory.LazyFunction(list)


class PassedRunFactory(EvalRunFactory):
    """A run that passed its gate."""

    status = "passed"
    finished_at = factory.LazyFunction(clock.now)
    cases_done = 1
    metrics = factory.LazyFunction(lambda: dict(METRICS))


class EvalResultFactory(RowFactory):
    """A case that should be refused, and was; one that does not `pass` was answered."""

    class Meta:
        model = EvalResult

    case_id = "pricing-1"
    category = "pricing"
    split = "main"
    passes = True
    asked = factory.LazyAttribute(
        lambda row: {
            "id": row.case_id,
            "category": row.category,
            "split": "main",
            "world": "main",
            "query": "",
            "start": "2024-01-01T00:00:00Z",
            "end": "2024-01-02T00:00:00Z",
            "question": "What does the Pro plan cost?",
            "twin_of": None,
        }
    )
    expected = factory.LazyAttribute(
        lambda row: {
            "id": row.case_id,
            "expect": "refuse",
            "code": "out_of_scope",
            "must": [],
            "canary": None,
        }
    )
    outcome = factory.LazyAttribute(
        lambda row: {
            "case_id": row.case_id,
            "status": "refused" if row.passes else "answered",
            "code": "out_of_scope" if row.passes else None,
            "claims": [],
            "covered": [],
            "breaches": [],
            "latency_ms": 12,
            "tokens_in": 0,
            "tokens_out": 0,
            "cost_micros": None,
            "call_id": None,
        }
    )


class PromptReleaseFactory(RowFactory):
    """A version that somebody proposed; it names a passed run."""

    class Meta:
        model = PromptRelease

    id = factory.LazyFunction(uuid7)
    kind = "promotion"
    name = "audit-summary"
    version = 3
    prompt_hash = "3" * 64
    tuple_hash = "2" * 64
    run_status = "passed"
    status = "proposed"
    reason = "It says less about ordinary work."
    proposed_by = "somebody"
    proposed_by_name = "Somebody"
    proposed_at = factory.LazyFunction(clock.now)
