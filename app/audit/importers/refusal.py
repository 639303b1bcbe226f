"""Saying that a record cannot become an event."""

from app.audit.contract.validate import read_event
from app.audit.event import EventDraft
from app.kernel.problems import InvalidInput


class RecordRefused(Exception):
    """A record that is not imported; `reason` holds nothing of the record, so that it counts."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def draft_or_refuse(event: object) -> EventDraft:
    """Return the draft of a value in the form of the contract; raises `RecordRefused`.

    Imported events pass the same contract as those that are sent.
    """
    try:
        return read_event(event)
    except InvalidInput as refusal:
        first = refusal.errors[0]
        raise RecordRefused(f"{first.pointer or 'the event'}: {first.detail}") from None
