"""The text that a reviewer signed, read again from its bytes (see `app.summaries.signing`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.audit.proof.verifier.reading import read_object
from app.audit.proof.verifier.report import Unreadable
from app.summaries.claims.contract import MAX_CLAIMS
from app.summaries.claims.fields import ClaimFields
from app.summaries.packs.container import SUMMARY


@dataclass(frozen=True, slots=True)
class SignedClaim:
    """One claim as it was signed."""

    number: int
    fields: ClaimFields
    event_ids: tuple[UUID, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class SignedText:
    """What was signed: of which events, from when until when, and what is claimed of them."""

    summary_id: UUID
    title: str
    query: str
    window_start: datetime
    window_end: datetime
    events_total: int
    claims: tuple[SignedClaim, ...]


def read_signed(content: bytes) -> SignedText:
    """Return what the bytes of `summary.json` say; raises `Unreadable`."""
    document = read_object(content, SUMMARY)
    try:
        if len(document["claims"]) > MAX_CLAIMS:
            raise Unreadable(f"{SUMMARY} makes more than {MAX_CLAIMS} claims.")
        start, end = map(datetime.fromisoformat, document["window"])
        return SignedText(
            summary_id=UUID(document["summary"]),
            title=str(document["title"]),
            query=str(document["query"]),
            window_start=start,
            window_end=end,
            events_total=int(document["events"][0]),
            claims=tuple(map(_read_claim, document["claims"])),
        )
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError):
        raise Unreadable(f"{SUMMARY} is no summary that was ever signed.") from None


def _read_claim(claim: Mapping[str, Any]) -> SignedClaim:
    return SignedClaim(
        number=int(claim["number"]),
        fields=ClaimFields.from_json(claim["fields"]),
        event_ids=tuple(map(UUID, claim["events"])),
        sentence=str(claim["sentence"]),
    )
