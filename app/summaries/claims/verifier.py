"""Checking a claim against the log: nothing that a model says is believed.

The order matters: a claim must have the right shape, then every event it cites must be found
again within the slice, then every field must hold of those events, and only then is it asked
whether there are more. Times are compared to the second, which is what a sentence says. What a
policy says is held against the passage that it quotes.
"""

import unicodedata
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from app.audit.queries import EventFact, Extent, LogSlice, Match, list_events, measure
from app.summaries.claims.contract import MAX_CITED, ClaimKind
from app.summaries.claims.fields import ClaimFields
from app.summaries.claims.verdicts import Finding, Verdict

# How the dimensions are called in words, by their names in a claim.
_WORDS = {
    "actor": "actor",
    "action": "action",
    "outcome": "outcome",
    "target": "target",
    "ip": "address",
}


# Evaluations and their gates hold for one verifier; a test ties this to the hash of these files.
VERIFIER_VERSION = 2


class Reads(Protocol):
    """What the verifier asks of a slice of the log."""

    def list_events(self, ids: Sequence[UUID]) -> tuple[EventFact, ...]:
        """Return those of the events that the tenant has in the slice, oldest first."""
        ...

    def measure(self, match: Match) -> Extent:
        """Return how many events of the slice match, and their extremes."""
        ...

    def find_passage(self, passage_id: str) -> str | None:
        """Return the text of a passage of released content, or None."""
        ...


class SliceReads:
    """The reads, asked of the database. There is no content to quote yet."""

    def __init__(self, slice_: LogSlice) -> None:
        self._slice = slice_

    def list_events(self, ids: Sequence[UUID]) -> tuple[EventFact, ...]:
        return list_events(self._slice, ids)

    def measure(self, match: Match) -> Extent:
        return measure(self._slice, match)

    def find_passage(self, passage_id: str) -> str | None:
        del passage_id
        return None


def verify(fields: ClaimFields, event_ids: Sequence[UUID], reads: Reads) -> Finding:
    """Return what the log says of a claim and its citations."""
    if fields.kind is ClaimKind.POLICY:
        return _check_policy(fields, reads)
    misshapen = _misshapen(fields, event_ids)
    if misshapen is not None:
        return misshapen
    if fields.kind is ClaimKind.ABSENCE:
        return _check_absence(fields, reads)
    events = reads.list_events(event_ids)
    missing = len(event_ids) - len(events)
    if missing:
        detail = f"{_cited(missing)} not in this slice of the log."
        return Finding(Verdict.OUT_OF_SCOPE, detail, events, "event_ids")
    finding = _check_cited(fields, events)
    if finding.verdict is Verdict.SUPPORTED and fields.is_complete:
        return _check_complete(fields, events, reads)
    return finding


def _misshapen(fields: ClaimFields, event_ids: Sequence[UUID]) -> Finding | None:
    if fields.match == Match():
        return _wrong("kind", "It names no actor, action, target, outcome or address.")
    if fields.kind is ClaimKind.ABSENCE:
        is_bare = not event_ids and fields.count == 0 and fields.is_complete
        has_times = fields.first or fields.last
        if is_bare and not has_times:
            return None
        return _wrong("kind", "An absence cites and counts nothing.")
    if fields.first and fields.last and fields.first > fields.last:
        return _wrong("first", "Its first time is after its last.")
    return _miscited(fields.count, event_ids, is_complete=fields.is_complete)


def _miscited(count: int, event_ids: Sequence[UUID], *, is_complete: bool) -> Finding | None:
    cited = len(event_ids)
    if cited == 0:
        return Finding(Verdict.UNCITED, "It cites no event.", field="event_ids")
    if cited != len(set(event_ids)):
        return _wrong("event_ids", "It cites the same event twice.")
    if cited > MAX_CITED:
        return _wrong("event_ids", f"It cites more than {MAX_CITED} events.")
    if count < cited:
        return _wrong("count", f"It cites {cited} events and counts only {count}.")
    if count > cited and not is_complete:
        detail = f"It counts {count} and cites {cited}, without claiming to be all."
        return Finding(Verdict.UNCITED, detail, field="event_ids")
    return None


