"""The seam to retention: which events are gone on purpose, and which event says so.

Whoever deletes events does so in one transaction:

1. Take only leaves that are sealed (`count_sealed`): an event that goes before looks like a theft.
2. Write one event of the app itself for the deletion, with the action `audit_event.deleted` and,
   in its metadata, `record_of` the leaves. It is sealed like every other, so that nobody who
   takes an event away can say afterwards that it was its time.
3. Delete them by `removal.doors.delete_events`, which takes them out of the counts and keeps which
   leaves went with which record; boot registers what finds them in `app.extensions`.

Leaf hashes are kept with the tree and stay, so every proof and checkpoint stays valid. The record
of a deletion must never be deleted itself: a gap without a record in the log is wrong.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, cast
from uuid import UUID

from flask import current_app

from app.audit.proof.kept_checkpoints import find_last_checkpoint
from app.audit.proof.verifier.deletions import LeafList

DELETED_LEAVES = "ballast.deleted_leaves"


class FindDeletions(Protocol):
    """Returns the deleted leaves of a range of the log in scope, each with its record's id.

    `start` up to and without `end`; asked for some hundred leaves at a time, by checks and packs.
    """

    def __call__(self, start: int, end: int) -> Mapping[int, UUID]: ...


def recorded_deletions(start: int, end: int) -> Mapping[int, UUID]:
    """Return which leaves of the range were deleted on purpose; none where nothing deletes."""
    find = cast("FindDeletions | None", current_app.extensions.get(DELETED_LEAVES))
    return find(start, end) if find else {}


def count_sealed() -> int:
    """Return how many leaves of the log in scope are sealed: those below may be deleted."""
    newest = find_last_checkpoint()
    return newest.size if newest else 0


def record_of(leaves: Iterable[int]) -> dict[str, Any]:
    """Return what the record of a deletion says of the deleted leaves: how many, and their hash.

    `leaves` in rising order. The result is the metadata `leaves` and `leaves_sha256`, or a part
    of it; verifiers compare it with the gaps that name the record.
    """
    listed = LeafList()
    for leaf in leaves:
        listed.add(leaf)
    return listed.metadata()
