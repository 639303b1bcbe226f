"""Events that were deleted on purpose: each has to be named by a record that is itself sealed."""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from app.audit.proof.verifier.packed_events import PackedEvent
from app.audit.proof.verifier.report import Report

# What the app writes when it deletes events: their number, and the hash of their leaves' list.
DELETED_ACTION = "audit_event.deleted"
COUNT, DIGEST = "leaves", "leaves_sha256"


class LeafList:
    """A list of leaves in rising order, as its length and its hash."""

    def __init__(self) -> None:
        self.count = 0
        self._hasher = sha256()

    def add(self, leaf: int) -> None:
        """Add the next leaf: its number in decimal, and a newline."""
        self.count += 1
        self._hasher.update(f"{leaf}\n".encode())

    def metadata(self) -> dict[str, Any]:
        """Return what the record of the deletion says of the list."""
        return {COUNT: self.count, DIGEST: self._hasher.hexdigest()}


@dataclass(slots=True)
class Deletions:
    """The deleted leaves of a whole log, and the records that are found on the way."""

    claimed: dict[str, LeafList] = field(default_factory=dict)
    records: dict[str, dict[str, Any]] = field(default_factory=dict)

    def claim(self, event: PackedEvent) -> None:
        """Note a leaf whose event is said to be deleted."""
        self.claimed.setdefault(event.deleted or "", LeafList()).add(event.leaf)

    def note(self, event: PackedEvent) -> None:
        """Note an event that was found to be sealed, if it is a record of a deletion.

        Only the app itself writes those; one that somebody delivered counts for nothing.
        """
        document = event.document or {}
        if document["action"] == DELETED_ACTION and document["received_from"] is None:
            self.records[document["id"]] = document["metadata"]

    def check(self, report: Report) -> None:
        """Report whether every deletion is recorded as it is."""
        for record, leaves in self.claimed.items():
            said = self.records.get(record)
            if said is None:
                report.fault(
                    f"{leaves.count:,} events are gone, and their record {record} is not in the log"
                )
            elif any(said.get(name) != value for name, value in leaves.metadata().items()):
                report.fault(f"the record {record} says that other events were deleted")
            else:
                report.remark(
                    f"{leaves.count:,} events were deleted, as the sealed record {record} says"
                )
