"""What goes to the model for a summary, and the shape of what may come back.

The content is a digest in tokens (`A1`, `R1`, `I1`, `E1`), made by SQL; names, addresses and ids
of the log never stand in it. The answer is claims made of fields: code writes the sentences. Every
value of an answer but the count comes from a closed set of this very request, so that a model
whose endpoint enforces schemas cannot even name something that it was not shown.

What a claim says, null being "any":

- an activity, complete: exactly `count` events of the slice match every field that is not null,
  and `first` and `last` are their extremes; the cited events are examples of them.
- an activity, not complete: the cited events match, and the claim is about them alone, so that
  `count` is the number of cited events.
- an absence: no event of the slice matches; `count` is 0, complete is true, nothing is cited.
- a policy: a passage of released content says literally what is quoted. Nothing offers it to a
  model as long as there is no content, and the verifier then refuses it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.kernel.commands import Outcome

# A name: which version of it a tenant uses is the gateway's to know.
PROMPT = "audit-summary"
MAX_CLAIMS = 12
MAX_CITED = 8
# Characters of what a person asks.
MAX_QUESTION = 300


class Why(StrEnum):
    """Why a group is in the digest."""

    ASKED = "asked"
    FAILURES = "failures"
    DENIED = "denied"
    RARE = "rare"
    BURST = "burst"
    FREQUENT = "frequent"


class ClaimKind(StrEnum):
    """Something happened, something did not, or a passage says so."""

    ACTIVITY = "activity"
    ABSENCE = "absence"
    POLICY = "policy"


# What a model may claim of a log alone.
OFFERED_KINDS = (ClaimKind.ACTIVITY, ClaimKind.ABSENCE)


class Refusal(StrEnum):
    """Why a model makes no claim at all."""

    NO_EVIDENCE = "no_evidence"
    OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True, slots=True)
class Group:
    """Events that share an actor, an action, an outcome and perhaps an address and a target.

    `count` is how many there are, `first` and `last` their extremes (RFC 3339, UTC), `event_ids`
    the tokens of at most `MAX_CITED` of them. `is_exact` says that exactly these `count` events
    of the slice match the dimensions that are not null; only then may a claim be complete.
    """

    group: str
    actor: str
    action: str
    outcome: Outcome
    ip: str | None
    target: str | None
    count: int
    first: str
    last: str
    event_ids: tuple[str, ...]
    why: Why
    is_exact: bool

    def as_json(self) -> dict[str, Any]:
        return {
            "group": self.group,
            "why": self.why.value,
            "actor": self.actor,
            "action": self.action,
            "outcome": self.outcome.value,
            "ip": self.ip,
            "target": self.target,
            "count": self.count,
            "first": self.first,
            "last": self.last,
            "exact": self.is_exact,
            "event_ids": list(self.event_ids),
        }


@dataclass(frozen=True, slots=True)
class Mistake:
    """A claim of the first answer that did not stand: its verdict, and the field it fails at."""

    claim: Mapping[str, Any]
    verdict: str
    field: str

    def as_json(self) -> dict[str, Any]:
        return {"claim": dict(self.claim), "verdict": self.verdict, "field": self.field}


@dataclass(frozen=True, slots=True)
class Content:
    """The digest of a slice, as the model gets it; `absent` are actions that never occurred.

    `start` and `end` bound the window (RFC 3339, UTC); the totals count the whole slice, also
    what no group shows. `focus` is what a person wants to know of it, names in tokens; `types`
    are actions with what they mean. `mistakes` are there in the repair round alone, and the answer
    then holds one claim for each, in their order.
    """

    start: str
    end: str
    query: str
    total: int
    failed: int
    denied: int
    groups: tuple[Group, ...]
    absent: tuple[str, ...] = ()
    focus: str | None = None
    types: tuple[str, ...] = ()
    mistakes: tuple[Mistake, ...] = ()

    def as_json(self) -> dict[str, Any]:
        asked = {} if self.focus is None else {"focus": self.focus}
        wrong = [each.as_json() for each in self.mistakes]
        return asked | {
            "window": {"start": self.start, "end": self.end},
            "query": self.query,
            "total": self.total,
            "failed": self.failed,
            "denied": self.denied,
            "groups": [group.as_json() for group in self.groups],
            "absent": [{"action": action} for action in self.absent],
            **({"types": [{"action": each} for each in self.types]} if self.types else {}),
            **({"mistakes": wrong} if wrong else {}),
        }


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim of an answer, still in tokens and not verified yet."""

    kind: ClaimKind
    actor: str | None
    action: str | None
    target: str | None
    outcome: Outcome | None
    ip: str | None
    count: int
    first: str | None
    last: str | None
    is_complete: bool
    event_ids: tuple[str, ...]

    @classmethod
    def from_json(cls, claim: Mapping[str, Any]) -> "Claim":
        """Return the claim of an answer that fits the schema."""
        outcome = claim["outcome"]
        return cls(
            kind=ClaimKind(claim["kind"]),
            actor=claim["actor"],
            action=claim["action"],
            target=claim["target"],
            outcome=None if outcome is None else Outcome(outcome),
            ip=claim["ip"],
            count=claim["count"],
            first=claim["first"],
            last=claim["last"],
            is_complete=claim["complete"],
            event_ids=tuple(claim["event_ids"]),
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "actor": self.actor,
            "action": self.action,
            "target": self.target,
            "outcome": None if self.outcome is None else self.outcome.value,
            "ip": self.ip,
            "count": self.count,
            "first": self.first,
            "last": self.last,
            "complete": self.is_complete,
            "event_ids": list(self.event_ids),
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """All that a model may say: claims, or the reason why there are none."""

    claims: tuple[Claim, ...]
    refusal: Refusal | None

    @classmethod
    def from_json(cls, answer: Mapping[str, Any]) -> "Answer":
        """Return the answer that the gateway has checked against `answer_schema`."""
        refusal = answer["refusal"]
        return cls(
            claims=tuple(Claim.from_json(claim) for claim in answer["claims"]),
            refusal=None if refusal is None else Refusal(refusal),
        )


def answer_schema(content: Content) -> dict[str, Any]:
    """Return the JSON schema of an answer about this content.

    It keeps to what endpoints commonly enforce: objects with every key required, arrays with a
    greatest length, integers, booleans and enums. Times are those of the groups, because the
    model knows no others.
    """
    groups = content.groups
    claim = {
        "kind": _one_of(kind.value for kind in OFFERED_KINDS),
        "actor": _one_of_or_null(group.actor for group in groups),
        "action": _one_of_or_null([*(group.action for group in groups), *content.absent]),
        "target": _one_of_or_null(group.target for group in groups),
        "outcome": _one_of_or_null(outcome.value for outcome in Outcome),
        "ip": _one_of_or_null(group.ip for group in groups),
        "count": {"type": "integer"},
        "first": _one_of_or_null(group.first for group in groups),
        "last": _one_of_or_null(group.last for group in groups),
        "complete": {"type": "boolean"},
        "event_ids": _event_ids([name for group in groups for name in group.event_ids]),
    }
    most = len(content.mistakes) or MAX_CLAIMS
    claims = {"type": "array", "items": _closed(claim), "maxItems": most}
    refusal = _one_of_or_null(refusal.value for refusal in Refusal)
    return _closed({"claims": claims, "refusal": refusal})


def _event_ids(names: Sequence[str]) -> dict[str, Any]:
    # An empty enum is no valid schema; a slice without events allows no citation at all.
    if not names:
        return {"type": "array", "items": {"type": "string"}, "maxItems": 0}
    return {"type": "array", "items": _one_of(names), "maxItems": MAX_CITED}


def _one_of(values: Iterable[str]) -> dict[str, Any]:
    return {"type": "string", "enum": list(dict.fromkeys(values))}


def _one_of_or_null(values: Iterable[str | None]) -> dict[str, Any]:
    known = dict.fromkeys(value for value in values if value is not None)
    return {"type": ["string", "null"], "enum": [*known, None]}


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
