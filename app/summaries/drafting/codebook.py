"""Tokens out, real values in: how a digest is written and its answer is read."""

from datetime import datetime
from uuid import UUID

from app.gateway.redaction import Pseudonyms, TokenKind, clean_value
from app.summaries.claims.contract import Claim
from app.summaries.claims.fields import ClaimFields


class Codebook:
    """The tokens of one digest. An answer is read by the codebook that its digest was made with."""

    def __init__(self) -> None:
        self._pseudonyms = Pseudonyms()
        self._actions: dict[str, str] = {}

    def actor(self, actor_id: str) -> str:
        return self._pseudonyms.token_for(TokenKind.ACTOR, actor_id)

    def target(self, target_id: str) -> str:
        return self._pseudonyms.token_for(TokenKind.RESOURCE, target_id)

    def address(self, ip: str) -> str:
        return self._pseudonyms.token_for(TokenKind.ADDRESS, ip)

    def event(self, event_id: UUID) -> str:
        return self._pseudonyms.token_for(TokenKind.EVENT, str(event_id))

    def group(self, key: str) -> str:
        return self._pseudonyms.token_for(TokenKind.GROUP, key)

    def action(self, action: str) -> str:
        """Return the action as the model reads it.

        Actions are words that the model has to understand. Their form is a matter of contract, so
        cleaning rarely changes one; where it does, two that look alike must stay two.
        """
        shown = clean_value(action)
        while self._actions.setdefault(shown, action) != action:
            shown += "*"
        return shown

    def read(self, claim: Claim) -> tuple[ClaimFields, tuple[UUID, ...]]:
        """Return a claim of the answer in real values, and the events that it cites.

        Raises `KeyError` for a token that this codebook never gave out.
        """
        fields = ClaimFields(
            kind=claim.kind,
            actor=self._real(claim.actor),
            action=None if claim.action is None else self._actions[claim.action],
            target=self._real(claim.target),
            outcome=claim.outcome,
            ip=self._real(claim.ip),
            count=claim.count,
            first=_moment(claim.first),
            last=_moment(claim.last),
            is_complete=claim.is_complete,
        )
        return fields, tuple(UUID(self._pseudonyms.real_of(each)) for each in claim.event_ids)

    def _real(self, token: str | None) -> str | None:
        return None if token is None else self._pseudonyms.real_of(token)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
