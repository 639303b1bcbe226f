"""What changed between two descriptions of the public contract, and how big a step that is.

The sizes follow semantic versioning, read for a system whose pages can reach nothing but props:
taking something away is major, offering something is minor, and looks are a patch.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, cast

from components.change.api import TOKENS, Api, Entry
from components.release import parse_version


class Step(IntEnum):
    """How far a version has to move."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    `allowed_from` is the release for which a removal was announced; `announced_for` the one for
    which this very difference announces it.
    """

    node: str
    what: str
    step: Step
    is_removal: bool = False
    allowed_from: str | None = None
    announced_for: str | None = None


def compare(old: Api, new: Api) -> list[Change]:
    """Every difference between two descriptions, in the order of the names."""
    changes: list[Change] = []
    for name in sorted(old.keys() | new.keys()):
        if name not in new:
            changes.append(_gone(name, f"{name} was removed", old[name]))
        elif name not in old:
            changes.append(Change(name, f"{name} is new", Step.NONE))
        elif name == TOKENS:
            changes += _tokens(_part(old[name], "tokens"), _part(new[name], "tokens"))
        else:
            changes += _contract(name, old[name], new[name])
    return changes


def step_between(before: str, after: str) -> Step:
    """The step that a version took; going back is no step."""
    one, two = parse_version(before), parse_version(after)
    if two <= one:
        return Step.NONE
    if two[0] > one[0]:
        return Step.MAJOR
    return Step.MINOR if two[1] > one[1] else Step.PATCH


def next_version(version: str, step: Step) -> str:
    """The least version that takes such a step."""
    major, minor, patch = parse_version(version)
    if step is Step.MAJOR:
        return f"{major + 1}.0.0"
    return f"{major}.{minor + 1}.0" if step is Step.MINOR else f"{major}.{minor}.{patch + 1}"


# What a contract's own files are called in a description, and in words.
_SOURCES: Final = (("markup", "the template"), ("looks", "the stylesheet"),
                   ("behaviour", "the script"))  # fmt: skip


def _contract(name: str, old: Entry, new: Entry) -> Iterator[Change]:
    if old["kind"] != new["kind"]:
        yield Change(name, f"{old['kind']} became {new['kind']}", Step.MAJOR)
    yield from _props(name, _part(old, "props"), _part(new, "props"), "prop ")
    for slot in _taken(old, new, "slots"):
        yield Change(name, f"slot {slot} was removed", Step.MAJOR)
    for key, word in (("slots", "slot"), ("states", "state"), ("classes", "class")):
        for added in _taken(new, old, key):
            yield Change(name, f"{word} {added} was added", Step.MINOR)
    for key, word in (("states", "state"), ("classes", "class")):
        for removed in _taken(old, new, key):
            # Nothing outside the design system can name a class or a state.
            yield Change(name, f"{word} {removed} was removed", Step.MINOR)
    if old["status"] != new["status"]:
        yield Change(name, f"status {old['status']} became {new['status']}", Step.MINOR)
    yield from _announced(name, name, old.get("deprecated"), new.get("deprecated"))
    yield from _looks(name, old, new)


def _looks(name: str, old: Entry, new: Entry) -> Iterator[Change]:
    before, after = _part(old, "examples"), _part(new, "examples")
    for example in sorted(before.keys() & after.keys()):
        if before[example] != after[example]:
            yield Change(name, f"the HTML of example {example!r} changed", Step.PATCH)
    for example in sorted(before.keys() - after.keys()):
        yield Change(name, f"example {example!r} was removed, and its HTML with it", Step.PATCH)
    for key, what in _SOURCES:
        if old.get(key) != new.get(key):
            yield Change(name, f"{what} changed", Step.PATCH)


def _props(name: str, old: Entry, new: Entry, where: str) -> Iterator[Change]:
    for key in sorted(old.keys() | new.keys()):
        what = f"{where}{key}"
        if key not in new:
            yield _gone(name, f"{what} was removed", _part(old, key))
        elif key not in old:
            required = bool(_part(new, key).get("required"))
            step = Step.MAJOR if required else Step.MINOR
            said = "is new and required" if required else "is new"
            yield Change(name, f"{what} {said}", step)
        else:
            yield from _prop(name, what, _part(old, key), _part(new, key))


def _prop(name: str, what: str, old: Entry, new: Entry) -> Iterator[Change]:
    if (old["type"], old.get("of")) != (new["type"], new.get("of")):
        yield Change(name, f"{what} changed its type", Step.MAJOR)
    if new.get("required") and not old.get("required"):
        yield Change(name, f"{what} became required", Step.MAJOR)
    elif old.get("required") and not new.get("required"):
        yield Change(name, f"{what} became optional", Step.MINOR)
    if old.get("default") != new.get("default"):
        yield Change(name, f"{what} has another default", Step.MINOR)
    for value in _taken(old, new, "values"):
        retired = _part(_part(old, "retiring"), value)
        yield _gone(name, f"{what} lost the value {value}", {"deprecated": retired or None})
    for value in _taken(new, old, "values"):
        yield Change(name, f"{what} takes the value {value}", Step.MINOR)
    yield from _limit(name, what, old.get("max_len"), new.get("max_len"))
    yield from _announced(name, what, old.get("deprecated"), new.get("deprecated"))
    before, after = _part(old, "retiring"), _part(new, "retiring")
    for value in sorted(before.keys() | after.keys()):
        yield from _announced(name, f"{what}={value}", before.get(value), after.get(value))
    yield from _props(name, _part(old, "fields"), _part(new, "fields"), f"{what}.")


def _limit(name: str, what: str, old: object, new: object) -> Iterator[Change]:
    if old == new:
        return
    tighter = isinstance(new, int) and (not isinstance(old, int) or new < old)
    step = Step.MAJOR if tighter else Step.MINOR
    yield Change(
        name, f"{what} takes {new or 'any number of'} characters, not {old or 'any'}", step
    )


def _tokens(old: Entry, new: Entry) -> Iterator[Change]:
    for key in sorted(old.keys() | new.keys()):
        if key not in new:
            yield _gone(TOKENS, f"{key} was removed", _part(old, key))
            continue
        if key not in old:
            yield Change(TOKENS, f"{key} is new", Step.MINOR)
            continue
        before, after = _part(old, key), _part(new, key)
        if before["type"] != after["type"]:
            yield Change(TOKENS, f"{key} changed its type", Step.MAJOR)
        for scope in _taken(before, after, "scopes"):
            yield Change(TOKENS, f"{key} no longer serves {scope}", Step.MAJOR)
        for scope in _taken(after, before, "scopes"):
            yield Change(TOKENS, f"{key} serves {scope}", Step.MINOR)
        yield from _announced(TOKENS, key, before.get("deprecated"), after.get("deprecated"))
        for theme in ("light", "dark"):
            if before[theme] != after[theme]:
                what = f"{key} is {after[theme]} and was {before[theme]} in {theme}"
                yield Change(TOKENS, what, Step.PATCH)


def _announced(node: str, what: str, old: object, new: object) -> Iterator[Change]:
    if old == new:
        return
    ends = cast("Mapping[str, str] | None", new)
    said = f"is deprecated and goes in {ends['remove_in']}" if ends else "is no longer deprecated"
    announced_for = ends["remove_in"] if ends else None
    yield Change(node, f"{what} {said}", Step.MINOR, announced_for=announced_for)


def _gone(node: str, what: str, old: Entry) -> Change:
    deprecated = cast("Mapping[str, str] | None", old.get("deprecated"))
    allowed_from = deprecated["remove_in"] if deprecated else None
    return Change(node, what, Step.MAJOR, is_removal=True, allowed_from=allowed_from)


def _part(entry: Mapping[str, object], key: str) -> Entry:
    return cast("Entry", entry.get(key, {}))


def _taken(one: Entry, other: Entry, key: str) -> list[str]:
    """What one list has and the other has not."""
    return sorted(
        set(cast("list[str]", one.get(key, []))) - set(cast("list[str]", other.get(key, [])))
    )
