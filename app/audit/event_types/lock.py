"""The lock of the app's own event types: what was published never changes.

`types.lock.json` holds the hash of every version. A version whose file says something else than
the lock, or that is gone, is a finding; so is one that breaks the version before it. A new file
becomes part of the lock with `flask event-types lock`.
"""

import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from app.audit.event_types.comparing import list_breaks
from app.audit.event_types.dialect import list_schema_problems
from app.audit.event_types.event_type import EventType
from app.audit.event_types.own import Versions, read_types
from app.audit.event_types.samples import list_sample_problems
from app.vocabulary.audit_tags import AuditTag

LOCK: Final = Path(__file__).parent / "types.lock.json"

# Hashes by `action/version`.
Lock = Mapping[str, str]


class BaseMissing(ValueError):
    """The commit to compare with cannot be read."""


def read_lock(path: Path = LOCK) -> Lock:
    """Return the lock; empty when there is none yet."""
    lock: Lock = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return lock


def read_lock_at(base: str) -> Lock:
    """Return the lock as a commit has it; raises `BaseMissing` when git does not know it."""
    try:
        done = subprocess.run(  # noqa: S603  fixed program; the name is passed as one argument
            ["git", "show", f"{base}:./{LOCK.name}"],  # noqa: S607  the developer's own git
            cwd=LOCK.parent,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        raise BaseMissing("There is no git here to ask.") from None
    if done.returncode != 0:
        raise BaseMissing(f"There is no lock at {base!r}: {done.stderr.strip()}")
    lock: Lock = json.loads(done.stdout)
    return lock


def lock_of(types: Mapping[str, Versions]) -> Lock:
    """Return what the lock says of types."""
    return {
        f"{action}/{number}": kind.fingerprint
        for action, versions in sorted(types.items())
        for number, kind in sorted(versions.items())
    }


def write_lock(types: Mapping[str, Versions], path: Path = LOCK) -> None:
    """Write the lock anew; the caller has seen that nothing published changed."""
    path.write_text(json.dumps(lock_of(types), indent=1) + "\n", encoding="utf-8")


def list_findings(types: Mapping[str, Versions] | None = None) -> list[str]:
    """Return what is wrong with the app's own types by themselves, a sentence each."""
    found = read_types() if types is None else types
    return [*_missing(found), *(line for one in found.values() for line in _type_findings(one))]


def list_changes(promised: Lock, types: Mapping[str, Versions] | None = None) -> list[str]:
    """Return how the types break what a lock promised, a sentence each."""
    here = lock_of(read_types() if types is None else types)
    return [
        f"{name} is gone; what was published stays, so take it back from git."
        if name not in here
        else f"{name} is not what was published; take it back from git, and write a new version."
        for name in promised
        if here.get(name) != promised[name]
    ]


def list_unlocked(promised: Lock, types: Mapping[str, Versions] | None = None) -> list[str]:
    """Return the versions that a lock does not know yet."""
    here = lock_of(read_types() if types is None else types)
    return [name for name in here if name not in promised]


def _missing(types: Mapping[str, Versions]) -> Iterator[str]:
    tags = {tag.value for tag in AuditTag}
    for action in sorted(tags - types.keys()):
        yield f"{action} has no contract: write schemas/{action}/1.json."
    for action in sorted(types.keys() - tags):
        yield f"{action} is no action that the app writes; see app/vocabulary/audit_tags.py."


def _type_findings(versions: Versions) -> Iterator[str]:
    before: EventType | None = None
    for number, (version, kind) in enumerate(sorted(versions.items()), start=1):
        name = f"{kind.action}/{version}"
        if version != number:
            yield f"{name}: versions count from 1 without gaps."
        problems = list_schema_problems(kind.schema) or list_sample_problems(kind)
        for problem in problems:
            yield f"{name}: {problem.pointer or '/'}: {problem.detail}"
        if not problems and before is not None and before.major == kind.major:
            for one in list_breaks(before.schema, kind.schema):
                yield (
                    f"{name}: {one.pointer or '/'}: {one.words} Version {before.version} took it;"
                    f' loosen it, or write "x-major": {kind.major + 1}.'
                )
        before = kind
