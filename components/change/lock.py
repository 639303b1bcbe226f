"""The lock of the public contract: nothing that pages rely on changes without a new version.

`components/api.lock.json` holds the contract as it was last released. A change needs a version
that says how big it is, a line in the changelog, and, where something goes, a deprecation whose
time has come.
"""

import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import jinja2

from components.calling import ComponentError
from components.change.api import TOKENS, Api, describe, read_token_release
from components.change.compare import Change, Step, compare, next_version, step_between
from components.lint.findings import Finding
from components.registry import Registry
from components.release import parse_version, read_release
from components.tokens.read import Token, load_tokens

LOCK: Final = Path(__file__).parent.parent / "api.lock.json"
FILE: Final = "api.lock.json"


class BaseMissingError(ValueError):
    """The commit to compare with cannot be read."""


def read_lock() -> Api:
    """The contract as it was locked; empty when there is no lock yet."""
    api: Api = json.loads(LOCK.read_text("utf-8")) if LOCK.exists() else {}
    return api


def read_lock_at(base: str) -> Api:
    """The lock as a commit has it; raises BaseMissingError when git does not know it."""
    try:
        done = subprocess.run(  # noqa: S603 - fixed program; the name is passed as one argument
            ["git", "show", f"{base}:./{FILE}"],  # noqa: S607 - the developer's own git
            cwd=LOCK.parent, capture_output=True, text=True, check=False,
        )  # fmt: skip
    except FileNotFoundError:
        raise BaseMissingError("There is no git here to ask.") from None
    if done.returncode != 0:
        raise BaseMissingError(f"There is no lock at {base!r}: {done.stderr.strip()}")
    try:
        api: Api = json.loads(done.stdout)
    except json.JSONDecodeError:
        raise BaseMissingError(f"The lock at {base!r} is not JSON.") from None
    return api


def check_lock(registry: Registry, tokens: Mapping[str, Token] | None = None) -> list[Finding]:
    """Findings about changes since the lock that are not declared; reads `tokens` unless given.

    The lock counts as it is and as it was last committed: one that was edited by hand, or made
    anew, says nothing about what pages were promised. A lock that only lags behind well-declared
    changes is a finding as well: it is part of the change.
    """
    try:
        current = describe(registry, load_tokens() if tokens is None else tokens)
        locked = read_lock()
    except (ComponentError, jinja2.TemplateError) as wrong:
        mend = "Mend the example, or the contract that it breaks."
        return [Finding("components", 0, "example", str(wrong).rstrip("."), mend)]
    except json.JSONDecodeError as wrong:
        mend = "Take it back from git, and run `flask components lock`."
        return [Finding(FILE, wrong.lineno, "lock-file", "is not JSON", mend)]
    changelogs, release = find_changelogs(registry), read_release()
    found = {
        finding
        for one in _list_promised(locked)
        for finding in judge(one, current, changelogs, release)
    }
    if not found and locked != current:
        mend = "Run `flask components lock` and commit it with the change."
        found.add(Finding(FILE, 0, "stale-lock", "the lock lags behind", mend))
    return sorted(found)


def _list_promised(locked: Api) -> Iterator[Api]:
    yield locked
    try:
        yield read_lock_at("HEAD")
    except BaseMissingError:
        return  # Not every installation is a clone, and not every clone has a lock yet.


def judge(old: Api, new: Api, changelogs: dict[str, frozenset[str]], release: str) -> list[Finding]:
    """Findings for each contract whose version, changelog or deprecation hides a change."""
    changes = compare(old, new)
    found: list[Finding] = []
    for name in sorted({change.node for change in changes}):
        own = [change for change in changes if change.node == name]
        found += _removals(own, release)
        found += _announcements(own, release)
        if name in new and name in old:
            found += _versions(name, own, str(old[name]["version"]), str(new[name]["version"]))
        if name in new:
            found += _logged(name, str(new[name]["version"]), changelogs.get(name, frozenset()))
    for name in sorted(old.keys() & new.keys()):
        found += _forward(name, str(old[name]["version"]), str(new[name]["version"]))
    return sorted(found)


def write_lock(registry: Registry) -> None:
    """Write the contract as it is now; the caller has judged the changes."""
    current = describe(registry, load_tokens())
    LOCK.write_text(json.dumps(current, indent=1, sort_keys=True) + "\n", "utf-8")


def find_changelogs(registry: Registry) -> dict[str, frozenset[str]]:
    """The versions of which each changelog says something."""
    logs = {contract.id: contract.changelog for contract in registry}
    return {
        name: frozenset(version for version, words in log.items() if words.strip())
        for name, log in {**logs, TOKENS: read_token_release()[1]}.items()
    }


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


def _announcements(changes: list[Change], release: str) -> list[Finding]:
    mend = "Name a later release, so that there is one in which both are there."
    return [
        Finding(_file(change.node), 0, "hasty", f"{change.what}, and this is {release}", mend)
        for change in changes
        if change.announced_for is not None
        and parse_version(change.announced_for) <= parse_version(release)
    ]


def _forward(name: str, before: str, after: str) -> list[Finding]:
    if parse_version(after) >= parse_version(before):
        return []
    problem = f"{name} {before} became {after}"
    return [Finding(_file(name), 0, "backwards", problem, "Versions only go up.")]


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
