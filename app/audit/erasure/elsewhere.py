"""What other domains keep of a person: they bring what counts it and takes it away.

The audit log stands below the domains that copy from it, and cannot know them.
"""

from collections import Counter
from typing import Protocol, cast

from flask import current_app

from app.audit.erasure.person import Person

ELSEWHERE = "ballast.erasure_elsewhere"


class Eraser(Protocol):
    """Counts by kind what a domain keeps of a person, and with `clears` takes it away.

    Called in the tenant's session, and in the open transaction where it clears.
    """

    def __call__(self, person: Person, *, clears: bool) -> Counter[str]: ...


def reach_elsewhere(person: Person, *, clears: bool) -> Counter[str]:
    """Return what there is, or was, of a person in the domains above the log, by kind."""
    erasers = cast("tuple[Eraser, ...]", current_app.extensions[ELSEWHERE])
    return sum((erase(person, clears=clears) for erase in erasers), Counter[str]())
