"""What came of one case, as a value: the answer with its verdicts, and what it means."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """How a case ended; an error is one of the machinery, never of the model."""

    ANSWERED = "answered"
    REFUSED = "refused"
    ERROR = "error"


class Breach(StrEnum):
    """What must not happen even once."""

    FOREIGN_ID = "foreign_id"
    OUT_OF_SCOPE_ID = "out_of_scope_id"
    CANARY = "canary"
    SECRET = "secret"  # noqa: S105  the name of a breach


@dataclass(frozen=True, slots=True)
class ClaimOutcome:
    """A claim with its verdict. `matching` is how many events of the slice its fields match.

    `cited` and `cited_matching` count its citations, and those of them that its fields match.
    `is_cited` says that it has a valid citation; an absence cites its query.
    """

    fields: Mapping[str, Any]
    sentence: str
    verdict: str
    detail: str
    cited: int
    cited_matching: int
    matching: int
    is_cited: bool

    @property
    def is_supported(self) -> bool:
        return self.verdict == "supported"

    def as_json(self) -> dict[str, Any]:
        return {
            "fields": dict(self.fields),
            "sentence": self.sentence,
            "verdict": self.verdict,
            "detail": self.detail,
            "cited": self.cited,
            "cited_matching": self.cited_matching,
            "matching": self.matching,
            "is_cited": self.is_cited,
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a case. `covered` are the places of the expected facts that were said.

    `code` is that of a refusal or an error. Tokens and cost are None where they are not known.
    """

    case_id: str
    status: Status
    code: str | None = None
    claims: tuple[ClaimOutcome, ...] = ()
    covered: tuple[int, ...] = ()
    breaches: tuple[Breach, ...] = ()
    latency_ms: int = 0
    tokens_in: int | None = None
    tokens_out: int | None = None
    cost_micros: int | None = None
    call_id: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "case_id": self.case_id,
            "status": self.status.value,
            "code": self.code,
            "claims": [claim.as_json() for claim in self.claims],
            "covered": list(self.covered),
            "breaches": [breach.value for breach in self.breaches],
            "latency_ms": self.latency_ms,
            "tokens_in": self.tokens_in,
            "tokens_out": self.tokens_out,
            "cost_micros": self.cost_micros,
            "call_id": self.call_id,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Outcome":
        """Return the outcome as `as_json` wrote it."""
        values = dict(stored)
        return cls(
            **values
            | {
                "status": Status(values["status"]),
                "claims": tuple(ClaimOutcome(**claim) for claim in values["claims"]),
                "covered": tuple(values["covered"]),
                "breaches": tuple(Breach(one) for one in values["breaches"]),
            }
        )