def _check_absence(fields: ClaimFields, reads: Reads) -> Finding:
    found = reads.measure(fields.match).count
    if found:
        plural = "" if found == 1 else "s"
        return _wrong("count", f"The slice holds {found:,} such event{plural}.")
    return Finding(Verdict.SUPPORTED)


def _check_cited(fields: ClaimFields, events: tuple[EventFact, ...]) -> Finding:
    for name, said, of_event in _dimensions(fields):
        different = sum(1 for event in events if of_event(event) != said)
        if said is not None and different:
            return _wrong(name, f"{_cited(different)} of another {_WORDS[name]}.", events)
    first, last = events[0].occurred_at, events[-1].occurred_at
    if fields.is_complete:
        outside = (fields.first and _second(first) < _second(fields.first)) or (
            fields.last and _second(last) > _second(fields.last)
        )
        if outside:
            return _wrong("first", "A cited event lies outside its times.", events)
        return _ok(events)
    return _check_times(fields, first, last, events)


def _check_complete(fields: ClaimFields, events: tuple[EventFact, ...], reads: Reads) -> Finding:
    extent = reads.measure(fields.match)
    if extent.count > fields.count:
        detail = f"The slice holds {extent.count:,} such events, not {fields.count:,}."
        return Finding(Verdict.INCOMPLETE, detail, events, "count")
    if extent.count < fields.count:
        detail = f"The slice holds {extent.count:,} such events, not {fields.count:,}."
        return _wrong("count", detail, events)
    return _check_times(fields, extent.first, extent.last, events)


def _check_times(
    fields: ClaimFields,
    first: datetime | None,
    last: datetime | None,
    events: tuple[EventFact, ...],
) -> Finding:
    for name, said, true in (("first", fields.first, first), ("last", fields.last, last)):
        if said is not None and (true is None or _second(said) != _second(true)):
            return _wrong(name, f"The {name} of these events was at another time.", events)
    return _ok(events)


def _dimensions(
    fields: ClaimFields,
) -> tuple[tuple[str, str | None, Callable[[EventFact], str | None]], ...]:
    match = fields.match
    return (
        ("actor", match.actor_id, lambda event: event.actor_id),
        ("action", match.action, lambda event: event.action),
        ("outcome", match.outcome, lambda event: event.outcome),
        ("target", match.target_id, lambda event: event.target_id),
        ("ip", match.source_ip, lambda event: event.source_ip),
    )


def _check_policy(fields: ClaimFields, reads: Reads) -> Finding:
    text = reads.find_passage(fields.passage) if fields.passage else None
    if text is None:
        detail = "It quotes a passage that is not in released content."
        return Finding(Verdict.OUT_OF_SCOPE, detail, field="passage")
    quote = _normalised(fields.quote or "")
    if not quote:
        return Finding(Verdict.UNCITED, "It quotes nothing.", field="quote")
    if quote not in _normalised(text):
        return _wrong("quote", "The passage does not say that.")
    return Finding(Verdict.SUPPORTED)


def _normalised(text: str) -> str:
    """Return the text without what a reader cannot see: blanks, case and forms of letters."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _second(at: datetime) -> datetime:
    return at.replace(microsecond=0)


def _cited(count: int) -> str:
    return "1 cited event is" if count == 1 else f"{count} cited events are"


def _ok(events: tuple[EventFact, ...]) -> Finding:
    return Finding(Verdict.SUPPORTED, events=events)


def _wrong(field: str, detail: str, events: tuple[EventFact, ...] = ()) -> Finding:
    return Finding(Verdict.CONTRADICTED, detail, events, field)
