"""Which version of a type an event is held to."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """What is known of a version without its schema; `deprecation` says what to use instead."""

    version: int
    major: int
    deprecation: str | None = None


def default_version(versions: Iterable[VersionFacts]) -> int:
    """Return the version of events that name none: registering a version breaks no sender.

    It is the newest of the oldest major that has a version in force, so a new major is used only
    by those who name it, until the old one is deprecated as a whole; then it is the next one's.
    Where all are deprecated, it is the newest of all. There is at least one version.
    """
    facts = list(versions)
    in_force = [one for one in facts if one.deprecation is None] or facts
    major = (
        min(one.major for one in in_force)
        if in_force is not facts
        else max(one.major for one in facts)
    )
    return max(one.version for one in in_force if one.major == major)
