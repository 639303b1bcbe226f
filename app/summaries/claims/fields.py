"""A claim as a value: fields in real ids, from which code writes the sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.audit.queries import Match
from app.kernel.commands import Outcome
from app.kernel.times import iso
from app.summaries.claims.contract import ClaimKind


@dataclass(frozen=True, slots=True)
class ClaimFields:
    """What a claim says of the slice; None is "any", and for a time "not said".

    Actors and targets are ids, never names: names are not unique, and those who bear them
    choose them. See `app.summaries.claims.contract` for what the kinds and `is_complete` mean.
    Only a policy claim has a `passage`, the id of released content, and a `quote` of it.
    """

    kind: ClaimKind
    actor: str | None
    action: str | None
    target: str | None
    outcome: Outcome | None
    ip: str | None
    count: int
    first: datetime | None
    last: datetime | None
    is_complete: bool
    passage: str | None = None
    quote: str | None = None

    @property
    def match(self) -> Match:
        """The events that the claim is about."""
        return Match(
            actor_id=self.actor,
            action=self.action,
            outcome=self.outcome.value if self.outcome else None,
            target_id=self.target,
            source_ip=self.ip,
        )

    def about(self, *, actor: str | None, target: str | None) -> "ClaimFields":
        """Return the same claim about another actor and target."""
        return replace(self, actor=actor, target=target)

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "actor": self.actor,
            "action": self.action,
            "target": self.target,
            "outcome": self.outcome.value if self.outcome else None,
            "ip": self.ip,
            "count": self.count,
            "first": iso(self.first) if self.first else None,
            "last": iso(self.last) if self.last else None,
            "complete": self.is_complete,
            **self._quoted(),
        }

    def _quoted(self) -> dict[str, Any]:
        is_policy = self.kind is ClaimKind.POLICY
        return {"passage": self.passage, "quote": self.quote} if is_policy else {}

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> "ClaimFields":
        """Return the fields as `as_json` wrote them."""
        outcome, first, last = fields["outcome"], fields["first"], fields["last"]
        return cls(
            kind=ClaimKind(fields["kind"]),
            actor=fields["actor"],
            action=fields["action"],
            target=fields["target"],
            outcome=Outcome(outcome) if outcome else None,
            ip=fields["ip"],
            count=fields["count"],
            first=datetime.fromisoformat(first) if first else None,
            last=datetime.fromisoformat(last) if last else None,
            is_complete=fields["complete"],
            passage=fields.get("passage"),
            quote=fields.get("quote"),
        )
