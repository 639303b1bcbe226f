"""All that the result of a run depends on, and the hash over it."""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from app.evals.gates import CEILINGS, FLOORS, MAX_ERRORS, MAX_LATENCY_P95_MS, MAX_NEWLY_FAILING
from app.gateway.choices.policy import Choice
from app.gateway.prompt_files import Prompt

# Seams: there is no content yet that a prompt could be given passages of.
NO_RETRIEVER = "none"
NO_SNAPSHOT = "none"


@dataclass(frozen=True, slots=True)
class RunTuple:
    """What was run: another value anywhere makes it another run."""

    prompt: str
    prompt_hash: str
    endpoint: str
    model: str
    parameters: dict[str, Any]
    retriever: str
    snapshot: str
    caseset_hash: str
    verifier_version: int

    @property
    def sha256(self) -> str:
        """The hash over the tuple and the gate: what a promotion is evidence for."""
        gate = [dict(FLOORS), dict(CEILINGS), MAX_ERRORS, MAX_NEWLY_FAILING, MAX_LATENCY_P95_MS]
        text = json.dumps([asdict(self), gate], sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def tuple_of(prompt: Prompt, model: Choice, caseset_hash: str, verifier_version: int) -> RunTuple:
    """Return the tuple of a prompt with a model over a set of cases."""
    return RunTuple(
        prompt=prompt.reference,
        prompt_hash=prompt.sha256,
        endpoint=model.endpoint,
        model=model.model,
        parameters=dict(prompt.parameters),
        retriever=NO_RETRIEVER,
        snapshot=NO_SNAPSHOT,
        caseset_hash=caseset_hash,
        verifier_version=verifier_version,
    )
