"""The lock of the public contract: nothing that pages rely on changes without a new version.

`components/api.lock.json` holds the contract as it was last released. A change needs a version
that says how big it is, a line in the changelog, and, where something goes, a deprecation whose
time has come.
"""

import json
import subprocess
from pathlib import Path
from typing import Final

from components.change.api import TOKENS, Api, describe, read_token_release
from components.change.compare import Change, Step, compare, next_version, step_between
from components.lint.findings import Finding
from components.registry import Registry
from components.release import parse_version, read_release
from components.tokens.read import load_tokens

LOCK: Final = Path(__file__).parent.parent / "api.lock.json"
IN_GIT: Final = "components/api.lock.json"
FILE: Final = "api.lock.json"


class BaseMissingError(ValueError):
    """The commit to compare with cannot be read."""


def read_lock(path: Path = LOCK) -> Api:
    """The contract as it was locked; empty when there is no lock yet."""
    api: Api = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return api


def read_lock_at(base: str) -> Api:
    """The lock as a commit has it; raises BaseMissingError when git does not know it."""
    done = subprocess.run(  # noqa: S603 - fixed program; the name is passed as one argument
        ["git", "show", f"{base}:{IN_GIT}"],  # noqa: S607 - the developer's own git
        cwd=LOCK.parent, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise BaseMissingError(f"There is no lock at {base!r}: {done.stderr.strip()}")
    api: Api = json.loads(done.stdout)
    return api


def check_lock(registry: Registry, old: Api | None = None) -> list[Finding]:
    """Findings about changes since the lock (or since `old`) that are not declared.

    A lock that only lags behind well-declared changes is a finding as well: it is part of the
    change.
    """
    locked = read_lock() if old is None else old
    current = describe(registry, load_tokens())
    found = judge(locked, current, find_changelogs(registry), read_release())
    if not found and old is None and locked != current:
        mend = "Run `flask components lock` and commit it with the change."
        found.append(Finding(FILE, 0, "stale-lock", "the lock lags behind", mend))
    return found


def judge(old: Api, new: Api, changelogs: dict[str, frozenset[str]], release: str) -> list[Finding]:
    """Findings for each contract whose version, changelog or deprecation hides a change."""
    changes = compare(old, new)
    found: list[Finding] = []
    for name in sorted({change.node for change in changes}):
        own = [change for change in changes if change.node == name]
        found += _removals(own, release)
        if name in new and name in old:
            found += _versions(name, own, str(old[name]["version"]), str(new[name]["version"]))
        if name in new:
            found += _logged(name, str(new[name]["version"]), changelogs.get(name, frozenset()))
    return sorted(found)


def write_lock(registry: Registry) -> None:
    """Write the contract as it is now; the caller has judged the changes."""
    current = describe(registry, load_tokens())
    LOCK.write_text(json.dumps(current, indent=1, sort_keys=True) + "\n", "utf-8")


def find_changelogs(registry: Registry) -> dict[str, frozenset[str]]:
    """The versions that each changelog knows."""
    known = {contract.id: frozenset(contract.changelog) for contract in registry}
    return {**known, TOKENS: frozenset(read_token_release()[1])}


def _removals(changes: list[Change], release: str) -> list[Finding]:
    mend = "Deprecate it first, and remove it in the release that the deprecation names."
    return [
        Finding(_file(change.node), 0, "removed", change.what, mend)
        for change in changes
        if change.is_removal
        and (
            change.allowed_from is None
            or parse_version(change.allowed_from) > parse_version(release)
        )
    ]


def _versions(name: str, changes: list[Change], before: str, after: str) -> list[Finding]:
    needed = max((change.step for change in changes), default=Step.NONE)
    if step_between(before, after) >= needed:
        return []
    why = "; ".join(change.what for change in changes if change.step == needed)
    problem = f"{name} {before} became {after}, which is no {needed.name.lower()} step: {why}"
    mend = f"Set the version to {next_version(before, needed)}."
    return [Finding(_file(name), 0, "unbumped", problem, mend)]


def _logged(name: str, version: str, known: frozenset[str]) -> list[Finding]:
    if version in known:
        return []
    problem = f"the changelog of {name} says nothing about {version}"
    return [Finding(_file(name), 0, "unlogged", problem, f'Write `"{version}": what changed`.')]


def _file(name: str) -> str:
    return "tokens.json" if name == TOKENS else f"{name}.yaml"
