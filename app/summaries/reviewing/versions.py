"""What changed from one version of a summary to the next, claim by claim."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.summaries.models import SummaryClaim

# What a claim is about: claims that share it are the same claim, said anew.
_ABOUT = ("kind", "actor", "action", "target", "outcome", "ip")


class ClaimFate(StrEnum):
    """What became of a claim."""

    SAME = "same"
    CHANGED = "changed"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class ClaimChange:
    """A claim before and now, as sentences; None where there was or is none."""

    fate: ClaimFate
    before: str | None
    now: str | None


def compare_claims(
    before: Sequence[SummaryClaim], now: Sequence[SummaryClaim]
) -> tuple[ClaimChange, ...]:
    """Return what became of the live claims of one version, in the order of the other's.

    What is gone stands at the end.
    """
    earlier = {_about(claim): claim for claim in before if claim.removed_at is None}
    changes = []
    for claim in now:
        if claim.removed_at is not None:
            continue
        old = earlier.pop(_about(claim), None)
        changes.append(_change(old, claim))
    gone = (ClaimChange(ClaimFate.GONE, claim.sentence, None) for claim in earlier.values())
    return (*changes, *gone)


def _change(old: SummaryClaim | None, claim: SummaryClaim) -> ClaimChange:
    if old is None:
        return ClaimChange(ClaimFate.NEW, None, claim.sentence)
    fate = ClaimFate.SAME if _said(old) == _said(claim) else ClaimFate.CHANGED
    return ClaimChange(fate, old.sentence, claim.sentence)


def _about(claim: SummaryClaim) -> tuple[Any, ...]:
    return tuple(claim.fields[name] for name in _ABOUT)


def _said(claim: SummaryClaim) -> dict[str, Any]:
    """Return what a claim says; how the log calls somebody is no part of it."""
    return {name: value for name, value in claim.fields.items() if name != "names"}
