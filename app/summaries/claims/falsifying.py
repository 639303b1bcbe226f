"""Making a true claim wrong, for drafts that test whether reviewers look.

The verifier sees through all of these; that is why its verdicts are withheld in such a review.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from app.kernel.commands import Outcome
from app.summaries.claims.contract import ClaimKind
from app.summaries.claims.fields import ClaimFields

_SHIFT = timedelta(minutes=7)


@dataclass(frozen=True, slots=True)
class Falsified:
    """Which of the claims was made wrong, by its place, and what it says now."""

    place: int
    fields: ClaimFields


def falsify(claims: Sequence[ClaimFields], seed: int) -> Falsified | None:
    """Return one of the claims made wrong; None where none of them can be.

    The same seed makes the same one wrong in the same way.
    """
    chance = random.Random(seed)  # noqa: S311  a choice that has to be the same when it is repeated
    places = [place for place, one in enumerate(claims) if one.kind is ClaimKind.ACTIVITY]
    if not places:
        return None
    place = chance.choice(places)
    one = claims[place]
    ways = [replace(one, count=one.count + 1)]
    if one.outcome is not None:
        ways.append(replace(one, outcome=_other_outcome(one.outcome)))
    if one.first is not None:
        ways.append(replace(one, first=one.first - _SHIFT))
    others = [other.actor for other in claims if other.actor not in {None, one.actor}]
    if one.actor is not None and others:
        ways.append(replace(one, actor=chance.choice(others)))
    return Falsified(place, chance.choice(ways))


def _other_outcome(outcome: Outcome) -> Outcome:
    return Outcome.FAILURE if outcome is Outcome.SUCCESS else Outcome.SUCCESS
