"""The seam to retention: which events are gone on purpose, and which event says so.

The record is an event of the app itself, `audit_event.deleted`, whose metadata is that of
`verifier.deletions.LeafList` over the leaves in rising order. It is sealed like every other, so
that nobody who takes an event away can say afterwards that it was its time.
"""

from collections.abc import Mapping
from typing import Protocol, cast
from uuid import UUID

from flask import current_app

DELETED_LEAVES = "ballast.deleted_leaves"


class FindDeletions(Protocol):
    """Returns the deleted leaves of a range of the log in scope, each with its record's id."""

    def __call__(self, start: int, end: int) -> Mapping[int, UUID]: ...


def recorded_deletions(start: int, end: int) -> Mapping[int, UUID]:
    """Return which leaves of the range were deleted on purpose; none where nothing deletes."""
    find = cast("FindDeletions | None", current_app.extensions.get(DELETED_LEAVES))
    return find(start, end) if find else {}
