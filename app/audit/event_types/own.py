"""The event types of the app itself: the files in `schemas/`, read once.

The app's own events are held to them by the tests, which run every command, and not while the
product runs: a mistake found then could only undo what somebody did, or leave it out of the log,
and both are worse than an event with a field too many.
"""

import functools
import json
from collections.abc import Mapping
from pathlib import Path

from app.audit.contract.types import TypeContract
from app.audit.event_types.event_type import EventType, Origin, make_contract

FOLDER = Path(__file__).parent / "schemas"

Versions = Mapping[int, EventType]


def read_types(folder: Path = FOLDER) -> dict[str, Versions]:
    """Return the types in a folder, by action and version: `<action>/<version>.json`."""
    found: dict[str, dict[int, EventType]] = {}
    for path in sorted(folder.glob("*/*.json"), key=lambda path: (path.parent.name, path.stem)):
        kind = EventType(
            path.parent.name,
            int(path.stem),
            json.loads(path.read_text(encoding="utf-8")),
            Origin.BALLAST,
        )
        found.setdefault(kind.action, {})[kind.version] = kind
    return dict(found.items())


@functools.cache
def own_types() -> Mapping[str, Versions]:
    """Return the app's own types, by action and version."""
    return read_types()


@functools.cache
def own_contract(action: str, version: int) -> TypeContract:
    """Return one of the app's own types, ready to check events; raises `KeyError`."""
    return make_contract(own_types()[action][version])


@functools.cache
def newest_own(action: str) -> EventType:
    """Return the version in which the app writes an action today; raises `KeyError`."""
    versions = own_types()[action]
    return versions[max(versions)]
