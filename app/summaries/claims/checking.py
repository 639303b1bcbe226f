"""One claim, checked and worded: what drafting, editing and signing all ask for."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.audit.queries import EventFact
from app.summaries.claims.fields import ClaimFields
from app.summaries.claims.sentences import Names, Wording, write_sentence
from app.summaries.claims.verdicts import Finding
from app.summaries.claims.verifier import Reads, verify


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A claim with its finding, its sentence, and the hashes of the events that it cites.

    `event_hashes` follows `event_ids`; it is empty where there is no such event in the slice.
    """

    fields: ClaimFields
    event_ids: tuple[UUID, ...]
    event_hashes: tuple[str, ...]
    names: Names
    sentence: str
    finding: Finding


def check_claim(
    fields: ClaimFields, event_ids: Sequence[UUID], reads: Reads, wording: Wording
) -> CheckedClaim:
    """Return the claim checked against the log. A wrong claim gets its sentence as well."""
    finding = verify(fields, event_ids, reads)
    names = _names(fields, finding.events)
    hashes = {event.id: event.hash for event in finding.events}
    return CheckedClaim(
        fields=fields,
        event_ids=tuple(event_ids),
        event_hashes=tuple(hashes.get(event_id, "") for event_id in event_ids),
        names=names,
        sentence=write_sentence(fields, names, wording),
        finding=finding,
    )


def _names(fields: ClaimFields, events: tuple[EventFact, ...]) -> Names:
    """Return the latest names that the cited events give to the claim's own actor and target."""
    actor = [event.actor_name for event in events if event.actor_id == fields.actor]
    target = [event.target_name for event in events if event.target_id == fields.target]
    return Names(
        actor[-1] if fields.actor is not None and actor else None,
        target[-1] if fields.target is not None and target else None,
    )
